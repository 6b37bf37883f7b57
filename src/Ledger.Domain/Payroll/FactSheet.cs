using NodaTime;
using NodaTime.Text;

namespace Ledger.Domain.Payroll;

/// <summary>
/// Facts that were sent and hold to their declaration. Packs make records of them, once for each change of the facts.
/// </summary>
public sealed class FactSheet
{
    /// <summary>Premiums may be more than the whole; what must not be is looked at where it is used.</summary>
    private const decimal PercentMax = 1_000;

    private readonly ValueMap<FactValue> values;

    private FactSheet(ValueMap<FactValue> values) => this.values = values;

    public static FactSheet Empty { get; } = new(ValueMap<FactValue>.Empty);

    /// <summary>Null, and the sheet; or why the values are not what was declared.</summary>
    /// <param name="declared">What there may be, and what must.</param>
    /// <param name="sent">By name.</param>
    /// <param name="sheet">Empty when it is refused.</param>
    public static Refusal? Read(IReadOnlyList<Fact> declared, ValueMap<FactValue> sent, out FactSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(declared);
        ArgumentNullException.ThrowIfNull(sent);
        sheet = Empty;
        foreach (var (name, value) in sent)
        {
            if (declared.FirstOrDefault(fact => fact.Name == name) is not { } fact)
            {
                return PayrollRefusals.FactUnknown(name, declared.Select(each => each.Name));
            }

            if (!Holds(fact, value))
            {
                return PayrollRefusals.FactInvalid(fact, value);
            }
        }

        if (declared.FirstOrDefault(fact => fact.IsNeeded && !sent.ContainsKey(fact.Name)) is { } missing)
        {
            return PayrollRefusals.FactMissing(missing);
        }

        sheet = new(sent);
        return null;
    }

    public bool Has(Fact fact) => values.ContainsKey(fact.Name);

    public bool Flag(Fact fact, bool otherwise = false) =>
        values.TryGetValue(fact.Name, out var value) ? value.Flag!.Value : otherwise;

    public decimal Amount(Fact fact) => Number(fact) ?? 0;

    /// <summary>An amount or a percentage; null when it was not sent.</summary>
    public decimal? Number(Fact fact) => values.TryGetValue(fact.Name, out var value)
        && AmountText.TryParse(value.Text, out var number) ? number : null;

    public int Count(Fact fact) => values.TryGetValue(fact.Name, out var value) ? value.Count!.Value : 0;

    public string? Text(Fact fact) => values.TryGetValue(fact.Name, out var value) ? value.Text : null;

    public LocalDate? Date(Fact fact) =>
        Text(fact) is { } text ? LocalDatePattern.Iso.Parse(text).Value : null;

    /// <summary>The chosen word, as a value of the enumeration that has it in its own case.</summary>
    public T Choice<T>(Fact fact, T otherwise = default)
        where T : struct, Enum => Text(fact) is { } text ? Enum.Parse<T>(text, ignoreCase: true) : otherwise;

    /// <summary>The words of an enumeration, as callers send them.</summary>
    internal static ValueList<string> WordsOf<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(Texts.Camel).ToValueList();

    internal static bool Holds(Fact fact, FactValue value) => fact.Kind switch
    {
        FactKind.Flag => value.Flag is not null,
        FactKind.Count => value.Count is >= 0,
        FactKind.Amount => AmountText.TryParse(value.Text, out var amount) && amount >= 0,
        FactKind.Percent => AmountText.TryParse(value.Text, out var percent) && percent is >= 0 and <= PercentMax,
        FactKind.Date => value.Text is { } date && LocalDatePattern.Iso.Parse(date).Success,
        FactKind.Choice => value.Text is { } word && fact.Choices.Contains(word),
        _ => value.Text is { Length: > 0 },
    };
}

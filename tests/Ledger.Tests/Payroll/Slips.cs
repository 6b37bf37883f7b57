using Ledger.Domain;
using Ledger.Domain.Payroll;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Tests.Payroll;

/// <summary>Small calculations to start from, and what comes of them.</summary>
internal static class Slips
{
    private static readonly FactValue No = new(null, Flag: false);
    private static readonly FactValue Yes = new(null, Flag: true);

    public static FactValue Flag(bool value) => value ? Yes : No;

    public static LocalDate Day(string text) => LocalDatePattern.Iso.Parse(text).Value;

    /// <summary>A month's salary of somebody ordinary.</summary>
    public static CalculatePayslip Of(string pack, decimal salary = 1_000) => new(
        pack, new(2026, 6, 30), PayFrequency.Monthly, [new PayLine("salary", salary)], FactsOf(pack),
        ValueMap<FactValue>.Empty);

    public static CalculatePayslip With(this CalculatePayslip slip, string fact, FactValue value) => slip with
    {
        Facts = ValueMap<FactValue>.From(slip.Facts.Where(each => each.Key != fact).Append(new(fact, value))),
    };

    public static CalculatePayslip With(this CalculatePayslip slip, string fact, string value) =>
        slip.With(fact, new FactValue(value));

    public static CalculatePayslip After(this CalculatePayslip slip, params (string Name, string Value)[] toDate) =>
        slip with
        {
            ToDate = ValueMap<FactValue>.From(
                toDate.Select(each => KeyValuePair.Create(each.Name, new FactValue(each.Value)))),
        };

    public static CalculatePayslip Paying(this CalculatePayslip slip, params PayLine[] lines) =>
        slip with { Earnings = lines.ToValueList() };

    public static PayslipLines Calculate(CalculatePayslip slip)
    {
        var lines = new PayslipLines(explains: true);
        Assert.Null(PayslipDecider.Calculate(slip, lines));
        return lines;
    }

    public static Refusal? Refusal(CalculatePayslip slip) => PayslipDecider.Calculate(slip, new PayslipLines());

    /// <summary>The amounts of the lines that are not pay, with their codes.</summary>
    public static string Levies(this PayslipLines lines) => string.Join(
        ", ", lines.AsSpan().ToArray()
            .Where(line => line.Type.Kind is not (LineKind.Earning or LineKind.Benefit))
            .Select(line => FormattableString.Invariant($"{line.Type.Code} {line.Amount:0.00}")));

    private static ValueMap<FactValue> FactsOf(string pack) => ValueMap<FactValue>.From(pack switch
    {
        "az" => [new("sector", new("privateNonOil")), new("mainWorkplace", Yes)],
        "bg" => [new("bornBefore1960", No), new("accidentRate", new("0.4"))],
        "gb" =>
        [
            new("taxCode", new("1257L")), new("nationalInsuranceCategory", new("A")), new("studentLoan", new("none")),
            new("pension", new("none")),
        ],
        _ => (KeyValuePair<string, FactValue>[])
        [
            new("filingStatus", new("single")), new("workState", new("TX")), new("formW4", new("since2020")),
        ],
    });
}

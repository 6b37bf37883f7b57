using System.Globalization;
using System.Text;
using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Projections.Balances;
using Ledger.Projections.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Queries;

/// <summary>Reads the parameters that questions have in common; each throws a problem that names it.</summary>
public static class Parameters
{
    public const int LimitMax = 1_000;

    /// <summary>A day; null when it was not sent.</summary>
    public static LocalDate? Day(this Call call, string name)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Query(name) is { } text ? call.DayIn(name, text) : null;
    }

    /// <summary>A day that a part of a parameter's value says.</summary>
    public static LocalDate DayIn(this Call call, string name, string text) =>
        Dates.TryParse(Encoding.UTF8.GetBytes(text), out var day) && Dates.IsInRange(day)
            ? day
            : throw Call.Malformed(name, text, "a day of the calendar between 1900 and 2199, such as 2026-03-31");

    /// <summary>A month; null when it was not sent.</summary>
    public static YearMonth? Month(this Call call, string name)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Query(name) is not { } text ? null
            : Dates.TryParseMonth(Encoding.UTF8.GetBytes(text), out var month)
                && Dates.IsInRange(month.OnDayOfMonth(1)) ? month
            : throw Call.Malformed(name, text, "a month such as 2026-03");
    }

    /// <summary>The second clock: <c>knownAt</c> or <c>knownAtSequence</c>; now when neither was sent.</summary>
    public static KnownAt KnownAt(this Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Query("knownAtSequence") is not { } text)
        {
            return call.KnownAt("knownAt") ?? Projections.Queries.KnownAt.Now;
        }

        if (call.Query("knownAt") is not null)
        {
            throw RequestProblems.Fail(
                RequestProblems.ParameterMalformed, "knownAt and knownAtSequence say the same: send one of them.");
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new KnownAt.OfSequence(sequence)
            : throw Call.Malformed("knownAtSequence", text, "a sequence such as 1742");
    }

    /// <summary>An instant, or a day, which then means its end in the company's time zone; null when it was not
    /// sent.</summary>
    public static KnownAt? KnownAt(this Call call, string name)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Query(name) is not { } text ? null
            : text.Length == 10 ? new KnownAt.EndOf(call.Day(name)!.Value)
            : InstantPattern.ExtendedIso.Parse(text) is { Success: true, Value: var instant } && IsInRange(instant)
                ? new KnownAt.OfInstant(instant)
            : OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: var time }
                && IsInRange(time.ToInstant()) ? new KnownAt.OfInstant(time.ToInstant())
            : throw Call.Malformed(
                name, text, "a day such as 2026-04-05, or an instant such as 2026-04-05T12:30:00Z (a + must be sent "
                    + "as %2B)");
    }

    /// <summary>How many rows a page has at most.</summary>
    public static int Limit(this Call call, int byDefault = 200) =>
        (int)(call.Whole("limit", 1, LimitMax) ?? byDefault);

    /// <summary>A whole number; null when it was not sent.</summary>
    public static long? Whole(this Call call, string name, long least, long most)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Query(name) is not { } text ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most ? number
            : throw Call.Malformed(
                name,
                text,
                string.Create(CultureInfo.InvariantCulture, $"a whole number from {least}")
                    + (most == long.MaxValue ? " on" : string.Create(CultureInfo.InvariantCulture, $" to {most}")));
    }

    /// <summary>The parameters that decide about the rows, as they were sent.</summary>
    public static ValueMap<string> Asked(this Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return ValueMap<string>.From(call.Context.Request.Query
            .Where(each => each.Key is not ("cursor" or "atLeast"))
            .Select(each => KeyValuePair.Create(each.Key, each.Value.ToString())));
    }

    /// <summary>An amount; null when it was not sent.</summary>
    public static decimal? Amount(this Call call, string name)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Query(name) is not { } text ? null
            : AmountText.TryParse(text, out var amount) ? amount
            : throw Call.Malformed(name, text, "an amount such as 1200.00");
    }

    /// <summary>One of the values that it may have; null when it was not sent.</summary>
    public static T? Choice<T>(this Call call, string name, params ReadOnlySpan<T> choices)
        where T : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Query(name) is not { } text)
        {
            return null;
        }

        foreach (var choice in choices)
        {
            if (text == NameOf(choice))
            {
                return choice;
            }
        }

        throw Call.Malformed(name, text, string.Join(" or ", choices.ToArray().Select(NameOf)));
    }

    /// <summary>
    /// <c>department</c> groups by it, <c>department:sales</c> keeps only lines with that value; several are separated
    /// by commas, of which one at most may group.
    /// </summary>
    public static DimensionQuery Dimension(this Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Query("dimension") is not { } text)
        {
            return DimensionQuery.None;
        }

        string? by = null;
        var only = new List<DimensionValue>();
        foreach (var part in text.Split(','))
        {
            var pieces = part.Split(':');
            if (pieces.Length > 2 || !pieces.All(Ids.IsValid) || (pieces.Length == 1 && by is not null)
                || (pieces.Length == 2 && only.Any(each => each.Dimension == pieces[0])))
            {
                throw Call.Malformed(
                    "dimension", text,
                    "department to group by it, department:sales to keep that value, or several such "
                    + "as department:sales,project, each dimension once and one to group by");
            }

            if (pieces.Length == 1)
            {
                by = pieces[0];
            }
            else
            {
                only.Add(new(pieces[0], pieces[1]));
            }
        }

        return new(by, only);
    }

    private static string NameOf<T>(T choice)
        where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(choice.ToString());

    private static bool IsInRange(Instant instant) => Dates.IsInRange(instant.InUtc().Date);
}

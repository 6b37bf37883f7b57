using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using NodaTime;

namespace Ledger.Api.Queries;

/// <summary>From a first to a last day, as asked; what was left out is settled by the company.</summary>
public readonly record struct Days(LocalDate? From, LocalDate? To, Instant Now)
{
    /// <summary>To today, and from the beginning of that fiscal year, where nothing else was asked.</summary>
    public (LocalDate From, LocalDate To) In(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var last = To ?? snapshot.DayOf(Now);
        if (To is null && From > last)
        {
            last = From.Value;
        }

        return (From ?? snapshot.Company.FiscalYearOf(last), last);
    }
}

/// <summary>Reads the parameters of reports.</summary>
public static class ReportParameters
{
    /// <summary><c>from</c> and <c>to</c>, in this order.</summary>
    public static Days Days(this Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var (from, to) = (call.Day("from"), call.Day("to"));
        return from > to
            ? throw Call.Malformed(
                "from", call.Query("from")!, $"a day that is not behind to, which is {call.Query("to")}")
            : new(from, to, call.Ledger.Clock.GetCurrentInstant());
    }

    public static BeforeKind Before(this Call call) =>
        call.Choice("before", BeforeKind.Closing, BeforeKind.Adjustment) ?? BeforeKind.Nothing;
}

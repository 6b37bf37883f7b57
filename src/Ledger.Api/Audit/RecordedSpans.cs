using System.Globalization;
using Ledger.Api.Queries;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Audit;

/// <summary>A span of recording as it was asked for: by instants, or by days of the company.</summary>
/// <param name="From">A day means its beginning.</param>
/// <param name="To">A day means its end.</param>
internal sealed record AskedSpan(Call Call, string FromName, string ToName, KnownAt? From, KnownAt? To)
{
    /// <summary>The instants that are meant, both of which belong to it; null for no bound.</summary>
    /// <exception cref="RequestException">It ends before it begins.</exception>
    public (Instant? Since, Instant? Until) In(Snapshot snapshot)
    {
        // A day begins where the one before it ends.
        var since = From is KnownAt.EndOf day
            ? snapshot.InstantOf(new KnownAt.EndOf(day.Day.PlusDays(-1))) + Duration.FromTicks(10)
            : InstantOf(snapshot, From);
        var until = InstantOf(snapshot, To);
        return since > until ? throw Reversed() : (since, until);
    }

    /// <summary>The same where no time zone is known yet: of bounds of the same kind.</summary>
    /// <exception cref="RequestException">It ends before it begins.</exception>
    public void Check()
    {
        if ((From is KnownAt.EndOf first && To is KnownAt.EndOf last && first.Day > last.Day)
            || (From is KnownAt.OfInstant start && To is KnownAt.OfInstant end && start.Instant > end.Instant))
        {
            throw Reversed();
        }
    }

    private RequestException Reversed() => Call.Malformed(
        FromName, Call.Query(FromName)!, $"no later than {ToName}, which is {Call.Query(ToName)}");

    private static Instant? InstantOf(Snapshot snapshot, KnownAt? at) => at is null ? null : snapshot.InstantOf(at);
}

/// <summary>Reads spans of recording.</summary>
internal static class RecordedSpans
{
    public static AskedSpan Span(this Call call, string from, string to) =>
        new(call, from, to, call.KnownAt(from), call.KnownAt(to));

    /// <summary>A part of a cursor's place.</summary>
    public static string Text(this long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Describes such a span.</summary>
    public static Operation Spans(this Operation operation, string from, string to, string what) => operation
        .Query(from, ParameterKind.Knowledge, $"{what} at or after this instant, or day.", "2026-04-01")
        .Query(to, ParameterKind.Knowledge, $"{what} at or before this instant, or on this day.", "2026-04-05");
}

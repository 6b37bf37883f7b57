using Ledger.Projections.Companies;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Audit;

/// <summary>Finds the positions of a span of recording from the log and the events alone.</summary>
internal static class EventSpans
{
    /// <summary>The last position before the span, and the last one in it.</summary>
    public static async Task<(long After, long Through)> PositionsAsync(
        NpgsqlConnection connection, string company, EventFilter filter, CancellationToken cancellation)
    {
        if (filter is { RecordedFrom: null, RecordedTo: null })
        {
            return (0, long.MaxValue);
        }

        var zone = await ZoneAsync(connection, company, cancellation);
        var before = filter.RecordedFrom switch
        {
            null => null,
            KnownAt.EndOf day => KnownAts.InstantOf(new KnownAt.EndOf(day.Day.PlusDays(-1)), zone),
            { } at => KnownAts.InstantOf(at, zone) - Duration.FromTicks(10),
        };
        var until = filter.RecordedTo is { } to ? KnownAts.InstantOf(to, zone) : null;
        await using var command = new NpgsqlCommand(
            "select coalesce(ledger_read.position_at($1, $2), 0), ledger_read.position_at($1, $3)", connection)
        {
            Parameters = { new() { Value = company }, At(before ?? Instant.FromUtc(1, 1, 2, 0, 0)), At(until) },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (row.GetInt64(0), until is null ? long.MaxValue : row.GetInt64(1));
    }

    /// <summary>As the company's last event about itself says.</summary>
    private static async Task<DateTimeZone> ZoneAsync(
        NpgsqlConnection connection, string company, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select data->>'timeZone' from public.mt_events
            where tenant_id = $1 and stream_id = 'company' order by version desc limit 1
            """,
            connection);
        command.Parameters.Add(new() { Value = company });
        return await command.ExecuteScalarAsync(cancellation) is string zone
            ? CompanyQueries.Zone(zone)
            : DateTimeZone.Utc;
    }

    private static NpgsqlParameter At(Instant? instant) => new()
    {
        Value = instant is { } at ? at.ToDateTimeUtc() : DBNull.Value,
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };
}

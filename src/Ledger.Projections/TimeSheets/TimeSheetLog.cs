using Ledger.EventStore;
using Ledger.Projections.Queries;
using Npgsql;

namespace Ledger.Projections.TimeSheets;

/// <summary>Reads the time sheets of one employee as far as they were known then: exact, however late they
/// came.</summary>
public static class TimeSheetLog
{
    /// <summary>Events of time sheets and of what tells their hours apart, by stream and version.</summary>
    /// <param name="snapshot">What is known.</param>
    /// <param name="streams">Their names.</param>
    public static async Task<ILookup<string, RecordedEvent>> EventsAsync(
        Snapshot snapshot, IReadOnlyList<string> streams)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        const string sql = """
            select seq_id, id, tenant_id, stream_id, version, type, data, timestamp, user_name
            from public.mt_events
            where tenant_id = $1 and stream_id = any($2) and seq_id <= $3
            order by stream_id, version
            """;
        var events = snapshot.Ask(
            sql, Read, snapshot.Company.Code, streams.ToArray(), snapshot.Knowledge.Sequence);
        await snapshot.SendAsync();
        return events.ToLookup(each => each.Stream);
    }

    private static RecordedEvent Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetString(5),
        row.GetFieldValue<byte[]>(6), row.GetInstant(7), row.GetText(8), null, null, null);
}

using Ledger.Domain.Employees;
using Ledger.EventStore;
using Ledger.Projections.Queries;
using Npgsql;

namespace Ledger.Projections.Employees;

/// <summary>Reads the events of one employee as far as they were known then: exact, however late they came.</summary>
public static class EmployeeLog
{
    /// <param name="after">The version behind which they begin; 0 for the first.</param>
    /// <param name="limit">How many at most.</param>
    public static async Task<IReadOnlyList<RecordedEvent>> EventsAsync(
        Snapshot snapshot, string employee, long after = 0, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        const string sql = """
            select seq_id, id, tenant_id, stream_id, version, type, data, timestamp, user_name
            from public.mt_events
            where tenant_id = $1 and stream_id = $2 and version > $3 and seq_id <= $4
            order by version
            limit $5
            """;
        var events = snapshot.Ask(
            sql, Read, snapshot.Company.Code, Employee.StreamPrefix + employee, after, snapshot.Knowledge.Sequence,
            limit);
        await snapshot.SendAsync();
        return events;
    }

    private static RecordedEvent Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetString(5),
        row.GetFieldValue<byte[]>(6), row.GetInstant(7), row.GetText(8), null, null, null);
}

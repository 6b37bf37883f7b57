using System.Text.Json;
using Ledger.Domain.Journals;
using Ledger.Projections.Journals;
using Ledger.Projections.Queries;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>Reads the events of one thing, as known then.</summary>
public static class StreamQueries
{
    /// <summary>The columns of the event <c>e</c> and its place <c>l</c> in the log that <see cref="Read"/>
    /// reads.</summary>
    internal const string Columns = """
        l.position, l.sequence, l.recorded, e.stream_id, e.version, e.type, e.id, e.data::text, e.user_name,
        e.correlation_id, e.causation_id, e.headers::text
        """;

    /// <summary>Where the log of the company $1 has the event <c>e</c>, up to position $2.</summary>
    private const string Place = """
        cross join lateral (
            select l.position, l.sequence, l.recorded from ledger.log l
            where l.sequence = e.seq_id and l.company = $1 and l.position <= $2 offset 0) l
        """;

    internal static EventRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        row.GetInstant(2),
        row.GetString(3),
        row.GetInt64(4),
        row.GetString(5),
        row.GetGuid(6),
        JsonElement.Parse(row.GetString(7)),
        row.GetText(8),
        row.GetText(9),
        row.GetText(10),
        row.IsDBNull(11) ? null : JsonElement.Parse(row.GetString(11)));

    /// <summary>Up to <paramref name="limit"/> events of a stream behind a version and up to another, in
    /// order.</summary>
    public static async Task<IReadOnlyList<EventRow>> EventsAsync(
        Snapshot snapshot, string stream, long after, long through, int limit)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var found = snapshot.Ask(
            $"""
            select {Columns} from public.mt_events e
            {Place}
            where e.tenant_id = $1 and e.stream_id = $3 and e.version > $4 and e.version <= $5
            order by e.version limit $6
            """,
            Read,
            snapshot.Company.Code,
            snapshot.Knowledge.Position,
            stream,
            after,
            through,
            limit);
        await snapshot.SendAsync();
        return found;
    }

    /// <summary>The last version of a stream that was known; 0 where there was no such stream.</summary>
    public static async Task<long> VersionAsync(Snapshot snapshot, string stream)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var found = snapshot.Ask(
            """
            select e.version from public.mt_events e
            where e.tenant_id = $1 and e.stream_id = $2 and e.seq_id <= $3 order by e.version desc limit 1
            """,
            row => row.GetInt64(0),
            snapshot.Company.Code,
            stream,
            snapshot.Knowledge.Sequence);
        await snapshot.SendAsync();
        return found.Count == 0 ? 0 : found[0];
    }

    /// <summary>
    /// Everything that was recorded of an entry: its own events, and what was recorded of the approval behind it, or
    /// behind the reversal that it is.
    /// </summary>
    public static async Task<Answer<IReadOnlyList<EventRow>>> EntryHistoryAsync(Snapshot snapshot, string id)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var entry = await JournalQueries.EntryAsync(snapshot, id);
        if (entry.Refusal is { } refusal)
        {
            return refusal;
        }

        // What an approval is about is named only when it is asked for, or when a single person did without.
        var found = snapshot.Ask(
            $"""
            with about as materialized (
                select e.version, e.type, e.data->>'id' as id from public.mt_events e
                where e.tenant_id = $1 and e.stream_id = 'approvals' and e.seq_id <= $4
                    and e.type in ('approval_requested', 'approved_by_single_person')
                    and ((e.data->>'subject' = $3 and e.data->>'kind' in ('postEntry', 'postToPayrollAccount'))
                        or (e.data->>'subject' = any ($5)
                            and e.data->>'kind' in ('reverseEntry', 'postToPayrollAccount'))))
            select {Columns} from (
                (select * from public.mt_events e
                 where e.tenant_id = $1 and e.stream_id = '{EntryIds.StreamPrefix}' || $3 offset 0)
                union all
                (select * from public.mt_events e
                 where e.tenant_id = $1 and e.stream_id = 'approvals' and exists (select from about)
                    and (e.version in (select a.version from about a)
                        or (e.type in ('approval_given', 'approval_refused', 'approval_used')
                            and e.data->>'id' in (select a.id from about a))) offset 0)) e
            {Place}
            order by l.position
            """,
            Read,
            snapshot.Company.Code,
            snapshot.Knowledge.Position,
            id,
            snapshot.Knowledge.Sequence,
            (string[])[id, .. entry.Value!.Entry.Reverses is { } reversed ? [reversed] : Array.Empty<string>()]);
        await snapshot.SendAsync();
        return found;
    }
}

using Ledger.Domain.Approvals;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Ledger.Projections.Queries;
using Npgsql;

namespace Ledger.Projections.Approvals;

/// <summary>What was asked for, as it is recorded.</summary>
/// <param name="Sha256">Of all of the content, where <paramref name="Content"/> is only its beginning.</param>
public sealed record RequestedContent(string Content, string? Sha256);

/// <summary>What single persons did of what two must see: how often, and the ids of the first events that say
/// so.</summary>
public sealed record SinglePersonApprovals(long Count, IReadOnlyList<Guid> Events);

/// <summary>Reads events of approvals, whose state keeps no more than decisions need.</summary>
public static class ApprovalQueries
{
    /// <summary>Ids of events that are told at once.</summary>
    public const int EventsMax = 1_000;

    /// <summary>The contents of requests, by their versions in the stream of approvals.</summary>
    public static async Task<IReadOnlyDictionary<long, RequestedContent>> ContentsAsync(
        NpgsqlDataSource source, string company, IEnumerable<long> versions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using var command = source.CreateCommand("""
            select version, data->>'content', data->>'sha256' from public.mt_events
            where tenant_id = $1 and stream_id = 'approvals' and version = any ($2)
            """);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = versions.ToArray() });
        var contents = new Dictionary<long, RequestedContent>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            contents.Add(rows.GetInt64(0), new(rows.GetString(1), rows.GetText(2)));
        }

        return contents;
    }

    /// <summary>All of a content whose request tells only its beginning; null for one from before these were
    /// recorded.</summary>
    public static async Task<string?> WholeContentAsync(
        NpgsqlDataSource source, string company, string approval, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using var command = source.CreateCommand("""
            select data->>'content' from public.mt_events where tenant_id = $1 and stream_id = $2 and version = 1
            """);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = FourEyes.ContentStreamPrefix + approval });
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    /// <summary>What of these approvals is personal, as it is stored, by their ids; most have nothing.</summary>
    public static async Task<IReadOnlyDictionary<string, SealedText>> PersonalContentsAsync(
        NpgsqlDataSource source, string company, IEnumerable<string> approvals, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using var command = source.CreateCommand("""
            select stream_id, seq_id, id, version, type, data, timestamp from public.mt_events
            where tenant_id = $1 and stream_id = any ($2) and type = $3
            """);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = approvals.Select(id => FourEyes.ContentStreamPrefix + id).ToArray() });
        command.Parameters.Add(
            new() { Value = EventCatalog.Ledger.NameOf(typeof(ApprovalPersonalContentRecorded)) });
        var contents = new Dictionary<string, SealedText>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var recorded = new RecordedEvent(
                rows.GetInt64(1), rows.GetGuid(2), company, rows.GetString(0), rows.GetInt64(3), rows.GetString(4),
                rows.GetFieldValue<byte[]>(5), rows.GetInstant(6), null, null, null, null);
            contents.Add(
                recorded.Stream[FourEyes.ContentStreamPrefix.Length..],
                EventCatalog.Ledger.SealedIn(recorded, EventCatalog.Ledger.Read(recorded))[0]);
        }

        return contents;
    }

    /// <summary>In the order of recording, up to what the snapshot knows. Sent with its other questions.</summary>
    internal static Func<SinglePersonApprovals> AskSinglePerson(Snapshot snapshot)
    {
        var rows = snapshot.Ask(
            """
            select e.id, count(*) over () from public.mt_events e
            where e.tenant_id = $1 and e.stream_id = 'approvals' and e.type = 'approved_by_single_person'
                and e.seq_id <= $2
            order by e.version limit $3
            """,
            row => (Id: row.GetGuid(0), Count: row.GetInt64(1)),
            snapshot.Company.Code,
            snapshot.Knowledge.Sequence,
            EventsMax);
        return () => new(rows.Count == 0 ? 0 : rows[0].Count, [.. rows.Select(row => row.Id)]);
    }
}

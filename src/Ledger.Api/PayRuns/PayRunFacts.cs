using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Api.PayRuns;

/// <summary>
/// What pay runs need to know beyond single streams. Where a decision rests on it, the reading gets a condition that
/// nothing was recorded since.
/// </summary>
public sealed class PayRunFacts(NpgsqlDataSource database, Store store, EventCatalog catalog)
{
    private readonly string[] hrTypes =
    [
        .. NamesOf(catalog, typeof(EmployeeEvent)), .. NamesOf(catalog, typeof(PayGroupEvent)),
    ];

    private readonly string[] runTypes = [.. NamesOf(catalog, typeof(PayRunEvent))];

    /// <summary>The ids behind a prefix of streams' names, in ordinal order.</summary>
    public async Task<List<string>> IdsAsync(string company, string prefix, CancellationToken ct = default)
    {
        await using var command = database.CreateCommand(
            "select id from public.mt_streams where tenant_id = $1 and starts_with(id, $2)");
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = prefix });
        var ids = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            ids.Add(rows.GetString(0)[prefix.Length..]);
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }

    /// <summary>All runs of the company, in the order of their ids.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, PayRun>>> RunsAsync(
        string company, long? knownAtSequence = null, CancellationToken ct = default)
    {
        var ids = await IdsAsync(company, PayRun.StreamPrefix, ct);
        var streams = await store.ReadStreamsAsync(
            company, ids.ConvertAll(id => new StreamPosition(Streams.PayRun(id), 0)), ct);
        return
        [
            .. ids.Zip(streams, (id, events) => KeyValuePair.Create(
                    id, Fold(Streams.PayRunFold, events, knownAtSequence)))
                .Where(each => each.Value.Exists),
        ];
    }

    /// <summary>The same for a decision, which counts only while no run changes.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, PayRun>>> RunsAsync(Reading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        reading.Tail(runTypes, await store.HeadAsync());
        return await RunsAsync(reading.Company);
    }

    /// <summary>
    /// The first employee of the run of whom something was recorded after its payslips were calculated, or its group
    /// itself; null when there is none, which counts only while nothing is recorded.
    /// </summary>
    public async Task<string?> ChangedSinceAsync(Reading reading, string id, PayRun run)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(run);
        if (run.Started is not { } started || run.Details is not { } details)
        {
            return null;
        }

        reading.Tail(hrTypes, await store.HeadAsync());
        await using var command = database.CreateCommand("""
            select e.stream_id from public.mt_events e
            where e.seq_id > $1 and e.tenant_id = $2 and e.type = any($3)
                and (exists (
                        select from public.mt_streams s
                        where s.tenant_id = $2 and s.id = $4 || substr(e.stream_id, $5))
                    or (e.type = $6 and e.data -> 'details' ->> 'payGroup' = $7)
                    or (e.stream_id = $8 and e.data ->> 'group' = $7))
            order by e.seq_id limit 1
            """);
        command.CommandTimeout = 0;
        foreach (object value in (ReadOnlySpan<object>)
        [
            started.KnownAtSequence, reading.Company, hrTypes, Streams.Payslips(id), Employee.StreamPrefix.Length + 1,
            catalog.NameOf(typeof(ContractRecorded)), details.PayGroup, Streams.PayGroups,
        ])
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteScalarAsync() is string stream
            ? stream.StartsWith(Employee.StreamPrefix, StringComparison.Ordinal)
                ? stream[Employee.StreamPrefix.Length..] : details.PayGroup
            : null;
    }

    /// <summary>The state of a stream as far as it was known at a sequence.</summary>
    public TState Fold<TState>(
        Fold<TState> fold, IReadOnlyList<RecordedEvent> events, long? knownAtSequence = null)
    {
        ArgumentNullException.ThrowIfNull(fold);
        ArgumentNullException.ThrowIfNull(events);
        var state = fold.Initial;
        foreach (var recorded in events)
        {
            if (recorded.Sequence > knownAtSequence)
            {
                break;
            }

            state = fold.Evolve(state, catalog.Read(recorded));
        }

        return state;
    }

    private static IEnumerable<string> NamesOf(EventCatalog catalog, Type ofStream) =>
        ofStream.Assembly.GetExportedTypes().Where(type => type.BaseType == ofStream).Select(catalog.NameOf);
}

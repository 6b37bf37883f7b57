using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.PayRuns;
using Ledger.Domain.TimeSheets;
using Ledger.EventStore;
using NodaTime.Text;
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
        .. NamesOf(catalog, typeof(TimeSheetEvent)),
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
    /// What was recorded after the payslips of a run were calculated and counts for them: an employee whom it pays or,
    /// where it names none, could pay, time that they worked by the end of its period, its group, or another run that
    /// pays one of them; null when there is nothing, which counts only while nothing is recorded.
    /// </summary>
    /// <param name="reading">Of the decision.</param>
    /// <param name="id">Of the run.</param>
    /// <param name="run">As it is.</param>
    /// <param name="withRuns">Whether other runs count: once a run is approved, they are calculated after it.</param>
    public async Task<string?> ChangedSinceAsync(Reading reading, string id, PayRun run, bool withRuns)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(run);
        if (run.Started is not { } started || run.Details is not { } details)
        {
            return null;
        }

        reading.Tail(withRuns ? [.. hrTypes, .. runTypes] : hrTypes, await store.HeadAsync());
        await using var command = database.CreateCommand("""
            select e.stream_id from public.mt_events e
            where e.seq_id > $1 and e.tenant_id = $2 and e.type = any($3)
                and (e.stream_id = $8 or $12::text[] is null or split_part(e.stream_id, '/', 2) = any($12))
                and (e.stream_id = $8 and e.data ->> 'group' = $7
                    or not starts_with(e.stream_id, $9) and e.stream_id <> $8 and (exists (
                        select from public.mt_streams s
                        where s.tenant_id = $2 and s.id = $4 || substr(e.stream_id, $5))
                    or exists (
                        select from public.mt_events c
                        where c.tenant_id = $2 and c.stream_id = e.stream_id and c.type = $6
                            and c.data -> 'details' ->> 'payGroup' = $7))
                    or starts_with(e.stream_id, $9) and (exists (
                        select from public.mt_streams s
                        where s.tenant_id = $2 and s.id = $4 || split_part(e.stream_id, '/', 2))
                    or exists (
                        select from public.mt_events c
                        where c.tenant_id = $2 and c.stream_id = $11 || split_part(e.stream_id, '/', 2) and c.type = $6
                            and c.data -> 'details' ->> 'payGroup' = $7))
                        and exists (
                            select from public.mt_events o
                            where o.tenant_id = $2 and o.stream_id = e.stream_id and o.version <= e.version
                                and o.data ->> 'entry' = e.data ->> 'entry'
                                and left(o.data -> 'details' ->> 'from', 10) <= $10))
            order by e.seq_id limit 1
            """);
        command.CommandTimeout = 0;
        foreach (object value in (ReadOnlySpan<object>)
        [
            started.KnownAtSequence, reading.Company, hrTypes, Streams.Payslips(id), Employee.StreamPrefix.Length + 1,
            catalog.NameOf(typeof(ContractRecorded)), details.PayGroup, Streams.PayGroups, TimeSheet.StreamPrefix,
            LocalDatePattern.Iso.Format(run.Through), Employee.StreamPrefix,
        ])
        {
            command.Parameters.Add(new() { Value = value });
        }

        command.Parameters.Add(new()
        {
            Value = details.Employees is { } named ? named.ToArray() : DBNull.Value,
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text,
        });

        return await command.ExecuteScalarAsync() is string stream
            ? stream == Streams.PayGroups ? details.PayGroup : stream.Split('/')[1]
            : withRuns ? await OtherRunSinceAsync(reading.Company, id, started.KnownAtSequence) : null;
    }

    /// <summary>Another run that pays somebody of this one, and that began or ceased to count since.</summary>
    private async Task<string?> OtherRunSinceAsync(string company, string id, long sequence)
    {
        await using var command = database.CreateCommand("""
            select substr(e.stream_id, $5) from public.mt_events e
            where e.seq_id > $1 and e.tenant_id = $2 and e.type = any($3) and e.stream_id <> $4
                and (e.type <> $8 or exists (
                    select from public.mt_events a
                    where a.tenant_id = $2 and a.stream_id = e.stream_id and a.version < e.version and a.type = $9))
                and exists (
                    select from public.mt_streams other join public.mt_streams own
                        on own.tenant_id = $2
                        and own.id = $6 || substr(other.id, length($7 || substr(e.stream_id, $5)) + 2)
                    where other.tenant_id = $2 and starts_with(other.id, $7 || substr(e.stream_id, $5) || '/'))
            order by e.seq_id limit 1
            """);
        command.CommandTimeout = 0;
        string[] types =
        [
            catalog.NameOf(typeof(PayRunApproved)), catalog.NameOf(typeof(PayRunReversed)),
            catalog.NameOf(typeof(PayRunCalculationStarted)),
        ];
        foreach (object value in (ReadOnlySpan<object>)
        [
            sequence, company, types, Streams.PayRun(id), PayRun.StreamPrefix.Length + 1, Streams.Payslips(id),
            PayRun.PayslipStreamPrefix, types[2], types[0],
        ])
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteScalarAsync() as string;
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

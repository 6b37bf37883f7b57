using System.Data;
using System.Globalization;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Ledger.Projections.Audit;
using Ledger.Projections.Books;
using Ledger.Projections.People;
using Npgsql;

namespace Ledger.Projections;

/// <summary>
/// Looks through the whole store for what must not be: gaps, entries that do not balance, sums that disagree with their
/// lines, and tables that differ from what the events come to when they are folded again. It changes nothing, and the
/// service may go on meanwhile.
/// </summary>
/// <param name="vault">Opens the texts on persons; without it these are not looked at.</param>
public sealed class Verification(NpgsqlDataSource database, EventCatalog catalog, Vault? vault = null)
{
    public const int FindingsMax = 100;

    /// <summary>Where it is broken, the tables are not compared.</summary>
    public const string FoldCheck = "every event can be folded";

    private readonly List<VerificationFinding> findings = [];
    private readonly List<string> checks = [];

    /// <summary>What is known of the audit logs from elsewhere than the database.</summary>
    public AuditTrust Trust { get; init; } = AuditTrust.None;

    /// <exception cref="ProjectionException">Another rebuild or verification is running, or there are no
    /// tables.</exception>
    public async Task<VerificationReport> RunAsync(
        IProgress<ProjectionProgress>? progress = null, CancellationToken ct = default)
    {
        var started = TimeProvider.System.GetTimestamp();
        findings.Clear();
        checks.Clear();
        await using var build = await SideBuild.BeginAsync(database, catalog, null, ct);
        try
        {
            var rebuilt = await FillAsync(build, withLive: true, progress, ct);
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var snapshot = await SnapshotAsync(build, connection, ct);
            var live = await BooksSchema.LiveAsync(connection, ct)
                ?? throw new ProjectionException("There are no tables of the books: run './run migrate'.");
            if (live.Definition != BooksSchema.Definition)
            {
                throw new ProjectionException(
                    "The tables of the books were made by another version of the program: run './run rebuild' first.");
            }

            foreach (var check in VerificationChecks.OfEvents.Concat(
                VerificationChecks.OfBooks(live.Version, live.BlockSize)))
            {
                await CheckAsync(connection, check, progress, ct);
            }

            progress?.Report(new(AuditCheck.Name, 0, 0));
            checks.Add(AuditCheck.Name);
            var (audit, changed) = await new AuditCheck(connection, catalog) { Trust = Trust }
                .RunAsync(null, progress, ct);
            findings.AddRange(changed);
            if (vault is not null)
            {
                progress?.Report(new(PersonalDataCheck.Name, 0, 0));
                checks.Add(PersonalDataCheck.Name);
                findings.AddRange(
                    await new PersonalDataCheck(database, catalog, vault).RunAsync(connection, live.Version, ct));
            }

            if (rebuilt)
            {
                foreach (var table in BooksSchema.TableNames)
                {
                    await CompareAsync(connection, table, live, build.Version, progress, ct);
                }

                // The live tables may have stopped: what comes behind them is folded as well.
                await FillAsync(build, withLive: false, progress, ct);
            }

            var report = await ReportAsync(connection, live, audit, rebuilt ? build.Reached : 0, started, ct);
            return report with { Companies = await VerificationFigures.ReadAsync(connection, live, ct) };
        }
        finally
        {
            await build.DropUnusedAsync(CancellationToken.None);
        }
    }

    /// <summary>An event that cannot be folded is a finding, and the rest is still looked at.</summary>
    private async Task<bool> FillAsync(
        SideBuild build, bool withLive, IProgress<ProjectionProgress>? progress, CancellationToken ct)
    {
        if (withLive)
        {
            checks.Add(FoldCheck);
        }

        try
        {
            await build.CatchUpAsync(
                withLive, (done, total) => progress?.Report(new("folding all events", done, total)), ct);
            return true;
        }
        catch (ProjectionException e)
        {
            findings.Add(new(
                FoldCheck,
                $"event {Text(build.Stopped?.Sequence ?? 0)}",
                build.Stopped is { } stopped ? $"the tables of the books stop before it. {stopped}" : e.Message,
                build.Stopped?.Company));
            return false;
        }
    }

    /// <summary>
    /// Both versions of the tables at the same sequence, in one snapshot; the live loop waits only to make it.
    /// </summary>
    private async Task<NpgsqlTransaction> SnapshotAsync(
        SideBuild build, NpgsqlConnection connection, CancellationToken ct)
    {
        var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        if (build.Stopped is not null)
        {
            await TouchAsync();
            return snapshot;
        }

        var (hold, _) = await build.HoldLiveAsync("set local lock_timeout = 0", ct);
        await using (hold)
        {
            await TouchAsync();
        }

        return snapshot;

        async Task TouchAsync()
        {
            await using var settings = new NpgsqlCommand(
                "set local work_mem = '256MB'; set local statement_timeout = 0; select 1 from ledger.log limit 1",
                connection);
            await settings.ExecuteNonQueryAsync(ct);
        }
    }

    private async Task CheckAsync(
        NpgsqlConnection connection,
        VerificationCheck check,
        IProgress<ProjectionProgress>? progress,
        CancellationToken ct)
    {
        progress?.Report(new(check.Name, 0, 0));
        checks.Add(check.Name);
        await using var command = new NpgsqlCommand(
            $"select * from ({check.Sql}) f limit {Text(FindingsMax)}", connection)
        { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            findings.Add(new(
                check.Name, rows.GetString(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2)));
        }
    }

    private async Task CompareAsync(
        NpgsqlConnection connection,
        string table,
        BooksVersion live,
        BooksVersion rebuilt,
        IProgress<ProjectionProgress>? progress,
        CancellationToken ct)
    {
        var check = TableComparison.Check(table, live, rebuilt);
        await using var equal = new NpgsqlCommand(TableComparison.AreEqual(table, live, rebuilt), connection)
        {
            CommandTimeout = 0,
        };
        progress?.Report(new(check.Name, 0, 0));
        if (await equal.ExecuteScalarAsync(ct) is true)
        {
            checks.Add(check.Name);
        }
        else
        {
            await CheckAsync(connection, check, progress, ct);
        }
    }

    private async Task<VerificationReport> ReportAsync(
        NpgsqlConnection connection, BooksVersion live, AuditFigures audit, long rebuilt, long started,
        CancellationToken ct)
    {
        var counts = new long[6];
        var count = $"""
            select (select count(*) from public.mt_events), (select count(*) from public.mt_streams),
                (select count(*) from ledger_read.journal_entry_{Text(live.Version)}),
                (select count(*) from ledger_read.journal_line_{Text(live.Version)}),
                (select coalesce(sum(cardinality(accounts)), 0) from ledger_read.movement_cell_{Text(live.Version)}),
                ({VerificationChecks.CountOfHoles})
            """;
        await using (var command = new NpgsqlCommand(count, connection) { CommandTimeout = 0 })
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            await rows.ReadAsync(ct);
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] = rows.GetInt64(i);
            }
        }

        var (adoptedCount, adopted) = await AdoptedAsync(connection, ct);
        var (aloneCount, alone) = await SinglePersonAsync(connection, ct);
        return new(
            counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], adoptedCount, rebuilt,
            [.. checks], [.. findings], adopted, aloneCount, alone, audit,
            VerificationFigures.None, TimeProvider.System.GetElapsedTime(started));
    }

    /// <summary>Our own appends always name an actor and our record's type; another program's need not.</summary>
    private async Task<(long Count, List<AdoptedEvent> First)> AdoptedAsync(
        NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select e.seq_id, coalesce(e.tenant_id, '*DEFAULT*'), coalesce(e.stream_id, ''), e.type, e.mt_dotnet_type,
                count(*) over ()
            from public.mt_events e
            left join unnest($1, $2) k (type, dotnet_type) on k.type = e.type
            where e.user_name is null or e.mt_dotnet_type is distinct from k.dotnet_type
            order by e.seq_id
            limit {Text(FindingsMax)}
            """, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = catalog.Names.ToArray() });
        command.Parameters.Add(new()
        {
            Value = catalog.Names.Select(catalog.TypeOf)
                .Select(type => $"{type.FullName}, {type.Assembly.GetName().Name}").ToArray(),
        });
        var adopted = new List<AdoptedEvent>();
        var count = 0L;
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            count = rows.GetInt64(5);
            adopted.Add(new(
                rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetString(3),
                rows.IsDBNull(4) ? null : rows.GetString(4)));
        }

        return (count, adopted);
    }

    private static async Task<(long Count, List<SinglePersonApproval> First)> SinglePersonAsync(
        NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select e.seq_id, e.tenant_id, e.data->>'kind', e.data->>'subject', e.data->>'holder',
                array(select jsonb_array_elements_text(e.data::jsonb->'revoked')), count(*) over ()
            from public.mt_events e
            where e.type = 'approved_by_single_person'
            order by e.seq_id
            limit {Text(FindingsMax)}
            """, connection) { CommandTimeout = 0 };
        var alone = new List<SinglePersonApproval>();
        var count = 0L;
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            count = rows.GetInt64(6);
            alone.Add(new(
                rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetString(4),
                rows.GetFieldValue<string[]>(5)));
        }

        return (count, alone);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

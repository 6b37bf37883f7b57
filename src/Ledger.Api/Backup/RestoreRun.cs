using Ledger.Api.Audit;
using Ledger.Api.Keys;
using Ledger.Domain.Approvals;
using Ledger.Domain.Backup;
using Ledger.EventStore;
using Ledger.Projections;
using NodaTime;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>What a restore is told.</summary>
/// <param name="File">The backup.</param>
/// <param name="Replaces">It may take the place of a ledger that is there.</param>
/// <param name="MayBeOlder">That ledger, or the checkpoint, may have more than the backup.</param>
/// <param name="MayBeChanged">It may hold other things than were signed.</param>
/// <param name="Checkpoint">A file with a signed checkpoint that the backup must have come past.</param>
internal sealed record RestoreOptions(
    string File, bool Replaces, bool MayBeOlder, bool MayBeChanged, string? Checkpoint);

/// <summary>What a restore did.</summary>
/// <param name="Manifest">Of the backup.</param>
/// <param name="Old">The database of the ledger that was replaced, which is kept.</param>
/// <param name="Erased">Persons whose data was erased after the backup.</param>
/// <param name="KeysMissing">What of the keys outside the database is not here.</param>
internal sealed record RestoreReport(
    BackupManifest Manifest, string? Old, IReadOnlyList<string> Erased, IReadOnlyList<string> KeysMissing);

/// <summary>
/// Restores a backup: into an empty database, or beside a ledger whose place it takes when all is there. The file is
/// checked before anything is opened, the rows before they count.
/// </summary>
internal sealed class RestoreRun(
    Settings settings, RestoreOptions options, IProgress<ProjectionProgress> progress, Action<string> say)
{
    /// <exception cref="SetUpException">It is refused; the message says why, and what to do.</exception>
    public async Task<RestoreReport> RunAsync(CancellationToken cancellation)
    {
        await using var backup = await BackupFile.OpenAsync(options.File, progress, cancellation);
        var manifest = backup.Manifest;
        if (manifest.Schema > Migrations.EventStore.Latest)
        {
            throw new SetUpException(
                $"The backup has version {manifest.Schema} of the schema, but this program knows only "
                + $"{Migrations.EventStore.Latest}: restore it with a newer program.");
        }

        await using var administration = await AdministratorDatabase.OpenAsync(settings, say, cancellation);
        await StartCheck.RunAsync(administration.Source, cancellation);
        administration.Source.Clear();
        var connectionString = administration.ConnectionString;
        RestoreTarget target;
        await using (var connection = await BackupRun.OpenAsync(connectionString, cancellation))
        {
            target = await RestoreTarget.LookAsync(connection, cancellation);
        }

        if (!target.HasLedger)
        {
            var missing = await RestoreAsync(
                connectionString, backup, Restored(backup), new Dictionary<string, RestoreSeen>(),
                _ => Task.CompletedTask, cancellation);
            await RestoreSigned.SettleAsync(connectionString, settings, say, cancellation);
            return new(manifest, null, [], missing);
        }

        if (!options.Replaces)
        {
            throw new SetUpException(
                $"The database '{target.Database}' is not empty: it has events up to {target.Sequence}. Restore into "
                + "an empty data folder (--data) or an empty database (--connection); or say --replace, and the backup "
                + "takes its place, while what is there is kept under another name.");
        }

        return await ReplaceAsync(connectionString, backup, target, cancellation);
    }

    private async Task<RestoreReport> ReplaceAsync(
        string connectionString, BackupFile backup, RestoreTarget target, CancellationToken cancellation)
    {
        var manifest = backup.Manifest;
        IReadOnlyList<string> companies, erased;
        Guid? common;
        await using (var connection = await BackupRun.OpenAsync(connectionString, cancellation))
        {
            common = await RestoreTarget.EventAtAsync(
                connection, Math.Min(target.Sequence, manifest.Sequence), cancellation);
            companies = await RestoreTarget.CompaniesAsync(connection, cancellation);
            erased = await RestoreTarget.ErasedAfterAsync(connection, manifest.Sequence, cancellation);
        }

        // What the file has at that number is known before it is loaded only where that is its last.
        if (target.Sequence >= manifest.Sequence)
        {
            RefuseOlder(target, manifest, manifest.LastEvent, common);
        }

        var seen = await RestoreApproval.AskAsync(
            settings, connectionString, companies, Restored(backup), say, cancellation);
        var databases = new RestoreDatabases(connectionString, target.Database);
        await databases.RefuseUsersAsync(cancellation);
        await databases.CreateAsync(cancellation);
        try
        {
            var missing = await RestoreAsync(
                databases.ConnectionStringBeside, backup,
                Restored(backup) with { ReplacedSequence = target.Sequence }, seen,
                async loaded => RefuseOlder(
                    target, manifest,
                    await RestoreTarget.EventAtAsync(
                        loaded, Math.Min(target.Sequence, manifest.Sequence), cancellation),
                    common),
                cancellation);
            var old = await databases.ExchangeAsync(cancellation);
            await RestoreSigned.SettleAsync(connectionString, settings, say, cancellation);
            return new(manifest, old, erased, missing);
        }
        catch
        {
            await databases.DropAsync();
            throw;
        }
    }

    private static LedgerRestored Restored(BackupFile backup) => new(
        backup.Seal, Instant.FromDateTimeOffset(backup.Manifest.Made), backup.Manifest.Sequence);

    private void RefuseOlder(RestoreTarget target, BackupManifest manifest, Guid? common, Guid? ownCommon)
    {
        if (!options.MayBeOlder && target.WhyOlder(manifest, common, ownCommon) is { } why)
        {
            throw new SetUpException(why);
        }
    }

    /// <returns>What of the keys outside the database is not here.</returns>
    private async Task<IReadOnlyList<string>> RestoreAsync(
        string connectionString,
        BackupFile backup,
        LedgerRestored restored,
        IReadOnlyDictionary<string, RestoreSeen> seen,
        Func<NpgsqlConnection, Task> check,
        CancellationToken cancellation)
    {
        IReadOnlyList<string> companies = [];
        var audit = new RestoreAudit(options, AuditKeyFile.Of(settings), say);
        await RestoreLoad.RunAsync(
            connectionString, backup, progress,
            async loaded =>
            {
                await check(loaded);
                await audit.CheckAsync(loaded, progress, cancellation);
                companies = await RestoreTarget.CompaniesAsync(loaded, cancellation);
            },
            cancellation);
        await using (var source = AdministratorDatabase.SourceOf(connectionString))
        {
            await LedgerHost.MigrateAsync(source, cancellation);
        }

        // As the service, so that what is made is the service's.
        await using var service = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Options = $"-c role={DatabaseRoles.Service}",
        }.ConnectionString);
        await RecordAsync(service, restored, companies, seen, cancellation);
        await FillAsync(service, restored, cancellation);
        return await RestoreKeys.MissingAsync(service, settings, cancellation);
    }

    private async Task FillAsync(NpgsqlDataSource database, LedgerRestored restored, CancellationToken cancellation)
    {
        try
        {
            await new Rebuild(database, EventCatalog.Ledger).RunAsync(progress, ct: cancellation);
        }
        catch (ProjectionException unreadable)
        {
            throw new SetUpException(
                (restored.ReplacedSequence is null
                    ? "All events of the backup are here, but the read models could not be filled from them: "
                    : "Nothing was replaced, since the read models could not be filled from the backup's events: ")
                + unreadable.Message, unreadable);
        }
    }

    /// <summary>Where another ledger was replaced, each company has it among its events, for its auditors.</summary>
    private async Task RecordAsync(
        NpgsqlDataSource database,
        LedgerRestored restored,
        IReadOnlyList<string> companies,
        IReadOnlyDictionary<string, RestoreSeen> seen,
        CancellationToken cancellation)
    {
        await using var store = new Store(database);
        var transact = new Transact(store);
        var actor = await ActorAsync(store, cancellation);
        foreach (var company in restored.ReplacedSequence is null ? [] : companies)
        {
            var by = seen.GetValueOrDefault(company);
            await AppendAsync(transact, actor, company, restored with { ApprovedBy = by?.ApprovedBy }, by?.Alone);
        }

        await AppendAsync(transact, actor, OwnerKey.Tenant, restored, null);
    }

    /// <summary>Whoever holds the owner's key of this folder; a file that the restored ledger does not take is mended
    /// at the next start, and no reason to leave a restore half done.</summary>
    private async Task<string> ActorAsync(Store store, CancellationToken cancellation)
    {
        try
        {
            return await OwnerKey.EnsureAsync(store, settings.Data, LedgerHost.TheClock, say, cancellation);
        }
        catch (SetUpException unknown)
        {
            say(unknown.Message);
            return "command:restore";
        }
    }

    private static async Task AppendAsync(
        Transact transact, string actor, string company, LedgerRestored restored, ApprovedBySinglePerson? alone)
    {
        var outcome = await transact.RunAsync(company, new(actor, null, null, null), async reading =>
        {
            await reading.StateAsync(Streams.Restores, Streams.RestoresFold);
            await reading.StateAsync(Streams.Approvals, Streams.FourEyesFold);
            return Verdict.Append(
                true, (Streams.Restores, [restored]), (Streams.Approvals, alone is null ? [] : [alone]));
        });
        if (outcome is not Transacted<bool>.Done)
        {
            throw new SetUpException($"The restore could not be recorded in {company} ({outcome}).");
        }
    }
}

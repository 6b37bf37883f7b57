using System.Data;
using Ledger.Api.Audit;
using Ledger.EventStore;
using Ledger.Projections;
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
/// <param name="Erased">Persons whose data was erased in it, and deletions of salts in it: both are here.</param>
/// <param name="Left">What else was in that database, and is not here.</param>
/// <param name="KeysMissing">What of the keys outside the database is not here, and where to put it.</param>
internal sealed record RestoreReport(
    BackupManifest Manifest,
    string? Old,
    IReadOnlyList<string> Erased,
    IReadOnlyList<string> Left,
    IReadOnlyList<string> KeysMissing);

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
        var keys = RestoreKeys.Read(settings);
        await using var backup = await BackupFile.OpenAsync(options.File, progress, cancellation);
        var manifest = backup.Manifest;
        var signed = new RestoreSigned(settings, manifest.Name, say);
        signed.Check();
        if (manifest.Schema > Migrations.EventStore.Latest)
        {
            throw new SetUpException(
                $"The backup has version {manifest.Schema} of the schema, but this program knows only "
                + $"{Migrations.EventStore.Latest}: restore it with a newer program.");
        }

        await using var administration = await AdministratorDatabase.OpenAsync(settings, say, cancellation);
        await CheckServerAsync(administration, cancellation);
        var connectionString = administration.ConnectionString;
        RestoreTarget target;
        await using (var connection = await BackupRun.OpenAsync(connectionString, cancellation))
        {
            target = await RestoreTarget.LookAsync(connection, manifest.Sequence, cancellation);
            if (!target.HasLedger)
            {
                await RestoreTarget.RefuseOthersAsync(connection, cancellation);
            }
        }

        var finish = new RestoreFinish(settings, backup, progress, say);
        if (target.Unfinished == backup.Seal && !options.Replaces)
        {
            say("The events of this backup are here: a restore of it had been ended before its end. Going on.");
            await CheckAgainAsync(connectionString, manifest, cancellation);
            return await FinishedAsync();
        }

        if (target.HasLedger)
        {
            return options.Replaces
                ? await ReplaceAsync(connectionString, backup, target, finish, keys, signed, cancellation)
                : throw new SetUpException(
                    $"The database '{target.Database}' is not empty: it has events up to {target.Sequence}. Restore "
                    + "into an empty data folder (--data) or an empty database (--connection); or say --replace, and "
                    + "the backup takes its place, while what is there is kept under another name.");
        }

        var audit = new RestoreAudit(options, AuditKeyFile.Of(settings), say);
        await RestoreLoad.RunAsync(
            connectionString, backup, progress,
            loaded => audit.CheckAsync(loaded, manifest, [], progress, cancellation), cancellation);
        return await FinishedAsync();

        async Task<RestoreReport> FinishedAsync()
        {
            var missing = await finish.RunAsync(
                connectionString, null, new Dictionary<string, RestoreSeen>(), keys, cancellation);
            await signed.SettleAsync(connectionString, replaces: false, cancellation);
            return new(manifest, null, [], [], missing);
        }
    }

    private async Task<RestoreReport> ReplaceAsync(
        string connectionString,
        BackupFile backup,
        RestoreTarget target,
        RestoreFinish finish,
        RestoreKeys keys,
        RestoreSigned signed,
        CancellationToken cancellation)
    {
        var manifest = backup.Manifest;
        var parted = Math.Min(target.Sequence, manifest.Sequence);
        IReadOnlyDictionary<string, long> going;
        Guid? common;
        await using (var connection = await BackupRun.OpenAsync(connectionString, cancellation))
        {
            common = await RestoreTarget.EventAtAsync(connection, parted, cancellation);
            going = await RestoreApproval.GoingAsync(connection, cancellation);
        }

        // What the file has at that number is known before it is loaded only where that is its last.
        if (target.Sequence >= manifest.Sequence)
        {
            RefuseOlder(target, manifest, manifest.LastEvent, common);
        }

        var seen = await RestoreApproval.AskAsync(
            settings, connectionString, going, backup, options, say, cancellation);
        var databases = new RestoreDatabases(connectionString, target.Database);
        var exchange = new RestoreExchange(databases);
        await exchange.RefuseUsersAsync(cancellation);
        var goes = await LookAtWhatGoesAsync(connectionString, manifest, going, cancellation);
        await databases.CreateAsync(cancellation);
        RestoreReport report;
        try
        {
            var audit = new RestoreAudit(options, AuditKeyFile.Of(settings), say);
            IReadOnlyList<string> erased = [];
            await RestoreLoad.RunAsync(
                databases.ConnectionStringBeside, backup, progress,
                async loaded =>
                {
                    var other = await RestoreTarget.EventAtAsync(loaded, parted, cancellation);
                    RefuseOlder(target, manifest, other, common);
                    await audit.CheckAsync(
                        loaded, manifest, other == common ? goes.Signed : [], progress, cancellation);
                    var here = await RestoreTarget.ErasuresAsync(loaded, cancellation);
                    erased = [.. goes.Erasures.Where(each => !here.ContainsKey(each.Key))
                        .Select(each => each.Value).Distinct().Order(StringComparer.Ordinal)];
                },
                cancellation);
            var missing = await finish.RunAsync(
                databases.ConnectionStringBeside, goes.Target.Sequence, seen, keys, cancellation);
            var old = await exchange.ExchangeAsync(goes.Target.LastEvent, cancellation);
            report = new(manifest, old, erased, goes.Left, missing);
        }
        catch
        {
            await databases.DropAsync(say);
            throw;
        }

        await signed.SettleAsync(connectionString, replaces: true, cancellation);
        return report;
    }

    /// <summary>The ledger that goes, once nobody is connected to it any more: from here on nothing may be
    /// added.</summary>
    private static async Task<Going> LookAtWhatGoesAsync(
        string connectionString,
        BackupManifest manifest,
        IReadOnlyDictionary<string, long> agreed,
        CancellationToken cancellation)
    {
        await using var connection = await BackupRun.OpenAsync(connectionString, cancellation);
        var going = await RestoreApproval.GoingAsync(connection, cancellation);
        if (going.Count != agreed.Count || going.Any(each => agreed.GetValueOrDefault(each.Key, -1) != each.Value))
        {
            throw new SetUpException(
                $"In the database '{connection.Database}' something was recorded while it was asked whether it may go: "
                + "stop the services, then run this again. Nothing was changed.");
        }

        return new(
            await RestoreTarget.LookAsync(connection, manifest.Sequence, cancellation),
            await SignedThere.OfAsync(connection, manifest, cancellation),
            await RestoreTarget.ErasuresAsync(connection, cancellation),
            await RestoreLeft.OfAsync(connection, cancellation));
    }

    /// <summary>What was loaded before may be held against a checkpoint that is named only now.</summary>
    private async Task CheckAgainAsync(
        string connectionString, BackupManifest manifest, CancellationToken cancellation)
    {
        await using var connection = await BackupRun.OpenAsync(connectionString, cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellation);
        await new RestoreAudit(options, AuditKeyFile.Of(settings), say)
            .CheckAsync(connection, manifest, [], progress, cancellation);
    }

    private static async Task CheckServerAsync(AdministratorDatabase administration, CancellationToken cancellation)
    {
        try
        {
            await StartCheck.RunAsync(administration.Source, cancellation);
            administration.Source.Clear();
        }
        catch (PostgresException closed) when (closed.SqlState == PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            throw new SetUpException(
                $"{closed.MessageText}. A restore that was killed at its very end leaves it so: as an administrator, "
                + "connected to the database postgres, say 'alter database NAME allow_connections true'; then run this "
                + "again.", closed);
        }
    }

    private void RefuseOlder(RestoreTarget target, BackupManifest manifest, Guid? common, Guid? ownCommon)
    {
        if (!options.MayBeOlder && target.WhyOlder(manifest, common, ownCommon) is { } why)
        {
            throw new SetUpException(why);
        }
    }

    private sealed record Going(
        RestoreTarget Target,
        IReadOnlyList<SignedThere> Signed,
        IReadOnlyDictionary<string, string> Erasures,
        IReadOnlyList<string> Left);
}

using Ledger.Api.Keys;
using Ledger.Domain.Approvals;
using Ledger.Domain.Backup;
using Ledger.EventStore;
using Ledger.Projections;
using NodaTime;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>
/// What follows once the rows of a backup are in a database: the schema of this program, the events that say so, the
/// read models. Each step may be done again, so that a restore which was ended between them is gone on with.
/// </summary>
internal sealed class RestoreFinish(
    Settings settings, BackupFile backup, IProgress<ProjectionProgress> progress, Action<string> say)
{
    /// <param name="connectionString">Of an administrator of the database with the rows.</param>
    /// <param name="replaced">The last event of the ledger whose place it takes.</param>
    /// <param name="seen">How each company's persons saw that.</param>
    /// <param name="keys">What is here of them.</param>
    /// <param name="cancellation">Leaves what is to be done again.</param>
    /// <returns>What of the keys outside the database is not here, and where to put it.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(
        string connectionString,
        long? replaced,
        IReadOnlyDictionary<string, RestoreSeen> seen,
        RestoreKeys keys,
        CancellationToken cancellation)
    {
        await using (var source = AdministratorDatabase.SourceOf(connectionString))
        {
            await LedgerHost.MigrateAsync(source, cancellation);
        }

        // As the service, so that what is made is the service's.
        await using var service = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Options = $"-c role={DatabaseRoles.Service}",
        }.ConnectionString);
        await RecordAsync(service, connectionString, replaced, seen, cancellation);
        await FillAsync(service, replaced, cancellation);
        await using var administrator = await BackupRun.OpenAsync(connectionString, cancellation);
        await RestoreTarget.MarkFinishedAsync(administrator, cancellation);
        return await keys.MissingAsync(service, settings, cancellation);
    }

    private async Task FillAsync(NpgsqlDataSource database, long? replaced, CancellationToken cancellation)
    {
        try
        {
            await new Rebuild(database, EventCatalog.Ledger).RunAsync(progress, ct: cancellation);
        }
        catch (ProjectionException unreadable)
        {
            throw new SetUpException(
                (replaced is null
                    ? "All events of the backup are here, but the read models could not be filled from them: "
                    : "Nothing was replaced, since the read models could not be filled from the backup's events: ")
                + unreadable.Message, unreadable);
        }
    }

    /// <summary>Each company has it among its events, for its auditors; one that has it already is passed
    /// over.</summary>
    private async Task RecordAsync(
        NpgsqlDataSource database,
        string connectionString,
        long? replaced,
        IReadOnlyDictionary<string, RestoreSeen> seen,
        CancellationToken cancellation)
    {
        IReadOnlyList<string> companies;
        IReadOnlySet<string> recorded;
        await using (var connection = await BackupRun.OpenAsync(connectionString, cancellation))
        {
            companies = await RestoreTarget.CompaniesAsync(connection, cancellation);
            recorded = await RestoreTarget.RecordedAsync(connection, backup, cancellation);
        }

        await using var store = new Store(database);
        var transact = new Transact(store);
        var actor = await ActorAsync(store, cancellation);
        var restored = new LedgerRestored(
            backup.Seal, Instant.FromDateTimeOffset(backup.Manifest.Made), backup.Manifest.Sequence, replaced);
        foreach (var company in companies.Append(OwnerKey.Tenant).Where(each => !recorded.Contains(each)))
        {
            var by = seen.GetValueOrDefault(company);
            await AppendAsync(transact, actor, company, restored with { ApprovedBy = by?.ApprovedBy }, by?.Alone);
        }
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

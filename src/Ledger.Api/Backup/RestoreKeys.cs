using Ledger.Api.Audit;
using Ledger.Api.Keys;
using Ledger.Api.People;
using Ledger.Domain.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.EventStore.Sealing;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>The keys that no backup holds: which of them have yet to be put back beside a restored ledger.</summary>
/// <param name="Master">In the file, and in the one that is to follow it while the key is exchanged.</param>
/// <param name="Signing">Public halves of what signs the audit logs.</param>
internal sealed record RestoreKeys(MasterKeys Master, IReadOnlyList<string> Signing)
{
    /// <summary>Before anything is done: a file that cannot be read is no reason to end where all else is
    /// done.</summary>
    /// <exception cref="SetUpException">One holds something else.</exception>
    public static RestoreKeys Read(Settings settings) => new(
        MasterKeyFile.Of(settings).Load(),
        [.. AuditKeyFile.Of(settings).Read().Select(key => Convert.ToBase64String(Ed25519.PublicKeyOf(key)))]);

    /// <returns>What is missing, and where it belongs.</returns>
    public async Task<IReadOnlyList<string>> MissingAsync(
        NpgsqlDataSource restored, Settings settings, CancellationToken cancellation)
    {
        var missing = new List<string>();
        await using (var command = restored.CreateCommand("select distinct master from ledger.person_key order by 1"))
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                var master = rows.GetString(0);
                if (!Master.Fingerprints.Contains(master, StringComparer.Ordinal))
                {
                    var path = MasterKeyFile.Of(settings).Path;
                    missing.Add(
                        $"Not in '{path}', nor in '{path}.next', is the master key {master}, by which names of "
                        + $"persons are sealed: put the kept copy there before the next start.");
                }
            }
        }

        await using var store = new Store(restored);
        var published = (await store.ReadStreamAsync(OwnerKey.Tenant, AuditKeys.Stream, ct: cancellation))
            .Select(each => (AuditKeyEvent)EventCatalog.Ledger.Read(each))
            .Aggregate(AuditKeys.Initial, AuditKeys.Evolve);
        if (published.InUse.Count > 0 && !Signing.Any(published.InUse.Contains))
        {
            missing.Add(
                $"Not in '{AuditKeyFile.Of(settings).Path}' is the key that signs the audit logs: put the kept copy "
                + "there before the next start.");
        }

        return missing;
    }
}

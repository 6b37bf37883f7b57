using Ledger.Api.Audit;
using Ledger.Api.Keys;
using Ledger.Api.People;
using Ledger.Domain.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>The keys that no backup holds: which of them have yet to be put back beside a restored ledger.</summary>
internal static class RestoreKeys
{
    public static async Task<IReadOnlyList<string>> MissingAsync(
        NpgsqlDataSource restored, Settings settings, CancellationToken cancellation)
    {
        var missing = new List<string>();
        await using (var command = restored.CreateCommand("select distinct master from ledger.person_key order by 1"))
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            var here = MasterKeyFile.Of(settings).Load().Fingerprints;
            while (await rows.ReadAsync(cancellation))
            {
                var master = rows.GetString(0);
                if (!here.Contains(master, StringComparer.Ordinal))
                {
                    missing.Add($"the master key {master}, by which names of persons are sealed");
                }
            }
        }

        await using var store = new Store(restored);
        var published = (await store.ReadStreamAsync(OwnerKey.Tenant, AuditKeys.Stream, ct: cancellation))
            .Select(each => (AuditKeyEvent)EventCatalog.Ledger.Read(each))
            .Aggregate(AuditKeys.Initial, AuditKeys.Evolve);
        var signing = AuditKeyFile.Of(settings).Read()
            .Select(key => Convert.ToBase64String(Ed25519.PublicKeyOf(key)));
        if (published.InUse.Count > 0 && !signing.Any(published.InUse.Contains))
        {
            missing.Add("the key that signs the audit logs (audit.key)");
        }

        return missing;
    }
}

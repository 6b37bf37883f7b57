using Ledger.Api.Audit;
using Ledger.Api.Keys;
using Ledger.Domain.Audit;
using Ledger.EventStore;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>What the key here signed last, beside a restored ledger: the service signs only what goes on from it.
/// Whoever restores an earlier ledger means to, so it is set aside then, and said.</summary>
internal static class RestoreSigned
{
    public static async Task SettleAsync(
        string connectionString, Settings settings, Action<string> say, CancellationToken cancellation)
    {
        await using var source = AdministratorDatabase.SourceOf(connectionString);
        await using var store = new Store(source);
        var keys = (await store.ReadStreamAsync(OwnerKey.Tenant, AuditKeys.Stream, ct: cancellation))
            .Select(each => (AuditKeyEvent)EventCatalog.Ledger.Read(each))
            .Aggregate(AuditKeys.Initial, AuditKeys.Evolve);
        var file = new LastSignedFile(AuditKeyFile.Of(settings));
        if (keys.Ledger is not { } ledger || file.Read(ledger) is not { } last)
        {
            return;
        }

        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var leaves = new NpgsqlCommand(
            "select coalesce(max(position), 0) from ledger.leaf where company = ''", connection);
        var size = (long)(await leaves.ExecuteScalarAsync(cancellation))!;
        if (size >= last.Size && (await AuditTrees.RootAsync(connection, "", last.Size, cancellation)).AsSpan()
            .SequenceEqual(last.Root))
        {
            return;
        }

        say($"The key here has signed {last.Size} leaves of the log over all audit logs; the restored one has {size}, "
            + "and the logs go on from these. Checkpoints that were handed out since contradict them for ever. The "
            + $"last one is kept as '{file.SetAside(ledger)}'.");
    }
}

using Ledger.Api.Audit;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>What the key here signed last, beside a restored ledger: the service signs only what goes on from it.
/// Whoever restores an earlier ledger means to, so it is set aside then, and said.</summary>
/// <param name="ledger">Its name by the backup; null where that has no audit logs.</param>
internal sealed class RestoreSigned(Settings settings, string? ledger, Action<string> say)
{
    private readonly LastSignedFile file = new(AuditKeyFile.Of(settings));

    /// <summary>Before anything is done: a file that cannot be read is no reason to end where all else is
    /// done.</summary>
    /// <exception cref="SetUpException">It holds something else.</exception>
    public void Check() => Last();

    /// <summary>The ledger is restored by now: what goes wrong here is said, and the rest of the report with
    /// it.</summary>
    /// <param name="replaces">It took the place of the one that was signed; else that one may be going on
    /// elsewhere.</param>
    public async Task SettleAsync(string connectionString, bool replaces, CancellationToken cancellation)
    {
        try
        {
            await HoldAsync(connectionString, replaces, cancellation);
        }
        catch (Exception problem) when (
            problem is SetUpException or AuditLogException or NpgsqlException or IOException
                or UnauthorizedAccessException or OperationCanceledException)
        {
            say("All is restored, but it was not held against what the key here has signed last "
                + $"({problem.Message}). If the log of the service says that the database was set back, move "
                + $"'{file.PathOf(ledger!)}' away.");
        }
    }

    private EventStore.Audit.Checkpoint? Last() => ledger is null ? null : file.Read(ledger);

    private async Task HoldAsync(string connectionString, bool replaces, CancellationToken cancellation)
    {
        if (Last() is not { } last)
        {
            return;
        }

        await using var source = AdministratorDatabase.SourceOf(connectionString);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var leaves = new NpgsqlCommand(
            "select coalesce(max(position), 0) from ledger.leaf where company = ''", connection);
        var size = (long)(await leaves.ExecuteScalarAsync(cancellation))!;
        if (size >= last.Size && (await AuditTrees.RootAsync(connection, "", last.Size, cancellation)).AsSpan()
            .SequenceEqual(last.Root))
        {
            return;
        }

        var signed = $"The key here has signed {last.Size} leaves of the log over all audit logs; the restored one has "
            + $"{size}";
        say(replaces
            ? $"{signed}, and the logs go on from these. Checkpoints that were handed out since contradict them for "
                + $"ever. The last one is kept as '{file.SetAside(ledger!)}'. On every other machine with a copy of "
                + "the key, move the file of that name away as well."
            : $"{signed}: beside this key nothing is added to its audit logs. For a look at it that is right. If it is "
                + $"to take the place of the ledger, move '{file.PathOf(ledger!)}' away, on every machine that has the "
                + "key.");
    }
}

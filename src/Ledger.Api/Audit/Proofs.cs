using Ledger.Api.Witnesses;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;
using Npgsql;

namespace Ledger.Api.Audit;

/// <summary>Puts proofs together: of streams and events, each under a stored checkpoint.</summary>
internal static class Proofs
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The events of a stream as a file that stands alone; null where there is no such stream.</summary>
    /// <exception cref="RequestException">The log has not come to the last of them.</exception>
    public static async Task<ProofFile?> OfStreamAsync(
        LedgerHost ledger, string company, string stream, CancellationToken cancellation)
    {
        var recorded = await ledger.Store.ReadStreamAsync(company, stream, ct: cancellation);
        if (recorded.Count == 0)
        {
            return null;
        }

        return await WhenLoggedAsync(
            ledger, company, recorded[^1].Sequence,
            connection => ProofQueries.LeavesOfStreamAsync(connection, company, stream, cancellation),
            (connection, leaves, checkpoint) =>
                OfLeavesAsync(ledger, connection, company, stream, leaves, checkpoint, cancellation),
            cancellation);
    }

    private static async Task<ProofFile> OfLeavesAsync(
        LedgerHost ledger,
        NpgsqlConnection connection,
        string company,
        string stream,
        IReadOnlyList<LoggedLeaf> leaves,
        StoredCheckpoint checkpoint,
        CancellationToken cancellation)
    {
        var proven = new List<ProvenEvent>();
        foreach (var leaf in leaves.Where(leaf => leaf.Position <= checkpoint.Size))
        {
            var proof = await AuditTrees.InclusionAsync(
                connection, company, leaf.Position - 1, checkpoint.Size, cancellation);
            proven.Add(leaf.Shown with { Proof = ProofQueries.Texts(proof) });
        }

        var over = await ProofQueries.LedgerProofAsync(connection, company, checkpoint.Size, cancellation);
        return new(
            ProofFile.FormatName, company, stream, proven, checkpoint.Note, over,
            WitnessesOf(over, ledger.Witnesses.Select(each => each.Witness)));
    }

    /// <summary>Those whose signatures stand in the note.</summary>
    public static IReadOnlyList<WitnessShown> WitnessesOf(
        LedgerProof? over, IEnumerable<WitnessSettings> configured) =>
        over is not null && SignedNote.Parse(over.Checkpoint) is { } note
            ? [.. configured.Where(each => note.CosignedBy(each.Key) is not null).Select(WitnessShown.Of)] : [];

    /// <summary>One event.</summary>
    /// <returns>Null where the company has no such event.</returns>
    /// <exception cref="RequestException">The log has not come to it.</exception>
    public static async Task<InclusionProof?> OfEventAsync(
        LedgerHost ledger, string company, long sequence, CancellationToken cancellation)
    {
        if (sequence > await ledger.Store.HeadAsync(cancellation))
        {
            return null;
        }

        return await WhenLoggedAsync(
            ledger, company, sequence,
            connection => ProofQueries.LeafOfSequenceAsync(connection, company, sequence, cancellation),
            async (connection, leaves, checkpoint) => leaves is [var leaf]
                ? await OfLeafAsync(connection, company, sequence, leaf, checkpoint, cancellation) : null,
            cancellation);
    }

    private static async Task<InclusionProof> OfLeafAsync(
        NpgsqlConnection connection,
        string company,
        long sequence,
        LoggedLeaf leaf,
        StoredCheckpoint checkpoint,
        CancellationToken cancellation)
    {
        var index = leaf.Position - 1;
        var hash = await AuditTrees.StoredAsync(connection, company, 0, index, 1, cancellation);
        var proof = await AuditTrees.InclusionAsync(connection, company, index, checkpoint.Size, cancellation);
        return new(
            company, ProofQueries.Text(sequence), ProofQueries.Text(index), ProofQueries.Text(checkpoint.Size),
            Convert.ToBase64String(hash[0]), ProofQueries.Texts(proof), checkpoint.Note,
            leaf.Shown.SaltDeleted);
    }

    /// <summary>Shows that a log of one size grew out of itself at another.</summary>
    /// <param name="company">Empty for the log over all logs.</param>
    public static async Task<ConsistencyProof> ConsistencyAsync(
        NpgsqlConnection connection, string company, long from, long to, CancellationToken cancellation) => new(
            ProofQueries.Text(from),
            ProofQueries.Text(to),
            Convert.ToBase64String(await AuditTrees.RootAsync(connection, company, from, cancellation)),
            Convert.ToBase64String(await AuditTrees.RootAsync(connection, company, to, cancellation)),
            ProofQueries.Texts(await AuditTrees.ConsistencyAsync(connection, company, from, to, cancellation)));

    /// <summary>Reads the leaves once the log has come to a sequence, and the checkpoint over them: one that the log
    /// over all logs holds, where it is not too old. Whoever waits holds no connection, of which others have need.
    /// </summary>
    private static async Task<T> WhenLoggedAsync<T>(
        LedgerHost ledger,
        string company,
        long sequence,
        Func<NpgsqlConnection, Task<IReadOnlyList<LoggedLeaf>>> read,
        Func<NpgsqlConnection, IReadOnlyList<LoggedLeaf>, StoredCheckpoint, Task<T>> use,
        CancellationToken cancellation)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ;)
        {
            long reached;
            await using (var connection = await ledger.Database.OpenConnectionAsync(cancellation))
            {
                reached = await ReachedAsync(connection, cancellation);
                if (reached >= sequence)
                {
                    var leaves = await read(connection);
                    var size = leaves.Count == 0 ? 0 : leaves[^1].Position;
                    if ((await ProofQueries.NewestLoggedAsync(connection, company, size, cancellation)
                        ?? await ProofQueries.NewestAsync(connection, company, cancellation)) is { } checkpoint
                        && checkpoint.Size >= size)
                    {
                        return await use(connection, leaves, checkpoint);
                    }
                }
            }

            if (TimeProvider.System.GetElapsedTime(started) > LedgerReader.WaitMax)
            {
                throw RequestProblems.Fail(
                    RequestProblems.ProjectionBehind,
                    $"The audit log has come to sequence {reached}, and {sequence} is asked for. Ask again a little "
                        + "later.");
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private static async Task<long> ReachedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select last_seq_id from public.mt_event_progression where name = $1", connection);
        command.Parameters.Add(new() { Value = AuditLoop.Progress });
        return await command.ExecuteScalarAsync(cancellation) as long? ?? 0;
    }
}

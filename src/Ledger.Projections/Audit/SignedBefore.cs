using System.Text;
using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>
/// Holds what the tables have of a log against what was signed of it, before it is signed again: whoever changed events
/// and their leaves, and took the notes over them away, gets no signature by itself.
/// </summary>
internal sealed class SignedBefore(NpgsqlConnection connection, AuditSigning signing)
{
    private const string OfCompanies = """
        select c.company, k.size, k.note, g.position, g.size, f.hash
        from unnest($1) c (company)
        left join lateral (
            select n.size, n.note from ledger.checkpoint n
            where n.company = c.company order by n.size desc, n.made desc limit 1) k on true
        left join lateral (
            select l.position, l.size from ledger.logged_checkpoint l
            where l.company = c.company and l.position <= $2 order by l.size desc limit 1) g on true
        left join ledger.leaf f on f.company = '' and f.position = g.position
        """;

    /// <summary>Looks at the log over all logs: it must go on from the last checkpoint that is kept outside of the
    /// database; where none is, from its newest note, if a key that is here signed that.</summary>
    /// <returns>Why it must not be signed; null where it may. And the checkpoint that it goes on from.</returns>
    public async Task<(string? Problem, Checkpoint? Last)> LookAsync(AuditSigner signer, CancellationToken ct)
    {
        // What is kept is read before the tables, which another process may grow meanwhile.
        if ((signing.Last(signer.Ledger) ?? await NewestOwnAsync(signer, ct)) is not { } last)
        {
            return (null, null);
        }

        await using var command = new NpgsqlCommand(
            "select coalesce(max(position), 0) from ledger.leaf where company = ''", connection);
        var size = (long)(await command.ExecuteScalarAsync(ct))!;
        var problem = size < last.Size
            ? $"has {size} leaves, and {last.Size} were signed by the key here"
            : !await GoesOnAsync("", last.Size, last.Root, size, null, ct)
            ? $"does not go on from the {last.Size} leaves that were signed by the key here" : null;
        return (problem is null
            ? null
            : $"The log over all audit logs {problem}: the database was set back or changed, so nothing more is "
                + "signed. Run './run verify'. If somebody put it back on purpose, move the file that ends in "
                + $"'.{signer.Ledger}.signed' beside the audit key away, and the logs go on from what is here.", last);
    }

    /// <summary>Looks at the logs of companies, too: each must have come past its newest note, and past what the log
    /// over all logs holds of it, and be there what they say.</summary>
    /// <param name="trees">As they are stored.</param>
    /// <returns>Why they must not be signed; null where they may. And what the log over all logs goes on
    /// from.</returns>
    public async Task<(string? Problem, Checkpoint? Last)> LookAsync(
        AuditSigner signer, string[] companies, IReadOnlyDictionary<string, GrowingTree> trees, CancellationToken ct)
    {
        var (problem, last) = await LookAsync(signer, ct);
        foreach (var known in problem is null ? await KnownAsync(companies, last?.Size ?? long.MaxValue, ct) : [])
        {
            if (await WhyAsync(signer, known, trees[known.Company], last, ct) is { } why)
            {
                return (Changed(AuditSigner.OriginOf(signer.Ledger, known.Company), why), last);
            }
        }

        return (problem, last);
    }

    /// <summary>Looks at what was signed and is to be signed once more.</summary>
    /// <param name="tree">Of the company; null for the log over all logs.</param>
    /// <param name="last">What that one goes on from.</param>
    /// <returns>Why it must not be signed; null where it may.</returns>
    public async Task<string?> LookAsync(
        string company, Checkpoint text, GrowingTree? tree, Checkpoint? last, CancellationToken ct)
    {
        var (size, root) = tree is not null ? (tree.Size, tree.Root()) : last is not null ? (last.Size, last.Root)
            : (text.Size, text.Root);
        var holds = text.Size <= size
            ? await GoesOnAsync(company, text.Size, text.Root, size, root, ct)
            : await GoesOnAsync(company, size, root, text.Size, text.Root, ct);
        return holds ? null : Changed(text.Origin, $"is not what its note of {text.Size} leaves says");
    }

    private static string Changed(string origin, string how) =>
        $"The log '{origin}' {how}: it was set back or changed, so nothing more is signed. Run './run verify', which "
        + "names what.";

    /// <summary>Whether the tables have both roots, and the larger tree grew out of the smaller one.</summary>
    /// <param name="toRoot">Null where any is right.</param>
    private async Task<bool> GoesOnAsync(
        string company, long from, byte[] fromRoot, long to, byte[]? toRoot, CancellationToken ct)
    {
        var earlier = await AuditTrees.RootAsync(connection, company, from, ct);
        var later = await AuditTrees.RootAsync(connection, company, to, ct);
        var proof = await AuditTrees.ConsistencyAsync(connection, company, from, to, ct);
        return (toRoot is null || later.AsSpan().SequenceEqual(toRoot))
            && earlier.AsSpan().SequenceEqual(fromRoot)
            && MerkleTree.IsConsistent(from, to, fromRoot, later, proof);
    }

    private async Task<string?> WhyAsync(
        AuditSigner signer, Known known, GrowingTree tree, Checkpoint? last, CancellationToken ct)
    {
        var origin = AuditSigner.OriginOf(signer.Ledger, known.Company);
        if (Math.Max(known.Signed ?? 0, known.Logged ?? 0) is var most && most > tree.Size)
        {
            return $"has {tree.Size} leaves, and {most} were signed";
        }

        if (known.Signed is { } signed)
        {
            var root = await RootAsync(known.Company, signed, tree, ct);
            if (SignedNote.Parse(known.Note!)?.Text != new Checkpoint(origin, signed, root).ToString())
            {
                return $"is not what its note of {signed} leaves says";
            }
        }

        if (known is { Logged: { } logged, Position: { } position })
        {
            var text = new Checkpoint(origin, logged, await RootAsync(known.Company, logged, tree, ct)).ToString();
            var leaf = MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(text));
            var proof = last is null ? [] : await AuditTrees.InclusionAsync(
                connection, LedgerLogWriter.Company, position - 1, last.Size, ct);
            if (!leaf.AsSpan().SequenceEqual(known.Leaf)
                || (last is not null && !MerkleTree.Includes(position - 1, last.Size, leaf, proof, last.Root)))
            {
                return $"is not what the log over all logs holds of its {logged} leaves";
            }
        }

        return most == tree.Size || await GoesOnAsync(
            known.Company, most, await RootAsync(known.Company, most, tree, ct), tree.Size, tree.Root(), ct)
                ? null : $"does not go on from the {most} leaves that were signed";
    }

    private async Task<byte[]> RootAsync(string company, long size, GrowingTree tree, CancellationToken ct) =>
        tree.Size == size ? tree.Root() : await AuditTrees.RootAsync(connection, company, size, ct);

    private async Task<Checkpoint?> NewestOwnAsync(AuditSigner signer, CancellationToken ct) =>
        await ProofQueries.NewestAsync(connection, "", ct) is { } newest
            && SignedNote.Parse(newest.Note) is { } note && signer.HasSigned(note, "")
                ? Checkpoint.Parse(note.Text) : null;

    private async Task<List<Known>> KnownAsync(string[] companies, long positionMax, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(OfCompanies, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = companies });
        command.Parameters.Add(new() { Value = positionMax });
        var known = new List<Known>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            known.Add(new(
                rows.GetString(0),
                rows.IsDBNull(1) ? null : rows.GetInt64(1),
                rows.IsDBNull(2) ? null : rows.GetString(2),
                rows.IsDBNull(3) ? null : rows.GetInt64(3),
                rows.IsDBNull(4) ? null : rows.GetInt64(4),
                rows.IsDBNull(5) ? [] : rows.GetFieldValue<byte[]>(5)));
        }

        return known;
    }

    /// <summary>What is known of a company's log: its newest note, and its last leaf in the log over all
    /// logs.</summary>
    private sealed record Known(
        string Company, long? Signed, string? Note, long? Position, long? Logged, byte[] Leaf);
}

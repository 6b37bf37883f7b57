using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>
/// Holds the signed notes of a log against its tree, some sizes at a time. Any key that the ledger ever published may
/// have signed an older one; the newest, under which all leaves stand, needs the signature of a key that is known from
/// elsewhere than the database.
/// </summary>
/// <param name="origin">Of the log.</param>
/// <param name="published">The keys that the database names.</param>
/// <param name="find">Is told of what is wrong: where, and what.</param>
internal sealed class NoteCheck(
    NpgsqlConnection connection,
    string company,
    string origin,
    IReadOnlyList<byte[]> published,
    AuditTrust trust,
    Action<string, string> find)
{
    private readonly VerifierKey[] trusted =
        [.. (trust.Keys.Count > 0 ? trust.Keys : published).Select(key => KeyOf(origin, key))];

    private readonly VerifierKey[] others =
        [.. trust.Keys.Count > 0 ? published.Select(key => KeyOf(origin, key)) : []];

    private readonly Dictionary<long, List<string>> page = [];
    private (long Size, bool IsTrusted)? newest;

    /// <summary>How many were looked at.</summary>
    public long Count { get; private set; }

    /// <summary>Reads those of sizes behind one and up to another.</summary>
    public async Task ReadAsync(long after, long through, CancellationToken ct)
    {
        page.Clear();
        await using var command = new NpgsqlCommand(
            "select size, note from ledger.checkpoint where company = $1 and size > $2 and size <= $3 "
            + "order by size, made",
            connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = through });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            if (!page.TryGetValue(rows.GetInt64(0), out var notes))
            {
                page[rows.GetInt64(0)] = notes = [];
            }

            notes.Add(rows.GetString(1));
        }
    }

    /// <summary>Looks at the notes of the size that the tree has come to, and at what was kept of it outside of the
    /// database.</summary>
    public void Look(GrowingTree tree)
    {
        if (company.Length == 0 && trust.Last is { } last && last.Size == tree.Size
            && !tree.Root().AsSpan().SequenceEqual(last.Root))
        {
            find(
                $"ledger.leaf {company} / {tree.Size}",
                $"the log over all logs has another root at {tree.Size} leaves than was signed last by the key here: "
                + "it was changed, or set back and used on");
        }

        if (!page.TryGetValue(tree.Size, out var notes))
        {
            return;
        }

        newest = (tree.Size, false);
        foreach (var text in notes)
        {
            Count++;
            if (WhyNot(text, tree) is { } what)
            {
                find($"ledger.checkpoint {company} / {tree.Size}", what);
            }
        }
    }

    /// <summary>Looks at what is left, once all leaves were seen.</summary>
    public async Task EndAsync(GrowingTree tree, CancellationToken ct)
    {
        if (newest is { IsTrusted: false, Size: var size } && trust.Keys.Count > 0)
        {
            find(
                $"ledger.checkpoint {company} / {size}",
                "is the newest of its log, and no key that is known here signed it: whoever changed the database can "
                + "have made a key");
        }

        if (company.Length == 0 && trust.Last is { } last && last.Size > tree.Size)
        {
            find(
                $"ledger.leaf {company} / {last.Size}",
                $"the log over all logs has {tree.Size} leaves, and {last.Size} were signed by the key here: the "
                + "database was set back");
        }

        await using var command = new NpgsqlCommand(
            "select distinct size from ledger.checkpoint where company = $1 and (size > $2 or size < 1) "
            + "order by size limit $3",
            connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = tree.Size });
        command.Parameters.Add(new() { Value = Verification.FindingsMax });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            Count++;
            find(
                $"ledger.checkpoint {company} / {rows.GetInt64(0)}",
                "has more leaves than the log: leaves were taken away");
        }
    }

    private string? WhyNot(string text, GrowingTree tree)
    {
        var note = SignedNote.Parse(text);
        var checkpoint = note is null ? null : Checkpoint.Parse(note.Text);
        if (checkpoint is null || checkpoint.Origin != origin || checkpoint.Size != tree.Size)
        {
            return "is no checkpoint of this log";
        }

        var isTrusted = trusted.Any(note!.IsSignedBy);
        if (!isTrusted && !others.Any(note.IsSignedBy))
        {
            return "is not signed by a key of this ledger";
        }

        newest = (tree.Size, isTrusted || newest is { IsTrusted: true });
        return tree.Root().AsSpan().SequenceEqual(checkpoint.Root)
            ? null : "has another root than the leaves: leaves were changed after it was signed";
    }

    private static VerifierKey KeyOf(string origin, byte[] key) => new(origin, SignatureKind.Log, key);
}

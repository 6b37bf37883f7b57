using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using static Ledger.Api.Audit.OfflineVerification;

namespace Ledger.Api.Audit;

/// <summary>Checks the bundle of a company: every leaf, the root, what is disclosed, and the certificates.</summary>
/// <param name="since">An earlier checkpoint that the log must go on from; null without one.</param>
internal sealed class BundleVerification(
    VerifierKey key, IReadOnlyList<VerifierKey> witnesses, SignedNote? since)
{
    /// <summary>Bytes of a line of leaves.ndjson, with its line feed.</summary>
    private const int LineBytesMax = 16 << 20;

    private const string Leaves = "leaves.ndjson";
    private const string Tombstones = "mt_tombstone";

    private static readonly string[] Files = ["README.txt", "checkpoint", Leaves, "ledger.json", "manifest.json"];

    private readonly Checkpoint? before = since is null ? null : EventStore.Audit.Checkpoint.Parse(since.Text);
    private readonly GrowingTree tree = new();
    private readonly Dictionary<string, long> versions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> undisclosed = new(StringComparer.Ordinal);
    private readonly HashSet<long> deletedSalts = [];
    private long disclosed;
    private long deleted;
    private long sequence;

    public async Task<IReadOnlyList<string>> RunAsync(Stream file, CancellationToken cancellation)
    {
        await using var archive = new ZipArchive(file, ZipArchiveMode.Read);

        // Of two files of one name each reader takes another.
        if (!archive.Entries.Select(each => each.FullName).Order(StringComparer.Ordinal)
            .SequenceEqual(Files, StringComparer.Ordinal))
        {
            throw new RefutedException($"the ZIP file does not hold exactly {string.Join(", ", Files)}.");
        }

        var manifest = Parse(await ReadAsync(archive, "manifest.json", cancellation));
        if (TextOf(manifest, "format") != BundleManifest.FormatName)
        {
            throw new RefutedException($"it is no bundle of {BundleManifest.FormatName}.");
        }

        var company = TextOf(manifest, "company");
        var (note, checkpoint) = Checkpoint(
            Encoding.UTF8.GetString(await ReadAsync(archive, "checkpoint", cancellation)), key, "checkpoint");
        if (TextOf(manifest, "origin") != key.Name || !key.Name.EndsWith($"/{company}", StringComparison.Ordinal)
            || NumberOf(manifest, "size") != checkpoint.Size)
        {
            throw new RefutedException("the manifest is of another log than the key, or of another size.");
        }

        RequireBefore(checkpoint);
        var certificates = new CertificateCheck();
        await foreach (var (leaf, _) in LeavesAsync(archive, checkpoint.Size, cancellation))
        {
            certificates.Announce(leaf);
            AnnounceDeletion(leaf);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var (leaf, bytes) in LeavesAsync(archive, checkpoint.Size, cancellation))
        {
            hash.AppendData(bytes);
            Add(leaf, company, certificates);
        }

        if (tree.Size != checkpoint.Size || !tree.Root().AsSpan().SequenceEqual(checkpoint.Root))
        {
            throw new RefutedException(
                $"the {tree.Size} leaves do not come to the signed root over {checkpoint.Size}: leaves were changed, "
                    + "left out or added.");
        }

        if (TextOf(manifest, "leaves") != Convert.ToBase64String(hash.GetHashAndReset()))
        {
            throw new RefutedException("leaves.ndjson is not the file that the manifest names.");
        }

        var ledger = Parse(await ReadAsync(archive, "ledger.json", cancellation));
        return
        [
            $"All {tree.Size} leaves of {company} come to the root that {key.Name} signed.",
            .. BeforeLines(),
            $"{disclosed} bodies are shown, and are the ones that were recorded.",
            .. undisclosed.Select(each => $"Not shown: {each.Value} bodies of {each.Key}."),
            .. DeletionLines(),
            .. certificates.Report(Member(manifest, "period")?.GetString()),
            .. LedgerLines(ledger, Member(manifest, "witnesses"), note, key, witnesses),
        ];
    }

    /// <summary>Whether the earlier checkpoint can be one of this log.</summary>
    private void RequireBefore(Checkpoint checkpoint)
    {
        if (since is null)
        {
            return;
        }

        if (before is null || before.Origin != key.Name)
        {
            throw new RefutedException($"the note of --since is no checkpoint of {key.Name}.");
        }

        if (since.Bears(key) && !since.IsSignedBy(key))
        {
            throw new RefutedException("the note of --since has a false signature.");
        }

        if (before.Size > checkpoint.Size)
        {
            throw new RefutedException(
                $"the log had {before.Size} leaves by the note of --since, and has {checkpoint.Size} here: it was "
                    + "cut.");
        }

        HoldAgainstBefore();
    }

    private void HoldAgainstBefore()
    {
        if (before?.Size == tree.Size && !tree.Root().AsSpan().SequenceEqual(before.Root))
        {
            throw new RefutedException(
                $"the first {before.Size} leaves are not those of the note of --since: the log was changed.");
        }
    }

    private IEnumerable<string> BeforeLines() => before is null ? [] :
    [
        $"It goes on from the earlier checkpoint of {before.Size} leaves"
            + (since!.IsSignedBy(key) ? "." : ", whose signature was not checked: it is not of this key."),
    ];

    private IEnumerable<string> DeletionLines() => deleted == 0 ? [] :
        [
            $"Of these, {deleted} can be shown by nobody any more: their salts were deleted, as events in the bundle "
                + "say.",
        ];

    /// <summary>Which salts an event deleted: it comes behind the events that they were of.</summary>
    private void AnnounceDeletion(JsonElement leaf)
    {
        if (TextOf(leaf.GetProperty("envelope"), "type") == SaltDeletions.Type && Member(leaf, "body") is { } body)
        {
            deletedSalts.UnionWith(
                SaltDeletions.SequencesOf(EventCatalog.Ledger, Encoding.UTF8.GetBytes(body.GetRawText())));
        }
    }

    private void Add(JsonElement leaf, string company, CertificateCheck certificates)
    {
        var where = $"leaf {tree.Size} (line {tree.Size + 1})";
        var envelope = leaf.GetProperty("envelope");
        var hash = LeafOf(envelope, where);
        var (stream, type) = (TextOf(envelope, "stream"), TextOf(envelope, "type"));
        if (TextOf(envelope, "company") != company)
        {
            throw new RefutedException($"{where} is of another company.");
        }

        if (NumberOf(envelope, "sequence") <= sequence)
        {
            throw new RefutedException($"{where} has a sequence that does not rise.");
        }

        sequence = NumberOf(envelope, "sequence");
        var expected = versions.GetValueOrDefault(stream) + 1;

        // Marten numbers what it left behind of a failed append by other rules.
        if (stream == Tombstones ? type != "tombstone" : NumberOf(envelope, "version") != expected)
        {
            throw new RefutedException(stream == Tombstones
                ? $"{where} is a {type} among what Marten left of failed appends."
                : $"{where} has not version {expected} of {stream}.");
        }

        versions[stream] = expected;
        tree.Add(hash);
        HoldAgainstBefore();
        if (Disclosed(leaf, envelope, where))
        {
            disclosed++;
            certificates.Add(envelope, leaf.GetProperty("body"), tree);
        }
        else
        {
            undisclosed[type] = undisclosed.GetValueOrDefault(type) + 1;
            deleted += deletedSalts.Contains(sequence) ? 1 : 0;
            certificates.Miss(type);
        }
    }

    /// <summary>Not more lines than leaves, each within its limit: a file that is small when packed can be endless.
    /// </summary>
    private static async IAsyncEnumerable<(JsonElement Leaf, byte[] Line)> LeavesAsync(
        ZipArchive archive, long size,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var content = await archive.GetEntry(Leaves)!.OpenAsync(cancellation);
        var buffer = new byte[64 << 10];
        var (start, searched, end, lines) = (0, 0, 0, 0L);
        while (true)
        {
            var found = Array.IndexOf(buffer, (byte)'\n', searched, end - searched);
            if ((found < 0 ? end : found + 1) - start > LineBytesMax)
            {
                throw new RefutedException($"line {lines + 1} of {Leaves} is over {LineBytesMax} bytes.");
            }

            if (found >= 0)
            {
                if (++lines > size)
                {
                    throw new RefutedException($"{Leaves} has more lines than the {size} leaves of the checkpoint.");
                }

                var line = buffer[start..(found + 1)];
                start = searched = found + 1;
                yield return (Parse(line), line);
                continue;
            }

            // What is left of a line moves to the front, and is not searched again.
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, searched, end) = (0, end - start, end - start);
            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }

            var read = await content.ReadAsync(buffer.AsMemory(end), cancellation);
            if (read == 0)
            {
                if (end > 0)
                {
                    throw new RefutedException($"{Leaves} ends in the middle of a line.");
                }

                yield break;
            }

            end += read;
        }
    }

    private static async Task<byte[]> ReadAsync(ZipArchive archive, string name, CancellationToken cancellation)
    {
        await using var stream = await archive.GetEntry(name)!.OpenAsync(cancellation);
        using var content = new MemoryStream();
        var buffer = new byte[81_920];
        for (int count; (count = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            content.Write(buffer, 0, count);
            if (content.Length > FileBytesMax)
            {
                throw new RefutedException($"{name} is larger than the {FileBytesMax} bytes of such a file.");
            }
        }

        return content.ToArray();
    }
}

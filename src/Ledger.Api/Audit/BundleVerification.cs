using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Domain.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using static Ledger.Api.Audit.OfflineVerification;

namespace Ledger.Api.Audit;

/// <summary>Checks the bundle of a company: every leaf, the root, what is disclosed, and the certificates.</summary>
internal sealed class BundleVerification(VerifierKey key, IReadOnlyList<VerifierKey> witnesses)
{
    private const int SmallFileMax = 16 << 20;
    private const int LineMax = 64 << 20;

    private static readonly string Deletion = EventCatalog.Ledger.NameOf(typeof(SaltsDeleted));

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
        var manifest = JsonElement.Parse(await ReadAsync(archive, "manifest.json", cancellation));
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

        var certificates = new CertificateCheck();
        await foreach (var (leaf, _) in LeavesAsync(archive, cancellation))
        {
            certificates.Announce(leaf);
            AnnounceDeletion(leaf);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var (leaf, bytes) in LeavesAsync(archive, cancellation))
        {
            hash.AppendData(bytes);
            Add(leaf, company, certificates);
        }

        if (tree.Size != checkpoint.Size || !tree.Root().AsSpan().SequenceEqual(checkpoint.Root))
        {
            throw new RefutedException(
                $"the {tree.Size} leaves do not come to the signed root over {checkpoint.Size}: leaves were changed, "
                    + "left "
                    + "out or added.");
        }

        if (TextOf(manifest, "leaves") != Convert.ToBase64String(hash.GetHashAndReset()))
        {
            throw new RefutedException("leaves.ndjson is not the file that the manifest names.");
        }

        var ledger = JsonElement.Parse(await ReadAsync(archive, "ledger.json", cancellation));
        return
        [
            $"All {tree.Size} leaves of {company} come to the root that {key.Name} signed.",
            $"{disclosed} bodies are shown, and are the ones that were recorded.",
            .. undisclosed.Select(each => $"Not shown: {each.Value} bodies of {each.Key}."),
            .. DeletionLines(),
            .. certificates.Report(),
            .. LedgerLines(ledger, note, key, witnesses),
        ];
    }

    private IEnumerable<string> DeletionLines() => deleted == 0 ? [] :
        [
            $"Of these, {deleted} can be shown by nobody any more: their salts were deleted, as events in the bundle "
                + "say.",
        ];

    /// <summary>Which salts an event deleted: it comes behind the events that they were of.</summary>
    private void AnnounceDeletion(JsonElement leaf)
    {
        if (TextOf(leaf.GetProperty("envelope"), "type") == Deletion && Member(leaf, "body") is { } body)
        {
            deletedSalts.UnionWith(
                body.GetProperty("sequences").EnumerateArray().Select(sequence => sequence.GetInt64()));
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
        if (NumberOf(envelope, "version") != expected && stream != "mt_tombstone")
        {
            throw new RefutedException($"{where} has not version {expected} of {stream}.");
        }

        versions[stream] = expected;
        tree.Add(hash);
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

    private static async IAsyncEnumerable<(JsonElement Leaf, byte[] Line)> LeavesAsync(
        ZipArchive archive, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var entry = await (archive.GetEntry("leaves.ndjson")
            ?? throw new RefutedException("leaves.ndjson is missing.")).OpenAsync(cancellation);
        var reader = System.IO.Pipelines.PipeReader.Create(entry);
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, buffer.GetPosition(1, end)).ToArray();
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                yield return (JsonElement.Parse(line), line);
            }

            if (buffer.Length > LineMax || (read.IsCompleted && buffer.Length > 0))
            {
                throw new RefutedException("leaves.ndjson ends in the middle of a line.");
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                yield break;
            }
        }
    }

    private static async Task<byte[]> ReadAsync(ZipArchive archive, string name, CancellationToken cancellation)
    {
        var entry = archive.GetEntry(name) ?? throw new RefutedException($"{name} is missing.");
        if (entry.Length > SmallFileMax)
        {
            throw new RefutedException($"{name} is larger than such a file can be.");
        }

        await using var stream = await entry.OpenAsync(cancellation);
        using var content = new MemoryStream();
        var buffer = new byte[81_920];
        for (int count; (count = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            content.Write(buffer, 0, count);
            if (content.Length > SmallFileMax)
            {
                throw new RefutedException($"{name} is larger than such a file can be.");
            }
        }

        return content.ToArray();
    }
}

using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ledger.Api.Queries;
using Ledger.EventStore.Audit;
using Ledger.Projections;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Api.Audit;

/// <summary>What a bundle says of itself; see <c>docs/audit-format.md</c>.</summary>
/// <param name="Leaves">Base64 of the hash of leaves.ndjson.</param>
public sealed record BundleManifest(
    string Format,
    string Company,
    string? Period,
    string Origin,
    string Size,
    string Made,
    IReadOnlyList<string> Keys,
    IReadOnlyList<WitnessShown> Witnesses,
    string Leaves)
{
    public const string FormatName = "backoffice-bundle/1";
}

/// <summary>A line of leaves.ndjson.</summary>
public sealed record BundleLeaf(JsonElement Envelope, string? Salt, JsonElement? Body, JsonElement? Headers);

/// <summary>What was written.</summary>
/// <param name="Deleted">Events whose salts were deleted.</param>
public sealed record BundleWritten(long Leaves, long Disclosed, long Deleted, bool HasOutsideWitness);

/// <summary>Writes all that an auditor needs to check a company's books without us, as one ZIP file.</summary>
internal static class AuditBundle
{
    internal static readonly JsonSerializerOptions Json = new(QueryJson.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 2 * CanonicalJson.DepthMax,
    };

    /// <param name="period">Only what the certificate of this month rests on is disclosed; null discloses all.</param>
    /// <exception cref="SetUpException">The company has no checkpoint, or the month no certificate.</exception>
    public static async Task<BundleWritten> WriteAsync(
        LedgerHost ledger, string company, string? period, Stream output, IProgress<ProjectionProgress>? progress,
        CancellationToken cancellation)
    {
        await using var connection = await ledger.Database.OpenConnectionAsync(cancellation);
        var scope = period is null
            ? null : await BundleScope.OfAsync(ledger, connection, company, period, cancellation);
        var checkpoint = await ProofQueries.NewestLoggedAsync(connection, company, scope?.Position ?? 0, cancellation)
            ?? await ProofQueries.NewestAsync(connection, company, cancellation)
            ?? throw new SetUpException($"There is no company '{company}', or nothing of it is in an audit log.");
        if (scope?.Position > checkpoint.Size)
        {
            throw BundleScope.NotYet(company, period!);
        }

        var proof = await ProofQueries.LedgerProofAsync(connection, company, checkpoint.Size, cancellation);
        var keys = await ledger.AuditKeys.KeysAsync(cancellation);
        var origin = AuditSigner.OriginOf(keys.Ledger!, company);
        using var archive = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        var (disclosed, deleted, hash) = await WriteLeavesAsync(
            archive, connection, company, checkpoint.Size, scope, progress, cancellation);
        var manifest = new BundleManifest(
            BundleManifest.FormatName, company, period, origin, ProofQueries.Text(checkpoint.Size),
            ledger.Clock.GetCurrentInstant().ToString("uuuu-MM-dd'T'HH:mm:ss'Z'", null),
            ProofsApi.KeysUnder(keys, origin), Proofs.WitnessesOf(proof, ledger.Witnesses.Select(each => each.Witness)),
            Convert.ToBase64String(hash));
        await AddAsync(archive, "manifest.json", JsonSerializer.SerializeToUtf8Bytes(manifest, Json), cancellation);
        await AddAsync(archive, "checkpoint", System.Text.Encoding.UTF8.GetBytes(checkpoint.Note), cancellation);
        await AddAsync(archive, "ledger.json", JsonSerializer.SerializeToUtf8Bytes(proof, Json), cancellation);
        var readme = BundleReadme.Of(manifest, disclosed, deleted, proof is not null);
        await AddAsync(archive, "README.txt", System.Text.Encoding.UTF8.GetBytes(readme), cancellation);
        return new(checkpoint.Size, disclosed, deleted, manifest.Witnesses.Any(witness => witness.Outside));
    }

    private static async Task<(long Disclosed, long Deleted, byte[] Hash)> WriteLeavesAsync(
        ZipArchive archive, NpgsqlConnection connection, string company, long size, BundleScope? scope,
        IProgress<ProjectionProgress>? progress, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var line = new ArrayBufferWriter<byte>(4096);
        var (written, shown, deleted) = (0L, 0L, 0L);
        await using var entry = await archive.CreateEntry("leaves.ndjson", CompressionLevel.Fastest)
            .OpenAsync(cancellation);
        await foreach (var (type, leaf) in ProofQueries.AllLeavesAsync(connection, company, size, cancellation))
        {
            var isShown = leaf.Salt is not null && scope?.Shows(written + 1, type, leaf) != false;
            shown += isShown ? 1 : 0;
            deleted += leaf.SaltDeleted ? 1 : 0;
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line, new() { Encoder = Json.Encoder }))
            {
                JsonSerializer.Serialize(
                    json,
                    isShown ? new(leaf.Envelope, leaf.Salt, leaf.Body, leaf.Headers)
                        : new BundleLeaf(leaf.Envelope, null, null, null),
                    Json);
            }

            line.Write("\n"u8);
            hash.AppendData(line.WrittenSpan);
            await entry.WriteAsync(line.WrittenMemory, cancellation);
            if (++written % 1_000 == 0)
            {
                progress?.Report(new("writing leaves", written, size));
            }
        }

        return written == size
            ? (shown, deleted, hash.GetHashAndReset())
            : throw new SetUpException(
                $"The audit log of '{company}' has {written} leaves, and its checkpoint says {size}: run './run "
                    + "verify'.");
    }

    private static async Task AddAsync(
        ZipArchive archive, string name, byte[] content, CancellationToken cancellation)
    {
        await using var entry = await archive.CreateEntry(name).OpenAsync(cancellation);
        await entry.WriteAsync(content, cancellation);
    }
}

using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ledger.EventStore.Audit;

/// <summary>
/// What a leaf of an audit log says of an event: everything around it openly, and its body by a hash under a salt, so
/// that one body can be shown and no other. The format is told in <c>docs/audit-format.md</c>, and never changes.
/// </summary>
/// <param name="Recorded">UTC with six digits of a second.</param>
/// <param name="Headers">Base64 of the hash of the headers; null without any.</param>
/// <param name="Body">Base64 of the keyed hash of the body.</param>
public sealed record LeafEnvelope(
    string Company,
    long Sequence,
    Guid Event,
    string Stream,
    long Version,
    string Type,
    string Recorded,
    string? Actor,
    string? Correlation,
    string? Causation,
    string? Headers,
    string Body)
{
    public const string Format = "backoffice-leaf/1";

    /// <summary>Bytes of the salt of an event.</summary>
    public const int SaltLength = 16;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? scratch;

    private static readonly long EpochTicks = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    /// <summary>An instant as the envelope writes it.</summary>
    /// <param name="microseconds">Since 2000-01-01, as PostgreSQL counts them.</param>
    public static string TextOf(long microseconds) =>
        string.Concat(
            new DateTime(EpochTicks + (microseconds * TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc)
                .ToString("O", CultureInfo.InvariantCulture).AsSpan(0, "2026-04-02T08:15:00.123456".Length),
            "Z");

    /// <summary>The hash of headers; null without any.</summary>
    /// <param name="json">As PostgreSQL writes them.</param>
    public static string? HashOfHeaders(byte[]? json) =>
        json is null ? null : Convert.ToBase64String(SHA256.HashData(CanonicalOf(json)));

    /// <summary>The keyed hash of a body.</summary>
    /// <param name="json">As PostgreSQL writes it.</param>
    public static string HashOfBody(byte[] json, byte[] salt) =>
        Convert.ToBase64String(HMACSHA256.HashData(salt, CanonicalOf(json)));

    // The canonical form of what was stored; where numbers in it would lose digits, that of its text. It stands in this
    // thread's buffer until its next hash.
    private static ReadOnlySpan<byte> CanonicalOf(byte[] json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var output = Scratch();
        if (!CanonicalJson.TryWrite(json, output))
        {
            output.ResetWrittenCount();
            CanonicalJson.WriteString(Encoding.UTF8.GetString(json), output);
        }

        return output.WrittenSpan;
    }

    /// <summary>What proofs and bundles show of what was stored, so that its canonical form is the one that was
    /// hashed.</summary>
    public static JsonElement ShownOf(byte[] json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return CanonicalJson.TryWrite(json, new ArrayBufferWriter<byte>(json.Length + 64))
            ? JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = CanonicalJson.DepthMax })
            : JsonSerializer.SerializeToElement(Encoding.UTF8.GetString(json));
    }

    /// <summary>The data of the leaf: the envelope as canonical JSON.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Write(output, "{\"actor\":"u8, Actor);
        Write(output, ",\"body\":"u8, Body);
        Write(output, ",\"causation\":"u8, Causation);
        Write(output, ",\"company\":"u8, Company);
        Write(output, ",\"correlation\":"u8, Correlation);
        Write(output, ",\"event\":"u8, Event.ToString("D"));
        Write(output, ",\"format\":"u8, Format);
        Write(output, ",\"headers\":"u8, Headers);
        Write(output, ",\"recorded\":"u8, Recorded);
        Write(output, ",\"sequence\":"u8, Sequence.ToString(CultureInfo.InvariantCulture));
        Write(output, ",\"stream\":"u8, Stream);
        Write(output, ",\"type\":"u8, Type);
        Write(output, ",\"version\":"u8, Version.ToString(CultureInfo.InvariantCulture));
        output.Write("}"u8);
    }

    /// <summary>As proofs and bundles show it.</summary>
    public JsonElement ToJson()
    {
        var output = new ArrayBufferWriter<byte>(512);
        Write(output);
        return JsonElement.Parse(output.WrittenSpan);
    }

    /// <summary>The hash of the leaf in the tree.</summary>
    public byte[] Hash()
    {
        var output = Scratch();
        Write(output);
        return MerkleTree.HashLeaf(output.WrittenSpan);
    }

    // Millions of leaves are hashed in a row; a buffer for each is a third of what that costs.
    private static ArrayBufferWriter<byte> Scratch()
    {
        const int keptMax = 1 << 20;
        var output = scratch is { Capacity: <= keptMax } kept ? kept : scratch = new(4096);
        output.ResetWrittenCount();
        return output;
    }

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> name, string? value)
    {
        output.Write(name);
        CanonicalJson.WriteString(value, output);
    }
}

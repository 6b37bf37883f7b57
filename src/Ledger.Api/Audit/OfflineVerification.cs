using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.EventStore.Audit;

namespace Ledger.Api.Audit;

/// <summary>What a file comes to that is checked without the ledger.</summary>
/// <param name="Holds">False when it was refuted.</param>
/// <param name="Lines">What was checked, what not, or what is wrong, a sentence each.</param>
public sealed record OfflineReport(bool Holds, IReadOnlyList<string> Lines);

/// <summary>The file is not what it says it is; the message says where.</summary>
internal sealed class RefutedException(string message) : Exception(message);

/// <summary>
/// Checks a bundle or a proof by <c>docs/audit-format.md</c>, without database and network: all it trusts is the key
/// that it is given.
/// </summary>
internal static class OfflineVerification
{
    /// <summary>Bytes of a file that is read whole: a proof, or one of a bundle's but its leaves.</summary>
    public const int FileBytesMax = 64 << 20;

    /// <summary>Characters of a line that is said: a file may have texts of any length.</summary>
    private const int LineLengthMax = 4_000;

    /// <summary>Bodies have at most 128 levels, and stand in lines and lists. A name that is there twice is another
    /// one to each reader.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 160 };

    /// <exception cref="SetUpException">The file cannot be read.</exception>
    public static Task<OfflineReport> RunAsync(
        FileInfo file, VerifierKey key, IReadOnlyList<VerifierKey> witnesses, CancellationToken cancellation) =>
        RunAsync(file, key, witnesses, null, cancellation);

    /// <param name="since">An earlier checkpoint of the log, which a bundle must go on from; null without one.</param>
    /// <exception cref="SetUpException">The file cannot be read.</exception>
    public static async Task<OfflineReport> RunAsync(
        FileInfo file, VerifierKey key, IReadOnlyList<VerifierKey> witnesses, SignedNote? since,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            await using var stream = file.OpenRead();
            var first = stream.ReadByte();
            stream.Position = 0;
            var lines = first == '{'
                ? await ProofVerification.RunAsync(stream, key, witnesses, since, cancellation)
                : await new BundleVerification(key, witnesses, since).RunAsync(stream, cancellation);
            return new(true, [.. lines.Select(Shown), "Holds."]);
        }
        catch (RefutedException refuted)
        {
            return new(false, [Shown($"REFUTED: {refuted.Message}")]);
        }
        catch (Exception torn) when (torn is JsonException or InvalidDataException or FormatException
            or InvalidOperationException or KeyNotFoundException or OverflowException or DecoderFallbackException
            or EndOfStreamException or NotSupportedException or ArgumentException)
        {
            return new(false, [Shown($"REFUTED: the file is torn, or is none of ours: {torn.Message}")]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"'{file.FullName}' cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>JSON of a file.</summary>
    /// <exception cref="JsonException">It is none, or an object in it has a name twice.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json) => JsonElement.Parse(json, Strict);

    /// <summary>A body of which members are needed: one with a number that no double keeps is shown as its
    /// text.</summary>
    public static JsonElement BodyOf(JsonElement shown) =>
        shown.ValueKind == JsonValueKind.String ? Parse(Encoding.UTF8.GetBytes(shown.GetString()!)) : shown;

    /// <summary>A note that the key signed.</summary>
    public static (SignedNote Note, Checkpoint Checkpoint) Checkpoint(string text, VerifierKey key, string what)
    {
        var note = SignedNote.Parse(text) ?? throw new RefutedException($"the {what} is no signed note.");
        if (!note.IsSignedBy(key))
        {
            throw new RefutedException($"the {what} is not signed by {key.Name}+{key.Id:x8}.");
        }

        return (note, EventStore.Audit.Checkpoint.Parse(note.Text) is { } checkpoint && checkpoint.Origin == key.Name
            ? checkpoint : throw new RefutedException($"the {what} is no checkpoint of {key.Name}."));
    }

    /// <summary>Checks where the log over all logs holds a checkpoint, and who signed that.</summary>
    /// <param name="ledger">The member `ledger`; null where it is null.</param>
    /// <param name="named">The member `witnesses`: whom the file names; null where it is null.</param>
    public static IEnumerable<string> LedgerLines(
        JsonElement? ledger, JsonElement? named, SignedNote note, VerifierKey key,
        IReadOnlyList<VerifierKey> witnesses)
    {
        if (ledger is not { ValueKind: JsonValueKind.Object } proof)
        {
            if (witnesses.Count > 0)
            {
                throw new RefutedException(
                    $"the witness {witnesses[0].Name} signed nothing: the ledger's log does not hold the checkpoint.");
            }

            yield return "Not checked: the log over all companies does not hold this checkpoint yet.";
            yield return "Every time is claimed by the operator.";
            yield break;
        }

        var over = key.Under(key.Name.Split('/')[0]);
        var (cosigned, checkpoint) = Checkpoint(TextOf(proof, "checkpoint"), over, "checkpoint of the ledger's log");
        var leaf = MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(note.Text));
        if (!MerkleTree.Includes(
            NumberOf(proof, "index"), checkpoint.Size, leaf, HashesOf(proof, "proof"), checkpoint.Root))
        {
            throw new RefutedException("the log over all companies does not hold the checkpoint.");
        }

        yield return $"The log over all companies, of {checkpoint.Size} leaves, holds the checkpoint.";
        foreach (var witness in witnesses)
        {
            if (!cosigned.Bears(witness))
            {
                throw new RefutedException($"the witness {witness.Name} did not sign the ledger's log.");
            }

            yield return $"{witness.Name} saw it at {TimeOf(cosigned, witness)}.";
        }

        var trusted = witnesses.Select(each => each.ToString()).ToHashSet(StringComparer.Ordinal);
        var listed = WitnessesOf(named).Where(each => cosigned.Bears(each.Key) && trusted.Add(each.Key.ToString()))
            .ToArray();
        foreach (var (witness, owner) in listed)
        {
            yield return $"{witness.Name} saw it at {TimeOf(cosigned, witness)}. Not checked: that this is a key of "
                + $"'{owner}', as the file says; name it by --witness once you know.";
        }

        var others = cosigned.Signatures.Where(each => each.Name != over.Name).Select(each => each.Name)
            .Except(witnesses.Concat(listed.Select(each => each.Key)).Select(each => each.Name)).ToArray();
        if (others.Length > 0)
        {
            yield return $"Not checked: signatures of {string.Join(", ", others)}; name their keys by --witness.";
        }

        if (witnesses.Count == 0)
        {
            yield return "Every time is claimed by the operator.";
        }
    }

    private static string TimeOf(SignedNote cosigned, VerifierKey witness) =>
        cosigned.CosignedBy(witness) is { } seconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                .ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : throw new RefutedException($"the signature of the witness {witness.Name} is false.");

    /// <summary>The witnesses that a file names: their signatures must be right, whoever they are.</summary>
    private static IEnumerable<(VerifierKey Key, string Owner)> WitnessesOf(JsonElement? named) =>
        named is not { } list ? []
        : list.EnumerateArray().Select(each =>
            VerifierKey.Parse(TextOf(each, "key")) is { Kind: SignatureKind.Cosignature } key
                ? (key, Member(each, "owner")?.GetString() ?? "nobody")
                : throw new RefutedException($"'{TextOf(each, "key")}' is no key of a witness."));

    /// <summary>The hash of the leaf of an envelope, which must have the members that the format names.</summary>
    public static byte[] LeafOf(JsonElement envelope, string where)
    {
        if (envelope.ValueKind != JsonValueKind.Object
            || !envelope.EnumerateObject().Select(each => each.Name).Order(StringComparer.Ordinal)
                .SequenceEqual(Members, StringComparer.Ordinal)
            || envelope.EnumerateObject().Any(each => each.Value.ValueKind != JsonValueKind.String
                && !(each.Value.ValueKind == JsonValueKind.Null && Optional.Contains(each.Name)))
            || TextOf(envelope, "format") != LeafEnvelope.Format)
        {
            throw new RefutedException($"{where} has no envelope of {LeafEnvelope.Format}.");
        }

        return MerkleTree.HashLeaf(CanonicalJson.Of(envelope));
    }

    /// <summary>Checks what is disclosed of an event against its envelope.</summary>
    /// <returns>Whether its body is disclosed.</returns>
    public static bool Disclosed(JsonElement leaf, JsonElement envelope, string where)
    {
        var salt = Member(leaf, "salt");
        var body = Member(leaf, "body");
        if (salt is null != body is null)
        {
            throw new RefutedException($"{where} shows a body or a salt without the other.");
        }

        if (Member(leaf, "headers") is { } headers
            && TextOf(envelope, "headers") != Convert.ToBase64String(SHA256.HashData(CanonicalJson.Of(headers))))
        {
            throw new RefutedException($"{where} shows other headers than were recorded.");
        }

        if (salt is null)
        {
            return false;
        }

        if (Base64.Decode(salt.Value.GetString()!) is not { Length: LeafEnvelope.SaltLength } bytes)
        {
            throw new RefutedException($"{where} has a salt that is not {LeafEnvelope.SaltLength} bytes in base64.");
        }

        var hash = HMACSHA256.HashData(bytes, CanonicalJson.Of(body!.Value));
        return TextOf(envelope, "body") == Convert.ToBase64String(hash)
            ? true : throw new RefutedException($"{where} shows another body than was recorded.");
    }

    public static string TextOf(JsonElement of, string member) =>
        of.GetProperty(member).GetString() ?? throw new FormatException($"'{member}' is null.");

    /// <summary>Digits without a leading zero, up to 2⁶³ − 1.</summary>
    public static long NumberOf(JsonElement of, string member) => AddCheckpoint.SizeOf(TextOf(of, member))
        ?? throw new FormatException($"'{member}' is '{TextOf(of, member)}', which is no number.");

    public static IReadOnlyList<byte[]> HashesOf(JsonElement of, string member) =>
    [
        .. of.GetProperty(member).EnumerateArray().Select(each =>
            Base64.Decode(each.GetString()!) ?? throw new FormatException($"'{member}' has what is no base64.")),
    ];

    /// <summary>Null where it is absent or null.</summary>
    public static JsonElement? Member(JsonElement of, string member) =>
        of.TryGetProperty(member, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    /// <summary>Texts of a file may hold what a terminal acts on, or what hides the rest of a line.</summary>
    private static string Shown(string line) => string.Concat(
        (line.Length <= LineLengthMax ? line : string.Concat(line.AsSpan(0, LineLengthMax), "…")).EnumerateRunes()
            .Select(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? "?" : rune.ToString()));

    private static readonly string[] Members =
    [
        "actor", "body", "causation", "company", "correlation", "event", "format", "headers", "recorded", "sequence",
        "stream", "type", "version",
    ];

    private static readonly string[] Optional = ["actor", "causation", "correlation", "headers"];
}

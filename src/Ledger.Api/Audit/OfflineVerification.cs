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
    /// <exception cref="SetUpException">The file cannot be read.</exception>
    public static async Task<OfflineReport> RunAsync(
        FileInfo file, VerifierKey key, IReadOnlyList<VerifierKey> witnesses, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            await using var stream = file.OpenRead();
            var first = stream.ReadByte();
            stream.Position = 0;
            var lines = first == '{'
                ? await ProofVerification.RunAsync(stream, key, witnesses, cancellation)
                : await new BundleVerification(key, witnesses).RunAsync(stream, cancellation);
            return new(true, [.. lines, "Holds."]);
        }
        catch (RefutedException refuted)
        {
            return new(false, [$"REFUTED: {refuted.Message}"]);
        }
        catch (Exception torn) when (torn is JsonException or InvalidDataException or FormatException
            or InvalidOperationException or KeyNotFoundException or OverflowException or DecoderFallbackException
            or EndOfStreamException or NotSupportedException)
        {
            return new(false, [$"REFUTED: the file is torn, or is none of ours: {torn.Message}"]);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"'{file.FullName}' cannot be read: {problem.Message}", problem);
        }
    }

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
    public static IEnumerable<string> LedgerLines(
        JsonElement? ledger, SignedNote note, VerifierKey key, IReadOnlyList<VerifierKey> witnesses)
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
        var seen = 0;
        foreach (var witness in witnesses)
        {
            if (cosigned.CosignedBy(witness) is not { } seconds)
            {
                throw new RefutedException($"the witness {witness.Name} did not sign the ledger's log.");
            }

            seen++;
            yield return $"{witness.Name} saw it at "
                + $"{DateTimeOffset.FromUnixTimeSeconds(seconds):yyyy-MM-dd HH:mm:ss}Z.";
        }

        var others = cosigned.Signatures.Where(each => each.Name != over.Name).Select(each => each.Name)
            .Except(witnesses.Select(each => each.Name)).ToArray();
        if (others.Length > 0)
        {
            yield return $"Not checked: signatures of {string.Join(", ", others)}; name their keys by --witness.";
        }

        if (seen == 0)
        {
            yield return "Every time is claimed by the operator.";
        }
    }

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

        var hash = HMACSHA256.HashData(
            Convert.FromBase64String(salt.Value.GetString()!), CanonicalJson.Of(body!.Value));
        return TextOf(envelope, "body") == Convert.ToBase64String(hash)
            ? true : throw new RefutedException($"{where} shows another body than was recorded.");
    }

    public static string TextOf(JsonElement of, string member) =>
        of.GetProperty(member).GetString() ?? throw new FormatException($"'{member}' is null.");

    public static long NumberOf(JsonElement of, string member) =>
        long.Parse(TextOf(of, member), NumberStyles.None, CultureInfo.InvariantCulture);

    public static IReadOnlyList<byte[]> HashesOf(JsonElement of, string member) =>
        [.. of.GetProperty(member).EnumerateArray().Select(each => Convert.FromBase64String(each.GetString()!))];

    /// <summary>Null where it is absent or null.</summary>
    public static JsonElement? Member(JsonElement of, string member) =>
        of.TryGetProperty(member, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    private static readonly string[] Members =
    [
        "actor", "body", "causation", "company", "correlation", "event", "format", "headers", "recorded", "sequence",
        "stream", "type", "version",
    ];

    private static readonly string[] Optional = ["actor", "causation", "correlation", "headers"];
}

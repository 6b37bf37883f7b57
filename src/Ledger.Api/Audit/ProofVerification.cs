using Ledger.EventStore.Audit;
using static Ledger.Api.Audit.OfflineVerification;

namespace Ledger.Api.Audit;

/// <summary>Checks the proof of a single entry or payslip.</summary>
internal static class ProofVerification
{
    public static async Task<IReadOnlyList<string>> RunAsync(
        Stream file, VerifierKey key, IReadOnlyList<VerifierKey> witnesses, SignedNote? since,
        CancellationToken cancellation)
    {
        if (since is not null)
        {
            throw new RefutedException("a single proof has not the leaves that --since needs: ask for a bundle.");
        }

        if (file.Length > FileBytesMax)
        {
            throw new RefutedException($"it is larger than the {FileBytesMax} bytes of a proof.");
        }

        var content = new byte[file.Length];
        await file.ReadExactlyAsync(content, cancellation);
        var root = Parse(content);
        if (TextOf(root, "format") != ProofFile.FormatName)
        {
            throw new RefutedException($"it is no file of {ProofFile.FormatName}.");
        }

        var (note, checkpoint) = Checkpoint(TextOf(root, "checkpoint"), key, "checkpoint");
        var (company, stream) = (TextOf(root, "company"), TextOf(root, "stream"));
        if (key.Name[(key.Name.IndexOf('/', StringComparison.Ordinal) + 1)..] != company)
        {
            throw new RefutedException($"the key is of {key.Name}, and the file of the company {company}.");
        }

        var (lines, last) = (new List<string>(), 0L);
        foreach (var shown in root.GetProperty("events").EnumerateArray())
        {
            var envelope = shown.GetProperty("envelope");
            var where = $"leaf {TextOf(shown, "index")}";
            var leaf = LeafOf(envelope, where);
            if (TextOf(envelope, "company") != company || TextOf(envelope, "stream") != stream)
            {
                throw new RefutedException($"{where} is of another company or stream.");
            }

            if (NumberOf(envelope, "version") <= last)
            {
                throw new RefutedException($"{where} is out of order.");
            }

            last = NumberOf(envelope, "version");
            if (!MerkleTree.Includes(
                NumberOf(shown, "index"), checkpoint.Size, leaf, HashesOf(shown, "proof"), checkpoint.Root))
            {
                throw new RefutedException($"{where} is not in the log of {checkpoint.Size} leaves.");
            }

            var isDisclosed = Disclosed(shown, envelope, where);
            lines.Add(
                $"Event {TextOf(envelope, "sequence")}: {TextOf(envelope, "type")}, version {last} of {stream}, "
                    + "recorded "
                + $"{TextOf(envelope, "recorded")} by {Member(envelope, "actor")?.GetString() ?? "nobody"}: in the log"
                + (isDisclosed ? ", and its body is the one that was recorded."
                    : Member(shown, "saltDeleted") is { ValueKind: JsonValueKind.True }
                    ? "; its body is not shown: its salt was deleted, as the file says, so nobody can prove it."
                    : "; its body is not shown."));
        }

        if (lines.Count == 0)
        {
            throw new RefutedException("it proves no event.");
        }

        return [.. lines, .. LedgerLines(Member(root, "ledger"), Member(root, "witnesses"), note, key, witnesses)];
    }
}

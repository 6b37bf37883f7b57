using System.Security.Cryptography;
using Ledger.EventStore.Audit;

namespace Ledger.Api.Witnesses;

/// <summary>What a witness finds when it is sent a checkpoint.</summary>
internal enum WitnessVerdict
{
    /// <summary>It goes on from what the witness saw: it is cosigned.</summary>
    Consistent,
    Malformed,
    LogUnknown,
    NotSigned,
    OldAboveSize,

    /// <summary>The witness saw another size last than the caller says.</summary>
    OtherSize,

    /// <summary>The same, and larger than the whole checkpoint.</summary>
    Smaller,
    EmptyRootWrong,
    ProofWrong,

    /// <summary>Two checkpoints of one size with different roots.</summary>
    Forked,

    /// <summary>The witness cannot read or keep what it must remember.</summary>
    Unable,
}

/// <summary>The rules of a witness, in the order of C2SP's tlog-witness; the first that is broken answers.</summary>
internal static class WitnessRules
{
    /// <param name="request">Null where it could not be read.</param>
    /// <param name="logs">The keys of the logs that it watches; their names are the origins.</param>
    /// <param name="lastOf">What it cosigned last of an origin; null where it never did.</param>
    public static (WitnessVerdict Verdict, Checkpoint? Last) Judge(
        AddCheckpoint? request, IReadOnlyList<VerifierKey> logs, Func<string, Checkpoint?> lastOf)
    {
        if (request is null || SignedNote.Parse(request.Note) is not { } note
            || Checkpoint.Parse(note.Text) is not { } checkpoint)
        {
            return (WitnessVerdict.Malformed, null);
        }

        var keys = logs.Where(key => key.Name == checkpoint.Origin).ToArray();
        if (keys.Length == 0)
        {
            return (WitnessVerdict.LogUnknown, null);
        }

        // A signature that bears a known key and is not of it spoils the note, whoever else signed.
        var own = keys.Where(note.Bears).ToArray();
        if (own.Length == 0 || !own.All(note.IsSignedBy))
        {
            return (WitnessVerdict.NotSigned, null);
        }

        if (request.Old > checkpoint.Size)
        {
            return (WitnessVerdict.OldAboveSize, null);
        }

        var last = lastOf(checkpoint.Origin);
        var (size, root) = last is null ? (0, MerkleTree.EmptyRoot) : (last.Size, last.Root);
        return (request.Old != size ? size > checkpoint.Size ? WitnessVerdict.Smaller : WitnessVerdict.OtherSize
            : checkpoint.Size == 0 && !IsSame(checkpoint.Root, MerkleTree.EmptyRoot) ? WitnessVerdict.EmptyRootWrong
            : checkpoint.Size == size && !IsSame(checkpoint.Root, root) ? WitnessVerdict.Forked
            : MerkleTree.IsConsistent(size, checkpoint.Size, root, checkpoint.Root, request.Proof)
                ? WitnessVerdict.Consistent
            : WitnessVerdict.ProofWrong, last);
    }

    private static bool IsSame(byte[] one, byte[] other) => CryptographicOperations.FixedTimeEquals(one, other);
}

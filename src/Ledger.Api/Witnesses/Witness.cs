using System.Text;
using Ledger.EventStore.Audit;
using NodaTime;

namespace Ledger.Api.Witnesses;

/// <summary>What a witness answers.</summary>
/// <param name="Text">The line of the cosignature, the size that it saw last, or what is wrong.</param>
internal sealed record WitnessAnswer(WitnessVerdict Verdict, string Text);

/// <summary>
/// Cosigns a checkpoint of a log if, and only if, it goes on from the last one that it cosigned; and keeps both where a
/// log signed what does not.
/// </summary>
internal sealed class Witness(
    WitnessFolder folder, string name, IReadOnlyList<VerifierKey> logs, IClock clock, Action<string> say)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Between two checkpoints of one kind that are kept though anybody can send them.</summary>
    private static readonly Duration Pause = Duration.FromSeconds(5);

    private readonly Lock one = new();

    /// <summary>When something was last kept, by the kind and the log.</summary>
    private readonly Dictionary<string, Instant> lastKept = new(StringComparer.Ordinal);

    public VerifierKey Key { get; } =
        new(name, SignatureKind.Cosignature, Ed25519.PublicKeyOf(folder.PrivateKey));

    /// <summary>The last cosigned checkpoint of each log that it watches.</summary>
    /// <exception cref="InvalidDataException">What it kept is damaged.</exception>
    public IReadOnlyList<(string Origin, Checkpoint? Last)> Seen() =>
    [
        .. logs.Select(key => key.Name).Distinct(StringComparer.Ordinal).Select(origin => (origin, LastOf(origin))),
    ];

    /// <summary>The note that it cosigned last; null where it never did.</summary>
    public SignedNote? LatestOf(string originHash) =>
        logs.Any(key => WitnessFolder.HashOf(key.Name) == originHash) ? folder.LastOf(originHash) : null;

    /// <summary>Answers <c>add-checkpoint</c>; what it cosigned is durable by then.</summary>
    public WitnessAnswer Add(ReadOnlySpan<byte> body)
    {
        var request = Read(body);
        try
        {
            return Answer(request);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            say($"Nothing can be cosigned: {fault.Message}");
            return new(WitnessVerdict.Unable, TextOf(WitnessVerdict.Unable));
        }
    }

    private WitnessAnswer Answer(AddCheckpoint? request)
    {
        // What is checked must be what is replaced.
        lock (one)
        {
            var (verdict, last) = WitnessRules.Judge(request, logs, LastOf);
            switch (verdict)
            {
                case WitnessVerdict.Consistent:
                    return new(verdict, Cosign(SignedNote.Parse(request!.Note)!));
                case WitnessVerdict.Smaller:
                    KeepSmaller(request!, last!);
                    return new(verdict, $"{last!.Size}\n");
                case WitnessVerdict.OtherSize:
                    return new(verdict, $"{last?.Size ?? 0}\n");
                case WitnessVerdict.Forked:
                    KeepFork(request!);
                    break;
                case WitnessVerdict.ProofWrong when last is not null:
                    KeepUnproven(request!, last);
                    break;
            }

            return new(verdict, TextOf(verdict));
        }
    }

    private static AddCheckpoint? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return AddCheckpoint.Parse(Strict.GetString(body));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private Checkpoint? LastOf(string origin) =>
        folder.LastOf(WitnessFolder.HashOf(origin)) is { } note ? Checkpoint.Parse(note.Text) : null;

    private string Cosign(SignedNote note)
    {
        var origin = Checkpoint.Parse(note.Text)!.Origin;
        var line = SignedNote.Cosign(note.Text, Key, folder.PrivateKey, clock.GetCurrentInstant().ToUnixTimeSeconds());

        // Signatures of strangers were not checked, and are not kept.
        var known = note.Signatures.Where(each => logs.Any(key =>
            key.Name == origin && key.Name == each.Name && key.Id == each.KeyId));
        folder.Keep(origin, new(note.Text, [.. known, line]));
        return line.ToString();
    }

    /// <summary>Keeps two roots of one size. It is said even where there is no room for it.</summary>
    private void KeepFork(AddCheckpoint request)
    {
        var refused = CheckpointOf(request);
        if (folder.IsKept(WitnessFolder.EvidencePrefix, refused))
        {
            return;
        }

        var path = folder.KeepEvidence(refused, TextOf(request, refused, """
            Two checkpoints of the same size have different roots, both signed by the log: it was forked. Nothing more
            is needed to show this than both notes and the key of the log.
            """));
        say($"EVIDENCE: '{refused.Origin}' with {refused.Size} leaves contradicts what was cosigned: "
            + (path ?? $"not kept, since so much of it is. Its root is {Convert.ToBase64String(refused.Root)}"));
    }

    private void KeepUnproven(AddCheckpoint request, Checkpoint last)
    {
        var refused = CheckpointOf(request);
        KeepRefused(WitnessFolder.UnprovenPrefix, request, """
            The second checkpoint is signed by the log, and what was sent with it does not show that its tree begins
            with that of the first. That shows nothing yet: anybody can send a right checkpoint with a wrong proof. Ask
            the log for the proof of consistency between both sizes: if it has none, the log was changed.
            """,
            $"UNPROVEN: '{refused.Origin}' was shown with {refused.Size} leaves without a proof that it goes on from "
                + $"the {last.Size} that were cosigned: ask the log for one");
    }

    private void KeepSmaller(AddCheckpoint request, Checkpoint last)
    {
        var refused = CheckpointOf(request);
        KeepRefused(WitnessFolder.SmallerPrefix, request, $"""
            The second checkpoint is smaller than the first. Either it is an older one that somebody sent again, or the
            log was set back: then it cannot grow over {last.Size} leaves without contradicting what was cosigned.
            """,
            $"SMALLER: '{refused.Origin}' was shown with {refused.Size} leaves, and {last.Size} were cosigned");
    }

    /// <summary>Keeps what anybody can send as often as they like: each checkpoint once, and not many a minute, so that
    /// nobody wears out the disk or hides what matters in what is said.</summary>
    private void KeepRefused(string prefix, AddCheckpoint request, string what, string said)
    {
        var (refused, now) = (CheckpointOf(request), clock.GetCurrentInstant());
        var kind = prefix + refused.Origin;
        if (folder.IsKept(prefix, refused) || (lastKept.TryGetValue(kind, out var before) && now - before < Pause))
        {
            return;
        }

        lastKept[kind] = now;
        say($"{said}: {folder.KeepRefused(prefix, refused, TextOf(request, refused, what))}");
    }

    private string TextOf(AddCheckpoint request, Checkpoint refused, string what) => $"""
        {what}
        Seen at {clock.GetCurrentInstant()} by the witness {Key.Name}, which did not cosign the second.

        --- cosigned before ---
        {folder.LastOf(WitnessFolder.HashOf(refused.Origin))}
        --- refused, as it was sent ---
        {request}
        """;

    private static Checkpoint CheckpointOf(AddCheckpoint request) =>
        Checkpoint.Parse(SignedNote.Parse(request.Note)!.Text)!;

    private static string TextOf(WitnessVerdict verdict) => verdict switch
    {
        WitnessVerdict.Malformed => "This is no add-checkpoint of C2SP's tlog-witness: send the old size, the proof, "
            + "an empty line, and a signed checkpoint.\n",
        WitnessVerdict.LogUnknown => "This witness does not watch this log: start it with --log and the log's key.\n",
        WitnessVerdict.NotSigned => "The checkpoint is not signed by a key of the log that this witness knows.\n",
        WitnessVerdict.OldAboveSize => "The old size is above that of the checkpoint: send the size cosigned last.\n",
        WitnessVerdict.EmptyRootWrong => "The root of an empty log is the hash of nothing.\n",
        WitnessVerdict.Forked => "Another checkpoint of this size with another root was cosigned before.\n",
        WitnessVerdict.ProofWrong => "The proof does not show that this log goes on from what was cosigned before.\n",
        WitnessVerdict.Unable => "This witness cannot use its folder now. Nothing was cosigned; ask again later.\n",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "This verdict is answered otherwise."),
    };
}

using Ledger.Api.Witnesses;
using Ledger.Projections.Audit;

namespace Ledger.Api.Audit;

/// <summary>By which keys checkpoints are signed, as C2SP's signed-note writes keys.</summary>
/// <param name="Keys">Of the company's log; each signs every checkpoint.</param>
/// <param name="LedgerKeys">The same keys for the log over all companies' logs.</param>
public sealed record AuditKeyList(
    string Company, string Origin, IReadOnlyList<string> Keys, IReadOnlyList<string> LedgerKeys);

/// <summary>Whose signatures of the log over all logs show what there was, and when.</summary>
/// <param name="Owner">Who runs the witness, as the operator of the ledger says.</param>
/// <param name="Key">As C2SP's signed-note writes it.</param>
/// <param name="Outside">Whether that is somebody else than the operator, who says so.</param>
public sealed record WitnessShown(string Owner, string Key, bool Outside)
{
    public static WitnessShown Of(WitnessSettings witness)
    {
        ArgumentNullException.ThrowIfNull(witness);
        return new(witness.Owner, witness.Key.ToString(), witness.IsOutside);
    }
}

/// <summary>By which keys the log over all companies' logs is signed.</summary>
/// <param name="Ledger">Its name, which is the origin of this log.</param>
/// <param name="Keys">Each signs every checkpoint.</param>
/// <param name="Witnesses">Whose signatures are asked for.</param>
public sealed record LedgerKeyList(string Ledger, IReadOnlyList<string> Keys, IReadOnlyList<WitnessShown> Witnesses);

/// <param name="Next">What to ask with as <c>after</c>; null at the end.</param>
public sealed record LoggedCompanyList(IReadOnlyList<LoggedCompany> Rows, string? Next);

/// <summary>Shows that the log over all logs holds a checkpoint of a company.</summary>
/// <param name="Checkpoint">The note of the company's log.</param>
public sealed record LoggedCompanyProof(string Company, string Size, string Checkpoint, LedgerProof Ledger);

/// <summary>All that shows the events of one stream to be in the log: it stands alone.</summary>
/// <param name="Checkpoint">The note of the company's log.</param>
/// <param name="Ledger">Where the log over all logs holds it; null for some seconds after an event.</param>
/// <param name="Witnesses">Those whose signatures stand in the checkpoint of that log.</param>
public sealed record ProofFile(
    string Format,
    string Company,
    string Stream,
    IReadOnlyList<ProvenEvent> Events,
    string Checkpoint,
    LedgerProof? Ledger,
    IReadOnlyList<WitnessShown> Witnesses)
{
    public const string FormatName = "backoffice-proof/1";
}

/// <summary>Shows that an event is in the log.</summary>
/// <param name="Index">Of the leaf, from 0.</param>
/// <param name="Leaf">Base64 of its hash.</param>
/// <param name="Proof">Base64 hashes from the leaf to the root.</param>
/// <param name="Checkpoint">The note that is signed over size and root.</param>
/// <param name="SaltDeleted">Nobody can prove the body of the event any more, and this shows only that it is
/// there.</param>
public sealed record InclusionProof(
    string Company, string Sequence, string Index, string Size, string Leaf, IReadOnlyList<string> Proof,
    string Checkpoint, bool SaltDeleted);

/// <summary>Shows that a log only grew.</summary>
/// <param name="FromRoot">Base64.</param>
/// <param name="ToRoot">Base64.</param>
/// <param name="Proof">Base64 hashes.</param>
public sealed record ConsistencyProof(
    string From, string To, string FromRoot, string ToRoot, IReadOnlyList<string> Proof);

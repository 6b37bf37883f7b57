using NodaTime;

namespace Ledger.Domain.Backup;

/// <summary>Stream <c>restores</c> of a company, and of what belongs to no company: what was brought back from a
/// backup.</summary>
public abstract record BackupEvent;

/// <summary>
/// The ledger as a backup holds it was put up here. The first event behind those of the backup, so everybody who reads
/// on sees where it was: each company's auditors, too.
/// </summary>
/// <param name="Backup">The SHA-256 by which the file is sealed.</param>
/// <param name="Made">When the backup was made.</param>
/// <param name="Sequence">Of the last event in it.</param>
/// <param name="ReplacedSequence">Of the last event of the ledger whose place it took.</param>
/// <param name="ApprovedBy">The person of the company who agreed.</param>
[EventName("ledger_restored")]
public sealed record LedgerRestored(
    string Backup, Instant Made, long Sequence, long? ReplacedSequence = null, string? ApprovedBy = null)
    : BackupEvent;

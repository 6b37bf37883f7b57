using System.Collections.Frozen;

namespace Ledger.Api;

/// <summary>The refusals of the domain that are not answered by 422.</summary>
internal static class RefusalStatuses
{
    /// <summary>What the path names does not exist.</summary>
    public static readonly FrozenSet<string> NotFound = FrozenSet.Create(
        StringComparer.Ordinal, "company-unknown", "journal-entry-unknown", "chart-template-unknown",
        "key-not-found", "approval-not-found", "person-unknown", "pack-not-found", "pay-group-unknown",
        "pay-run-unknown", "payslip-unknown", "payment-file-unknown", "employee-unknown");

    /// <summary>The document exists with other content, or was already taken back.</summary>
    public static readonly FrozenSet<string> Conflict = FrozenSet.Create(
        StringComparer.Ordinal, "journal-entry-exists", "already-reversed", "pay-run-exists",
        "pay-run-regular-exists", "pay-run-inputs-changed", "pay-run-hash-differs", "pay-run-attempt-overtaken",
        "pay-run-posted", "pay-run-reversed", "salt-deletion-exists", "time-entry-of-another");
}

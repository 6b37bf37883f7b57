namespace Ledger.Domain.Journals;

/// <summary>
/// Ids of entries: a reversal's id follows from the entry's, so reversing again is the same request again.
/// </summary>
public static class EntryIds
{
    public const string ReversalSuffix = "~reversal";

    /// <summary>What a pay run posts has this behind the run's id.</summary>
    public const string PayRunSuffix = "~pay";

    /// <summary>What clears the net pay of a run has this and a number behind the run's id.</summary>
    public const string PaymentSuffix = "~paid-";

    /// <summary>The stream of an entry has this before its id.</summary>
    public const string StreamPrefix = "journal-entry/";

    /// <summary>The id of the reversal; up to nine characters longer than an id that a caller may choose.</summary>
    public static string ReversalOf(string id) => string.Concat(id, ReversalSuffix);

    /// <summary>
    /// The id of an entry that the service makes as the n-th of a series, such as <c>year-end-2025-1</c>.
    /// </summary>
    public static string Numbered(string series, int number) => FormattableString.Invariant($"{series}-{number}");

    /// <summary>Whether the id is kept for the entries of pay runs.</summary>
    public static bool IsOfPayRun(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var payment = id.LastIndexOf(PaymentSuffix, StringComparison.Ordinal);
        return id.EndsWith(PayRunSuffix, StringComparison.Ordinal)
            || (payment >= 0 && payment + PaymentSuffix.Length < id.Length
                && id.AsSpan(payment + PaymentSuffix.Length).ContainsAnyExceptInRange('0', '9') is false);
    }

    /// <summary>Whether the id is kept for reversals.</summary>
    public static bool IsReversal(string id) => id.EndsWith(ReversalSuffix, StringComparison.Ordinal);

    /// <summary>Whether an entry can have this id, be it chosen by a caller or by the service.</summary>
    public static bool IsValid(string id) =>
        Ids.IsValid(IsReversal(id) && id.Length > ReversalSuffix.Length ? id[..^ReversalSuffix.Length] : id);
}

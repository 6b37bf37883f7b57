namespace Ledger.Domain.TimeSheets;

/// <summary>Time that somebody worked: new, or instead of what stands under the same id in the same month.</summary>
/// <param name="Entry">Its id, which is unique among those of the employee that begin in one month or next to
/// it.</param>
/// <param name="IfMatch">The version of what stands there that the caller saw; needed to correct it.</param>
public sealed record PutTimeEntry(string Employee, string Entry, TimeEntryDetails Details, long? IfMatch = null);

using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;

namespace Ledger.Api.Import;

/// <summary>Where an import writes to: the books, or a trial of them in memory.</summary>
internal interface IImportTarget
{
    /// <summary>As this import knows it. Others may have changed it since: what is written is decided anew.</summary>
    Company Company { get; }

    Chart Chart { get; }

    /// <summary>Registers the company; nothing when it exists.</summary>
    Task<Refusal?> RegisterAsync(CompanySettings settings);

    Task<Refusal?> RaiseDigitsAsync(IReadOnlyDictionary<UnitCode, int> needed);

    /// <summary>Opens those that are missing, in this order: all, or none if one is refused.</summary>
    Task<Refusal?> OpenAccountsAsync(IReadOnlyList<PutAccount> accounts);

    /// <summary>
    /// Opens the account, or changes it if it is exactly what it was said to be before; else nothing.
    /// </summary>
    Task<Refusal?> PutAccountAsync(PutAccount account, AccountDetails? before);

    /// <summary>Adds the value, or changes it if it is exactly what it was said to be before; else nothing.</summary>
    Task<Refusal?> PutDimensionValueAsync(PutDimensionValue value, DimensionValueDetails? before);

    /// <summary>What entries are decided on now, and those with the ids that are there.</summary>
    Task<(Books Books, IReadOnlyDictionary<string, JournalEntry> Entries)> LookAsync(IReadOnlyList<string> ids);

    /// <summary>
    /// Posts entries and reverses them, each standing alone; the outcomes are in the order of the items.
    /// </summary>
    /// <exception cref="ImportStoppedException">The database does not take it now.</exception>
    Task<IReadOnlyList<Outcome>> WriteAsync(IReadOnlyList<FileItem> items);
}

/// <summary>What became of one entry.</summary>
/// <param name="IsNew">It was recorded now; false when it was there before or was refused.</param>
internal readonly record struct Outcome(bool IsNew, Refusal? Refusal);

/// <summary>The import cannot go on; what was recorded stays, and the same command again does the rest.</summary>
internal sealed class ImportStoppedException(string message) : Exception(message);

using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Api.Import;

/// <summary>One thing that a file holds, and the line, from 1, on which it begins.</summary>
internal abstract record FileItem(long Line);

/// <summary>Something that cannot be read. The rest of the file goes in.</summary>
internal sealed record FileFault(long Line, string Reason) : FileItem(Line);

/// <summary>A transaction as hledger has it: signed amounts in commodities.</summary>
/// <param name="Comment">Of the transaction; empty if there is none.</param>
internal sealed record FileTransaction(
    long Line, LocalDate Date, string Description, string Code, string Comment, IReadOnlyList<FilePosting> Postings)
    : FileItem(Line);

/// <param name="Account">Without the brackets of virtual postings.</param>
/// <param name="Amount">Signed: debits are positive.</param>
/// <param name="Cost">What all of it cost, with the sign of the amount; null when the file says none.</param>
/// <param name="Comment">Empty if there is none.</param>
internal readonly record struct FilePosting(
    string Account, PostingKind Kind, decimal Amount, string Commodity, FileCost? Cost, string Comment);

/// <param name="IsTotal">The file says the total, whose digits count; false when it was worked out from a
/// price.</param>
internal readonly record struct FileCost(decimal Amount, string Commodity, bool IsTotal);

internal enum PostingKind
{
    Real,

    /// <summary>In square brackets: virtual, but balanced among its own kind.</summary>
    BalancedVirtual,

    /// <summary>In round brackets: hledger leaves it out when it balances the transaction.</summary>
    UnbalancedVirtual,
}

/// <summary>An entry of the journal.</summary>
/// <param name="Id">The one that the file gives; null when it gives none.</param>
/// <param name="Content">Tells entries apart: the same content has the same value, in every run.</param>
/// <param name="Entry">Its id is empty until the import gives it one.</param>
/// <param name="IsMapped">A line without a unit is in the functional currency, whatever its account is kept in.</param>
internal sealed record FileEntry(long Line, string? Id, ContentHash Content, PostJournalEntry Entry, bool IsMapped)
    : FileItem(Line);

/// <summary>An entry that was taken back.</summary>
internal sealed record FileReversal(long Line, ReverseJournalEntry Reversal) : FileItem(Line);

/// <summary>What the file says of the company whose books it holds.</summary>
internal sealed record FileCompany(long Line, CompanySettings Settings) : FileItem(Line);

internal sealed record FileAccount(long Line, PutAccount Account) : FileItem(Line);

internal sealed record FileDimensionValue(long Line, PutDimensionValue Value) : FileItem(Line);

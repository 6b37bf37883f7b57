using Ledger.Domain.Journals;

namespace Ledger.Api.Export;

/// <summary>Writes books in one format, piece by piece.</summary>
internal interface IBooksWriter
{
    void Begin(ExportedCompany company);

    /// <summary>An entry; reversals are entries, too.</summary>
    void Write(string id, JournalEntryPosted entry);

    /// <summary>That an entry was taken back; it comes before the reversal itself.</summary>
    void Write(string id, JournalEntryReversed reversal);

    void End(ExportedCompany company);
}

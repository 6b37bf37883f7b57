using Ledger.Domain.Companies;
using NodaTime;

namespace Ledger.Projections.Books;

/// <summary>What the loop keeps in memory of a company; it can be dropped and read from the tables at any
/// time.</summary>
internal sealed class CompanyBooks(string company)
{
    public string Company { get; } = company;

    /// <summary>The last position that was folded.</summary>
    public long Position { get; set; }

    /// <summary>The last position that the movement cells cover.</summary>
    public long Covered { get; set; }

    /// <summary>Null until the company is registered.</summary>
    public AnnualDate? FiscalYearStart { get; set; }

    /// <summary>The last entry number by fiscal year.</summary>
    public Dictionary<int, long> Numbers { get; } = [];

    /// <summary>Of the block that <see cref="Position"/> is in; null when its beginning was not seen.</summary>
    public BlockSums? Sums { get; set; }

    public int FiscalYearOf(LocalDate date) => FiscalYear.Of(date, FiscalYearStart
        ?? throw new FormatException($"The company '{Company}' has an entry before it was registered.")).Name;
}

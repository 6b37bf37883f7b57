using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Statements;

/// <summary>A balance sheet or an income statement, in the functional currency.</summary>
/// <param name="From">The first day of the first column; null in a balance sheet.</param>
/// <param name="To">The last day of the first column.</param>
/// <param name="FiscalYear">The first day of the fiscal year that <paramref name="To"/> lies in.</param>
/// <param name="Difference">
/// Balance sheet: assets less liabilities and equity, zero unless a dimension leaves lines out. Empty otherwise.
/// </param>
public sealed record Statement(
    string Company,
    LocalDate? From,
    LocalDate To,
    Instant? KnownAt,
    long KnownAtSequence,
    string Currency,
    LocalDate FiscalYear,
    BeforeKind Before,
    IReadOnlyList<StatementColumn> Columns,
    IReadOnlyList<StatementRow> Rows,
    IReadOnlyList<Amount> Difference) : IKnown
{
    /// <summary>The day at whose end a balance sheet stands; null for an income statement, which has days.</summary>
    public LocalDate? AsOf => From is null ? To : null;
}

/// <summary>What a statement is asked for.</summary>
/// <param name="Compare">A second column; null for none.</param>
/// <param name="ByMonth">A column for each month.</param>
/// <param name="Dimension">Keeps lines with these values, and makes a column of each value of one.</param>
public sealed record StatementRequest(
    LocalDate From,
    LocalDate To,
    Comparison? Compare,
    bool ByMonth,
    DimensionQuery Dimension,
    BeforeKind Before);

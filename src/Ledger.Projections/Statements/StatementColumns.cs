using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Statements;

/// <summary>How the figures of a column of another time are to be read.</summary>
public enum Basis
{
    /// <summary>As the books were known at a time of its own: what was published then.</summary>
    AsPublished,

    /// <summary>As the same days are known by the statement: with all later corrections.</summary>
    Restated,
}

/// <summary>A column of figures.</summary>
/// <param name="Name">What CSV calls it: <c>amount</c> when it is the only one.</param>
/// <param name="From">The first day; null in a balance sheet, which counts from the beginning of the books.</param>
/// <param name="To">The last day.</param>
/// <param name="Basis">Only in columns of a comparison.</param>
/// <param name="Value">Of the dimension that columns are made by; null in others, and for lines without it.</param>
public sealed record StatementColumn(
    string Name,
    LocalDate? From,
    LocalDate To,
    Instant? KnownAt,
    long KnownAtSequence,
    Basis? Basis,
    string? Value,
    string? ValueName);

/// <summary>What a row of a statement is.</summary>
public enum StatementRowKind
{
    /// <summary>An account's own postings.</summary>
    Account,

    /// <summary>An account with everything below it; its rows follow one level deeper.</summary>
    Subtotal,

    /// <summary>A figure that no account holds, such as the result of the year.</summary>
    Computed,

    /// <summary>The sum of a section, or of several.</summary>
    Total,
}

/// <summary>
/// A row with one amount a column, in the functional currency and with the natural sign of its section.
/// </summary>
/// <param name="Level">0 for totals and the highest accounts.</param>
public sealed record StatementRow(
    string Section,
    StatementRowKind Kind,
    string? Account,
    string Name,
    int Level,
    IReadOnlyList<Amount> Amounts);

/// <summary>Which days a comparison column is about, and what it knows.</summary>
/// <param name="From">Null in a balance sheet.</param>
/// <param name="To">The last day.</param>
/// <param name="KnownAt">Null for what the statement knows.</param>
public sealed record Comparison(LocalDate? From, LocalDate To, KnownAt? KnownAt);

using Ledger.Projections.Journals;
using Ledger.Projections.People;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Statements;

/// <summary>How an entry stands to the end of the period and to its first closing, whatever is compared.</summary>
public enum RestatementKind
{
    /// <summary>Recorded by the end of the period: shown only where what is compared lies before that.</summary>
    InTime,

    /// <summary>Recorded after the end of the period, but before its first closing: part of what was closed.</summary>
    Late,

    /// <summary>Recorded after the period was closed: what was closed no longer holds.</summary>
    Restating,
}

/// <summary>In which figures an entry counts.</summary>
public enum RestatementPart
{
    /// <summary>Known by <c>knownFrom</c>: in <c>asClosed</c>, and there in <c>late</c>.</summary>
    AsClosed,

    /// <summary>Recorded after it: in <c>change</c>.</summary>
    Change,
}

/// <summary>A line of a statement: what it was when it was closed, and what it is now.</summary>
/// <param name="Statement"><c>balance-sheet</c> (at the end of the period) or <c>income-statement</c> (of the
/// period).</param>
/// <param name="Late">How much of <paramref name="AsClosed"/> was recorded only after the end of the period.</param>
public sealed record RestatementRow(
    string Statement,
    string Section,
    StatementRowKind Kind,
    string? Account,
    string Name,
    int Level,
    Amount Late,
    Amount AsClosed,
    Amount Change,
    Amount Now);

/// <summary>An entry that came late or restates, who recorded it when, and why the period was open.</summary>
/// <param name="CountsIn">The effects of all entries that count in the change come to the change.</param>
/// <param name="ReopenedAt">When the month of its day was last reopened before it; null when it never was.</param>
/// <param name="ReopeningReason">The reason that was given then.</param>
/// <param name="CounterpartyPerson">A counterparty who is a natural person; <c>counterparty</c> is null then.</param>
/// <param name="EffectOnResult">On the result of the period, in the functional currency.</param>
/// <param name="EffectOnEquity">On equity at the end of the period, results included.</param>
public sealed record RestatementEntry(
    RestatementKind Kind,
    RestatementPart CountsIn,
    string Id,
    int FiscalYear,
    long Number,
    LocalDate BookedOn,
    string Description,
    string? Reference,
    string? DocumentType,
    string? DocumentNumber,
    LocalDate? DocumentDate,
    string? Counterparty,
    string? Corrects,
    string? Reverses,
    string? Reason,
    Amount Total,
    Amount EffectOnResult,
    Amount EffectOnEquity,
    string? Actor,
    Instant Recorded,
    long Sequence,
    Instant? ReopenedAt,
    string? ReopenedBy,
    string? ReopeningReason,
    CounterpartyPerson? CounterpartyPerson) : INamesCounterparty<RestatementEntry>
{
    public RestatementEntry Naming(CounterpartyPerson person) => this with { CounterpartyPerson = person };
}

/// <summary>A sum of the statements: what it was when it was closed, and what it is now.</summary>
public sealed record RestatementEffect(Amount AsClosed, Amount Change, Amount Now);

/// <summary>What became of a period after its end.</summary>
/// <param name="FirstClosed">When the period was first closed; null when it never was.</param>
/// <param name="KnownFrom">What "as closed" means: by default the first closing, or now where there is none.</param>
/// <param name="KnownFromSequence">The same as a sequence.</param>
/// <param name="Last">Where the page of entries ended; null at the end.</param>
public sealed record RestatementsThen(
    LocalDate From,
    LocalDate To,
    Instant? FirstClosed,
    Instant? KnownFrom,
    long KnownFromSequence,
    RestatementEffect Result,
    RestatementEffect Equity,
    IReadOnlyList<RestatementRow> Rows,
    IReadOnlyList<RestatementEntry> Entries,
    JournalPlace? Last);

/// <summary>What is asked of a period.</summary>
/// <param name="Period">A month.</param>
/// <param name="KnownFrom">Null for the first closing.</param>
/// <param name="After">The last entry of the page before.</param>
/// <param name="Limit">Entries a page.</param>
public sealed record RestatementsRequest(YearMonth Period, KnownAt? KnownFrom, JournalPlace? After, int Limit);

using Ledger.Domain;
using Ledger.Projections.People;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Statements;

public enum LedgerRowKind
{
    /// <summary>
    /// What the account holds before the first day; income and expense hold nothing at the start of its fiscal year,
    /// and run on from there.
    /// </summary>
    Opening,

    /// <summary>A line of an entry, and what the account holds behind it.</summary>
    Line,

    /// <summary>The sums of the lines, and what the account holds at the end of the last day.</summary>
    Closing,
}

/// <summary>A row of the general ledger. One opening and one closing row an account and unit.</summary>
/// <param name="Balance">Debit − credit of this unit, running from line to line.</param>
/// <param name="Contra">The accounts on the other side of the entry.</param>
/// <param name="Entry">The id of the entry.</param>
/// <param name="CounterpartyPerson">A counterparty who is a natural person; <c>counterparty</c> is null then.</param>
public sealed record LedgerRow(
    LedgerRowKind Row,
    string Account,
    string Name,
    string Unit,
    LocalDate? BookedOn,
    string? Entry,
    int? FiscalYear,
    long? Number,
    int? Line,
    string? Description,
    string? Memo,
    string? Reference,
    string? DocumentNumber,
    string? Counterparty,
    ValueList<string> Contra,
    ValueMap<string> Dimensions,
    Amount Debit,
    Amount Credit,
    Amount Balance,
    Amount BaseDebit,
    Amount BaseCredit,
    Amount BaseBalance,
    long? Sequence,
    Instant? Recorded,
    CounterpartyPerson? CounterpartyPerson) : INamesCounterparty<LedgerRow>
{
    public LedgerRow Naming(CounterpartyPerson person) => this with { CounterpartyPerson = person };
}

/// <summary>Where a page of the general ledger ended: behind a line, or behind an account.</summary>
/// <param name="Line">The last line; null behind the closing of the account.</param>
public sealed record LedgerPlace(string Account, LedgerLinePlace? Line);

public sealed record LedgerLinePlace(LocalDate BookedOn, long Position, int Line);

/// <param name="Last">Null at the end.</param>
public sealed record LedgerPage(IReadOnlyList<LedgerRow> Rows, LedgerPlace? Last);

/// <summary>What the general ledger is asked for.</summary>
/// <param name="Account">Null for all, one behind the other.</param>
/// <param name="Limit">Lines a page; openings and closings stand beside them.</param>
public sealed record LedgerRequest(
    LocalDate From, LocalDate To, string? Account, DimensionQuery Dimension, LedgerPlace? After, int Limit);

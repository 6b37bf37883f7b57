using Ledger.Domain.Journals;
using Ledger.Projections.Balances;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Journals;

public enum JournalOrder
{
    BookedOn,
    Recorded,
}

/// <summary>Which entries are asked for: those that fit everything that is given.</summary>
/// <param name="From">The first booked day.</param>
/// <param name="To">The last booked day.</param>
/// <param name="Account">Some line is on it.</param>
/// <param name="Dimensions">Some line carries all of these values.</param>
/// <param name="AmountFrom">Some line's amount, in its unit or in the functional currency, is at least this.</param>
/// <param name="RecordedFrom">A day means its beginning in the company's time zone.</param>
/// <param name="RecordedTo">A day means its end.</param>
/// <param name="CounterpartyPersons">
/// Natural persons who are called like <paramref name="Counterparty"/>: their entries fit, too.
/// </param>
/// <param name="Person">The counterparty is this natural person.</param>
/// <param name="Text">Stands in description, reference, counterparty, document number or a memo, in any case.</param>
public sealed record JournalFilter(
    LocalDate? From = null,
    LocalDate? To = null,
    string? Account = null,
    int? FiscalYear = null,
    long? Number = null,
    EntryKind? Kind = null,
    string? Reference = null,
    string? Document = null,
    string? Counterparty = null,
    IReadOnlyList<DimensionValue>? Dimensions = null,
    decimal? AmountFrom = null,
    decimal? AmountTo = null,
    string? Actor = null,
    KnownAt? RecordedFrom = null,
    KnownAt? RecordedTo = null,
    string? Text = null,
    string? Person = null,
    string[]? CounterpartyPersons = null);

/// <summary>Which page of a list of entries.</summary>
/// <param name="After">The last entry of the page before; null for the first page.</param>
/// <param name="Limit">Entries a page.</param>
public sealed record JournalPage(JournalOrder Order, bool Descending, JournalPlace? After, int Limit);

/// <summary>The place of an entry in either order.</summary>
public sealed record JournalPlace(LocalDate BookedOn, long Position);

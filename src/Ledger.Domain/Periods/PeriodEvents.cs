using NodaTime;

namespace Ledger.Domain.Periods;

/// <summary>Stream <c>periods</c>: which months of a company are closed.</summary>
public abstract record PeriodEvent;

/// <summary>Closes this month and every earlier one that is open.</summary>
[EventName("period_closed")]
public sealed record PeriodClosed(YearMonth Period) : PeriodEvent;

/// <summary>Reopens this month and every later one that is closed.</summary>
[EventName("period_reopened")]
public sealed record PeriodReopened(YearMonth Period, string Reason) : PeriodEvent;

/// <summary>
/// After the audit: the fiscal year that ends with this month, and all before it, are never reopened.
/// </summary>
[EventName("fiscal_year_finalized")]
public sealed record FiscalYearFinalized(YearMonth LastPeriod) : PeriodEvent;

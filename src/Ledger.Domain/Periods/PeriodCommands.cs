using NodaTime;

namespace Ledger.Domain.Periods;

/// <param name="Through">Closes earlier open months that have entries, too.</param>
public sealed record ClosePeriod(YearMonth Period, bool Through = false);

public sealed record ReopenPeriod(YearMonth Period, string Reason);

/// <summary>Makes the fiscal year that ends with this month final, for ever.</summary>
public sealed record FinalizeFiscalYear(YearMonth LastPeriod);

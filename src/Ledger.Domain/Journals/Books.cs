using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Periods;
using NodaTime;

namespace Ledger.Domain.Journals;

/// <summary>What a posting is decided on, beside the entry itself.</summary>
/// <param name="Today">In the company's time zone.</param>
public sealed record Books(
    Company Company, Chart Chart, DimensionCatalog Dimensions, FiscalCalendar Calendar, LocalDate Today);

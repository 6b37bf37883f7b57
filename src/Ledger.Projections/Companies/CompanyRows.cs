using Ledger.Domain.Companies;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Projections.Companies;

/// <summary>A version of a company's settings, with what was resolved.</summary>
internal static class CompanyRows
{
    public static void Add(
        CopyBuffer companies, in LoggedEvent at, CompanySettings settings, string timeZone,
        AnnualDate fiscalYearStart) =>
        companies.Row(11)
            .Text(at.Company).Long(at.Position)
            .Text(settings.Name).Text(settings.Currency.Value).Text(settings.Country)
            .Text(timeZone).Text(AnnualDatePattern.Iso.Format(fiscalYearStart))
            .Text(settings.RetainedEarnings?.Value).Json(settings.Digits)
            .Date(settings.BooksFrom).Date(settings.BooksTo);
}

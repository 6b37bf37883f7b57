using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Tests.Companies;

public sealed class CountriesTests
{
    [Theory]
    [InlineData("BG", "Europe/Sofia")]
    [InlineData("AZ", "Asia/Baku")]
    [InlineData("DE", "Europe/Berlin")]
    [InlineData("US", null)]
    [InlineData("RU", null)]
    [InlineData("XX", null)]
    public void A_country_with_one_zone_that_counts_gives_it(string country, string? zone) =>
        Assert.Equal(zone, Countries.DefaultTimeZone(country));

    [Fact]
    public void Every_default_zone_is_a_zone()
    {
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        var codes = from first in Letters from second in Letters select $"{first}{second}";
        var known = codes.Where(Countries.IsKnown).ToList();
        Assert.InRange(known.Count, 240, 250);
        Assert.All(
            known.Select(Countries.DefaultTimeZone).Where(zone => zone is not null),
            zone => Assert.True(Countries.IsTimeZone(zone!), zone));
    }

    [Theory]
    [InlineData("BG", ReversalMethod.Red)]
    [InlineData("AZ", ReversalMethod.Red)]
    [InlineData("DE", ReversalMethod.Mirror)]
    [InlineData("US", ReversalMethod.Mirror)]
    public void Reversals_follow_the_custom_of_the_country(string country, ReversalMethod method) =>
        Assert.Equal(method, Countries.DefaultReversal(country));

    [Theory]
    [InlineData("EUR", 2)]
    [InlineData("JPY", 0)]
    [InlineData("KWD", 3)]
    [InlineData("CLF", 4)]
    [InlineData("BGN", 2)]
    [InlineData("HRK", 2)]
    public void Currencies_have_the_digits_of_ISO_4217(string code, int digits)
    {
        Assert.True(Iso4217.TryGetDigits(new UnitCode(code), out var found));
        Assert.Equal(digits, found);
    }

    [Theory]
    [InlineData("XAU")]
    [InlineData("XXX")]
    [InlineData("eur")]
    [InlineData("DEM")]
    public void Metals_tests_and_old_currencies_have_no_digits(string code) =>
        Assert.False(Iso4217.TryGetDigits(new UnitCode(code), out _));

    [Fact]
    public void The_table_of_currencies_is_whole()
    {
        var currencies = Iso4217.Currencies.ToList();
        Assert.Equal(currencies.OrderBy(currency => currency.Code), currencies);
        Assert.All(currencies, currency =>
        {
            Assert.Matches("^[A-Z]{3}$", currency.Code.Value);
            Assert.InRange(currency.Digits, 0, 4);
            Assert.NotEqual("", currency.Name);
        });
        Assert.InRange(currencies.Count, 155, 175);
    }

    [Theory]
    [InlineData("2026-03-31", 1, "2026-01-01", "2026-12-31", 2026)]
    [InlineData("2026-03-31", 4, "2025-04-01", "2026-03-31", 2025)]
    [InlineData("2026-04-01", 4, "2026-04-01", "2027-03-31", 2026)]
    [InlineData("2024-02-29", 3, "2023-03-01", "2024-02-29", 2023)]
    public void A_fiscal_year_is_called_by_the_year_of_its_first_day(
        string date, int month, string first, string last, int name)
    {
        var year = FiscalYear.Of(Date(date), new AnnualDate(month, 1));
        Assert.Equal(new FiscalYear(Date(first), Date(last)), year);
        Assert.Equal(name, year.Name);
        Assert.Equal(year, FiscalYear.Of(year.Last, new AnnualDate(month, 1)));
        Assert.Equal(year.Next, FiscalYear.Of(year.Last.PlusDays(1), new AnnualDate(month, 1)));
    }

    private static LocalDate Date(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;
}

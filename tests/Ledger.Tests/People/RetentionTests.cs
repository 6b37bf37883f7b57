using Ledger.Domain.Companies;
using Ledger.Domain.People;
using NodaTime;
using NodaTime.Text;
using static Ledger.Tests.People.PersonDeciderTests;

namespace Ledger.Tests.People;

public sealed class RetentionTests
{
    [Theory]
    [InlineData("BG", Purpose.Bookkeeping, "2026-03-31", "2037-01-01")]
    [InlineData("BG", Purpose.Bookkeeping, "2026-12-31", "2037-01-01")]
    [InlineData("BG", Purpose.Payroll, "2026-03-31", "2077-01-01")]
    [InlineData("DE", Purpose.Bookkeeping, "2026-03-31", "2037-01-01")]
    [InlineData("DE", Purpose.Payroll, "2026-03-31", "2035-01-01")]
    [InlineData("AZ", Purpose.Bookkeeping, "2026-03-31", "2032-01-01")]
    [InlineData("GB", Purpose.Bookkeeping, "2026-03-31", "2032-04-01")]
    [InlineData("GB", Purpose.Bookkeeping, "2026-04-01", "2033-04-01")]
    [InlineData("US", Purpose.Payroll, "2026-03-31", "2031-01-01")]
    [InlineData("US", Purpose.Bookkeeping, "2026-03-31", null)]
    [InlineData("FR", Purpose.Bookkeeping, "2026-03-31", null)]
    public void The_law_of_a_country_says_until_when(string country, Purpose purpose, string last, string? until) =>
        Assert.Equal(Day(until), Retention.Until(CompanyIn(country, new(4, 1)), purpose, Day(last)!.Value, Today));

    [Fact]
    public void Of_several_rules_the_one_that_is_in_force_counts()
    {
        var last = new LocalDate(2015, 12, 31);
        var german = CompanyIn("DE");
        Assert.Equal(new(2026, 1, 1), Retention.Until(german, Purpose.Payroll, last, new(2024, 12, 31)));
        Assert.Equal(new(2024, 1, 1), Retention.Until(german, Purpose.Payroll, last, new(2025, 1, 1)));
    }

    [Theory]
    [InlineData("FR", 10, "2037-01-01")]
    [InlineData("BG", 12, "2039-01-01")]
    [InlineData("BG", 3, "2037-01-01")]
    public void A_company_fills_in_or_lengthens_what_the_law_says_and_never_shortens_it(
        string country, int years, string until) => Assert.Equal(
        Day(until),
        Retention.Until(
            CompanyIn(country, null, ("bookkeeping", years)), Purpose.Bookkeeping, new(2026, 3, 31), Today));

    [Theory]
    [InlineData("FR", 0, "2037-01-01")]
    [InlineData("AZ", null, "2037-01-01")]
    [InlineData("GB", 20, "2047-01-01")]
    [InlineData("FR", null, null)]
    public void The_longest_of_the_countries_that_a_company_was_ever_in_counts(string to, int? years, string? until)
    {
        var kept = years is { } most ? SmallBooks.Digits(("bookkeeping", most)) : null;
        var company = Company.Evolve(CompanyIn("BG"), new CompanyChanged(
            new("Acme", SmallBooks.Eur, to, Retention: kept), "Europe/Paris", new(1, 1)));

        Assert.Equal(Day(until), Retention.Until(company, Purpose.Bookkeeping, new(2026, 3, 31), Today));
    }

    [Fact]
    public void Every_rule_names_a_country_that_exists_and_its_source_and_stands_behind_those_that_it_replaces()
    {
        Assert.All(Retention.Rules, rule =>
        {
            Assert.True(Countries.IsKnown(rule.Country));
            Assert.True(Retention.Keeps(rule.Purpose));
            Assert.InRange(rule.Years, 1, Retention.YearsMax);
            Assert.Matches(".{10,}", rule.Source);
        });
        Assert.Equal(Retention.Rules.OrderBy(rule => (rule.Country, rule.Purpose, rule.Since)), Retention.Rules);
    }

    private static LocalDate Today => new(2026, 6, 15);

    private static LocalDate? Day(string? text) => text is null ? null : LocalDatePattern.Iso.Parse(text).Value;
}

using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Companies;

public sealed class CompanyDeciderTests
{
    private static readonly CompanySettings Settings = new("Acme", Eur, "BG");

    private static readonly CompanyRegistered Registered = new(Settings, "Europe/Sofia", new AnnualDate(1, 1));

    [Fact]
    public void A_company_is_registered_with_the_time_zone_of_its_country() =>
        Given().When(Put(Settings)).ThenAppended(Registered);

    [Fact]
    public void What_the_caller_says_wins_over_the_defaults()
    {
        var settings = Settings with { TimeZone = "Asia/Baku", FiscalYearStart = new AnnualDate(4, 1) };
        Given().When(Put(settings))
            .ThenAppended(new CompanyRegistered(settings, "Asia/Baku", new AnnualDate(4, 1)));
    }

    [Fact]
    public void The_same_settings_again_are_nothing_new_even_with_a_version_that_moved() =>
        Given(Registered).When(Put(Settings, ifMatch: 7)).ThenNothing();

    [Fact]
    public void A_change_needs_the_version_that_was_seen() =>
        Given(Registered).When(Put(Settings with { Name = "Acme 2" }))
            .ThenRefused(RegisterRefusals.IfMatchRequired(1));

    [Fact]
    public void A_change_of_a_version_that_moved_is_refused() =>
        Given(Registered, new CompanyChanged(Settings with { Name = "B" }, "Europe/Sofia", new AnnualDate(1, 1)))
            .When(Put(Settings with { Name = "C" }, ifMatch: 1))
            .ThenRefused(RegisterRefusals.IfMatchFailed(1, 2));

    [Fact]
    public void A_company_that_does_not_exist_has_no_version() =>
        Given().When(Put(Settings, ifMatch: 1)).ThenRefused(RegisterRefusals.IfMatchFailed(1, 0));

    [Fact]
    public void A_change_of_the_version_seen_is_recorded() =>
        Given(Registered).When(Put(Settings with { Name = "Acme 2" }, ifMatch: 1))
            .ThenAppended(new CompanyChanged(Settings with { Name = "Acme 2" }, "Europe/Sofia", new AnnualDate(1, 1)));

    [Fact]
    public void Currency_and_fiscal_year_may_change_until_the_first_entry()
    {
        var changed = Settings with { Currency = Usd, FiscalYearStart = new AnnualDate(7, 1) };
        Given(Registered).When(Put(changed, ifMatch: 1))
            .ThenAppended(new CompanyChanged(changed, "Europe/Sofia", new AnnualDate(7, 1)));
        Given(Registered).When(Put(Settings with { Currency = Usd }, 1, hasEntries: true))
            .ThenRefused(CompanyRefusals.CurrencyFixed(Eur, Usd));
        Given(Registered).When(Put(Settings with { FiscalYearStart = new AnnualDate(7, 1) }, 1, hasEntries: true))
            .ThenRefused(CompanyRefusals.FiscalYearStartFixed(new AnnualDate(1, 1), new AnnualDate(7, 1)));
    }

    [Fact]
    public void Writing_out_the_default_fiscal_year_changes_nothing_that_is_fixed()
    {
        var settings = Settings with { FiscalYearStart = new AnnualDate(1, 1) };
        Given(Registered).When(Put(settings, 1, hasEntries: true))
            .ThenAppended(new CompanyChanged(settings, "Europe/Sofia", new AnnualDate(1, 1)));
    }

    [Theory]
    [InlineData("EUR", 3, true)]
    [InlineData("EUR", 2, true)]
    [InlineData("EUR", 1, false)]
    [InlineData("VBMPX", 0, true)]
    [InlineData("VBMPX", 12, true)]
    public void Digits_start_from_those_of_ISO_4217(string unit, int digits, bool accepted)
    {
        var refusal = Decide(Given(), Settings with { Digits = Digits((unit, digits)) });
        Assert.Equal(accepted ? null : CompanyRefusals.DigitsLowered(new UnitCode(unit), digits, 2), refusal);
    }

    [Fact]
    public void Digits_are_only_raised_and_never_taken_back()
    {
        var declared = Given(Registered with { Settings = Settings with { Digits = Digits(("VBMPX", 3)) } });
        Assert.Null(Decide(declared, Settings with { Digits = Digits(("VBMPX", 4)) }));
        Assert.Equal(
            CompanyRefusals.DigitsLowered(new UnitCode("VBMPX"), 2, 3),
            Decide(declared, Settings with { Digits = Digits(("VBMPX", 2)) }));
        Assert.Equal(
            CompanyRefusals.UnitWithdrawn(new UnitCode("VBMPX"), 3),
            Decide(declared, Settings with { Name = "B" }));
    }

    [Fact]
    public void The_account_of_retained_earnings_need_not_exist_yet_but_must_be_equity_if_it_does()
    {
        var settings = Settings with { RetainedEarnings = new AccountCode("122") };
        Given().When(Put(settings)).ThenAppended(Registered with { Settings = settings });
        Assert.Equal(
            CompanyRefusals.RetainedEarningsNotEquity(new AccountCode("122")),
            Decide(Given(), settings, ChartOf(Opened("122", AccountType.Asset))));
        Assert.Null(Decide(Given(), settings, ChartOf(Opened("122", AccountType.Equity))));
    }

    [Theory]
    [InlineData(null, null, 1, "1900-01-01", "2027-12-31")]
    [InlineData(null, null, 7, "1900-01-01", "2027-06-30")]
    [InlineData("2026-01-01", "2026-12-31", 1, "2026-01-01", "2026-12-31")]
    [InlineData("1800-01-01", "2099-12-31", 1, "1900-01-01", "2027-12-31")]
    public void Books_are_open_from_1900_to_the_end_of_the_next_fiscal_year_and_within_their_own_bounds(
        string? from, string? to, int startMonth, string first, string last)
    {
        var start = new AnnualDate(startMonth, 1);
        var settings = Settings with { BooksFrom = Date(from), BooksTo = Date(to), FiscalYearStart = start };
        var company = Given(new CompanyRegistered(settings, "Europe/Sofia", start)).State;
        Assert.Equal((Date(first)!.Value, Date(last)!.Value), company.BookableDates(new LocalDate(2026, 6, 15)));
    }

    private static LocalDate? Date(string? text) =>
        text is null ? null : NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<CompanyCase> Faults = new(
        new CompanyCase(
            new PutCompany(
                new CompanySettings(
                    " ", new UnitCode("XYZ"), "ZZ", null, new AnnualDate(1, 15), new AccountCode("1/2"),
                    Digits([.. Enumerable.Range(0, 10_001).Select(i => ($"U{i}", 1))]),
                    new LocalDate(2026, 1, 2), new LocalDate(2026, 1, 1), Digits(("consent", 1))),
                IfMatch: null),
            HasEntries: true),
        a => CompanyDecider.Decide(a.Command, DeclaredState, EquityChart, a.HasEntries).Refusal,
        new("if-match-required", a => a with { Command = a.Command with { IfMatch = 9 } }),
        new("if-match-failed", a => a with { Command = a.Command with { IfMatch = 1 } }),
        new("text-empty", a => a.With(s => s with { Name = new string('x', 201) })),
        new("text-too-long", a => a.With(s => s with { Name = "Acme\0" })),
        new("text-not-allowed", a => a.With(s => s with { Name = "Acme" })),
        new("currency-unknown", a => a.With(s => s with { Currency = Usd })),
        new("country-unknown", a => a.With(s => s with { Country = "US" })),
        new("time-zone-needed", a => a.With(s => s with { TimeZone = "Mars/Olympus" })),
        new("time-zone-unknown", a => a.With(s => s with { TimeZone = "America/Chicago" })),
        new("fiscal-year-start-within-month", a => a.With(s => s with { FiscalYearStart = new AnnualDate(4, 1) })),
        new("books-end-before-they-begin", a => a.With(s => s with { BooksTo = null })),
        new("retention-purpose-unknown", a => a.With(s => s with { Retention = Digits(("bookkeeping", 10)) })),
        new("account-code-invalid", a => a.With(s => s with { RetainedEarnings = new AccountCode("1200") })),
        new("too-many-units", a => a.With(s => s with { Digits = Digits(("3M", 13)) })),
        new("unit-invalid", a => a.With(s => s with { Digits = Digits(("VBMPX", 13)) })),
        new("digits-out-of-range", a => a.With(s => s with { Digits = Digits(("VBMPX", 1)) })),
        new("digits-lowered", a => a.With(s => s with { Digits = null })),
        new("unit-withdrawn", a => a.With(s => s with { Digits = Digits(("VBMPX", 3)) })),
        new("retained-earnings-not-equity", a => a.With(s => s with { RetainedEarnings = null })),
        new("currency-fixed", a => a.With(s => s with { Currency = Eur })),
        new("fiscal-year-start-fixed", a => a.With(s => s with { FiscalYearStart = null })));

    private static Company DeclaredState =>
        Given(Registered with { Settings = Settings with { Digits = Digits(("VBMPX", 3)) } }).State;

    private static Chart EquityChart =>
        ChartOf(new AccountOpened(new AccountCode("1200"), new AccountDetails("Bank", AccountType.Asset)));

    private static Given<Company, CompanyEvent> Given(params CompanyEvent[] events) =>
        new Given<Company, CompanyEvent>(Company.Initial, Company.Evolve).And(events);

    private static Func<Company, Decision<CompanyEvent>> Put(
        CompanySettings settings, long? ifMatch = null, bool hasEntries = false) =>
        state => CompanyDecider.Decide(
            new PutCompany(settings, ifMatch), state, Chart.Initial, hasEntries);

    private static Refusal? Decide(Given<Company, CompanyEvent> given, CompanySettings settings, Chart? chart = null)
    {
        var command = new PutCompany(settings, given.State.Exists ? given.State.Version : null);
        return CompanyDecider.Decide(command, given.State, chart ?? Chart.Initial, false).Refusal;
    }

    internal sealed record CompanyCase(PutCompany Command, bool HasEntries)
    {
        public CompanyCase With(Func<CompanySettings, CompanySettings> change) =>
            this with { Command = Command with { Settings = change(Command.Settings) } };
    }
}

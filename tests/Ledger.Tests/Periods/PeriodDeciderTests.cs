using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Periods;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Periods;

public sealed class PeriodDeciderTests
{
    private static readonly YearMonth December = new(2025, 12);
    private static readonly YearMonth January = new(2026, 1);
    private static readonly YearMonth February = new(2026, 2);
    private static readonly YearMonth March = new(2026, 3);

    [Fact]
    public void A_month_is_closed() => Given().When(Close(January)).ThenAppended(new PeriodClosed(January));

    [Fact]
    public void Closing_a_month_closes_every_earlier_one()
    {
        var calendar = Given(new PeriodClosed(February)).State;
        Assert.True(calendar.IsClosed(new YearMonth(1999, 1)));
        Assert.True(calendar.IsClosed(February));
        Assert.False(calendar.IsClosed(March));
        Given(new PeriodClosed(February)).When(Close(January)).ThenNothing();
    }

    [Fact]
    public void An_earlier_open_month_with_entries_is_refused_unless_through_is_sent()
    {
        Given().When(Close(February, earliestOpen: January))
            .ThenRefused(PeriodRefusals.EarlierPeriodOpen(February, January));
        Given().When(Close(February, earliestOpen: February)).ThenAppended(new PeriodClosed(February));
        Given().When(Close(February, earliestOpen: January, through: true)).ThenAppended(new PeriodClosed(February));
    }

    [Fact]
    public void A_month_cannot_be_closed_while_an_earlier_one_is_reopened()
    {
        var given = Given(new PeriodClosed(February), new PeriodReopened(January, "Late invoice"));
        given.When(Close(February)).ThenRefused(PeriodRefusals.EarlierPeriodOpen(February, January));
        given.When(Close(February, through: true)).ThenAppended(new PeriodClosed(February));
        given.When(Close(January)).ThenAppended(new PeriodClosed(January));
        given.And(new PeriodClosed(January)).When(Close(March))
            .ThenRefused(PeriodRefusals.EarlierPeriodOpen(March, February));
    }

    [Fact]
    public void Reopening_a_month_reopens_every_later_one()
    {
        var calendar = Given(new PeriodClosed(March), new PeriodReopened(January, "Late invoice")).State;
        Assert.Equal(new FiscalCalendar(December, March, null), calendar);
        Assert.False(calendar.IsClosed(March));
        Assert.True(calendar.IsClosed(December));
    }

    [Fact]
    public void A_month_that_was_closed_once_stays_known_as_reopened_until_it_is_closed_again()
    {
        var given = Given(new PeriodClosed(March), new PeriodReopened(February, "a"), new PeriodReopened(January, "b"));
        Assert.Equal(new FiscalCalendar(December, March, null), given.State);
        Assert.Equal(new FiscalCalendar(January, March, null), given.And(new PeriodClosed(January)).State);
        Assert.Equal(new FiscalCalendar(March, null, null), given.And(new PeriodClosed(March)).State);
    }

    [Fact]
    public void A_month_that_is_open_need_not_be_reopened() =>
        Given(new PeriodClosed(January)).When(Reopen(February)).ThenNothing();

    [Fact]
    public void A_month_is_reopened_with_a_reason() =>
        Given(new PeriodClosed(March)).When(Reopen(February, "Late invoice"))
            .ThenAppended(new PeriodReopened(February, "Late invoice"));

    [Fact]
    public void A_final_year_is_never_reopened_but_the_next_one_may_be()
    {
        var given = Given(new PeriodClosed(February), new FiscalYearFinalized(December));
        given.When(Reopen(December)).ThenRefused(PeriodRefusals.Final(December, December));
        given.When(Reopen(new YearMonth(2024, 5))).ThenRefused(PeriodRefusals.Final(new YearMonth(2024, 5), December));
        given.When(Reopen(January, "Late")).ThenAppended(new PeriodReopened(January, "Late"));
    }

    [Fact]
    public void A_fiscal_year_is_made_final_once_it_is_closed()
    {
        Given(new PeriodClosed(January)).When(Final(December)).ThenAppended(new FiscalYearFinalized(December));
        Given().When(Final(December)).ThenRefused(PeriodRefusals.FiscalYearNotClosed(December, new YearMonth(2025, 1)));
        Given(new PeriodClosed(new YearMonth(2025, 10))).When(Final(December))
            .ThenRefused(PeriodRefusals.FiscalYearNotClosed(December, new YearMonth(2025, 11)));
        Given(new PeriodClosed(January)).When(Final(January))
            .ThenRefused(PeriodRefusals.NotFiscalYearEnd(January, new YearMonth(2026, 12)));
    }

    [Fact]
    public void An_earlier_year_of_a_final_one_is_final_already() =>
        Given(new PeriodClosed(January), new FiscalYearFinalized(December)).When(Final(new YearMonth(2024, 12)))
            .ThenNothing();

    [Theory]
    [MemberData(nameof(CloseRows))]
    public void The_first_broken_rule_of_closing_answers(int repaired, string code) =>
        CloseFaults.Check(repaired, code);

    [Theory]
    [MemberData(nameof(ReopenRows))]
    public void The_first_broken_rule_of_reopening_answers(int repaired, string code) =>
        ReopenFaults.Check(repaired, code);

    [Theory]
    [MemberData(nameof(FinalRows))]
    public void The_first_broken_rule_of_a_final_year_answers(int repaired, string code) =>
        FinalFaults.Check(repaired, code);

    public static TheoryData<int, string> CloseRows => CloseFaults.Rows;

    public static TheoryData<int, string> ReopenRows => ReopenFaults.Rows;

    public static TheoryData<int, string> FinalRows => FinalFaults.Rows;

    internal static readonly FaultTable<PeriodCase> CloseFaults = new(
        new PeriodCase(new YearMonth(2028, 1), "", Company.Initial, Reopened(February), EarliestOpen: January),
        a => PeriodDecider.Decide(new ClosePeriod(a.Period), a.Calendar, a.Company, a.EarliestOpen, Today).Refusal,
        new("company-unknown", a => a with { Company = Acme }),
        new("period-outside-books", a => a with { Period = March }),
        new("earlier-period-open", a => a with { Calendar = FiscalCalendar.Initial }),
        new("earlier-period-open", a => a with { EarliestOpen = null }));

    internal static readonly FaultTable<PeriodCase> ReopenFaults = new(
        new PeriodCase(
            December, "", Company.Initial, Given(new PeriodClosed(March), new FiscalYearFinalized(December)).State),
        a => PeriodDecider.Decide(new ReopenPeriod(a.Period, a.Reason), a.Calendar, a.Company).Refusal,
        new("company-unknown", a => a with { Company = Acme }),
        new("text-empty", a => a with { Reason = new string('x', 1_001) }),
        new("text-too-long", a => a with { Reason = "Late invoice" }),
        new("fiscal-year-final", a => a with { Period = January }));

    internal static readonly FaultTable<PeriodCase> FinalFaults = new(
        new PeriodCase(January, "", Company.Initial, FiscalCalendar.Initial),
        a => PeriodDecider.Decide(new FinalizeFiscalYear(a.Period), a.Calendar, a.Company).Refusal,
        new("company-unknown", a => a with { Company = Acme }),
        new("not-fiscal-year-end", a => a with { Period = December }),
        new("fiscal-year-not-closed", a => a with { Calendar = Given(new PeriodClosed(December)).State }));

    private static FiscalCalendar Reopened(YearMonth month) =>
        Given(new PeriodClosed(month), new PeriodReopened(month, "Late invoice")).State;

    private static Given<FiscalCalendar, PeriodEvent> Given(params PeriodEvent[] events) =>
        new Given<FiscalCalendar, PeriodEvent>(FiscalCalendar.Initial, FiscalCalendar.Evolve).And(events);

    private static Func<FiscalCalendar, Decision<PeriodEvent>> Close(
        YearMonth period, YearMonth? earliestOpen = null, bool through = false) =>
        calendar => PeriodDecider.Decide(new ClosePeriod(period, through), calendar, Acme, earliestOpen, Today);

    private static Func<FiscalCalendar, Decision<PeriodEvent>> Reopen(YearMonth period, string reason = "Late") =>
        calendar => PeriodDecider.Decide(new ReopenPeriod(period, reason), calendar, Acme);

    private static Func<FiscalCalendar, Decision<PeriodEvent>> Final(YearMonth period) =>
        calendar => PeriodDecider.Decide(new FinalizeFiscalYear(period), calendar, Acme);

    internal sealed record PeriodCase(
        YearMonth Period, string Reason, Company Company, FiscalCalendar Calendar, YearMonth? EarliestOpen = null);
}

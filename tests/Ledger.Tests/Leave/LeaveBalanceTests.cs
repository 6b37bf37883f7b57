using System.Globalization;
using Ledger.Domain.Employees;
using Ledger.Domain.Leave;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Tests.Payroll;
using Ledger.Tests.PayRuns;

namespace Ledger.Tests.Leave;

/// <summary>What is left of leave, by the days of employment, in the jurisdictions and through the years.</summary>
public sealed class LeaveBalanceTests
{
    /// <summary>By 31 March 2026 there were 90 of 365 days.</summary>
    [Theory]
    [InlineData("bg", "2026-01-01", "2026-12-31", "20.00 accrued of 20.00, taken 0.00, left 20.00")]
    [InlineData("bg", "2026-01-01", "2026-03-31", "4.93 accrued of 20.00, taken 0.00, left 4.93")]
    [InlineData("bg", "2026-07-01", "2026-12-31", "10.08 accrued of 10.08, taken 0.00, left 10.08")]
    [InlineData("az", "2026-01-01", "2026-03-31", "5.18 accrued of 21.00, taken 0.00, left 5.18")]
    [InlineData("gb", "2026-01-01", "2026-03-31", "6.90 accrued of 28.00, taken 0.00, left 6.90")]
    [InlineData("gb", "2024-01-01", "2024-02-29", "4.59 accrued of 28.00, taken 0.00, left 4.59")]
    [InlineData("us", "2026-01-01", "2026-03-31", "none")]
    [InlineData("bg", "2026-04-01", "2026-03-31", "none")]
    public void Each_day_of_employment_earns_its_part_of_the_days_that_the_law_grants_a_year(
        string pack, string hired, string asOf, string expected) =>
        Assert.Equal(expected, LastYear(Payee.Of(pack, hired), asOf));

    /// <summary>From Friday 6 to Tuesday 10 February: three working days, five of the calendar.</summary>
    [Theory]
    [InlineData("bg", "20.00 accrued of 20.00, taken 3.00, left 17.00")]
    [InlineData("gb", "28.00 accrued of 28.00, taken 3.00, left 25.00")]
    [InlineData("az", "21.00 accrued of 21.00, taken 5.00, left 16.00")]
    public void Leave_takes_working_days_and_in_Azerbaijan_days_of_the_calendar(string pack, string expected) =>
        Assert.Equal(
            expected,
            LastYear(Payee.Of(pack).Absent(AbsenceKind.Leave, "2026-02-06", "2026-02-10"), "2026-12-31"));

    [Theory]
    [InlineData(AbsenceKind.Sick)]
    [InlineData(AbsenceKind.Unpaid)]
    [InlineData(AbsenceKind.Maternity)]
    public void Other_absences_take_no_leave_and_cost_none(AbsenceKind kind) => Assert.Equal(
        "20.00 accrued of 20.00, taken 0.00, left 20.00",
        LastYear(Payee.Of("bg").Absent(kind, "2026-02-06", "2026-06-10"), "2026-12-31"));

    [Fact]
    public void Leave_that_did_not_happen_takes_none_and_leave_to_come_is_planned()
    {
        var payee = Payee.Of("bg").Absent(AbsenceKind.Leave, "2026-03-30", "2026-04-02");
        var year = Of(payee, "2026-03-31")!.Years[^1];
        Assert.Equal((2m, 2m), (year.Taken, year.Planned));
        payee.Absent(AbsenceKind.Leave, "2026-03-30", "2026-04-02", withdrawn: true);
        year = Of(payee, "2026-03-31")!.Years[^1];
        Assert.Equal((0m, 0m), (year.Taken, year.Planned));
    }

    [Fact]
    public void Who_leaves_has_earned_until_the_last_day_and_takes_nothing_after_it()
    {
        var payee = Payee.Of("bg").Absent(AbsenceKind.Leave, "2026-06-29", "2026-07-10").Left("2026-06-30");
        Assert.Equal("9.92 accrued of 9.92, taken 2.00, left 7.92", LastYear(payee, "2026-12-31"));
        Assert.Equal("9.92 accrued of 9.92, taken 2.00, left 7.92", LastYear(payee, "2031-12-31"));
    }

    [Fact]
    public void An_entitlement_of_their_own_counts_from_its_day_on_and_never_less_than_the_law_grants()
    {
        var payee = Payee.Of("bg").Record(Entitled("2026-07-01", 30));
        Assert.Equal("25.04 accrued of 25.04, taken 0.00, left 25.04", LastYear(payee, "2026-12-31"));
        payee.Record(Entitled("2026-07-01", 12));
        Assert.Equal("20.00 accrued of 20.00, taken 0.00, left 20.00", LastYear(payee, "2026-12-31"));
        Assert.Equal(
            "15.00 accrued of 15.00, taken 0.00, left 15.00",
            LastYear(Payee.Of("us").Record(Entitled("2026-01-01", 15)), "2026-12-31"));
    }

    [Fact]
    public void What_is_left_goes_into_the_next_year_up_to_the_most_that_the_entitlement_says()
    {
        var payee = Payee.Of("bg", "2024-01-01").Absent(AbsenceKind.Leave, "2025-03-10", "2025-03-14");
        var years = Of(payee, "2026-12-31")!.Years;
        Assert.Equal("0.00 20.00 35.00", string.Join(' ', years.Select(year => Text(year.Opening))));
        payee.Record(Entitled("2025-06-01", 20, 10));
        years = Of(payee, "2026-12-31")!.Years;
        Assert.Equal("0.00 20.00 10.00", string.Join(' ', years.Select(year => Text(year.Opening))));
        Assert.Equal("0.00 25.00 0.00", string.Join(' ', years.Select(year => Text(year.Lapsed))));
        Assert.Equal(30m, Of(payee, "2026-12-31")!.Days);
    }

    [Fact]
    public void Leave_taken_before_it_is_earned_is_owed() => Assert.Equal(
        "1.70 accrued of 20.00, taken 5.00, left -3.30",
        LastYear(Payee.Of("bg").Absent(AbsenceKind.Leave, "2026-01-26", "2026-01-30"), "2026-01-31"));

    [Fact]
    public void Opening_figures_say_what_was_left_and_what_was_taken_before_is_in_them()
    {
        var payee = Payee.Of("bg", "2019-01-01").Absent(AbsenceKind.Leave, "2026-03-30", "2026-04-02")
            .Record(new OpeningFiguresRecorded(2026, new(Slips.Day("2026-03-31"), LeaveDays: 12.5m)));
        var year = Assert.Single(Of(payee, "2026-12-31")!.Years);
        Assert.Equal((12.5m, 15.07m, 2m, 25.57m), (year.Opening, year.Accrued, year.Taken, year.Balance));
        Assert.Equal(12.5m, Of(payee, "2026-03-31")!.Days);
        Assert.Equal(8, Of(payee, "2026-03-30")!.Years.Count);
    }

    [Fact]
    public void Each_part_of_a_year_says_why_it_is_there()
    {
        var payee = Payee.Of("bg", "2025-01-01").Record(Entitled("2026-07-01", 30))
            .Absent(AbsenceKind.Leave, "2026-03-30", "2026-03-31");
        Assert.Equal(
            [
                "CarriedOver 2026-01-01 20",
                "Accrued 2026-01-01 9.92 by 20 of Labour Code, art. 155 (4): basic paid annual leave is at least 20 "
                    + "working days",
                "Accrued 2026-07-01 15.12 by 30 of event 3", "Taken 2026-03-30 2 a1 of event 4",
            ],
            Of(payee, "2026-12-31")!.Years[^1].Working.Select(step => FormattableString.Invariant(
                $"{step.Kind} {step.From:yyyy-MM-dd} {step.Days}")
                + (step.DaysPerYear is { } rate ? $" by {rate}" : "") + (step.Absence is { } id ? $" {id}" : "")
                + (step.Source is { } source ? $" of {source}" : "")
                + (step.Version is { } version ? $" of event {version}" : "")));
    }

    /// <summary>January 2026 has 22 working days; a month of 30.4 days; 52 weeks of five days.</summary>
    [Theory]
    [InlineData("bg", "2026-02-15", "2200.00 a month is 100.00 a day")]
    [InlineData("bg", "2026-02-28", "2200.00 a month is 110.00 a day")]
    [InlineData("az", "2026-02-15", "2200.00 a month is 72.37 a day")]
    [InlineData("gb", "2026-02-15", "2200.00 a month is 101.54 a day")]
    public void A_day_of_leave_is_worth_what_the_law_makes_of_regular_pay(string pack, string asOf, string expected)
    {
        var payee = Payee.Of(pack).Paid(2_200).Paid(500, "2026-02-01", "bonus", PayPer.Once);
        var liability = LeaveLiability.Of(payee.Employee, Packs.Find(pack)!, Of(payee, asOf)!)!.Value;
        Assert.Equal(expected, $"2200.00 a month is {Text(liability.DailyPay)} a day");
        Assert.Equal(Math.Round(liability.Days * liability.DailyPay, 2), liability.Amount);
    }

    [Fact]
    public void Pay_by_the_hour_counts_for_the_hours_of_the_contract_and_without_pay_nothing_is_known()
    {
        var payee = Payee.Of("gb").Paid(13, per: PayPer.Hour);
        Assert.Equal(
            104m, LeaveLiability.Of(payee.Employee, Packs.Find("gb")!, Of(payee, "2026-03-31")!)!.Value.DailyPay);
        var unpaid = Payee.Of("gb");
        Assert.Null(LeaveLiability.Of(unpaid.Employee, Packs.Find("gb")!, Of(unpaid, "2026-03-31")!));
    }

    [Fact]
    public void A_payslip_after_which_leave_is_left_unpaid_is_remarked()
    {
        var maker = new PayslipMaker();
        IReadOnlyList<SlipRemark> Remarks(Payee payee)
        {
            Assert.Null(maker.Make(payee.Request("2026-03"), out _));
            return maker.Remarks;
        }

        var payee = Payee.Of("bg").Paid(2_200);
        Assert.Empty(Remarks(payee));
        Assert.Equal([SlipRemark.UnusedLeave], Remarks(payee.Left("2026-03-20")));
        Assert.Empty(Remarks(payee.Paid(433, "2026-03-20", "leaveCompensation", PayPer.Once)));
        Assert.Empty(Remarks(Payee.Of("bg").Paid(2_200).Left("2026-03-20")
            .Absent(AbsenceKind.Leave, "2026-03-16", "2026-03-20")));
    }

    internal static LeaveEntitlementRecorded Entitled(string from, decimal days, decimal? carryOverMax = null) =>
        new(Slips.Day(from), new(days, carryOverMax));

    internal static LeaveBalance? Of(Payee payee, string asOf) =>
        LeaveBalance.Of(payee.Employee, Packs.Find(payee.Group.Pack)!, Slips.Day(asOf));

    private static string LastYear(Payee payee, string asOf) => Of(payee, asOf)?.Years is not [.., var year] ? "none"
        : $"{Text(year.Accrued)} accrued of {Text(year.Entitlement)}, taken {Text(year.Taken)}, "
            + $"left {Text(year.Balance)}";

    /// <summary>1 and 6 May 2026 are a Friday and a Wednesday. In the United Kingdom bank holidays are part of the 28
    /// days.</summary>
    [Theory]
    [InlineData("bg", 4)]
    [InlineData("gb", 6)]
    public void Public_holidays_within_leave_take_nothing_in_Bulgaria(string pack, int taken) => Assert.Equal(
        taken, LeaveDays.Count(Packs.Find(pack)!, new(2026, 5, 1), new(2026, 5, 8)));

    [Fact]
    public void Of_a_year_whose_calendar_is_not_known_holidays_count() =>
        Assert.Equal(5, LeaveDays.Count(Packs.Find("bg")!, new(2035, 3, 1), new(2035, 3, 7)));

    private static string Text(decimal days) => days.ToString("0.00", CultureInfo.InvariantCulture);
}

using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain.Employees;
using Ledger.Domain.Leave;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Tests.Leave;

/// <summary>Leave on any day, against counting it day by day, and in whichever order it was recorded.</summary>
public sealed class LeavePropertyTests
{
    private static readonly LocalDate First = new(2023, 6, 1);

    private sealed record Drawn(
        string Pack, int Hired, int? Left, int? Opening, IReadOnlyList<LeaveEntitlementRecorded> Entitlements,
        IReadOnlyList<AbsenceRecorded> Absences, int AsOf)
    {
        public LocalDate Day => First.PlusDays(AsOf);

        public IReadOnlyList<EmployeeEvent> Events =>
        [
            new ContractRecorded("c1", new(
                "staff", First.PlusDays(Hired), ContractType.Permanent, "Clerk", 40,
                Left is { } days ? First.PlusDays(Hired + days) : null)),
            .. Opening is { } day
                ? [new OpeningFiguresRecorded(2024, new(First.PlusDays(day), LeaveDays: 12.5m))]
                : (EmployeeEvent[])[],
            .. Entitlements, .. Absences,
        ];
    }

    private static readonly Gen<LeaveEntitlementRecorded> Entitlement =
        from day in Gen.Choose(0, 1_200)
        from days in Gen.Choose(10, 40)
        from carryOverMax in Gen.Choose(0, 30)
        select new LeaveEntitlementRecorded(
            First.PlusDays(day), new(days, carryOverMax > 20 ? null : carryOverMax));

    /// <summary>One a month at most, so that none overlaps another.</summary>
    private static Gen<AbsenceRecorded> Absence(int month) =>
        from day in Gen.Choose(0, 15)
        from length in Gen.Choose(0, 12)
        from kind in Gen.Elements(AbsenceKind.Leave, AbsenceKind.Leave, AbsenceKind.Sick)
        from withdrawn in Gen.Choose(0, 4)
        let first = First.PlusMonths(month).PlusDays(day)
        select new AbsenceRecorded(
            $"a{month}", new(kind, first, first.PlusDays(length), withdrawn == 0 ? true : null));

    private static readonly Gen<Drawn> Any =
        from pack in Gen.Elements("az", "bg", "gb", "us")
        from hired in Gen.Choose(0, 400)
        from left in Gen.Choose(0, 1_500)
        from opening in Gen.Choose(0, 1_500)
        from entitlements in Entitlement.ListOf(2)
        from months in Gen.Choose(0, 38).ListOf(12)
        from absences in Gen.CollectToList(months.Distinct(), Absence)
        from asOf in Gen.Choose(300, 1_200)
        select new Drawn(
            pack, hired, left > 900 ? null : left, opening > 900 ? null : opening,
            [.. entitlements.DistinctBy(each => each.EffectiveFrom)], [.. absences], asOf);

    [Fact]
    public void The_balance_is_what_counting_day_by_day_comes_to() => Prop.ForAll(
        Any.ToArbitrary(),
        drawn => Assert.Equal(Counted(drawn), Of(drawn.Events, drawn)?.Days)).QuickCheckThrowOnFailure();

    [Fact]
    public void Each_year_begins_with_what_the_one_before_left_and_adds_up() => Prop.ForAll(
        Any.ToArbitrary(),
        drawn =>
        {
            var years = Of(drawn.Events, drawn)?.Years ?? [];
            Assert.All(years, year => Assert.Equal(year.Opening + year.Accrued - year.Taken, year.Balance));
            Assert.All(years.Zip(years.Skip(1)), pair =>
                Assert.Equal(pair.First.Balance - pair.First.Lapsed, pair.Second.Opening));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_recorded_late_counts_as_if_it_had_been_recorded_in_time() => Prop.ForAll(
        Any.ToArbitrary(),
        drawn => Assert.Equal(Shown(drawn.Events, drawn), Shown([.. drawn.Events.Reverse()], drawn)))
        .QuickCheckThrowOnFailure();

    /// <summary>Else the properties above would hold of nothing.</summary>
    [Fact]
    public void Most_drawn_employees_have_leave_and_took_some()
    {
        var some = Any.Sample(200).Count(drawn =>
            Of(drawn.Events, drawn) is { } balance && balance.Years.Any(year => year.Taken > 0));
        Assert.InRange(some, 80, 200);
    }

    private static LeaveBalance? Of(IEnumerable<EmployeeEvent> events, Drawn drawn) => LeaveBalance.Of(
        events.Aggregate(Employee.Initial, Employee.Evolve), Packs.Find(drawn.Pack)!, drawn.Day);

    /// <summary>Without versions, which are those of the order.</summary>
    private static string Shown(IEnumerable<EmployeeEvent> events, Drawn drawn) => string.Join(
        '\n', (Of(events, drawn)?.Years ?? []).Select(year => string.Join(
            "; ", year.Working.Select(step => (step with { Version = null }).ToString())
                .Append((year with { Working = [] }).ToString()))));

    /// <summary>As one would count on a calendar.</summary>
    private static decimal? Counted(Drawn drawn)
    {
        var hired = First.PlusDays(drawn.Hired);
        var last = drawn.Left is { } left ? hired.PlusDays(left) : LocalDate.MaxIsoValue;
        LocalDate? opening = drawn.Opening <= drawn.AsOf ? First.PlusDays(drawn.Opening.Value) : null;
        var least = drawn.Pack switch { "az" => 21m, "bg" => 20m, "gb" => 28m, _ => 0m };
        var end = LocalDate.Min(drawn.Day, last);
        if (opening is null
            && (hired > end || (least == 0 && drawn.Entitlements.All(each => each.EffectiveFrom > end))))
        {
            return null;
        }

        var (balance, ofYear) = (opening is null ? 0m : 12.5m, 0m);
        for (var day = opening?.PlusDays(1) ?? hired; day <= end; day = day.PlusDays(1))
        {
            var own = drawn.Entitlements.Where(each => each.EffectiveFrom <= day)
                .MaxBy(each => each.EffectiveFrom)?.Details;
            if (day >= hired)
            {
                ofYear += Math.Max(own?.DaysPerYear ?? 0, least);
                balance -= drawn.Absences.Any(each => each.Details is { Kind: AbsenceKind.Leave, Withdrawn: null }
                    && each.Details.From <= day && each.Details.To >= day)
                    && (drawn.Pack == "az" || day.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday))
                    && !(drawn.Pack == "bg" && Packs.Find("bg")!.Holidays.On(day) is not null)
                    ? 1 : 0;
            }

            if (day == end || day is { Month: 12, Day: 31 })
            {
                balance += Math.Round(
                    ofYear / (CalendarSystem.Iso.IsLeapYear(day.Year) ? 366 : 365), 2, MidpointRounding.AwayFromZero);
                ofYear = 0;
                balance = day < end && own?.CarryOverMax is { } max ? Math.Min(balance, max) : balance;
            }
        }

        return balance;
    }
}

using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using NodaTime;

namespace Ledger.Tests.PayRuns;

/// <summary>
/// Changes that are recorded at random times, paid over the runs of half a year, leave what would have been paid had
/// all been known at once.
/// </summary>
public sealed class LateChangesPropertyTests
{
    private const int Months = 6;

    /// <summary>A change of pay, an absence, or the end of employment, and the month before whose run it is recorded.
    /// </summary>
    private sealed record Change(int RecordedBefore, int Day, int Length, decimal Amount, int What)
    {
        private static readonly LocalDate First = new(2026, 1, 1);

        public void Record(Payee payee, int number)
        {
            var from = First.PlusDays(Day);
            var absence = $"a{number}";
            _ = What switch
            {
                0 or 1 => payee.Record(new PayRecorded("salary", from, new(Amount, PayPer.Month))),
                2 => payee.Record(new PayRecorded("bonus", from, new(Amount, PayPer.Once))),
                3 => payee.Record(new PayRecorded(
                    "bonus", from, new(Amount / 10, PayPer.Month, First.PlusDays(150)))),
                4 => payee.Record(new AbsenceRecorded(
                    absence, new(AbsenceKind.Unpaid, from, from.PlusDays(Length)))),
                _ => payee.Record(new AbsenceRecorded(
                    "withdrawn", new(AbsenceKind.Unpaid, from, from.PlusDays(Length), Length % 2 == 0 ? true : null))),
            };
        }
    }

    private static readonly Gen<Change> Changes =
        from before in Gen.Choose(1, Months)
        from day in Gen.Choose(0, 150)
        from length in Gen.Choose(0, 20)
        from cents in Gen.Choose(50_000, 600_000)
        from what in Gen.Choose(0, 5)
        select new Change(before, day, length, cents / 100m, what);

    private static Arbitrary<(string Pack, Change[] Changes)> Drawn(params string[] packs) => (
        from pack in Gen.Elements(packs)
        from changes in Changes.ListOf(6)
        select (pack, changes.OrderBy(each => each.RecordedBefore).ToArray())).ToArbitrary();

    private static Payee New(string pack) =>
        Payee.Of(pack).Paid(2_000).Setting("lateTax", "earned").RunsSince("2026-01");

    /// <summary>Records changes as they come and pays each month; at the end whatever is still owed.</summary>
    private static Payee AsTheyCame(string pack, Change[] changes)
    {
        var payee = New(pack);
        for (var month = 1; month <= Months; month++)
        {
            for (var i = 0; i < changes.Length; i++)
            {
                if (changes[i].RecordedBefore == month)
                {
                    changes[i].Record(payee, i);
                }
            }

            payee.Run($"2026-0{month}");
        }

        return payee;
    }

    /// <summary>The same entries, all recorded before the first run.</summary>
    private static Payee AllAtOnce(string pack, Change[] changes) =>
        AsTheyCame(pack, [.. changes.Select(each => each with { RecordedBefore = 1 })]);

    private static Dictionary<(string Code, LocalDate Earned), decimal> ByMonth(
        Payee payee, Func<SlipLine, bool> counts) =>
        payee.Given.SelectMany(each => each.Slip.Lines.Where(counts).Select(line =>
                (Key: (line.Code, line.EarnedThrough ?? each.Slip.Through), line.Amount)))
            .GroupBy(each => each.Key, each => each.Amount)
            .Where(group => group.Sum() != 0)
            .ToDictionary(group => group.Key, group => group.Sum());

    [Fact]
    public void Gross_pay_of_each_month_is_what_it_would_have_been() => Prop.ForAll(
        Drawn("az", "bg", "gb", "us"),
        drawn => Assert.Equal(
            Sorted(ByMonth(AllAtOnce(drawn.Pack, drawn.Changes), IsPay)),
            Sorted(ByMonth(AsTheyCame(drawn.Pack, drawn.Changes), IsPay)))).QuickCheckThrowOnFailure();

    /// <summary>In Bulgaria contributions; in Azerbaijan, where the group says so, all levies.</summary>
    [Fact]
    public void Levies_by_the_month_earned_are_what_they_would_have_been() => Prop.ForAll(
        Drawn("az", "bg"),
        drawn => Assert.Equal(
            Sorted(ByMonth(AllAtOnce(drawn.Pack, drawn.Changes), line => IsByMonth(drawn.Pack, line))),
            Sorted(ByMonth(AsTheyCame(drawn.Pack, drawn.Changes), line => IsByMonth(drawn.Pack, line)))))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Net_pay_is_gross_less_deductions_and_never_below_zero() => Prop.ForAll(
        Drawn("az", "bg", "gb", "us"),
        drawn =>
        {
            var owed = 0m;
            Assert.All(AsTheyCame(drawn.Pack, drawn.Changes).Given, each =>
            {
                var slip = each.Slip;
                Assert.Equal(slip.Lines.Where(IsPay).Sum(line => line.Amount), slip.Gross());
                Assert.Equal(slip.Net(), slip.Gross() - slip.Deductions());
                Assert.True(slip.Net() >= 0);
                owed -= slip.Sum("receivable") + slip.Sum("receivableRecovered");
                Assert.True(owed >= 0);
                Assert.DoesNotContain(
                    slip.Lines, line => line.Amount == 0 || line.Amount != Math.Round(line.Amount, 2));
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_run_that_is_made_again_pays_nothing_more() => Prop.ForAll(
        Drawn("az", "bg", "gb", "us"),
        drawn =>
        {
            var payee = AsTheyCame(drawn.Pack, drawn.Changes);
            Assert.Null(payee.Preview($"2026-0{Months}", PayRunKind.Supplementary));
            Assert.Equal("", payee.Preview($"2026-0{Months}") is { } again ? again.Pay() : "");
        }).QuickCheckThrowOnFailure();

    /// <summary>Else the properties above would hold of nothing.</summary>
    [Fact]
    public void Most_random_changes_lead_to_arrears()
    {
        var late = Drawn("bg").Generator.Sample(100).Count(drawn =>
            AsTheyCame(drawn.Pack, drawn.Changes).Given.Any(each => each.Slip.Lines.Any(
                line => IsPay(line) && line.EarnedThrough is not null)));
        Assert.InRange(late, 70, 100);
    }

    private static bool IsPay(SlipLine line) => line.Kind is LineKind.Earning or LineKind.Benefit;

    private static bool IsByMonth(string pack, SlipLine line) =>
        line.Kind is LineKind.Contribution or LineKind.EmployerContribution
        || (line.Kind == LineKind.Tax && pack == "az");

    private static List<string> Sorted(Dictionary<(string Code, LocalDate Earned), decimal> sums) =>
    [
        .. sums.Select(each => FormattableString.Invariant($"{each.Key} {each.Value:0.00}"))
            .Order(StringComparer.Ordinal),
    ];
}

using Ledger.Domain;
using Ledger.Domain.Periods;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Periods;

/// <summary>
/// Every state that can be reached over five months, around the end of a fiscal year, and every command in it.
/// </summary>
public sealed class PeriodStateSpaceTests
{
    private static readonly YearMonth[] Months = [.. Enumerable.Range(0, 5).Select(new YearMonth(2025, 11).PlusMonths)];

    private static readonly IReadOnlyList<(string Name, Func<FiscalCalendar, Decision<PeriodEvent>> Decide)> Commands =
    [
        .. from month in Months
           from command in new (string, Func<FiscalCalendar, Decision<PeriodEvent>>)[]
           {
               ($"close {month}", c => PeriodDecider.Decide(new ClosePeriod(month), c, Acme, null, Today)),
               ($"through {month}", c => PeriodDecider.Decide(new ClosePeriod(month, true), c, Acme, null, Today)),
               ($"reopen {month}", c => PeriodDecider.Decide(new ReopenPeriod(month, "Late"), c, Acme)),
               ($"final {month}", c => PeriodDecider.Decide(new FinalizeFiscalYear(month), c, Acme)),
           }
           select command,
    ];

    private static readonly IReadOnlyList<FiscalCalendar> Reachable = Explore();

    [Fact]
    public void The_space_is_small_but_not_trivial() => Assert.InRange(Reachable.Count, 20, 100);

    [Fact]
    public void Every_command_twice_is_nothing_new() => ForEach((before, name, decision, after) =>
    {
        if (decision.Events.Count > 0)
        {
            var again = Commands.Single(command => command.Name == name).Decide(after);
            Assert.Equal(Decision<PeriodEvent>.Nothing, again);
        }
    });

    [Fact]
    public void A_command_appends_one_event_or_is_refused_or_changes_nothing() =>
        ForEach((before, _, decision, after) =>
        {
            Assert.InRange(decision.Events.Count + (decision.Refusal is null ? 0 : 1), 0, 1);
            Assert.Equal(decision.Events.Count == 0, before == after);
        });

    [Fact]
    public void Nothing_that_is_final_is_ever_open() => Assert.All(Reachable, calendar =>
        Assert.All(Months.Where(calendar.IsFinal), month => Assert.True(calendar.IsClosed(month))));

    [Fact]
    public void Closed_months_have_no_gap() => Assert.All(Reachable, calendar =>
        Assert.Equal(
            Months.Select(calendar.IsClosed).OrderDescending(),
            Months.Select(calendar.IsClosed)));

    [Fact]
    public void What_is_reopened_lies_behind_what_is_closed() => Assert.All(Reachable, calendar =>
        Assert.True(calendar.ReopenedThrough is null || calendar.ReopenedThrough > calendar.ClosedThrough));

    [Fact]
    public void An_accepted_command_does_what_its_name_says() => ForEach((before, name, decision, after) =>
    {
        var month = NodaTime.Text.YearMonthPattern.Iso.Parse(name.Split(' ')[^1]).Value;
        if (decision.Refusal is null)
        {
            Assert.Equal(!name.StartsWith("reopen", StringComparison.Ordinal), after.IsClosed(month));
            Assert.True(!name.StartsWith("final", StringComparison.Ordinal) || after.IsFinal(month));
        }
    });

    private static void ForEach(Action<FiscalCalendar, string, Decision<PeriodEvent>, FiscalCalendar> check)
    {
        foreach (var before in Reachable)
        {
            foreach (var (name, decide) in Commands)
            {
                var decision = decide(before);
                check(before, name, decision, decision.Events.Aggregate(before, FiscalCalendar.Evolve));
            }
        }
    }

    private static List<FiscalCalendar> Explore()
    {
        var found = new List<FiscalCalendar> { FiscalCalendar.Initial };
        for (var i = 0; i < found.Count; i++)
        {
            var state = found[i];
            var next = Commands.Select(command => command.Decide(state).Events.Aggregate(state, FiscalCalendar.Evolve));
            found.AddRange(next.Distinct().Except(found).ToList());
        }

        return found;
    }
}

using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain.Employees;
using NodaTime;
using static Ledger.Tests.Employees.EmployeeBooks;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Employees;

public sealed class ContractDeciderTests
{
    [Fact]
    public void A_contract_is_recorded() =>
        Given(Registered).When(new PutContract(Id, "c1", Clerk)).ThenAppended(Hired);

    [Fact]
    public void Contracts_follow_each_other()
    {
        var until = Clerk with { To = Day("2026-06-30") };
        var next = Clerk with { From = Day("2026-07-01"), WeeklyHours = 20m };
        var given = Given(Registered, new ContractRecorded("c1", until));
        given.When(new PutContract(Id, "c2", next)).ThenAppended(new ContractRecorded("c2", next));
        given.When(new PutContract(Id, "c2", next with { From = Day("2026-06-30") }))
            .ThenRefused(EmployeeRefusals.ContractsOverlap("c2", "c1", until));
        given.When(new PutContract(Id, "c2", next with { From = Day("2025-01-01"), To = Day("2026-01-01") }))
            .ThenRefused(EmployeeRefusals.ContractsOverlap("c2", "c1", until));
    }

    [Fact]
    public void A_correction_does_not_overlap_what_it_corrects() =>
        Given(Registered, Hired).When(new PutContract(Id, "c1", Clerk with { Position = "Cashier" }, 2))
            .ThenAppended(new ContractRecorded("c1", Clerk with { Position = "Cashier" }));

    [Fact]
    public void A_contract_stays_with_the_group_that_paid_it() =>
        Given(Registered, Hired).When(new PutContract(Id, "c1", Clerk with { PayGroup = "closed" }, 2))
            .ThenRefused(EmployeeRefusals.PayGroupFixed("c1", "sofia"));

    [Fact]
    public void Whoever_comes_back_after_the_last_day_is_somebody_else_here()
    {
        var last = Day("2026-06-30");
        var given = Given(
            Registered, new ContractRecorded("c1", Clerk with { To = last }),
            new EmploymentTerminated(new(last, "left")));
        var back = Clerk with { From = Day("2026-09-01") };
        given.When(new PutContract(Id, "c2", back))
            .ThenRefused(EmployeeRefusals.ContractAfterTermination(back.From, last));
    }

    [Fact]
    public void No_two_contracts_that_were_accepted_ever_hold_on_the_same_day()
    {
        var days = Gen.Choose(0, 60).Select(day => Day("2026-01-01").PlusDays(day));
        var contract =
            from id in Gen.Choose(1, 4)
            from start in days
            from length in Gen.Choose(-2, 30)
            from isOpen in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
            let to = isOpen ? (LocalDate?)null : start.PlusDays(length)
            select new PutContract(Id, $"c{id}", Clerk with { From = start, To = to });
        var accepted = 0;
        Prop.ForAll(contract.ListOf().ToArbitrary(), commands =>
        {
            var employee = Of(Registered);
            foreach (var command in commands)
            {
                var version = EmployeeDecider.VersionOf(command, employee);
                var seen = command with { IfMatch = version > 0 ? version : null };
                var decision = EmployeeDecider.Decide(seen, employee, Shop);
                employee = decision.Events.Aggregate(employee, Employee.Evolve);
                accepted += decision.Events.Count;
            }

            return Period.DaysBetween(Day("2025-12-01"), Day("2026-04-30")) is var span
                && Enumerable.Range(0, span).Select(day => Day("2025-12-01").PlusDays(day)).All(day =>
                    employee.Contracts.Values.Count(each =>
                        each.Details.From <= day && !(each.Details.To < day)) <= 1);
        }).QuickCheckThrowOnFailure();
        Assert.True(accepted > 100, $"Only {accepted} were accepted.");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<EmployeeCase> Faults = new(
        Case(
            new PutContract(
                "Ana Petrova", "c 2",
                new(
                    "unknown", Day("2026-09-01"), ContractType.Permanent, " ", 0m, Day("2026-08-31"), 169m,
                    new('x', 201), Map(("colour", "red"))),
                7),
            Registered, Hired, new EmploymentTerminated(new(Day("2026-06-30"), "left"))),
        a => a.Decide(),
        [
            .. Before(c => c with { Employee = Id }),
            new("id-invalid", a => a.With<PutContract>(c => c with { Contract = "c2" })),
            new("if-match-failed", a => a.With<PutContract>(c => c with { IfMatch = null })),
            new("text-empty", a => Sent(a, d => d with { Position = "Clerk" })),
            new("text-too-long", a => Sent(a, d => d with { Place = null })),
            new("pay-group-unknown", a => Sent(a, d => d with { PayGroup = "closed" })),
            new("pay-group-archived", a => Sent(a, d => d with { PayGroup = "sofia" })),
            new("weekly-hours-out-of-range", a => Sent(a, d => d with { WeeklyHours = 40m })),
            new("weekly-hours-out-of-range", a => Sent(a, d => d with { FullTimeHours = 40m })),
            new("contract-dimension-unknown", a => Sent(a, d => d with { Dimensions = Map(("department", "x")) })),
            new("contract-dimension-value-unknown",
                a => Sent(a, d => d with { Dimensions = Map(("department", "closed")) })),
            new("contract-dimension-value-archived",
                a => Sent(a, d => d with { Dimensions = Map(("department", "shop")) })),
            new("ends-before-it-begins", a => Sent(a, d => d with { To = null })),
            new("contracts-overlap", a => a with
            {
                Employee = Of(
                    Registered, new ContractRecorded("c1", Clerk with { To = Day("2026-06-30") }),
                    new EmploymentTerminated(new(Day("2026-06-30"), "left"))),
            }),
            new("contract-after-termination", a => Sent(a, d => d with { From = Day("2026-07-01") }) with
            {
                Employee = Of(Registered),
            }),
        ]);

    private static EmployeeCase Sent(EmployeeCase a, Func<ContractDetails, ContractDetails> change) =>
        a.With<PutContract>(c => c with { Details = change(c.Details) });
}

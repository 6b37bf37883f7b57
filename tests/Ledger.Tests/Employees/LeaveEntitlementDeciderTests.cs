using Ledger.Domain;
using Ledger.Domain.Employees;
using static Ledger.Tests.Employees.EmployeeBooks;

namespace Ledger.Tests.Employees;

public sealed class LeaveEntitlementDeciderTests
{
    private static readonly LeaveEntitlementDetails Days = new(25m, 10m);

    private static readonly LeaveEntitlementRecorded Entitled = new(Day("2026-01-01"), Days);

    [Fact]
    public void Leave_of_their_own_is_recorded_from_a_day_on_and_corrected()
    {
        Given(Registered, Hired).When(new PutLeaveEntitlement(Id, Day("2026-01-01"), Days)).ThenAppended(Entitled);
        var given = Given(Registered, Hired, Entitled);
        given.When(new PutLeaveEntitlement(Id, Day("2026-01-01"), Days)).ThenNothing();
        given.When(new PutLeaveEntitlement(Id, Day("2026-01-01"), new(30m)))
            .ThenRefused(RegisterRefusals.IfMatchRequired(3));
        given.When(new PutLeaveEntitlement(Id, Day("2026-01-01"), new(30m), 3))
            .ThenAppended(new LeaveEntitlementRecorded(Day("2026-01-01"), new(30m)));
        given.When(new PutLeaveEntitlement(Id, Day("2026-07-01"), new(30m)))
            .ThenAppended(new LeaveEntitlementRecorded(Day("2026-07-01"), new(30m)));
    }

    [Fact]
    public void It_may_be_what_the_law_grants_and_no_less()
    {
        var law = "Labour Code, art. 155 (4): basic paid annual leave is at least 20 working days";
        Given(Registered, Hired).When(new PutLeaveEntitlement(Id, Day("2026-01-01"), new(20m)))
            .ThenAppended(new LeaveEntitlementRecorded(Day("2026-01-01"), new(20m)));
        Given(Registered, Hired).When(new PutLeaveEntitlement(Id, Day("2026-01-01"), new(19.99m)))
            .ThenRefused(EmployeeRefusals.LeaveBelowLaw(19.99m, 20m, law));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<EmployeeCase> Faults = new(
        Case(new PutLeaveEntitlement("Ana Petrova", Day("2026-01-01"), new(15.005m, -0.005m), 7), Registered),
        a => a.Decide(),
        [
            .. Before(c => c with { Employee = Id }),
            new("if-match-failed", a => a.With<PutLeaveEntitlement>(c => c with { IfMatch = null })),
            new("contract-missing", a => a with { Employee = Of(Registered, Hired) }),
            new("amount-too-precise", a => With(a, d => d with { DaysPerYear = 366.01m })),
            new("leave-days-out-of-range", a => With(a, d => d with { DaysPerYear = 15m })),
            new("amount-too-precise", a => With(a, d => d with { CarryOverMax = -1m })),
            new("leave-days-out-of-range", a => With(a, d => d with { CarryOverMax = null })),
            new("leave-below-law", a => With(a, d => d with { DaysPerYear = 20m })),
        ]);

    private static EmployeeCase With(EmployeeCase a, Func<LeaveEntitlementDetails, LeaveEntitlementDetails> change) =>
        a.With<PutLeaveEntitlement>(c => c with { Details = change(c.Details) });
}

using Ledger.Domain;
using Ledger.Domain.Employees;
using static Ledger.Tests.Employees.EmployeeBooks;

namespace Ledger.Tests.Employees;

public sealed class EmployeeDeciderTests
{
    [Fact]
    public void Somebody_is_registered() => Given().When(new PutEmployee(Id, Ana)).ThenAppended(Registered);

    [Fact]
    public void The_same_again_is_nothing_new_whatever_became_of_the_company() =>
        Given(Registered).When(new PutEmployee(Id, Ana, IfMatch: 99), Nowhere).ThenNothing();

    [Fact]
    public void Another_name_needs_the_version_of_the_one_that_is_known()
    {
        var married = Ana with { Name = Text("Ana Ilieva") };
        var given = Given(Registered, Hired);
        given.When(new PutEmployee(Id, married)).ThenRefused(RegisterRefusals.IfMatchRequired(1));
        given.When(new PutEmployee(Id, married, 2)).ThenRefused(RegisterRefusals.IfMatchFailed(2, 1));
        given.When(new PutEmployee(Id, married, 1)).ThenAppended(new EmployeeChanged(married));
    }

    [Fact]
    public void Each_entry_has_the_version_of_its_own_last_change()
    {
        var employee = Of(
            Registered, Hired, new PayRecorded("salary", Day("2026-01-01"), new(1m, PayPer.Month)),
            new EmployeeChanged(Ana with { Language = "bg" }));
        Assert.Equal(4, EmployeeDecider.VersionOf(new PutEmployee(Id, Ana), employee));
        Assert.Equal(2, EmployeeDecider.VersionOf(new PutContract(Id, "c1", Clerk), employee));
        Assert.Equal(3, EmployeeDecider.VersionOf(
            new PutPay(Id, "salary", Day("2026-01-01"), new(1m, PayPer.Month)), employee));
        Assert.Equal(0, EmployeeDecider.VersionOf(
            new TerminateEmployment(Id, new(Day("2026-06-30"), "left")), employee));
    }

    [Fact]
    public void No_refusal_repeats_a_birth_date() => Assert.DoesNotContain(
        "31.3.", EmployeeDecider.Decide(
            new PutEmployee(Id, Ana with { BirthDate = Text("31.3.1990") }), Employee.Initial, Shop).Refusal!.Message,
        StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<EmployeeCase> Faults = new(
        Case(new PutEmployee(
            "Ana Petrova",
            new(
                Text(" "), Text(new('x', 201)), Text("1990"), Text(new('x', 201)), Text(new('x', 501)), "bg_BG"),
            7)),
        a => a.Decide(),
        new("company-unknown", a => a with { At = a.At with { Company = SmallBooks.Acme } }),
        new("id-invalid", a => a.With<PutEmployee>(c => c with { Employee = EmployeeDecider.ReservedId })),
        new("personal-data-erased", a => a with { At = Shop }),
        new("employee-id-reserved", a => a.With<PutEmployee>(c => c with { Employee = Id })),
        new("if-match-failed", a => a.With<PutEmployee>(c => c with { IfMatch = null })),
        new("text-empty", a => Sent(a, d => d with { Name = Text("Ana") })),
        new("text-too-long", a => Sent(a, d => d with { Email = null })),
        new("text-too-long", a => Sent(a, d => d with { NationalNumber = null })),
        new("text-too-long", a => Sent(a, d => d with { Address = null })),
        new("language-invalid", a => Sent(a, d => d with { Language = "bg" })),
        new("birth-date-invalid", a => Sent(a, d => d with { BirthDate = Text("1990-03-31") })));

    private static EmployeeCase Sent(EmployeeCase a, Func<EmployeeDetails, EmployeeDetails> change) =>
        a.With<PutEmployee>(c => c with { Details = change(c.Details) });
}

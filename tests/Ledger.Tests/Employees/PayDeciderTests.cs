using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using static Ledger.Tests.Employees.EmployeeBooks;

namespace Ledger.Tests.Employees;

public sealed class PayDeciderTests
{
    private static readonly PayDetails Monthly = new(1_500.00m, PayPer.Month);

    [Fact]
    public void Pay_is_recorded_from_a_day_on_also_from_one_that_has_passed() =>
        Given(Registered, Hired).When(new PutPay(Id, "salary", Day("2026-01-01"), Monthly))
            .ThenAppended(new PayRecorded("salary", Day("2026-01-01"), Monthly));

    [Fact]
    public void The_same_amount_with_other_digits_is_nothing_new() =>
        Given(Registered, Hired, new PayRecorded("salary", Day("2026-01-01"), Monthly))
            .When(new PutPay(Id, "salary", Day("2026-01-01"), new(1_500m, PayPer.Month))).ThenNothing();

    [Fact]
    public void A_wage_by_the_hour_that_follows_a_salary_ends_it_and_is_no_second_basis() =>
        Given(Registered, Hired, new PayRecorded("salary", Day("2026-01-01"), Monthly))
            .When(new PutPay(Id, "salary", Day("2026-03-01"), new(9.1234m, PayPer.Hour)))
            .ThenAppended(new PayRecorded("salary", Day("2026-03-01"), new(9.1234m, PayPer.Hour)));

    [Fact]
    public void Two_bases_at_once_are_refused_whichever_was_recorded_first()
    {
        var year = Monthly with { To = Day("2026-12-31") };
        var hourly = new PayDetails(9m, PayPer.Hour);
        Given(Registered, Hired, new PayRecorded("salary", Day("2026-01-01"), year))
            .When(new PutPay(Id, "salary", Day("2026-03-01"), hourly))
            .ThenRefused(EmployeeRefusals.TwoBases("salary", Day("2026-01-01"), year));
        Given(Registered, Hired, new PayRecorded("salary", Day("2026-03-01"), hourly))
            .When(new PutPay(Id, "salary", Day("2026-01-01"), year))
            .ThenRefused(EmployeeRefusals.TwoBases("salary", Day("2026-03-01"), hourly));
        Given(Registered, Hired, new PayRecorded("salary", Day("2026-01-01"), year))
            .When(new PutPay(Id, "salary", Day("2026-03-01"), Monthly with { Amount = 1_800m }))
            .ThenAppended(new PayRecorded("salary", Day("2026-03-01"), Monthly with { Amount = 1_800m }));
        Given(Registered, Hired, new PayRecorded("bonus", Day("2026-01-01"), year))
            .When(new PutPay(Id, "bonus", Day("2026-03-01"), new(500m, PayPer.Once)))
            .ThenAppended(new PayRecorded("bonus", Day("2026-03-01"), new(500m, PayPer.Once)));
    }

    [Fact]
    public void What_is_owed_after_the_last_day_goes_by_the_law_of_the_last_contract() =>
        Given(
            Registered, new ContractRecorded("c1", Clerk with { To = Day("2026-03-31") }),
            new EmploymentTerminated(new(Day("2026-03-31"), "left")))
            .When(new PutPay(Id, "severance", Day("2026-04-15"), new(500m, PayPer.Once)))
            .ThenAppended(new PayRecorded("severance", Day("2026-04-15"), new(500m, PayPer.Once)));

    [Fact]
    public void On_a_day_the_last_entry_of_each_element_is_paid()
    {
        var employee = Of(
            Registered, Hired,
            new PayRecorded("salary", Day("2026-01-01"), Monthly),
            new PayRecorded("salary", Day("2026-03-01"), Monthly with { Amount = 1_800m }),
            new PayRecorded("allowance", Day("2026-01-01"), new(50m, PayPer.Month, Day("2026-02-28"))),
            new PayRecorded("bonus", Day("2026-03-15"), new(500m, PayPer.Once)));

        string On(string day) => string.Join(
            ' ', employee.AsOf(Day(day)).Pay.Select(each => $"{each.Key.Element} {each.Value.Details.Amount:0}"));

        Assert.Equal("", On("2025-12-31"));
        Assert.Equal("allowance 50 salary 1500", On("2026-02-28"));
        Assert.Equal("salary 1800", On("2026-03-01"));
        Assert.Equal("bonus 500 salary 1800", On("2026-03-15"));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<EmployeeCase> Faults = new(
        Case(
            new PutPay(
                "Ana Petrova", "wage", Day("2025-12-31"), new(-1.00005m, PayPer.Once, Day("2025-12-30")), 7),
            Registered, Hired, new PayRecorded("salary", Day("2026-02-01"), new(9m, PayPer.Hour))),
        a => a.Decide(),
        [
            .. Before(c => c with { Employee = Id }),
            new("if-match-failed", a => a.With<PutPay>(c => c with { IfMatch = null })),
            new("contract-missing", a => a.With<PutPay>(c => c with { EffectiveFrom = Day("2026-01-01") })),
            new("pay-element-unknown", a => a.With<PutPay>(c => c with { Element = "salary" })),
            new("pay-element-negative", a => Sent(a, d => d with { Amount = 1.00005m })),
            new("amount-too-precise", a => Sent(a, d => d with { Amount = 1m })),
            new("ends-before-it-begins", a => Sent(a, d => d with { To = Day("2026-12-31") })),
            new("pay-once-with-end", a => Sent(a, d => d with { Per = PayPer.Month })),
            new("pay-bases-overlap", a => Sent(a, d => d with { To = Day("2026-01-31") })),
        ]);

    private static EmployeeCase Sent(EmployeeCase a, Func<PayDetails, PayDetails> change) =>
        a.With<PutPay>(c => c with { Details = change(c.Details) });
}

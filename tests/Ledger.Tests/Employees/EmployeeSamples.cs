using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using Ledger.Domain.People;
using Ledger.Tests.People;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Employees;

/// <summary>One event of an employee of each kind with every member filled.</summary>
internal static class EmployeeSamples
{
    private static readonly LocalDate NewYear = new(2026, 1, 1);

    private static readonly PersonalText Text =
        PersonalText.Sealed("p-17", Purpose.Payroll, FieldSealTests.GoldenCiphertext);

    private static readonly EmployeeDetails Details = new(Text, Text, Text, Text, Text, "bg");

    private static readonly ValueMap<FactValue> Facts = ValueMap<FactValue>.From(
    [
        new("bornBefore1960", new(null, Flag: false)), new("accidentRate", new("0.4")),
        new("children", new(null, Count: 2)),
    ]);

    public static readonly object[] All =
    [
        new EmployeeRegistered(Details),
        new EmployeeChanged(Details),
        new ContractRecorded("c1", new(
            "sofia", NewYear, ContractType.FixedTerm, "Продавач", 20m, new(2026, 12, 31), 40m, "София",
            Map(("department", "sales")))),
        new PayRecorded("salary", NewYear, new(1500.00m, PayPer.Month, new(2026, 12, 31))),
        new StatutoryFactsRecorded(NewYear, new("bg", Facts)),
        new BankAccountRecorded(NewYear, new(Text, false, "BNBGBGSD", Text)),
        new AbsenceRecorded("a1", new(AbsenceKind.WorkAccident, NewYear, new(2026, 1, 5), Withdrawn: true)),
        new LeaveEntitlementRecorded(NewYear, new(25.5m, 10.00m)),
        new DeductionRecorded("d1", new(
            DeductionKind.Garnishment, 100.00m, NewYear, "bailiff-7", new(2026, 12, 31), 1200.00m, Text)),
        new OpeningFiguresRecorded(2026, new(
            new(2026, 3, 31), ValueMap<FactValue>.From([new("insuredPay", new("4500.00"))]),
            ValueMap<decimal>.From([new("salary", 4500.00m)]), 12.5m, 18000.00m)),
        new EmploymentTerminated(new(new(2026, 6, 30), "resigned")),
    ];
}

using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using NodaTime;

namespace Ledger.Tests.PayRuns;

/// <summary>A run as events: calculated twice, posted and reversed; its payslips are made, made again, withdrawn and
/// failed.</summary>
internal static class PayEvents
{
    private static readonly UnitCode Eur = new("EUR");

    public static IEnumerable<(string Stream, object Event)> All()
    {
        const string run = "pay-run/r.1";
        string hash = new('3', 64);
        return
        [
            ("employee/p-17", new OpeningFiguresRecorded(2026, new(
                new(2026, 2, 28), Lines: ValueMap<decimal>.From([new("salary", 4_000m)])))),
            (run, new PayRunOpened(
                new("sofia", "2026-03", new(2026, 3, 28), PayRunKind.Regular), new(2026, 3, 1), new(2026, 3, 31))),
            (run, Started(1)),
            ("payslip/r.1/p-17", new PayslipCalculated(1, Slip(1_500m))),
            ("payslip/r.1/p-18", new PayslipFailed(1, "fact-missing", "The fact accidentRate is not known.")),
            ("payslip/r.1/p-19", new PayslipCalculated(1, Slip(900m))),
            (run, new PayRunCalculated(1, 2, 1, hash)),
            (run, Started(2)),
            ("payslip/r.1/p-17", new PayslipCalculated(2, Slip(1_600m))),
            ("payslip/r.1/p-19", new PayslipWithdrawn(2)),
            (run, new PayRunCalculated(2, 1, 1, hash)),
            (run, new PayRunApproved(2, hash)),
            (run, new PayRunPosted("r.1~pay", new(2026, 3, 31))),
            (run, new PayRunReversed(new(2026, 4, 30), "Wrong")),
        ];
    }

    private static PayRunCalculationStarted Started(int attempt) => new(attempt, 1, new(2026, 3, 28), "maria");

    private static Payslip Slip(decimal salary) => new(
        "c1", "bg", 1, Eur, new(2026, 3, 1), new(2026, 3, 31), new(2026, 3, 28),
        [
            new("salary", LineKind.Earning, salary),
            new("bonus", LineKind.Earning, 100.00m, new LocalDate(2026, 2, 28), Causes: [3]),
            new("car", LineKind.Benefit, 50.00m),
            new("pensions", LineKind.Contribution, 131.60m, null, 2_000.00m, 0.0658m, "pensions.employee"),
            new("loan", LineKind.Deduction, 10.00m, Deduction: "loan-1"),
            new("pensionsEmployer", LineKind.EmployerContribution, 164.40m),
        ],
        9, SmallBooks.Map(("department", "sales")));
}

using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using static Ledger.Tests.Employees.EmployeeBooks;

namespace Ledger.Tests.Employees;

/// <summary>Absences, deductions, what was paid elsewhere, and the end.</summary>
public sealed class LeavingDeciderTests
{
    private static readonly AbsenceDetails Sick = new(AbsenceKind.Sick, Day("2026-02-02"), Day("2026-02-06"));

    private static readonly DeductionDetails Loan = new(
        DeductionKind.Loan, 100m, Day("2026-01-01"), "bank-7", Total: 1_200m);

    private static readonly OpeningFigures Opening = new(
        Day("2026-03-31"), Lines: ValueMap<decimal>.From([new("salary", 4_500m)]), LeaveDays: 12.5m);

    private static readonly TerminationDetails Left = new(Day("2026-06-30"), "resigned");

    [Fact]
    public void Absences_of_one_employee_do_not_overlap_unless_one_did_not_happen()
    {
        var leave = new AbsenceDetails(AbsenceKind.Leave, Day("2026-02-06"), Day("2026-02-10"));
        Given(Registered, new AbsenceRecorded("a1", Sick)).When(new PutAbsence(Id, "a2", leave))
            .ThenRefused(EmployeeRefusals.AbsencesOverlap("a2", "a1", Sick));
        Given(Registered, new AbsenceRecorded("a1", Sick with { Withdrawn = true }))
            .When(new PutAbsence(Id, "a2", leave)).ThenAppended(new AbsenceRecorded("a2", leave));
        Given(Registered, new AbsenceRecorded("a1", Sick))
            .When(new PutAbsence(Id, "a1", Sick with { To = Day("2026-02-09") }, 2))
            .ThenAppended(new AbsenceRecorded("a1", Sick with { To = Day("2026-02-09") }));
    }

    [Fact]
    public void A_deduction_and_what_was_paid_elsewhere_are_recorded()
    {
        Given(Registered).When(new PutDeduction(Id, "loan", Loan)).ThenAppended(new DeductionRecorded("loan", Loan));
        Given(Registered, Hired).When(new PutOpeningFigures(Id, 2026, Opening))
            .ThenAppended(new OpeningFiguresRecorded(2026, Opening));
    }

    [Fact]
    public void What_was_paid_before_the_first_day_here_goes_by_the_contract_that_begins_then()
    {
        var hired = new ContractRecorded("c1", Clerk with { From = Day("2026-04-01") });
        Given(Registered, hired).When(new PutOpeningFigures(Id, 2026, Opening))
            .ThenAppended(new OpeningFiguresRecorded(2026, Opening));
    }

    [Fact]
    public void Employment_ends_and_how_it_ended_can_be_corrected()
    {
        Given(Registered, Hired).When(new TerminateEmployment(Id, Left)).ThenAppended(new EmploymentTerminated(Left));
        var later = Left with { LastDay = Day("2026-07-31") };
        var given = Given(Registered, Hired, new EmploymentTerminated(Left));
        given.When(new TerminateEmployment(Id, later)).ThenRefused(RegisterRefusals.IfMatchRequired(3));
        given.When(new TerminateEmployment(Id, later, 3)).ThenAppended(new EmploymentTerminated(later));
    }

    [Fact]
    public void Nobody_leaves_before_they_came() =>
        Given(Registered, Hired).When(new TerminateEmployment(Id, Left with { LastDay = Day("2025-12-31") }))
            .ThenRefused(EmployeeRefusals.TerminationBeforeHire(Day("2025-12-31"), Day("2026-01-01")));

    [Theory]
    [MemberData(nameof(AbsenceRows))]
    public void The_first_broken_rule_of_absences_answers(int repaired, string code) =>
        AbsenceFaults.Check(repaired, code);

    public static TheoryData<int, string> AbsenceRows => AbsenceFaults.Rows;

    internal static readonly FaultTable<EmployeeCase> AbsenceFaults = new(
        Case(
            new PutAbsence("Ana Petrova", "a 2", Sick with { To = Day("2026-02-01") }, 7),
            Registered, new AbsenceRecorded("a1", Sick)),
        a => a.Decide(),
        [
            .. Before(c => c with { Employee = Id }),
            new("id-invalid", a => a.With<PutAbsence>(c => c with { Absence = "a2" })),
            new("if-match-failed", a => a.With<PutAbsence>(c => c with { IfMatch = null })),
            new("ends-before-it-begins", a => a.With<PutAbsence>(c => c with { Details = Sick })),
            new("absences-overlap", a => a.With<PutAbsence>(c => c with { Details = Sick with { Withdrawn = true } })),
        ]);

    [Theory]
    [MemberData(nameof(DeductionRows))]
    public void The_first_broken_rule_of_deductions_answers(int repaired, string code) =>
        DeductionFaults.Check(repaired, code);

    public static TheoryData<int, string> DeductionRows => DeductionFaults.Rows;

    internal static readonly FaultTable<EmployeeCase> DeductionFaults = new(
        Case(
            new PutDeduction(
                "Ana Petrova", "d 1",
                new(
                    DeductionKind.Loan, -0.005m, Day("2026-01-01"), "a bank", Day("2025-12-31"), -1.005m, Text(" ")),
                7),
            Registered),
        a => a.Decide(),
        [
            .. Before(c => c with { Employee = Id }),
            new("id-invalid", a => a.With<PutDeduction>(c => c with { Deduction = "d1" })),
            new("if-match-failed", a => a.With<PutDeduction>(c => c with { IfMatch = null })),
            new("id-invalid", a => Deducted(a, d => d with { Creditor = "bank-7" })),
            new("text-empty", a => Deducted(a, d => d with { Reference = null })),
            new("amount-too-precise", a => Deducted(a, d => d with { Amount = 0m })),
            new("amount-too-precise", a => Deducted(a, d => d with { Total = 50m })),
            new("ends-before-it-begins", a => Deducted(a, d => d with { To = null })),
            new("deduction-not-positive", a => Deducted(a, d => d with { Amount = 100m })),
            new("deduction-total-too-small", a => Deducted(a, d => d with { Total = null })),
        ]);

    [Theory]
    [MemberData(nameof(OpeningRows))]
    public void The_first_broken_rule_of_opening_figures_answers(int repaired, string code) =>
        OpeningFaults.Check(repaired, code);

    public static TheoryData<int, string> OpeningRows => OpeningFaults.Rows;

    internal static readonly FaultTable<EmployeeCase> OpeningFaults = new(
        Case(
            new PutOpeningFigures(
                "Ana Petrova", 2024,
                new(
                    Day("2026-03-31"), ValueMap<FactValue>.From([new("colour", new("red"))]),
                    ValueMap<decimal>.From(Enumerable.Range(0, 201).Select(i => KeyValuePair.Create($"l {i}", 0.005m))),
                    0.005m, 0.005m),
                7),
            Registered),
        a => a.Decide(),
        [
            .. Before(c => c with { Employee = Id }),
            new("if-match-failed", a => a.With<PutOpeningFigures>(c => c with { IfMatch = null })),
            new("contract-missing", a => a with { Employee = Of(Registered, Hired) }),
            new("fact-unknown", a => Opened(a, f => f with { ToDate = null })),
            new("opening-year-differs", a => a.With<PutOpeningFigures>(c => c with { Year = 2025 })),
            new("opening-lines-too-many",
                a => Opened(a, f => f with { Lines = ValueMap<decimal>.From([new("l 0", 1m)]) })),
            new("id-invalid", a => Opened(a, f => f with { Lines = ValueMap<decimal>.From([new("l", 0.005m)]) })),
            new("amount-too-precise", a => Opened(a, f => f with { Lines = null })),
            new("amount-too-precise", a => Opened(a, f => f with { LeaveDays = null })),
            new("amount-too-precise", a => Opened(a, f => f with { EarningsOfTwelveMonths = null })),
        ]);

    [Theory]
    [MemberData(nameof(TerminationRows))]
    public void The_first_broken_rule_of_the_end_answers(int repaired, string code) =>
        TerminationFaults.Check(repaired, code);

    public static TheoryData<int, string> TerminationRows => TerminationFaults.Rows;

    internal static readonly FaultTable<EmployeeCase> TerminationFaults = new(
        Case(new TerminateEmployment("Ana Petrova", new(Day("2025-12-31"), "was rude to guests"), 7), Registered),
        a => a.Decide(),
        [
            .. Before(c => c with { Employee = Id }),
            new("if-match-failed", a => a.With<TerminateEmployment>(c => c with { IfMatch = null })),
            new("id-invalid", a => a.With<TerminateEmployment>(c => c with
            {
                Details = c.Details with { Reason = "dismissed" },
            })),
            new("employee-without-contract", a => a with { Employee = Of(Registered, Hired) }),
            new("termination-before-hire", a => a.With<TerminateEmployment>(c => c with { Details = Left })),
        ]);

    private static EmployeeCase Deducted(EmployeeCase a, Func<DeductionDetails, DeductionDetails> change) =>
        a.With<PutDeduction>(c => c with { Details = change(c.Details) });

    private static EmployeeCase Opened(EmployeeCase a, Func<OpeningFigures, OpeningFigures> change) =>
        a.With<PutOpeningFigures>(c => c with { Figures = change(c.Figures) });
}

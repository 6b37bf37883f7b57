using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using static Ledger.Tests.Employees.EmployeeBooks;

namespace Ledger.Tests.Employees;

public sealed class StatutoryDeciderTests
{
    private static readonly StatutoryDetails Facts = Of("bg", ("bornBefore1960", false), ("accidentRate", "0.4"));

    [Fact]
    public void Facts_are_recorded_from_a_day_on() =>
        Given(Registered).When(new PutStatutoryFacts(Id, Day("2026-01-01"), Facts))
            .ThenAppended(new StatutoryFactsRecorded(Day("2026-01-01"), Facts));

    [Fact]
    public void A_fact_without_which_no_payslip_is_right_is_refused_by_its_name() =>
        Given(Registered).When(new PutStatutoryFacts(Id, Day("2026-01-01"), Of("bg", ("bornBefore1960", false))))
            .ThenRefused(PayrollRefusals.FactMissing(
                Packs.Find("bg")!.Facts.Single(fact => fact.Name == "accidentRate")));

    [Fact]
    public void Facts_that_contradict_each_other_are_refused_by_the_pack() =>
        Assert.Equal("facts-contradict", EmployeeDecider.Decide(
            new PutStatutoryFacts(Id, Day("2026-01-01"), Of(
                "us", ("filingStatus", "single"), ("workState", "TX"), ("formW4", "since2020"), ("allowances", 2))),
            EmployeeBooks.Of(Registered), Shop).Refusal?.Code);

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<EmployeeCase> Faults = new(
        Case(
            new PutStatutoryFacts("Ana Petrova", Day("2026-01-01"), Of("fr", ("colour", "red")), 7), Registered),
        a => a.Decide(),
        [
            .. Before(c => c with { Employee = Id }),
            new("if-match-failed", a => a.With<PutStatutoryFacts>(c => c with { IfMatch = null })),
            new("pack-not-found", a => Sent(a, Of("bg", ("colour", "red")))),
            new("fact-unknown", a => Sent(a, Of("bg", ("accidentRate", "high")))),
            new("fact-invalid", a => Sent(a, Of("bg", ("accidentRate", "0.4")))),
            new("fact-missing", a => Sent(a, Facts)),
        ]);

    private static EmployeeCase Sent(EmployeeCase a, StatutoryDetails details) =>
        a.With<PutStatutoryFacts>(c => c with { Details = details });

    private static StatutoryDetails Of(string pack, params (string Name, object Value)[] facts) => new(
        pack, ValueMap<FactValue>.From(facts.Select(each => KeyValuePair.Create(each.Name, each.Value switch
        {
            bool flag => new FactValue(null, Flag: flag),
            int count => new FactValue(null, Count: count),
            var text => new FactValue((string)text),
        }))));
}

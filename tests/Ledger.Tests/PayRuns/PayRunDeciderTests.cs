using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Companies;
using Ledger.Domain.PayGroups;
using Ledger.Domain.PayRuns;
using Ledger.Tests.PayGroups;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.PayRuns;

/// <summary>Runs up to their approval.</summary>
public sealed class PayRunDeciderTests
{
    internal static readonly PayGroup Office = new(PayGroupDeciderTests.Office, 1);

    private static readonly Company Dollars = Company.Evolve(
        Company.Initial,
        new CompanyRegistered(
            new CompanySettings("Dollars", Usd, "US", "America/New_York"), "America/New_York", new(1, 1)));

    private static readonly PayRunDetails March = new(
        "office", "2026-03", new LocalDate(2026, 4, 5), PayRunKind.Regular);

    internal static readonly PayRunOpened MarchOpened = new(
        March, new LocalDate(2026, 3, 1), new LocalDate(2026, 3, 31));

    internal static readonly PayRunCalculationStarted Started = new(1, 411, new LocalDate(2026, 4, 5), "maria");
    private static readonly PayRunCalculationStarted ByBoris = Started with { Holder = "boris" };

    internal static readonly PayRunCalculated Calculated = new(1, 12, 0, "3a");

    internal static readonly PayRunApproved Approved = new(1, "3a");

    [Fact]
    public void A_run_is_opened_with_the_days_of_its_period() => Given().When(Open(March)).ThenAppended(MarchOpened);

    [Fact]
    public void The_same_run_again_is_nothing_new_and_another_under_its_id_is_refused()
    {
        Given(MarchOpened).When(Open(March)).ThenNothing();
        Given(MarchOpened).When(Open(March with { Period = "2026-04" }))
            .ThenRefused(PayRunRefusals.OtherContent("r1"));
    }

    [Fact]
    public void A_period_has_one_regular_run_that_is_not_reversed_and_any_number_of_others()
    {
        var other = KeyValuePair.Create("r0", Run(MarchOpened));
        Given().When(Open(March, other)).ThenRefused(PayRunRefusals.RegularExists("r0", "2026-03"));
        Given().When(Open(March with { Kind = PayRunKind.Supplementary }, other))
            .ThenAppended(MarchOpened with { Details = March with { Kind = PayRunKind.Supplementary } });
        var reversed = KeyValuePair.Create(
            "r0", Run(MarchOpened, new PayRunReversed(new LocalDate(2026, 4, 1), "Wrong period")));
        Given().When(Open(March, reversed)).ThenAppended(MarchOpened);
    }

    [Fact]
    public void Each_calculation_is_another_attempt_and_takes_the_approval_away()
    {
        var given = Given(MarchOpened, Started, Calculated, Approved);
        Assert.True(given.State.Counts);
        var next = given.And(Started with { Attempt = 2 }).State;
        Assert.False(next.Counts);
        Assert.Equal(PayRunStatus.Calculating, next.Status);
        Assert.Equal(
            [new PayRunCalculationStarted(2, 500, new LocalDate(2026, 6, 15), "maria")],
            PayRunDecider.Decide(new StartPayRunCalculation("r1", 500, Today, "maria"), given.State).Events);
    }

    [Fact]
    public void Law_is_known_up_to_the_pay_date_where_that_is_later_than_today() => Assert.Equal(
        [Started],
        PayRunDecider.Decide(
            new StartPayRunCalculation("r1", 411, new LocalDate(2026, 3, 20), "maria"), Run(MarchOpened)).Events);

    [Fact]
    public void An_attempt_that_another_has_overtaken_ends_in_nothing()
    {
        Given(MarchOpened, Started).When(Finish(1)).ThenAppended(Calculated);
        Given(MarchOpened, Started, Started with { Attempt = 2 }).When(Finish(1))
            .ThenRefused(PayRunRefusals.OvertakenByAttempt(1, 2));
        Given(MarchOpened).When(Finish(1)).ThenRefused(PayRunRefusals.NotCalculated("r1"));
    }

    [Fact]
    public void Exactly_what_was_calculated_is_approved()
    {
        Given(MarchOpened, Started, Calculated).When(Approve("3a", "anna")).ThenAppended(Approved);
        Given(MarchOpened, Started, Calculated).When(Approve("3b", "anna"))
            .ThenRefused(PayRunRefusals.HashDiffers("3a"));
    }

    [Fact]
    public void Whoever_calculated_approves_only_where_nobody_else_could()
    {
        var given = Given(MarchOpened, Started, Calculated);
        given.When(Approve("3a", "maria")).ThenRefused(PayRunRefusals.ApprovedByCalculator());
        given.When(Approve("3a", "maria", hasAnother: false)).ThenAppended(Approved);
    }

    [Fact]
    public void Whoever_is_none_of_the_companys_persons_agrees_to_nothing_of_others()
    {
        var run = Run(MarchOpened, Started, Calculated);
        Decision<PayRunEvent> By(string holder) => PayRunDecider.Decide(
            new ApprovePayRun("r1", "3a", holder), run, null, hasAnother: false, isOutsider: true);
        Assert.Equal(ApprovalRefusals.Outsider(), By("anna").Refusal);
        Assert.Equal([Approved], By("maria").Events);
    }

    [Fact]
    public void What_was_recorded_since_stops_the_approval() =>
        Given(MarchOpened, Started, Calculated).When(Approve("3a", "anna", changed: "e-17"))
            .ThenRefused(PayRunRefusals.InputsChanged("e-17"));

    [Theory]
    [MemberData(nameof(OpenRows))]
    public void The_first_broken_rule_of_opening_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> OpenRows => Faults.Rows;

    internal static readonly FaultTable<OpenCase> Faults = new(
        new OpenCase(
            new OpenPayRun("r~1", new(
                "office", "March", new LocalDate(2062, 1, 1), PayRunKind.Regular,
                Enumerable.Repeat("e 1", 1_001).ToValueList())),
            Company.Initial, null, [KeyValuePair.Create("r0", Run(MarchOpened))]),
        a => PayRunDecider.Decide(a.Command, PayRun.Initial, a.Company, a.Group, a.Others).Refusal,
        new("company-unknown", a => a with { Company = Dollars }),
        new("pay-run-id-invalid", a => a with { Command = a.Command with { Id = "r1" } }),
        new("pay-group-unknown", a => a with { Group = new(Office.Details with { Archived = true }, 1) }),
        new("pay-group-archived", a => a with { Group = Office }),
        new("pay-period-invalid", a => a.With(details => details with { Period = "2026-03" })),
        new("pay-date-outside", a => a.With(details => details with { PayDate = March.PayDate })),
        new("pay-currency-differs", a => a with { Company = Acme }),
        new("pay-run-too-many-employees", a => a.With(details => details with { Employees = ["e 1"] })),
        new("id-invalid", a => a.With(details => details with { Employees = ["e1"] })),
        new("pay-run-regular-names-employees", a => a.With(details => details with { Employees = null })),
        new("pay-run-regular-exists", a => a with { Others = [] }));

    [Theory]
    [MemberData(nameof(ApproveRows))]
    public void The_first_broken_rule_of_approving_answers(int repaired, string code) =>
        ApproveFaults.Check(repaired, code);

    public static TheoryData<int, string> ApproveRows => ApproveFaults.Rows;

    internal static readonly FaultTable<ApproveCase> ApproveFaults = new(
        new ApproveCase(PayRun.Initial, "e-17", "maria", IsOutsider: true),
        a => PayRunDecider.Decide(
            new ApprovePayRun("r1", "3a", a.Holder), a.Run, a.Changed, hasAnother: true, a.IsOutsider).Refusal,
        new("pay-run-unknown", a => a with { Run = Run(MarchOpened, new PayRunReversed(Today, "Wrong")) }),
        new("pay-run-reversed", a => a with { Run = Run(MarchOpened, new PayRunPosted("r1~pay", Today)) }),
        new("pay-run-posted", a => a with { Run = Run(MarchOpened, Started) }),
        new("pay-run-not-calculated", a => a with
        {
            Run = Run(MarchOpened, Started, Calculated with { Sha256 = "3b" }),
        }),
        new("pay-run-hash-differs", a => a with { Run = Run(MarchOpened, Started, Calculated) }),
        new("pay-run-inputs-changed", a => a with { Changed = null, Run = Run(MarchOpened, ByBoris, Calculated) }),
        new("approval-of-outsider", a => a with { IsOutsider = false, Run = Run(MarchOpened, Started, Calculated) }),
        new("pay-run-approved-by-calculator", a => a with { Holder = "anna" }));

    internal static PayRun Run(params PayRunEvent[] events) => events.Aggregate(PayRun.Initial, PayRun.Evolve);

    private static Given<PayRun, PayRunEvent> Given(params PayRunEvent[] events) =>
        new Given<PayRun, PayRunEvent>(PayRun.Initial, PayRun.Evolve).And(events);

    private static Func<PayRun, Decision<PayRunEvent>> Open(
        PayRunDetails details, params KeyValuePair<string, PayRun>[] others) =>
        run => PayRunDecider.Decide(new OpenPayRun("r1", details), run, Acme, Office, others);

    private static Func<PayRun, Decision<PayRunEvent>> Finish(int attempt) =>
        run => PayRunDecider.Decide(new FinishPayRunCalculation("r1", attempt, 12, 0, "3a"), run);

    private static Func<PayRun, Decision<PayRunEvent>> Approve(
        string sha256, string holder, string? changed = null, bool hasAnother = true) =>
        run => PayRunDecider.Decide(
            new ApprovePayRun("r1", sha256, holder), run, changed, hasAnother, isOutsider: false);

    internal sealed record OpenCase(
        OpenPayRun Command, Company Company, PayGroup? Group, KeyValuePair<string, PayRun>[] Others)
    {
        public OpenCase With(Func<PayRunDetails, PayRunDetails> change) =>
            this with { Command = Command with { Details = change(Command.Details) } };
    }

    internal sealed record ApproveCase(PayRun Run, string? Changed, string Holder, bool IsOutsider);
}

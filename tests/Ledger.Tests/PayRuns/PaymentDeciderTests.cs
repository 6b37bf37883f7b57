using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.Domain.PayRuns;
using Ledger.Domain.Periods;
using NodaTime;
using static Ledger.Tests.PayRuns.PayRunDeciderTests;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.PayRuns;

/// <summary>Runs from their posting until the money has arrived.</summary>
public sealed class PaymentDeciderTests
{
    private static readonly LocalDate PaidOn = new(2026, 4, 5);

    private static readonly PaymentOrder Order = new(new AccountCode("bank"), "BG80BNBG96611020345678", PaidOn);

    private static readonly PayRunPosted Posted = new("r1~pay", new LocalDate(2026, 3, 31));

    private static readonly Payment[] Payments =
        [new("e1", 100m, true), new("e2", 200m, true), new("e3", 300m, false), new("e4", 0m, true)];

    private static readonly PaymentFileIssued First = new(1, 2, 300m, "e1,e2", Order, null, ["e3"]);

    private static readonly ValueList<JournalLine> Lines = [Debit("rent", 10m), Credit("leave", 10m)];

    [Fact]
    public void A_run_is_booked_on_the_last_day_of_its_period() =>
        Given(MarchOpened, Started, Calculated, Approved).When(Post()).ThenAppended(Posted);

    [Fact]
    public void Where_that_month_is_closed_it_is_booked_on_the_first_day_of_the_first_open_one()
    {
        var calendar = FiscalCalendar.Evolve(FiscalCalendar.Initial, new PeriodClosed(new YearMonth(2026, 4)));
        Assert.Equal(
            [new PayRunPosted("r1~pay", new LocalDate(2026, 5, 1))],
            PostingDecider.Decide(
                new PostPayRun("r1"), Run(MarchOpened, Started, Calculated, Approved), null, Lines,
                AcmeBooks with { Calendar = calendar }).Events);
    }

    [Fact]
    public void A_file_pays_all_who_have_an_account_and_something_to_get() =>
        Assert.Equal([First], Issue(Run(MarchOpened, Posted), Payments).Events);

    [Fact]
    public void A_further_file_pays_only_what_came_back_or_could_not_be_paid_before()
    {
        var run = Run(MarchOpened, Posted, First);
        Assert.Equal(Decision<PayRunEvent>.Nothing, Issue(run, Payments));
        Assert.Equal(
            PaymentRefusals.NothingToPay("r1"),
            Issue(run, Payments, Order with { ExecuteOn = PaidOn.PlusDays(1) }).Refusal);
        Assert.Equal(
            [new PaymentFileIssued(2, 1, 300m, "e3", Order, ["e3"])],
            Issue(run, [.. Payments[..2], Payments[2] with { HasAccount = true }]).Events);
        run = PayRun.Evolve(run, new PaymentsReturned(1, ["e2"], "Closed", PaidOn));
        Assert.Equal([new PaymentFileIssued(2, 1, 200m, "e2", Order, ["e2"])], Issue(run, Payments).Events);
    }

    [Fact]
    public void Confirmed_is_all_of_a_file_that_did_not_come_back_or_those_who_are_named()
    {
        Given(MarchOpened, Posted, First).When(Confirm(null))
            .ThenAppended(new PaymentsConfirmed(1, "r1~paid-1", PaidOn, 300m));
        Given(MarchOpened, Posted, First, new PaymentsReturned(1, ["e2"], "Closed", PaidOn)).When(Confirm(null))
            .ThenAppended(new PaymentsConfirmed(1, "r1~paid-1", PaidOn, 100m));
        Given(MarchOpened, Posted, First).When(Confirm(["e1"]))
            .ThenAppended(new PaymentsConfirmed(1, "r1~paid-1", PaidOn, 100m, ["e1"]));
        Given(MarchOpened, Posted, First, new PaymentsConfirmed(1, "r1~paid-1", PaidOn, 100m, ["e1"]))
            .When(Confirm(null)).ThenAppended(new PaymentsConfirmed(1, "r1~paid-2", PaidOn, 200m));
        Given(MarchOpened, Posted, First).When(Confirm(["e3"])).ThenRefused(PaymentRefusals.NotInFile("e3", 1));
    }

    [Fact]
    public void A_run_is_paid_while_somebody_was_paid_by_it()
    {
        var confirmed = Run(MarchOpened, Posted, First, new PaymentsConfirmed(1, "r1~paid-1", PaidOn, 300m));
        Assert.Equal(PayRunStatus.Paid, confirmed.Status);
        var one = PayRun.Evolve(confirmed, new PaymentsReturned(1, ["e2"], "Closed", PaidOn, "r1~paid-2"));
        Assert.Equal(PayRunStatus.Paid, one.Status);
        var all = PayRun.Evolve(one, new PaymentsReturned(1, ["e1"], "Closed", PaidOn, "r1~paid-3"));
        Assert.Equal(PayRunStatus.Posted, all.Status);
    }

    [Fact]
    public void What_comes_back_after_it_was_confirmed_is_owed_again_by_an_entry()
    {
        Given(MarchOpened, Posted, First).When(Return(["e2"]))
            .ThenAppended(new PaymentsReturned(1, ["e2"], "Closed", PaidOn));
        var given = Given(MarchOpened, Posted, First, new PaymentsConfirmed(1, "r1~paid-1", PaidOn, 300m));
        var returned = new PaymentsReturned(1, ["e2"], "Closed", PaidOn, "r1~paid-2");
        given.When(Return(["e2"])).ThenAppended(returned);
        Assert.Equal(200m, PaymentDecider.ConfirmedSum(given.State, returned, Payments));
    }

    [Fact]
    public void A_run_is_reversed_once_all_its_payments_came_back()
    {
        var reversal = new PayRunReversed(PaidOn, "Wrong");
        Given(MarchOpened, Posted).When(Reverse()).ThenAppended(reversal);
        Given(MarchOpened, Posted, First).When(Reverse()).ThenRefused(PayRunRefusals.HasPayments("r1"));
        Given(MarchOpened, Posted, First, new PaymentsReturned(1, ["e1", "e2"], "Closed", PaidOn)).When(Reverse())
            .ThenAppended(reversal);
    }

    [Theory]
    [MemberData(nameof(PostRows))]
    public void The_first_broken_rule_of_posting_answers(int repaired, string code) =>
        PostFaults.Check(repaired, code);

    public static TheoryData<int, string> PostRows => PostFaults.Rows;

    internal static readonly FaultTable<PostCase> PostFaults = new(
        new PostCase(PayRun.Initial, "e-17", []),
        a => PostingDecider.Decide(new PostPayRun("r1"), a.Run, a.Changed, a.Lines, AcmeBooks).Refusal,
        new("pay-run-unknown", a => a with { Run = Run(MarchOpened, Posted, new PayRunReversed(Today, "Wrong")) }),
        new("pay-run-reversed", a => a with { Run = Run(MarchOpened, Started, Calculated) }),
        new("pay-run-not-approved", a => a with { Run = Run(MarchOpened, Started, Calculated, Approved) }),
        new("pay-run-inputs-changed", a => a with { Changed = null }),
        new("pay-run-empty", a => a with { Lines = Enumerable.Repeat(Debit("rent", 1m), 1_001).ToValueList() }),
        new("pay-run-too-many-lines", a => a with { Lines = Lines }));

    [Theory]
    [MemberData(nameof(IssueRows))]
    public void The_first_broken_rule_of_a_file_answers(int repaired, string code) =>
        IssueFaults.Check(repaired, code);

    public static TheoryData<int, string> IssueRows => IssueFaults.Rows;

    internal static readonly FaultTable<IssueCase> IssueFaults = new(
        new IssueCase(PayRun.Initial, new(new AccountCode("old"), "BG81BNBG96611020345678", PaidOn, "BNBG"), []),
        a => Issue(a.Run, a.Payments, a.Order).Refusal,
        new("pay-run-unknown", a => a with { Run = Run(MarchOpened, new PayRunReversed(Today, "Wrong")) }),
        new("pay-run-reversed", a => a with { Run = Run(MarchOpened, Started, Calculated, Approved) }),
        new("pay-run-not-posted", a => a with { Run = Run(MarchOpened, Posted) }),
        new("iban-check-digits-wrong", a => a with { Order = a.Order with { Iban = Order.Iban } }),
        new("bic-invalid", a => a with { Order = a.Order with { Bic = "BNBGBGSD" } }),
        new("payment-account-unusable", a => a with { Order = Order }),
        new("payments-none", a => a with { Payments = Payments }));

    [Theory]
    [MemberData(nameof(ReturnRows))]
    public void The_first_broken_rule_of_what_came_back_answers(int repaired, string code) =>
        ReturnFaults.Check(repaired, code);

    public static TheoryData<int, string> ReturnRows => ReturnFaults.Rows;

    internal static readonly FaultTable<ReturnCase> ReturnFaults = new(
        new ReturnCase(PayRun.Initial, new("r1", 2, ["e3"], " ", PaidOn)),
        a => PaymentDecider.Decide(a.Command, a.Run, Payments).Refusal,
        new("pay-run-unknown", a => a with { Run = Run(MarchOpened, new PayRunReversed(Today, "Wrong")) }),
        new("pay-run-reversed", a => a with { Run = Run(MarchOpened) }),
        new("pay-run-not-posted", a => a with { Run = Run(MarchOpened, Posted, First) }),
        new("payment-file-unknown", a => a with { Command = a.Command with { Number = 1 } }),
        new("id-invalid", a => a with { Command = a.Command with { Reason = "Closed" } }),
        new("payment-not-in-file", a => a with { Command = a.Command with { Employees = ["e1"] } }));

    [Theory]
    [MemberData(nameof(ReverseRows))]
    public void The_first_broken_rule_of_reversing_answers(int repaired, string code) =>
        ReverseFaults.Check(repaired, code);

    public static TheoryData<int, string> ReverseRows => ReverseFaults.Rows;

    internal static readonly FaultTable<ReverseCase> ReverseFaults = new(
        new ReverseCase(PayRun.Initial, new("r1", PaidOn, " ")),
        a => PostingDecider.Decide(a.Command, a.Run).Refusal,
        new("pay-run-unknown", a => a with { Run = Run(MarchOpened, new PayRunReversed(Today, "Wrong")) }),
        new("pay-run-reversed", a => a with { Run = Run(MarchOpened, Posted, First) }),
        new("text-empty", a => a with { Command = a.Command with { Reason = "Wrong period" } }),
        new("pay-run-has-payments", a => a with { Run = Run(MarchOpened, Posted) }));

    private static Given<PayRun, PayRunEvent> Given(params PayRunEvent[] events) =>
        new Given<PayRun, PayRunEvent>(PayRun.Initial, PayRun.Evolve).And(events);

    private static Func<PayRun, Decision<PayRunEvent>> Post() =>
        run => PostingDecider.Decide(new PostPayRun("r1"), run, null, Lines, AcmeBooks);

    private static Func<PayRun, Decision<PayRunEvent>> Reverse() =>
        run => PostingDecider.Decide(new ReversePayRun("r1", PaidOn, "Wrong"), run);

    private static Func<PayRun, Decision<PayRunEvent>> Confirm(ValueList<string>? employees) =>
        run => PaymentDecider.Decide(new ConfirmPayments("r1", 1, PaidOn, employees), run, Payments);

    private static Func<PayRun, Decision<PayRunEvent>> Return(ValueList<string> employees) =>
        run => PaymentDecider.Decide(new ReturnPayments("r1", 1, employees, "Closed", PaidOn), run, Payments);

    private static Decision<PayRunEvent> Issue(
        PayRun run, IReadOnlyList<Payment> payments, PaymentOrder? order = null) => PaymentDecider.Decide(
        new IssuePaymentFile("r1", order ?? Order), run, payments,
        paid => string.Join(',', paid.Select(each => each.Employee)), AcmeChart);

    internal sealed record PostCase(PayRun Run, string? Changed, ValueList<JournalLine> Lines);

    internal sealed record IssueCase(PayRun Run, PaymentOrder Order, IReadOnlyList<Payment> Payments);

    internal sealed record ReturnCase(PayRun Run, ReturnPayments Command);

    internal sealed record ReverseCase(PayRun Run, ReversePayRun Command);
}

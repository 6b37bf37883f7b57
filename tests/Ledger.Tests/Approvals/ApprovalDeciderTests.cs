using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Companies;
using Ledger.Domain.Keys;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Approvals;

public sealed class ApprovalDeciderTests
{
    private static readonly SeekApproval Reopening =
        new("a1", ApprovalKind.ReopenPeriod, "2026-01", "{}", "maria");

    private static readonly ApprovalRequested Asked =
        new("a1", ApprovalKind.ReopenPeriod, "2026-01", "{}", "maria");

    [Fact]
    public void Where_nobody_else_could_agree_it_is_done_and_recorded_as_a_single_persons() => Seek(hasAnother: false)
        .Is(proceeds: true, new ApprovedBySinglePerson(ApprovalKind.ReopenPeriod, "2026-01", "maria"));

    [Fact]
    public void Where_somebody_else_could_agree_it_waits() => Seek(hasAnother: true).Is(proceeds: false, Asked);

    [Fact]
    public void Asking_again_asks_no_second_time() => Seek(hasAnother: true, Asked).Is(proceeds: false);

    [Fact]
    public void What_was_approved_is_done_once()
    {
        var given = new ApprovalGiven("a1", "anna");
        Seek(hasAnother: true, Asked, given).Is(proceeds: true, new ApprovalUsed("a1"));
        Seek(hasAnother: true, Asked, given, new ApprovalUsed("a1")).Is(proceeds: false, Asked);
    }

    [Fact]
    public void What_was_asked_for_waits_also_when_the_others_have_left() =>
        Seek(hasAnother: false, Asked).Is(proceeds: false);

    [Fact]
    public void What_is_exempt_is_done_without_a_trace() => Seek(
        hasAnother: true, new FourEyesChanged(new(Exempt: [ApprovalKind.ReopenPeriod]))).Is(proceeds: true);

    [Fact]
    public void Somebody_else_approves()
    {
        Given(Asked).When(Give("anna")).ThenAppended(new ApprovalGiven("a1", "anna"));
        Given(Asked, new ApprovalGiven("a1", "anna")).When(Give("boris")).ThenNothing();
    }

    [Fact]
    public void Who_asked_may_take_it_back_and_anybody_may_refuse_it_also_after_it_was_approved()
    {
        Given(Asked).When(Refuse("maria")).ThenAppended(new ApprovalRefused("a1", "maria", "No"));
        Given(Asked, new ApprovalGiven("a1", "anna")).When(Refuse("boris"))
            .ThenAppended(new ApprovalRefused("a1", "boris", "No"));
        Seek(hasAnother: true, Asked, new ApprovalRefused("a1", "anna", "No")).Is(proceeds: false, Asked);
    }

    [Fact]
    public void No_more_than_1000_wait()
    {
        var full = Enumerable.Range(0, ApprovalDecider.OpenMax).Select(
            i => (ApprovalEvent)(Asked with { Id = $"b{i}" })).Aggregate(FourEyes.Initial, FourEyes.Evolve);
        Assert.Equal(
            ApprovalRefusals.TooMany(ApprovalDecider.OpenMax),
            ApprovalDecider.Decide(Reopening, full, hasAnother: true).Refusal);
    }

    [Fact]
    public void Settings_are_a_register()
    {
        var settings = new FourEyesSettings(EntryAbove: 100.00m);
        Given().When(Put(settings)).ThenAppended(new FourEyesChanged(settings));
        Given(Asked, new FourEyesChanged(settings)).When(Put(new())).ThenRefused(RegisterRefusals.IfMatchRequired(2));
        Given(Asked, new FourEyesChanged(settings), new ApprovalUsed("a1")).When(Put(new(), 2))
            .ThenAppended(new FourEyesChanged(new()));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_of_approving_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    [Theory]
    [MemberData(nameof(SettingsRows))]
    public void The_first_broken_rule_of_the_settings_answers(int repaired, string code) =>
        SettingsFaults.Check(repaired, code);

    public static TheoryData<int, string> SettingsRows => SettingsFaults.Rows;

    internal static readonly FaultTable<GivingCase> Faults = new(
        new GivingCase(
            new GiveApproval("a2", Key.OwnersHolder),
            Fold(Asked with { Holder = Key.OwnersHolder }, new FourEyesChanged(new(WithoutLedgerOwner: true)))),
        a => ApprovalDecider.Decide(a.Command, a.State).Refusal,
        new("approval-not-found", a => a with { Command = a.Command with { Id = "a1" } }),
        new("approval-of-outsider", a => new(a.Command with { Holder = "maria" }, Fold(Asked))),
        new("approval-of-oneself", a => a with { Command = a.Command with { Holder = "anna" } }));

    internal static readonly FaultTable<SettingsCase> SettingsFaults = new(
        new SettingsCase(
            new PutFourEyes(
                new(
                    -1m,
                    PayrollAccounts: Enumerable.Range(0, 1_001).Select(i => new AccountCode($"{i}")).ToValueList()),
                IfMatch: 7),
            Company.Initial),
        a => ApprovalDecider.Decide(a.Command, FourEyes.Initial, a.Company).Refusal,
        new("company-unknown", a => a with { Company = Acme }),
        new("if-match-failed", a => a with { Command = a.Command with { IfMatch = null } }),
        new("approval-limit-negative", a => a with
        {
            Command = new(a.Command.Settings with { EntryAbove = null }),
        }),
        new("approval-accounts-too-many", a => a with
        {
            Command = new(a.Command.Settings with { PayrollAccounts = null }),
        }));

    private static FourEyes Fold(params ApprovalEvent[] events) =>
        events.Aggregate(FourEyes.Initial, FourEyes.Evolve);

    private static Given<FourEyes, ApprovalEvent> Given(params ApprovalEvent[] events) =>
        new Given<FourEyes, ApprovalEvent>(FourEyes.Initial, FourEyes.Evolve).And(events);

    private static Sought Seek(bool hasAnother, params ApprovalEvent[] given)
    {
        var (seen, refusal) = ApprovalDecider.Decide(Reopening, Fold(given), hasAnother);
        Assert.Null(refusal);
        return new(seen!);
    }

    private static Func<FourEyes, Decision<ApprovalEvent>> Give(string holder) =>
        state => ApprovalDecider.Decide(new GiveApproval("a1", holder), state);

    private static Func<FourEyes, Decision<ApprovalEvent>> Refuse(string holder) =>
        state => ApprovalDecider.Decide(new RefuseApproval("a1", holder, "No"), state);

    private static Func<FourEyes, Decision<ApprovalEvent>> Put(FourEyesSettings settings, long? ifMatch = null) =>
        state => ApprovalDecider.Decide(new PutFourEyes(settings, ifMatch), state, Acme);

    private sealed record Sought(Seen Seen)
    {
        public void Is(bool proceeds, params ApprovalEvent[] events)
        {
            Assert.Equal(proceeds, Seen.Proceeds);
            Assert.Equal(events, Seen.Events);
        }
    }

    internal sealed record GivingCase(GiveApproval Command, FourEyes State);

    internal sealed record SettingsCase(PutFourEyes Command, Company Company);
}

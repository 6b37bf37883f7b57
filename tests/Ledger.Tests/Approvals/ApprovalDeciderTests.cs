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
    public void Keys_of_others_that_were_revoked_stand_beside_what_was_done_alone() => Assert.Equal(
        [new ApprovedBySinglePerson(ApprovalKind.ReopenPeriod, "2026-01", "maria", ["boris"])],
        ApprovalDecider.Decide(Reopening, FourEyes.Initial, hasAnother: false, ["boris"]).Seen!.Events);

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
    public void Who_asked_may_take_it_back_and_who_approves_may_refuse_it_also_after_it_was_approved()
    {
        Given(Asked).When(Refuse("maria")).ThenAppended(new ApprovalRefused("a1", "maria", "No"));
        Given(Asked, new ApprovalGiven("a1", "anna")).When(Refuse("boris"))
            .ThenAppended(new ApprovalRefused("a1", "boris", "No"));
        Seek(hasAnother: true, Asked, new ApprovalRefused("a1", "anna", "No")).Is(proceeds: false, Asked);
        Given(Asked, new ApprovalGiven("a1", "anna"), new ApprovalUsed("a1")).When(Refuse("boris"))
            .ThenRefused(ApprovalRefusals.Unknown("a1"));
    }

    [Fact]
    public void What_others_asked_for_is_not_there_for_who_may_take_back_only_their_own()
    {
        Given(Asked).When(TakeBack("maria")).ThenAppended(new ApprovalRefused("a1", "maria", "No"));
        Given(Asked).When(TakeBack("boris")).ThenRefused(ApprovalRefusals.Unknown("a1"));
        Given(Asked, new ApprovalRefused("a1", "anna", "No")).When(TakeBack("boris"))
            .ThenRefused(ApprovalRefusals.Unknown("a1"));
    }

    [Fact]
    public void No_more_than_1000_wait_and_50_of_one_person()
    {
        static Refusal? Refused(int open, string holder) => ApprovalDecider.Decide(
            Reopening,
            Fold([.. Enumerable.Range(0, open).Select(i => Asked with { Id = $"b{i}", Holder = holder + i % 20 })]),
            hasAnother: true).Refusal;
        Assert.Equal(ApprovalRefusals.TooMany(ApprovalDecider.OpenMax), Refused(ApprovalDecider.OpenMax, "h"));
        Assert.Null(Refused(ApprovalDecider.OpenMax - 1, "h"));

        ApprovalEvent[] own =
            [.. Enumerable.Range(0, ApprovalDecider.OpenOfOneMax).Select(i => Asked with { Id = $"b{i}" })];
        Assert.Equal(
            ApprovalRefusals.TooManyOfOne(ApprovalDecider.OpenOfOneMax),
            ApprovalDecider.Decide(Reopening, Fold(own), hasAnother: true).Refusal);
        Assert.Null(ApprovalDecider.Decide(Reopening, Fold(own[1..]), hasAnother: true).Refusal);
    }

    [Fact]
    public void What_ended_long_ago_is_forgotten_and_what_ended_lately_is_not()
    {
        var state = Fold([.. Enumerable.Range(0, 10_000).SelectMany(i => (ApprovalEvent[])
            [Asked with { Id = $"b{i}" }, new ApprovalRefused($"b{i}", "anna", "No")])]);
        var known = Enumerable.Range(0, 10_000).Where(i => state.FindEnded($"b{i}") is not null).ToList();
        Assert.InRange(known.Count, FourEyes.EndedMax, 2 * FourEyes.EndedMax);
        Assert.Equal(Enumerable.Range(10_000 - known.Count, known.Count), known);
        Assert.Equal(20_000, state.Version);
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
        a => ApprovalDecider.Decide(a.Command, FourEyes.Initial, a.Company, AcmeChart).Refusal,
        new("company-unknown", a => a with { Company = Acme }),
        new("if-match-failed", a => a with { Command = a.Command with { IfMatch = null } }),
        new("approval-limit-negative", a => a with
        {
            Command = new(a.Command.Settings with { EntryAbove = null }),
        }),
        new("approval-accounts-too-many", a => new(new(new(PayrollAccounts: [new("bank"), new("42/1")])), a.Company)),
        new("account-code-invalid", a => new(new(new(PayrollAccounts: [new("bank"), new("42l")])), a.Company)),
        new("approval-account-unknown", a => new(new(new(PayrollAccounts: [new("bank")])), a.Company)));

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
        state => ApprovalDecider.Decide(new PutFourEyes(settings, ifMatch), state, Acme, AcmeChart);

    private static Func<FourEyes, Decision<ApprovalEvent>> TakeBack(string holder) =>
        state => ApprovalDecider.Decide(new RefuseApproval("a1", holder, "No", OnlyOwn: true), state);

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

using Ledger.Domain;
using Ledger.Domain.Keys;
using NodaTime;
using static Ledger.Tests.Keys.KeyDeciderTests;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Keys;

/// <summary>Who knows a secret, and how many a key has.</summary>
public sealed class KeySecretsTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 15, 12, 0);
    private static readonly KeySecret First = new("aaaaaaaa", new string('a', 64));
    private static readonly KeySecret Second = new("bbbbbbbb", new string('b', 64));
    private static readonly KeySecret Third = new("cccccccc", new string('c', 64));
    private static readonly KeyIssued ShopIssued =
        new(First.Prefix, First.Sha256, "shop", new([Role.Integrator], "maria"));

    [Fact]
    public void A_secret_is_its_holders_own_when_the_key_made_it_by_one_that_nobody_else_knows()
    {
        Assert.True(Rotated(Given(ShopIssued), by: First).Own);
        Assert.Null(Rotated(Given(ShopIssued), by: null).Own);

        // Whoever issued the key still knows the first secret, for as long as it holds.
        var rotated = new KeyRotated("shop", Second.Prefix, Second.Sha256, Now + Duration.FromHours(24), true);
        Given(ShopIssued, rotated).When(Rotate(First.Prefix)).ThenRefused(KeyRefusals.SecretOfBefore());
        Assert.True(Rotated(Given(ShopIssued, rotated), by: Second).Own);

        // Whoever lost that one and was given another makes it their own again.
        var given = new KeyRotated("shop", "dddddddd", Third.Sha256, Now);
        Assert.True(Rotated(Given(ShopIssued, rotated, given), by: Third with { Prefix = "dddddddd" }).Own);
    }

    [Fact]
    public void Nobody_is_another_person_by_a_secret_that_somebody_else_made()
    {
        var approver = new KeyIssued(First.Prefix, First.Sha256, "maria", new([Role.Approver], "maria"));
        var own = new KeyRotated("maria", Second.Prefix, Second.Sha256, Now, true);
        var byOther = new KeyRotated("maria", Third.Prefix, Third.Sha256, Now + Duration.FromHours(1));
        Assert.False(CouldAgree(Now, approver));
        Assert.True(CouldAgree(Now, approver, own));
        Assert.True(CouldAgree(Now, approver, own, byOther));
        Assert.False(CouldAgree(Now + Duration.FromHours(2), approver, own, byOther));
        Assert.True(CouldAgree(Now, new KeyIssued(First.Prefix, First.Sha256)));
        Assert.True(CouldAgree(Now, approver, own, new KeyChanged("maria", new([Role.Owner], "maria"))));
        Assert.False(CouldAgree(Now, approver, own, new KeyChanged("maria", new([Role.Approver], "boris"))));

        var key = Given(approver, own).State.Find("maria")!;
        Assert.Equal(
            [false, true], key.Secrets.Select(secret => key.PermissionsBy(secret).Has(Permission.Approve)));
        Assert.True(key.PermissionsBy(key.Secrets[0]).Has(Permission.ReadApprovals));
    }

    [Fact]
    public void A_key_of_before_that_names_the_ledgers_owner_is_no_further_person_and_is_not_issued_any_more()
    {
        foreach (var (id, holder) in ((string, string?)[])[("maria", "owner"), ("owner", null)])
        {
            var before = new KeyIssued(First.Prefix, First.Sha256, id, new([Role.Approver], holder));
            var own = new KeyRotated(id, Second.Prefix, Second.Sha256, Now, true);
            Assert.False(CouldAgree(Now, before, own));
            var revoked = Given(before, own, new KeyRevoked(id, "Old")).State;
            Assert.Equal([], revoked.RevokedWith(Permission.Approve, "anna"));
            var refused = KeyDecider.Decide(
                new PutKey(id, new([Role.Auditor], holder), Third), KeyRing.Initial, Acme).Refusal;
            Assert.Equal(KeyRefusals.HolderReserved(), refused);
        }

        // Given another holder it is another person, once it has rotated itself.
        var old = new KeyIssued(First.Prefix, First.Sha256, "maria", new([Role.Approver], "owner"));
        var given = new KeyChanged("maria", new([Role.Approver], "maria"));
        Assert.False(CouldAgree(Now, old, given));
        Assert.True(CouldAgree(Now, old, given, new KeyRotated("maria", Second.Prefix, Second.Sha256, Now, true)));
    }

    [Fact]
    public void Keys_of_others_that_could_have_agreed_are_told_when_they_are_revoked()
    {
        KeyEvent[] maria =
        [
            new KeyIssued(First.Prefix, First.Sha256, "maria", new([Role.Approver], "maria")),
            new KeyRotated("maria", Second.Prefix, Second.Sha256, Now, true), new KeyRevoked("maria", "Left"),
        ];
        KeyEvent[] boris =
        [
            new KeyIssued(Third.Prefix, Third.Sha256, "boris", new([Role.Approver], "boris")),
            new KeyRevoked("boris", "Never came"),
        ];
        Assert.Equal(["maria"], Given([.. maria, .. boris]).State.RevokedWith(Permission.Approve, "anna"));
        Assert.Equal([], Given([.. maria, .. boris]).State.RevokedWith(Permission.Approve, "maria"));
        Assert.Equal([], Given(maria[..2]).State.RevokedWith(Permission.Approve, "anna"));
    }

    [Fact]
    public void A_key_that_is_rotated_for_ever_holds_few_secrets_and_stays_the_same_actor()
    {
        var key = Given([ShopIssued, .. Rotations(1_000, Now)]).State.FindByPrefix(First.Prefix)!;
        Assert.Equal(KeyRing.SecretsMax, key.Secrets.Count);
        Assert.Equal("r999", key.Secrets[^1].Secret.Prefix);
        Assert.Equal("key:aaaaaaaa", key.Actor);
    }

    [Fact]
    public void Ten_secrets_may_end_within_a_day()
    {
        var ring = Given([ShopIssued, .. Rotations(KeyDecider.RotationsMax, Now)]).State;
        var day = Now + Duration.FromDays(1);
        var command = new RotateKey("shop", Second, day + Duration.FromHours(1));
        Assert.Equal(
            KeyRefusals.RotatedTooOften(KeyDecider.RotationsMax, day, leavesNone: false),
            KeyDecider.Decide(command, ring, day - Duration.Epsilon).Refusal);
        Assert.Null(KeyDecider.Decide(command, ring, day).Refusal);
    }

    [Fact]
    public void Who_must_end_a_secret_now_can_however_many_overlaps_were_left_or_have_ended()
    {
        var late = Now + KeyDecider.OverlapMax;
        var overlaps = Given([ShopIssued, .. Rotations(KeyDecider.RotationsMax, late)]).State;
        var ended = Given([ShopIssued, .. RotationsThatEnded(KeyDecider.RotationsMax)]).State;
        foreach (var ring in (KeyRing[])[overlaps, ended])
        {
            Assert.Equal("key-rotated-too-often", Often(ring, Now + Duration.FromHours(1)));
            Assert.Null(Often(ring, Now));
        }

        // After it no secret of before holds, and all of them count as one.
        var urgent = new KeyRotated("shop", Second.Prefix, Second.Sha256, Now);
        var after = KeyRing.Evolve(overlaps, urgent).Find("shop")!;
        Assert.Equal([Second], after.Secrets.Where(held => after.HoldsAt(Now, held)).Select(held => held.Secret));
        Assert.Null(Often(KeyRing.Evolve(overlaps, urgent), Now));
    }

    [Fact]
    public void Secrets_do_not_end_at_more_than_fifteen_moments_within_a_day_but_a_key_is_always_revoked()
    {
        var many = Given([ShopIssued, .. RotationsThatEnded(KeyDecider.UrgentRotationsMax)]).State;
        var again = Now + Duration.FromHours(23);
        Assert.Equal(
            KeyRefusals.RotatedTooOften(KeyDecider.UrgentRotationsMax, again, leavesNone: true),
            KeyDecider.Decide(new RotateKey("shop", Third, Now), many, Now).Refusal);
        Assert.Null(KeyDecider.Decide(new RevokeKey("shop", "Stolen"), many).Refusal);
    }

    /// <summary>One a minute, the first of them an hour ago.</summary>
    private static IEnumerable<KeyEvent> RotationsThatEnded(int count) => Enumerable.Range(0, count).Select(i =>
        new KeyRotated("shop", $"r{i}", new string('0', 64), Now - Duration.FromMinutes(60 - i)));

    private static string? Often(KeyRing ring, Instant until) =>
        KeyDecider.Decide(new RotateKey("shop", Third, until), ring, Now).Refusal?.Code;

    private static KeyRotated Rotated(Given<KeyRing, KeyEvent> given, KeySecret? by) =>
        (KeyRotated)Rotate(by?.Prefix)(given.State).Events.Single();

    private static Func<KeyRing, Decision<KeyEvent>> Rotate(string? by) =>
        ring => KeyDecider.Decide(new RotateKey("shop", Third, Now, by), ring, Now);

    private static bool CouldAgree(Instant at, params KeyEvent[] events) =>
        Given(events).State.HasAnotherWith(Permission.Approve, "anna", at);

    private static Given<KeyRing, KeyEvent> Given(params KeyEvent[] events) =>
        new Given<KeyRing, KeyEvent>(KeyRing.Initial, KeyRing.Evolve).And(events);
}

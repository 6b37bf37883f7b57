using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Keys;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Keys;

public sealed class KeyDeciderTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 15, 12, 0);
    private static readonly KeySecret First = new("aaaaaaaa", new string('a', 64));
    private static readonly KeySecret Second = new("bbbbbbbb", new string('b', 64));
    private static readonly KeySecret Third = new("cccccccc", new string('c', 64));
    private static readonly KeyDetails Shop = new([Role.Integrator], "maria");
    private static readonly KeyIssued ShopIssued = new(First.Prefix, First.Sha256, "shop", Shop);

    [Fact]
    public void The_owners_key_is_issued_once()
    {
        var issued = new KeyIssued(First.Prefix, First.Sha256);
        Given().When(Owner(First)).ThenAppended(issued);
        Given(issued).When(Owner(First)).ThenNothing();
        Given(issued).When(Owner(First with { Sha256 = Second.Sha256 }))
            .ThenRefused(KeyRefusals.PrefixTaken(First.Prefix));
    }

    [Fact]
    public void A_key_is_issued() => Given().When(Put("shop", Shop, First)).ThenAppended(ShopIssued);

    [Fact]
    public void The_same_key_again_is_nothing_new_whatever_secret_was_made_for_it() =>
        Given(ShopIssued).When(Put("shop", Shop, Second)).ThenNothing();

    [Fact]
    public void Its_days_are_those_of_the_companys_time_zone()
    {
        var details = Shop with { From = new(2026, 7, 1), To = new(2026, 7, 31) };
        var (from, until) = (Instant.FromUtc(2026, 6, 30, 22, 0), Instant.FromUtc(2026, 7, 31, 22, 0));
        var issued = new KeyIssued(First.Prefix, First.Sha256, "shop", details, from, until);
        Given().When(Put("shop", details, First)).ThenAppended(issued);

        var key = Given(issued).State.Find("shop")!;
        Assert.False(key.HoldsAt(from - Duration.Epsilon));
        Assert.True(key.HoldsAt(from));
        Assert.True(key.HoldsAt(until - Duration.Epsilon));
        Assert.False(key.HoldsAt(until));
    }

    [Fact]
    public void A_change_needs_the_version_of_the_key_and_keeps_its_secret()
    {
        var given = Given(new KeyIssued(Second.Prefix, Second.Sha256, "till", Shop), ShopIssued);
        var auditor = Shop with { Roles = [Role.Auditor] };
        given.When(Put("shop", auditor, Third)).ThenRefused(RegisterRefusals.IfMatchRequired(2));
        given.When(Put("shop", auditor, Third, 1)).ThenRefused(RegisterRefusals.IfMatchFailed(1, 2));
        given.When(Put("shop", auditor, Third, 2)).ThenAppended(new KeyChanged("shop", auditor));
        Assert.Equal(First, given.And(new KeyChanged("shop", auditor)).State.Find("shop")!.Secrets[^1].Secret);
    }

    [Fact]
    public void After_a_rotation_both_secrets_hold_until_the_overlap_ends_and_the_actor_stays()
    {
        var until = Now + Duration.FromHours(24);
        var rotated = new KeyRotated("shop", Second.Prefix, Second.Sha256, until);
        Assert.Equal(
            [rotated], KeyDecider.Decide(new RotateKey("shop", Second, until), Given(ShopIssued).State, Now).Events);

        var key = Given(ShopIssued, rotated).State.Find("shop")!;
        Assert.Equal([new(First, until, false), new(Second, null, false)], key.Secrets);
        Assert.Equal("key:aaaaaaaa", key.Actor);
    }

    [Fact]
    public void A_later_rotation_prolongs_no_secret()
    {
        var (soon, late) = (Now + Duration.FromHours(1), Now + Duration.FromHours(48));
        var key = Given(
            ShopIssued,
            new KeyRotated("shop", Second.Prefix, Second.Sha256, soon),
            new KeyRotated("shop", Third.Prefix, Third.Sha256, late)).State.Find("shop")!;
        Assert.Equal([new(First, soon, false), new(Second, late, false), new(Third, null, false)], key.Secrets);
    }

    [Fact]
    public void A_key_is_revoked_for_ever_and_with_a_reason()
    {
        var revoked = new KeyRevoked("shop", "Lost");
        Given(ShopIssued).When(Revoke("shop", "Lost")).ThenAppended(revoked);
        Given(ShopIssued).When(Revoke("shop", " ")).ThenRefused(TextRefusals.Empty("reason"));
        Given().When(Revoke("shop", "Lost")).ThenRefused(KeyRefusals.Unknown("shop"));
        Given(ShopIssued, revoked).When(Put("shop", Shop, Second)).ThenRefused(KeyRefusals.Revoked("shop"));
        Assert.False(Given(ShopIssued, revoked).State.Find("shop")!.HoldsAt(Now));
    }

    [Fact]
    public void Nobody_records_employees_and_releases_their_pay_whatever_keys_they_have()
    {
        var people = new KeyIssued(First.Prefix, First.Sha256, "hr", new([Role.People], "maria"));
        var both = KeyRefusals.RolesExclude("maria", Role.People, Role.Payer);
        Given().When(Put("hr", new([Role.People, Role.Payer], "maria"), First)).ThenRefused(both);
        Given(people).When(Put("bank", new([Role.Payer], "maria"), Second)).ThenRefused(both);
        Given(people).When(Put("maria", new([Role.Payer]), Second)).ThenRefused(both);
        var owner = new KeyIssued(First.Prefix, First.Sha256, "chief", new([Role.Owner], "maria"));
        Given(owner).When(Put("bank", new([Role.Payer], "maria"), Second))
            .ThenRefused(KeyRefusals.RolesExclude("maria", Role.Owner, Role.Payer));
        Given(people, new KeyRevoked("hr", "Other work")).When(Put("bank", new([Role.Payer], "maria"), Second))
            .ThenAppended(new KeyIssued(Second.Prefix, Second.Sha256, "bank", new([Role.Payer], "maria")));
        Given(people).When(Put("bank", new([Role.Payer], "anna"), Second))
            .ThenAppended(new KeyIssued(Second.Prefix, Second.Sha256, "bank", new([Role.Payer], "anna")));
    }

    [Theory]
    [InlineData("maria", true)]
    [InlineData("user:AAAAAAAAAAAAAAAAAAAAA_", true)]
    [InlineData("user:AAAAAAAAAAAAAAAAAAAAA", false)]
    [InlineData("user:AAAAAAAAAAAAAAAAAAAAA.", false)]
    [InlineData("key:AAAAAAAAAAAAAAAAAAAAAA", false)]
    public void A_holder_is_an_id_or_the_actor_of_a_token(string holder, bool isOne) => Assert.Equal(
        isOne ? null : TextRefusals.IdInvalid("holder", holder),
        Put("shop", Shop with { Holder = holder }, First)(KeyRing.Initial).Refusal);

    [Fact]
    public void No_key_of_a_company_is_held_by_the_owner_of_the_ledger()
    {
        Given().When(Put("till", Shop with { Holder = "owner" }, First)).ThenRefused(KeyRefusals.HolderReserved());
        Given().When(Put("owner", new([Role.Auditor]), First)).ThenRefused(KeyRefusals.HolderReserved());
        Given().When(Put("owner", Shop, First)).ThenAppended(
            new KeyIssued(First.Prefix, First.Sha256, "owner", Shop));
    }

    [Fact]
    public void A_company_has_at_most_1000_keys()
    {
        var full = Enumerable.Range(0, KeyDecider.KeysMax)
            .Select(i => (KeyEvent)new KeyIssued($"p{i}", new string('0', 64), $"k{i}", Shop)).ToArray();
        Given(full).When(Put("shop", Shop, First)).ThenRefused(KeyRefusals.TooMany(KeyDecider.KeysMax));
        Given(full[1..]).When(Put("shop", Shop, First)).ThenAppended(ShopIssued);
    }

    [Fact]
    public void Whoever_may_record_employees_and_release_pay_by_whatever_roles_is_known_to_the_ring()
    {
        var roles = Enum.GetValues<Role>();
        var both = 0;
        static KeyDetails Of(Role role) => new([role], "maria", Person: role == Role.Employee ? "p-17" : null);
        foreach (var (one, other) in roles.SelectMany(
            one => roles.Where(role => role > one), (one, other) => (one, other)))
        {
            var issued = Given(new KeyIssued(First.Prefix, First.Sha256, "first", Of(one)));
            var decision = Put("second", Of(other), Second)(issued.State);
            var may = Permissions.Of([one, other]);
            if (may.Has(Permission.RecordPeople) && may.Has(Permission.ReleasePayments) && decision.Refusal is null)
            {
                Assert.True(issued.And([.. decision.Events]).State.CouldRecordPeople("maria"), $"{one} and {other}");
                both++;
            }
        }

        Assert.Equal(roles.Length - 2, both);
    }

    [Fact]
    public void Whoever_could_once_record_employees_is_remembered_and_whoever_only_pays_is_not()
    {
        var people = new KeyIssued(First.Prefix, First.Sha256, "hr", new([Role.People], "maria"));
        Assert.True(Given(people, new KeyRevoked("hr", "Left")).State.CouldRecordPeople("maria"));
        Assert.True(Given(people, new KeyChanged("hr", new([Role.Payer], "maria"))).State.CouldRecordPeople("maria"));
        Assert.True(Given().State.CouldRecordPeople("owner"));
        Assert.False(Given(people with { Key = new([Role.Payer], "maria") }).State.CouldRecordPeople("maria"));
    }

    [Fact]
    public void A_holder_is_written_alike_by_all_keys_of_a_person_also_by_those_that_were_revoked()
    {
        var like = KeyRefusals.HolderDiffersByCase("Maria", "maria");
        Given(ShopIssued).When(Put("till", Shop with { Holder = "Maria" }, Second)).ThenRefused(like);
        Given(ShopIssued).When(Put("Maria", new([Role.Auditor]), Second)).ThenRefused(like);
        Given(ShopIssued, new KeyRevoked("shop", "Lost")).When(Put("till", Shop with { Holder = "Maria" }, Second))
            .ThenRefused(like);
        Given(ShopIssued).When(Put("shop", Shop with { Holder = "Maria" }, Second, 1))
            .ThenAppended(new KeyChanged("shop", Shop with { Holder = "Maria" }));
        Given().When(Put("till", Shop with { Holder = "Owner" }, First)).ThenRefused(KeyRefusals.HolderReserved());
    }

    [Fact]
    public void Holders_of_old_keys_that_differ_by_case_only_are_one_person()
    {
        var ring = Given(
            new KeyIssued(First.Prefix, First.Sha256, "hr", new([Role.People], "Maria")),
            new KeyIssued(Second.Prefix, Second.Sha256, "books", new([Role.Accountant], "maria"))).State;

        Assert.False(ring.HasAnotherWith(Permission.ReadCompany, "MARIA", Instant.MinValue));
        Assert.True(ring.HasAnotherWith(Permission.ReadCompany, "anna", Instant.MinValue));
        Assert.True(ring.CouldRecordPeople("maria"));
    }

    [Fact]
    public void Roles_that_exclude_each_other_by_old_keys_stand_in_the_way_of_no_other_role()
    {
        var old = Given(
            new KeyIssued(First.Prefix, First.Sha256, "chief", new([Role.Owner], "maria")),
            new KeyIssued(Third.Prefix, Third.Sha256, "bank", new([Role.Payer], "maria")));

        Assert.Null(Put("books", new([Role.Accountant], "maria"), Second)(old.State).Refusal);
        old.When(Put("bank-2", new([Role.Payer], "maria"), Second))
            .ThenRefused(KeyRefusals.RolesExclude("maria", Role.Owner, Role.Payer));
    }

    [Fact]
    public void Every_permission_is_some_roles()
    {
        Assert.All(Enum.GetValues<Permission>(), each => Assert.NotEmpty(Permissions.RolesWith(each)));
        Assert.All(Enum.GetValues<Role>(), role => Assert.All(
            Enum.GetValues<Permission>(),
            each => Assert.Equal(Permissions.RolesWith(each).Contains(role), Permissions.Of(role).Has(each))));
        Assert.False(Permissions.Of([Role.Auditor]).Has(Permission.PostEntries));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    [Theory]
    [MemberData(nameof(RotationRows))]
    public void The_first_broken_rule_of_a_rotation_answers(int repaired, string code) =>
        RotationFaults.Check(repaired, code);

    public static TheoryData<int, string> RotationRows => RotationFaults.Rows;

    private static readonly KeyEvent[] Revoked =
        [new KeyIssued(First.Prefix, First.Sha256, "shop", Shop), new KeyRevoked("shop", "Lost")];

    internal static readonly FaultTable<KeyCase> Faults = new(
        new KeyCase(
            new PutKey(
                "sh/op", new([], "ma/ria", new(2026, 2, 1), new(2026, 1, 1), "p/17"), First, IfMatch: 7),
            Company.Initial,
            Fold([.. Revoked, .. Enumerable.Range(0, KeyDecider.KeysMax)
                .Select(i => new KeyIssued($"p{i}", new string('0', 64), $"k{i}", new([Role.People], "maria")))])),
        a => KeyDecider.Decide(a.Command, a.Ring, a.Company).Refusal,
        new("company-unknown", a => a with { Company = Acme }),
        new("id-invalid", a => a with { Command = a.Command with { Id = "shop" } }),
        new("key-revoked", a => a with { Command = a.Command with { Id = "bank" } }),
        new("if-match-failed", a => a with { Command = a.Command with { IfMatch = null } }),
        new("key-roles-missing", a => a.With(key => key with { Roles = [Role.Payer, Role.Payer] })),
        new("key-role-twice", a => a.With(key => key with { Roles = [Role.Owner], Holder = null })),
        new("key-holder-missing", a => a.With(key => key with { Roles = [Role.Payer], Holder = "ma/ria" })),
        new("id-invalid", a => a.With(key => key with { Holder = "owner" })),
        new("key-holder-reserved", a => a.With(key => key with { Holder = "Maria" })),
        new("key-ends-before-it-begins", a => a.With(key => key with { To = null })),
        new("key-person-of-employee", a => a.With(key => key with { Roles = [Role.Payer, Role.Employee] })),
        new("id-invalid", a => a.With(key => key with { Person = "p-17" })),
        new("key-holder-differs-by-case", a => a.With(key => key with { Holder = "maria" })),
        new("key-roles-exclude", a => a.With(key => key with { Holder = "anna" })),
        new("key-too-many", a => a with { Ring = Fold(Revoked) }),
        new("key-prefix-taken", a => a with { Command = a.Command with { Secret = Second } }));

    internal static readonly FaultTable<RotationCase> RotationFaults = new(
        new RotationCase(new RotateKey("till", First, Now + Duration.FromDays(91), First.Prefix), Fold(Revoked)),
        a => KeyDecider.Decide(a.Command, a.Ring, Now).Refusal,
        new("key-not-found", a => a with { Command = a.Command with { Id = "shop" } }),
        new("key-revoked", a => a with { Ring = Fold([Revoked[0], .. Rotations(10, Now, own: true)]) }),
        new("key-prefix-taken", a => a with { Command = a.Command with { Secret = Second } }),
        new("key-overlap-too-long", a => a with
        {
            Command = a.Command with { PreviousUntil = Now + Duration.FromHours(1) },
        }),
        new("key-secret-of-before", a => a with { Command = a.Command with { By = null } }),
        new("key-rotated-too-often", a => a with { Ring = Fold(Revoked[..1]) }));

    internal static IEnumerable<KeyEvent> Rotations(int count, Instant end, bool? own = null) =>
        Enumerable.Range(0, count).Select(i => new KeyRotated("shop", $"r{i}", new string('0', 64), end, own));

    private static KeyRing Fold(params KeyEvent[] events) => events.Aggregate(KeyRing.Initial, KeyRing.Evolve);

    private static Given<KeyRing, KeyEvent> Given(params KeyEvent[] events) =>
        new Given<KeyRing, KeyEvent>(KeyRing.Initial, KeyRing.Evolve).And(events);

    private static Func<KeyRing, Decision<KeyEvent>> Owner(KeySecret secret) =>
        ring => KeyDecider.Decide(new IssueOwnerKey(secret.Prefix, secret.Sha256), ring);

    private static Func<KeyRing, Decision<KeyEvent>> Put(
        string id, KeyDetails details, KeySecret secret, long? ifMatch = null) =>
        ring => KeyDecider.Decide(new PutKey(id, details, secret, ifMatch), ring, Acme);

    private static Func<KeyRing, Decision<KeyEvent>> Revoke(string id, string reason) =>
        ring => KeyDecider.Decide(new RevokeKey(id, reason), ring);

    internal sealed record KeyCase(PutKey Command, Company Company, KeyRing Ring)
    {
        public KeyCase With(Func<KeyDetails, KeyDetails> change) =>
            this with { Command = Command with { Key = change(Command.Key) } };
    }

    internal sealed record RotationCase(RotateKey Command, KeyRing Ring);
}

using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.PayGroups;

public sealed class PayGroupDeciderTests
{
    private static readonly Chart PayChart = PayAccounts.All.Select(name => Opened(name, AccountType.Liability))
        .Aggregate(AcmeChart, Chart.Evolve);

    internal static readonly PayGroupDetails Office = new(
        "bg", PayFrequency.Monthly,
        ValueMap<AccountCode>.From(PayAccounts.All.Select(name => KeyValuePair.Create(name, new AccountCode(name)))));

    private static readonly PayGroupAdded Added = new("office", Office);

    [Fact]
    public void A_group_is_added() => Given().When(Put("office", Office)).ThenAppended(Added);

    [Fact]
    public void The_same_group_again_is_nothing_new() =>
        Given(Added).When(Put("office", Office, ifMatch: 99)).ThenNothing();

    [Fact]
    public void A_change_needs_the_version_of_the_group()
    {
        var given = Given(Added, new PayGroupAdded("shop", Office));
        var later = Office with { PayDay = 10 };
        given.When(Put("office", later)).ThenRefused(RegisterRefusals.IfMatchRequired(1));
        given.When(Put("office", later, 2)).ThenRefused(RegisterRefusals.IfMatchFailed(2, 1));
        given.When(Put("office", later, 1)).ThenAppended(new PayGroupChanged("office", later));
    }

    [Fact]
    public void The_pack_never_changes() =>
        Given(Added).When(Put("office", Office with { Pack = "az" }, 1))
            .ThenRefused(PayGroupRefusals.PackFixed("bg", "az"));

    [Theory]
    [InlineData(PayFrequency.Weekly)]
    [InlineData(PayFrequency.TwoWeekly)]
    [InlineData(PayFrequency.FourWeekly)]
    public void Groups_of_weeks_say_when_their_weeks_begin(PayFrequency frequency)
    {
        var weekly = Office with { Pack = "gb", Frequency = frequency };
        Given().When(Put("shop", weekly)).ThenRefused(PayGroupRefusals.WeekStartNeeded(frequency));
        weekly = weekly with { WeekStart = new(2026, 1, 5) };
        Given().When(Put("shop", weekly)).ThenAppended(new PayGroupAdded("shop", weekly));
    }

    [Fact]
    public void Every_account_is_named_and_takes_postings()
    {
        var archived = Office with { Accounts = With(PayAccounts.Taxes, "old") };
        Given().When(Put("office", archived))
            .ThenRefused(PayGroupRefusals.AccountUnusable(PayAccounts.Taxes, new AccountCode("old")));
    }

    [Fact]
    public void A_company_has_at_most_a_thousand_groups()
    {
        var full = Enumerable.Range(1, PayGroupDecider.GroupsMax)
            .Select(i => (PayGroupEvent)new PayGroupAdded($"g{i}", Office)).ToArray();
        Given(full[..^1]).When(Put("g1000", Office)).ThenAppended(full[^1]);
        Given(full).When(Put("g1001", Office)).ThenRefused(PayGroupRefusals.TooMany(PayGroupDecider.GroupsMax));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    [Fact]
    public void What_settles_months_anew_stays_once_runs_were_opened()
    {
        var silent = Office with { Pack = "az" };
        var earned = silent with { Settings = ValueMap<string>.From([new("lateTax", "earned")]) };
        var paid = silent with { Settings = ValueMap<string>.From([new("lateTax", "paid")]) };
        var refused = PayGroupRefusals.SettingFixed("lateTax", "earned");
        Given(new PayGroupAdded("office", earned)).When(Put("office", paid, 1, hasRuns: true)).ThenRefused(refused);
        Given(new PayGroupAdded("office", earned)).When(Put("office", silent, 1, hasRuns: true)).ThenRefused(refused);
        Given(new PayGroupAdded("office", earned)).When(Put("office", paid, 1))
            .ThenAppended(new PayGroupChanged("office", paid));
        Given(new PayGroupAdded("office", silent)).When(Put("office", paid, 1, hasRuns: true))
            .ThenAppended(new PayGroupChanged("office", paid));
    }

    [Fact]
    public void A_premium_of_months_that_were_paid_stays_as_it_was()
    {
        PayGroupDetails Of(string premium) => Office with
        {
            Pack = "az",
            Settings = ValueMap<string>.From([new("overtimePremium", premium)]),
        };
        Given(new PayGroupAdded("office", Of("100"))).When(Put("office", Of("150"), 1, hasRuns: true))
            .ThenRefused(PayGroupRefusals.SettingFixed("overtimePremium", "100"));
    }

    private const string KeepsMinimumWage = "garnishmentKeepsMinimumWage";

    internal static readonly FaultTable<GroupCase> Faults = new(
        new GroupCase(
            new PutPayGroup(
                "of fice",
                new("fr", PayFrequency.Weekly, ValueMap<AccountCode>.From([new("grosspay", new AccountCode("x"))]),
                    new string('x', 201), 32, 32,
                    Settings: ValueMap<string>.From([new("lateTax", "earned")])),
                7),
            Company.Initial,
            Enumerable.Range(1, PayGroupDecider.GroupsMax)
                .Select(i => (PayGroupEvent)new PayGroupAdded($"g{i}", Office))
                .Aggregate(PayGroupCatalog.Initial, PayGroupCatalog.Evolve)),
        a => PayGroupDecider.Decide(a.Command, a.Catalog, a.Company, PayChart, hasRuns: true).Refusal,
        new("company-unknown", a => a with { Company = Acme }),
        new("id-invalid", a => a with { Command = a.Command with { Group = "office" } }),
        new("if-match-failed", a => a with { Command = a.Command with { IfMatch = null } }),
        new("text-too-long", a => a.With(details => details with { Name = "Office" })),
        new("pack-not-found", a => a.With(details => details with { Pack = "bg" }) with
        {
            Catalog = PayGroupCatalog.Evolve(a.Catalog, new PayGroupChanged("office", Office with { Pack = "gb" })),
            Command = a.Command with
            {
                Details = a.Command.Details with { Pack = "bg" },
                IfMatch = PayGroupDecider.GroupsMax + 1,
            },
        }),
        new("pay-group-pack-fixed", a => a with
        {
            Catalog = PayGroupCatalog.Evolve(a.Catalog, new PayGroupChanged("office", Office)),
            Command = a.Command with { IfMatch = PayGroupDecider.GroupsMax + 2 },
        }),
        new("pay-group-calendar-fixed", a => a with { Command = a.Command with { Group = "office3", IfMatch = null } }),
        new("pay-group-setting-unknown", a => a.With(
            details => details with { Settings = ValueMap<string>.From([new(KeepsMinimumWage, "maybe")]) })),
        new("pay-group-setting-invalid", a => a.With(details => details with { Settings = null })),
        new("day-out-of-range", a => a.With(details => details with { PayDay = 5, PeriodEndDay = 25 })),
        new("period-end-not-monthly", a => a.With(details => details with { PeriodEndDay = null })),
        new("week-start-needed", a => a.With(details => details with { WeekStart = new(2026, 1, 5) })),
        new("pay-account-name-unknown", a => a.With(details => details with
        {
            Accounts = ValueMap<AccountCode>.Empty,
        })),
        new("pay-account-missing", a => a.With(details => details with { Accounts = With("taxes", "nowhere") })),
        new("pay-account-unusable", a => a.With(details => details with { Accounts = Office.Accounts })),
        new("too-many-pay-groups", a => a with { Catalog = PayGroupCatalog.Initial }));

    private static ValueMap<AccountCode> With(string name, string account) => ValueMap<AccountCode>.From(
        Office.Accounts.Where(each => each.Key != name).Append(new(name, new AccountCode(account))));

    private static Given<PayGroupCatalog, PayGroupEvent> Given(params PayGroupEvent[] events) =>
        new Given<PayGroupCatalog, PayGroupEvent>(PayGroupCatalog.Initial, PayGroupCatalog.Evolve).And(events);

    private static Func<PayGroupCatalog, Decision<PayGroupEvent>> Put(
        string group, PayGroupDetails details, long? ifMatch = null, bool hasRuns = false) =>
        catalog => PayGroupDecider.Decide(
            new PutPayGroup(group, details, ifMatch), catalog, Acme, PayChart, hasRuns);

    internal sealed record GroupCase(PutPayGroup Command, Company Company, PayGroupCatalog Catalog)
    {
        public GroupCase With(Func<PayGroupDetails, PayGroupDetails> change) =>
            this with { Command = Command with { Details = change(Command.Details) } };
    }
}

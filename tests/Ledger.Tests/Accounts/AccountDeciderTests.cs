using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Accounts;

public sealed class AccountDeciderTests
{
    private static readonly AccountDetails Bank = new("Bank", AccountType.Asset);
    private static readonly AccountCode Code = new("1200");
    private static readonly AccountOpened BankOpened = new(Code, Bank);

    [Fact]
    public void An_account_is_opened() => Given().When(Put(Code, Bank)).ThenAppended(BankOpened);

    [Fact]
    public void The_same_account_again_is_nothing_new() =>
        Given(BankOpened).When(Put(Code, Bank with { Names = null }, ifMatch: 99)).ThenNothing();

    [Fact]
    public void A_change_needs_the_version_of_the_account_not_of_the_chart()
    {
        var given = Given(BankOpened, Opened("x", AccountType.Asset));
        given.When(Put(Code, Bank with { Name = "Banks" })).ThenRefused(RegisterRefusals.IfMatchRequired(1));
        given.When(Put(Code, Bank with { Name = "Banks" }, 2)).ThenRefused(RegisterRefusals.IfMatchFailed(2, 1));
        given.When(Put(Code, Bank with { Name = "Banks" }, 1))
            .ThenAppended(new AccountChanged(Code, Bank with { Name = "Banks" }));
    }

    [Fact]
    public void The_version_of_an_account_is_the_charts_at_its_last_change()
    {
        var chart = ChartOf(BankOpened, Opened("x", AccountType.Asset), new AccountChanged(Code, Bank));
        Assert.Equal(3, chart.Version);
        Assert.Equal(3, chart.Find(Code)!.Version);
        Assert.Equal(2, chart.Find(new AccountCode("x"))!.Version);
    }

    [Fact]
    public void Type_and_currency_may_change_until_the_first_posting()
    {
        var changed = new AccountDetails("Loan", AccountType.Liability, Currency: Usd);
        Given(BankOpened).When(Put(Code, changed, 1)).ThenAppended(new AccountChanged(Code, changed));
        Given(BankOpened).When(Put(Code, Bank with { Type = AccountType.Liability }, 1, hasPostings: true))
            .ThenRefused(AccountRefusals.TypeFixed(Code, AccountType.Asset, AccountType.Liability));
        Given(BankOpened).When(Put(Code, Bank with { Currency = Usd }, 1, hasPostings: true))
            .ThenRefused(AccountRefusals.CurrencyFixed(Code, null, Usd));
    }

    [Fact]
    public void All_else_may_change_after_the_first_posting()
    {
        var changed = Bank with { Name = "Old bank", Archived = true, Postable = false, Requires = ["department"] };
        Given(BankOpened).When(Put(Code, changed, 1, hasPostings: true))
            .ThenAppended(new AccountChanged(Code, changed));
    }

    [Fact]
    public void A_parent_is_an_account_of_the_chart_and_never_below_its_child()
    {
        var chart = Given(
            Opened("a", AccountType.Asset),
            Opened("b", AccountType.Asset, b => b with { Parent = new AccountCode("a") }),
            Opened("c", AccountType.Asset, c => c with { Parent = new AccountCode("b") }));
        var a = new AccountDetails("a", AccountType.Asset);
        chart.When(Put(new("a"), a with { Parent = new("c") }, 1))
            .ThenRefused(AccountRefusals.ParentCycle(new("a"), new("c")));
        chart.When(Put(new("a"), a with { Parent = new("a") }, 1))
            .ThenRefused(AccountRefusals.ParentCycle(new("a"), new("a")));
        chart.When(Put(new("a"), a with { Parent = new("d") }, 1)).ThenRefused(AccountRefusals.ParentUnknown(new("d")));
        chart.When(Put(new("d"), a with { Parent = new("c") }))
            .ThenAppended(new AccountOpened(new("d"), a with { Parent = new("c") }));
    }

    [Fact]
    public void A_chart_may_be_32_levels_deep()
    {
        var levels = Enumerable.Range(1, 32).Select(level => (AccountEvent)Level(level)).ToArray();
        Given(levels[..31]).When(Put(Level(32).Code, Level(32).Account)).ThenAppended(levels[31]);
        Given(levels).When(Put(Level(33).Code, Level(33).Account))
            .ThenRefused(AccountRefusals.ParentTooDeep(new AccountCode("32"), 32));
    }

    [Fact]
    public void An_account_is_moved_with_all_that_lies_below_it()
    {
        var levels = Enumerable.Range(1, 20).Select(level => (AccountEvent)Level(level));
        var (top, below) = (new AccountDetails("top", AccountType.Asset), new AccountCode("20"));
        var moved = top with { Parent = below };
        AccountEvent[] Tree(int depth) =>
        [
            .. levels, new AccountOpened(new("top"), top),
            .. Enumerable.Range(2, depth - 1).Select(level => new AccountOpened(
                new($"t{level}"), top with { Parent = new(level == 2 ? "top" : $"t{level - 1}") })),
        ];

        Given(Tree(12)).When(Put(new("top"), moved, 21)).ThenAppended(new AccountChanged(new("top"), moved));
        Given(Tree(13)).When(Put(new("top"), moved, 21)).ThenRefused(AccountRefusals.ParentTooDeep(below, 32));
        Given(Tree(32)).When(Put(new("top"), top with { Name = "renamed" }, 21))
            .ThenAppended(new AccountChanged(new("top"), top with { Name = "renamed" }));
    }

    [Theory]
    [InlineData("501")]
    [InlineData("Assets:Bank:Checking")]
    [InlineData("Активи Банка")]
    [InlineData("a\U0001F4B0")]
    [InlineData("می\u200cخواهم")]
    public void An_account_code_is_any_text_that_survives_in_a_path(string code) =>
        Given().When(Put(new AccountCode(code), Bank)).ThenAppended(new AccountOpened(new AccountCode(code), Bank));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("50%")]
    [InlineData("a\tb")]
    [InlineData("a\u0085")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("e\u0301")]
    [InlineData("a\0")]
    [InlineData("\u200b")]
    [InlineData("5\u200b01")]
    [InlineData("\u200d")]
    [InlineData("a\u2028b")]
    [InlineData("a\u2029b")]
    [InlineData("a\u202eb")]
    [InlineData("\ufeffa")]
    [InlineData("a\U000E0041b")]
    public void What_does_not_survive_in_a_path_is_not_an_account_code(string code) =>
        Given().When(Put(new AccountCode(code), Bank)).ThenRefused(AccountRefusals.CodeInvalid("The code", code));

    [Fact]
    public void An_account_code_has_at_most_200_characters()
    {
        Assert.True(AccountCode.IsValid(new string('я', 200)));
        Assert.False(AccountCode.IsValid(new string('я', 201)));
        Assert.False(AccountCode.IsValid(null));
        Assert.False(AccountCode.IsValid("half of a pair \ud83d"));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<AccountCase> Faults = new(
        new AccountCase(
            new PutAccount(
                new AccountCode("50%"),
                new AccountDetails(
                    "", AccountType.Income, Map(("b!", "Банка")), new AccountCode("nowhere"), new UnitCode("XYZ"),
                    BySign: true, Requires: [.. Enumerable.Repeat("de partment", 11)])),
            Company.Initial,
            ChartOf(
                BankOpened,
                Opened("below", AccountType.Asset, a => a with { Parent = Code }),
                Opened("top", AccountType.Asset))),
        a => AccountDecider.Decide(a.Command, a.Chart, a.Company, hasPostings: true).Refusal,
        new("company-unknown", a => a with { Company = WithRetainedEarnings(Code) }),
        new("account-code-invalid", a => a with { Command = a.Command with { Code = Code } }),
        new("if-match-required", a => a with { Command = a.Command with { IfMatch = 7 } }),
        new("if-match-failed", a => a with { Command = a.Command with { IfMatch = 1 } }),
        new("text-empty", a => a.With(d => d with { Name = "Bank" })),
        new("language-invalid", a => a.With(d => d with { Names = null })),
        new("unit-unknown", a => a.With(d => d with { Currency = Usd })),
        new("by-sign-needs-balance-sheet", a => a.With(d => d with { BySign = null })),
        new("retained-earnings-not-equity", a => a with { Company = WithRetainedEarnings(null) }),
        new("too-many-required-dimensions", a => a.With(d => d with { Requires = ["de partment"] })),
        new("id-invalid", a => a.With(d => d with { Requires = ["department", "department"] })),
        new("required-dimension-twice", a => a.With(d => d with { Requires = ["department"] })),
        new("parent-unknown", a => a.With(d => d with { Parent = new AccountCode("below") })),
        new("parent-cycle", a => a.With(d => d with { Parent = new AccountCode("top") })),
        new("account-type-fixed", a => a.With(d => d with { Type = AccountType.Asset })),
        new("account-currency-fixed", a => a.With(d => d with { Currency = null })));

    private static Company WithRetainedEarnings(AccountCode? account) => Company.Evolve(
        Company.Initial,
        new CompanyRegistered(
            new CompanySettings("Acme", Eur, "DE", RetainedEarnings: account), "Europe/Berlin", new AnnualDate(1, 1)));

    private static AccountOpened Level(int level) => Opened(
        $"{level}", AccountType.Asset, a => level == 1 ? a : a with { Parent = new AccountCode($"{level - 1}") });

    private static Given<Chart, AccountEvent> Given(params AccountEvent[] events) =>
        new(ChartOf(events), Chart.Evolve);

    private static Func<Chart, Decision<AccountEvent>> Put(
        AccountCode code, AccountDetails details, long? ifMatch = null, bool hasPostings = false) =>
        chart => AccountDecider.Decide(new PutAccount(code, details, ifMatch), chart, Acme, hasPostings);

    internal sealed record AccountCase(PutAccount Command, Company Company, Chart Chart)
    {
        public AccountCase With(Func<AccountDetails, AccountDetails> change) =>
            this with { Command = Command with { Account = change(Command.Account) } };
    }
}

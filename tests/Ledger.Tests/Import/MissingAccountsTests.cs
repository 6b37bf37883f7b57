using Ledger.Api.Import;
using Ledger.Domain;
using Ledger.Domain.Accounts;

namespace Ledger.Tests.Import;

public sealed class MissingAccountsTests
{
    [Theory]
    [InlineData("Assets:Bank", AccountType.Asset)]
    [InlineData("asset", AccountType.Asset)]
    [InlineData("Liabilities:Loan", AccountType.Liability)]
    [InlineData("liability:x", AccountType.Liability)]
    [InlineData("debts", AccountType.Liability)]
    [InlineData("Equity:Conversion", AccountType.Equity)]
    [InlineData("revenues:sales", AccountType.Income)]
    [InlineData("INCOME", AccountType.Income)]
    [InlineData("Expense:Food", AccountType.Expense)]
    [InlineData("Assetsx", null)]
    [InlineData("My:Assets", null)]
    public void English_names_tell_their_type_as_in_hledger(string name, AccountType? type) =>
        Assert.Equal(type, AccountNames.TypeOf(new AccountCode(name)));

    [Fact]
    public void Parents_are_opened_first_and_once()
    {
        var missing = new MissingAccounts(ChartFile.Empty, new Dictionary<AccountCode, AccountType>());

        Assert.Null(missing.Need(new("Assets:Bank:Checking"), Chart.Initial));
        Assert.Null(missing.Need(new("Assets:Bank:Savings"), Chart.Initial));
        Assert.Null(missing.Need(new("Assets:Bank"), Chart.Initial));

        Assert.Equal(
            [
                Put("Assets", "Assets", AccountType.Asset, null),
                Put("Assets:Bank", "Bank", AccountType.Asset, "Assets"),
                Put("Assets:Bank:Checking", "Checking", AccountType.Asset, "Assets:Bank"),
                Put("Assets:Bank:Savings", "Savings", AccountType.Asset, "Assets:Bank"),
            ],
            missing.Opening);
    }

    [Fact]
    public void What_the_chart_has_is_left_alone_and_gives_its_type_to_what_is_below()
    {
        var chart = Chart.Evolve(
            Chart.Initial, new AccountOpened(new("Activa"), new AccountDetails("Activa", AccountType.Asset)));
        var missing = new MissingAccounts(ChartFile.Empty, new Dictionary<AccountCode, AccountType>());

        Assert.Null(missing.Need(new("Activa"), chart));
        Assert.Null(missing.Need(new("Activa:Bank"), chart));

        Assert.Equal([Put("Activa:Bank", "Bank", AccountType.Asset, "Activa")], missing.Opening);
    }

    [Fact]
    public void A_name_that_tells_nothing_is_asked_for() =>
        Assert.Equal(
            "The name of the account 'Budget:Food' does not tell its type: say it with --type 'Budget=asset' "
            + "(liability, equity, income, expense, off-balance) or in a file with --chart.",
            new MissingAccounts(ChartFile.Empty, new Dictionary<AccountCode, AccountType>())
                .Need(new("Budget:Food"), Chart.Initial));

    [Fact]
    public void A_type_that_was_said_holds_for_everything_below()
    {
        var types = new Dictionary<AccountCode, AccountType> { [new("Budget")] = AccountType.OffBalance };
        var missing = new MissingAccounts(ChartFile.Empty, types);

        Assert.Null(missing.Need(new("Budget:Food"), Chart.Initial));

        Assert.Equal(
            [
                Put("Budget", "Budget", AccountType.OffBalance, null),
                Put("Budget:Food", "Food", AccountType.OffBalance, "Budget"),
            ],
            missing.Opening);
    }

    [Fact]
    public void A_chart_file_wins_over_names()
    {
        var file = ChartFile.Read(new StringReader(
            "type;code;name;parent;currency\nasset;501;Cash;50;EUR\nA;50;\"Money; all\";;\nliability;Assets;;;\n"));
        var missing = new MissingAccounts(file, new Dictionary<AccountCode, AccountType>());

        Assert.Null(missing.Need(new("501"), Chart.Initial));
        Assert.Null(missing.Need(new("Assets:X"), Chart.Initial));

        Assert.Equal(
            [
                Put("50", "Money; all", AccountType.Asset, null),
                new PutAccount(
                    new("501"),
                    new AccountDetails("Cash", AccountType.Asset, Parent: new("50"), Currency: new("EUR"))),
                Put("Assets", "Assets", AccountType.Liability, null),
                Put("Assets:X", "X", AccountType.Liability, "Assets"),
            ],
            missing.Opening);
    }

    [Fact]
    public void Parents_in_a_circle_come_to_an_end()
    {
        var file = ChartFile.Read(new StringReader("code,type,parent\na,asset,b\nb,asset,a\n"));

        Assert.Equal(
            "The parents of the account 'a' never come to an end.",
            new MissingAccounts(file, new Dictionary<AccountCode, AccountType>()).Need(new("a"), Chart.Initial));
    }

    [Theory]
    [InlineData("name\nx\n", "The chart's heading must name the columns code and type (and name, "
        + "parent, currency if wanted).")]
    [InlineData("code,type\n1,thing\n", "Line 2 of the chart: 'thing' is no type: send asset, liability, equity, "
        + "income, expense or off-balance.")]
    [InlineData("code,type\n1\n", "Line 2 of the chart: It has 1 fields where the heading has 2.")]
    public void A_chart_that_cannot_be_read_is_refused_with_its_line(string text, string message) =>
        Assert.Equal(
            message, Assert.Throws<InvalidDataException>(() => ChartFile.Read(new StringReader(text))).Message);

    private static PutAccount Put(string code, string name, AccountType type, string? parent) =>
        new(new(code), new AccountDetails(name, type, Parent: parent is null ? null : new AccountCode(parent)));
}

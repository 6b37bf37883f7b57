using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Accounts;

public sealed class ChartTemplateTests
{
    public static TheoryData<string> Templates => [.. ChartTemplates.Names];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_account_of_a_template_is_accepted_by_the_rules_in_its_order(string name)
    {
        var chart = Chart.Initial;
        foreach (var account in ChartTemplates.Find(name)!)
        {
            var decision = AccountDecider.Decide(new PutAccount(account.Code, account.Account), chart, Acme, false);
            Assert.Equal(new Decision<AccountEvent>([account], null), decision);
            chart = Chart.Evolve(chart, account);
        }
    }

    [Theory]
    [InlineData("international", null, "3500")]
    [InlineData("bg", "en", "122")]
    [InlineData("az", "en", "343")]
    public void A_template_serves_real_books(string name, string? language, string retainedEarnings)
    {
        var accounts = ChartTemplates.Find(name)!;
        Assert.InRange(accounts.Count(account => account.Account.Postable is not false), 60, 150);
        Assert.All(accounts, account => Assert.True(language is null || account.Account.Names!.ContainsKey(language)));
        Assert.Equal(
            AccountType.Equity,
            accounts.Single(account => account.Code.Value == retainedEarnings).Account.Type);
    }

    [Theory]
    [InlineData("bg", "401", AccountType.Liability)]
    [InlineData("bg", "402", AccountType.Asset)]
    [InlineData("bg", "411", AccountType.Asset)]
    [InlineData("bg", "412", AccountType.Liability)]
    [InlineData("bg", "4532", AccountType.Liability)]
    [InlineData("bg", "503", AccountType.Asset)]
    [InlineData("bg", "702", AccountType.Income)]
    [InlineData("az", "211", AccountType.Asset)]
    [InlineData("az", "223", AccountType.Asset)]
    [InlineData("az", "531", AccountType.Liability)]
    [InlineData("az", "601", AccountType.Income)]
    [InlineData("az", "701", AccountType.Expense)]
    public void National_numbers_have_their_national_meaning(string name, string code, AccountType type) =>
        Assert.Equal(type, ChartTemplates.Find(name)!.Single(account => account.Code.Value == code).Account.Type);

    [Fact]
    public void A_template_opens_only_what_the_chart_lacks()
    {
        var own = Opened("1120", AccountType.Liability);
        var expected = ChartTemplates.Find("international")!.Where(account => account.Code.Value != "1120");
        new Given<Chart, AccountEvent>(ChartOf(own), Chart.Evolve)
            .When(chart => AccountDecider.Decide(new ApplyChartTemplate("international"), chart, Acme))
            .ThenAppended([.. expected]);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<TemplateCase> Faults = new(
        new TemplateCase("mars", Company.Initial),
        a => AccountDecider.Decide(new ApplyChartTemplate(a.Template), Chart.Initial, a.Company).Refusal,
        new("company-unknown", a => a with { Company = WithRetainedEarnings("501") }),
        new("chart-template-unknown", a => a with { Template = "bg" }),
        new("retained-earnings-not-equity", a => a with { Company = WithRetainedEarnings("122") }));

    private static Company WithRetainedEarnings(string account) => Company.Evolve(
        Company.Initial,
        new CompanyRegistered(
            new CompanySettings("Acme", Eur, "BG", RetainedEarnings: new AccountCode(account)), "Europe/Sofia",
            new AnnualDate(1, 1)));

    internal sealed record TemplateCase(string Template, Company Company);
}

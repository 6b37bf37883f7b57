using Ledger.Domain.Keys;
using Ledger.Domain.People;
using Ledger.Tests.Employees;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using static Ledger.Tests.Employees.EmployeeSteps;
using static Ledger.Tests.People.PeopleSteps;

namespace Ledger.Tests.People;

/// <summary>Persons are searched by what they are called, each where they are called so; what else is known of them
/// finds nobody.</summary>
public sealed class SearchedNamesTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Born = "1990-03-31";

    [Fact]
    public async Task Whoever_looks_for_a_birth_date_among_counterparties_finds_nobody()
    {
        var shop = await CustomerWhoIsEmployedAsync();
        (await shop.SendAsync(Step.Put("/four-eyes", """{"exempt": ["changeKey"]}"""))).Is(201);
        var keys = new CompanyKeys(host, shop.Company);
        var accountant = await keys.IssueAsync("books", Role.Accountant, "petar");
        await host.CatchUpAsync();

        foreach (var text in (string[])[Born, Iban, "Ana Ilieva"])
        {
            var found = await keys.SendAsync(accountant, Step.Get($"/journal-entries?counterparty={text}"));
            Assert.Empty(found.Is(200).Json.GetProperty("rows").EnumerateArray());
        }

        Assert.Equal("e1", IdOf(await keys.SendAsync(
            accountant, Step.Get("/journal-entries?counterparty=ana%20petrova")), "id"));
        Assert.Equal("p-17", IdOf(await shop.SendAsync(Step.Get("/employees?name=ana%20ilieva")), "employee"));
        Assert.Equal(2, await host.CountAsync($"ledger.person_index where company = '{shop.Company}'"));
    }

    [Fact]
    public async Task What_was_made_findable_before_names_only_were_finds_nobody_either()
    {
        var shop = await CustomerWhoIsEmployedAsync();
        var born = PersonalText.Open("p-17", Purpose.Payroll, Born);
        await host.Ledger.Vault.SealerAsync(shop.Company, [born], [born]);

        foreach (var path in (string[])[$"/employees?name={Born}", $"/journal-entries?counterparty={Born}"])
        {
            Assert.Empty((await shop.SendAsync(Step.Get(path))).Is(200).Json.GetProperty("rows").EnumerateArray());
        }
    }

    [Fact]
    public async Task Employees_are_found_by_what_they_were_called_before()
    {
        var shop = await host.ShopAsync(Ana());
        (await shop.SendAsync(Ana(name: "Ana Ilieva") with { Headers = [("If-Match", "\"1\"")] })).Is(201);

        foreach (var name in (string[])["Ana%20Petrova", "ANA%20ILIEVA"])
        {
            Assert.Equal("p-17", IdOf(await shop.SendAsync(Step.Get($"/employees?name={name}")), "employee"));
        }
    }

    private Task<Scenario> CustomerWhoIsEmployedAsync() => host.ShopAsync(
        Steps.Account("100", "Bank", "asset"), Steps.Account("400", "Sales", "income"),
        SaleTo("e1", "p-17", "Ana Petrova"), Ana(name: "Ana Ilieva"), EmployeeSteps.Account());

    private static string? IdOf(ApiAnswer answer, string member) =>
        Assert.Single(answer.Is(200).Json.GetProperty("rows").EnumerateArray()).GetProperty(member).GetString();
}

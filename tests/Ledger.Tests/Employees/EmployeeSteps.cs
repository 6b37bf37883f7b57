using Ledger.Api;
using Ledger.Domain;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.EventStore;
using Ledger.Tests.Http;

namespace Ledger.Tests.Employees;

/// <summary>What scenarios with employees begin with.</summary>
internal static class EmployeeSteps
{
    public const string Iban = "BG80BNBG96611020345678";
    public const string OtherIban = "DE89370400440532013000";

    /// <summary>A Bulgarian company, whose payroll is kept for 50 years.</summary>
    public static readonly Step[] Shop =
    [
        Step.Put("", """{"name": "Shop", "currency": "EUR", "country": "BG"}"""),
        Step.Put("/dimensions/department/sales", """{"name": "Sales"}"""),
    ];

    public static Step Ana(string id = "p-17", string name = "Ana Petrova") => Step.Put(
        $"/employees/{id}", $$"""{"name": "{{name}}", "birthDate": "1990-03-31", "language": "bg"}""");

    public static Step Contract(string id = "p-17", string contract = "c1", string from = "2026-01-01") => Step.Put(
        $"/employees/{id}/contracts/{contract}",
        $$$"""
        {"payGroup": "sofia", "from": "{{{from}}}", "type": "permanent", "position": "Shop assistant",
        "weeklyHours": "40", "dimensions": {"department": "sales"}}
        """);

    public static Step Salary(
        string from = "2026-01-01", string amount = "1500.00", string id = "p-17", long? ifMatch = null) => Step.Put(
        $"/employees/{id}/pay/salary/{from}", $$"""{"amount": "{{amount}}", "per": "month"}""",
        ifMatch is { } version ? [("If-Match", $"\"{version}\"")] : []);

    public static Step Facts(string from = "2026-01-01", string id = "p-17") => Step.Put(
        $"/employees/{id}/statutory/{from}",
        """{"pack": "bg", "facts": {"bornBefore1960": false, "accidentRate": "0.4"}}""");

    public static Step Account(string iban = Iban, string from = "2026-01-01", string id = "p-17") => Step.Put(
        $"/employees/{id}/bank-account/{from}", $$"""{"account": "{{iban}}" }""");

    public static Step Left(string lastDay, string id = "p-17") => Step.Post(
        $"/employees/{id}/termination", $$"""{"lastDay": "{{lastDay}}", "reason": "resigned"}""");

    public static Step Show(string query = "", string id = "p-17") => Step.Get($"/employees/{id}{query}");

    /// <summary>The company with the monthly pay group <c>sofia</c> of the pack bg, and then what follows.</summary>
    public static async Task<Scenario> ShopAsync(this ApiHost host, params Step[] steps)
    {
        var shop = host.Given(Shop);
        await shop.PrepareAsync();
        await host.AddPayGroupAsync(shop.Company, "sofia", "bg");
        foreach (var step in steps)
        {
            (await shop.SendAsync(step)).Is(201);
        }

        return shop;
    }

    public static async Task AddPayGroupAsync(this ApiHost host, string company, string group, string pack)
    {
        var added = new PayGroupAdded(
            group, new(pack, PayFrequency.Monthly, ValueMap<AccountCode>.From([new("netPay", new("421"))])));
        Assert.IsType<Transacted<int>.Done>(await host.Ledger.Transact.RunAsync<int>(
            company, new("key:test", null, null, null), async reading =>
            {
                await reading.StateAsync(Streams.PayGroups, Streams.PayGroupsFold);
                return Verdict.Append(0, (Streams.PayGroups, [added]));
            }));
    }

    /// <summary>The request is refused with this code, and nothing is recorded by it.</summary>
    public static async Task<ApiAnswer> RefusesAsync(this Scenario shop, Step step, int status, string code)
    {
        var before = await shop.EventsAsync();
        var answer = (await shop.SendAsync(step)).IsProblem(status, code);
        Assert.Equal(before, await shop.EventsAsync());
        return answer;
    }
}

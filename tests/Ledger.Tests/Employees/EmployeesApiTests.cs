using System.Text.Json;
using Ledger.Tests.Http;
using static Ledger.Tests.Employees.EmployeeSteps;
using static Ledger.Tests.Http.Step;

namespace Ledger.Tests.Employees;

/// <summary>Employees over the real service: what is recorded, corrected, and read on both clocks.</summary>
public sealed class EmployeesApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Somebody_is_hired_and_all_of_it_is_read_again()
    {
        var shop = await host.ShopAsync(Ana(), Contract(), Salary(), Facts(), Account());

        var shown = (await shop.SendAsync(Show())).Is(200);

        Assert.Equal(
            [
                "company_registered", "dimension_value_added", "pay_group_added", "employee_registered",
                "contract_recorded", "pay_recorded", "statutory_facts_recorded", "bank_account_recorded",
            ],
            await shop.EventsAsync());
        Assert.Equal("\"1\"", shown.Header("ETag"));
        AssertJson(
            "{'name':'Ana Petrova','email':null,'birthDate':'1990-03-31','nationalNumber':null,'address':null,"
            + "'language':'bg','erased':false,'version':1}",
            shown, "details");
        AssertJson(
            "[{'contract':'c1','payGroup':'sofia','from':'2026-01-01','to':null,'type':'permanent',"
            + "'position':'Shop assistant','weeklyHours':'40','fullTimeHours':null,'place':null,"
            + "'dimensions':{'department':'sales'},'version':2}]",
            shown, "contracts");
        AssertJson(
            "[{'element':'salary','effectiveFrom':'2026-01-01','amount':'1500.00','per':'month','to':null,"
            + "'version':3}]",
            shown, "pay");
        AssertJson(
            "[{'effectiveFrom':'2026-01-01','pack':'bg','facts':{'accidentRate':'0.4','bornBefore1960':false},"
            + "'version':4}]",
            shown, "statutory");
        Assert.Equal(Iban, shown.Json.GetProperty("bankAccounts")[0].GetProperty("account").GetString());
    }

    [Fact]
    public async Task The_same_again_is_nothing_new_and_other_content_is_a_correction_that_must_have_seen_the_first()
    {
        var shop = await host.ShopAsync(Ana(), Contract(), Salary());

        var again = (await shop.SendAsync(Salary())).Is(200);
        Assert.Equal("\"3\"", again.Header("ETag"));
        await shop.RefusesAsync(Salary(amount: "1600.00"), 428, "if-match-required");
        await shop.RefusesAsync(Salary(amount: "1600.00", ifMatch: 2), 412, "if-match-failed");
        var corrected = (await shop.SendAsync(Salary(amount: "1600.00", ifMatch: 3))).Is(201);

        Assert.Equal(
            """{"employee":"p-17","element":"salary","effectiveFrom":"2026-01-01","version":4,""",
            corrected.Body[..corrected.Body.IndexOf("\"sequence\"", StringComparison.Ordinal)]);
        Assert.Equal(corrected.Sequence, (await shop.SendAsync(Salary(amount: "1600.00"))).Is(200).Sequence);
    }

    [Fact]
    public async Task What_is_known_later_is_not_known_before_and_what_is_in_force_depends_on_the_day()
    {
        var shop = await host.ShopAsync(Ana(), Contract(), Salary());
        var before = (await shop.RecordedAsync())[^1].Sequence;
        (await shop.SendAsync(Salary("2026-03-01", "1800.00"))).Is(201);

        async Task<string> PaidAsync(string query) =>
            string.Join(' ', (await shop.SendAsync(Show(query))).Is(200).Json.GetProperty("pay").EnumerateArray()
                .Select(each => each.GetProperty("amount").GetString()));

        Assert.Equal("1500.00 1800.00", await PaidAsync(""));
        Assert.Equal("1500.00", await PaidAsync("?asOf=2026-02-28"));
        Assert.Equal("1800.00", await PaidAsync("?asOf=2026-03-01"));
        Assert.Equal("1500.00", await PaidAsync($"?asOf=2026-03-01&knownAtSequence={before}"));
        Assert.Equal("", await PaidAsync("?asOf=2025-12-31"));
        (await shop.SendAsync(Show("?knownAt=2020-01-01"))).IsProblem(404, "employee-unknown");
    }

    [Fact]
    public async Task The_history_tells_who_recorded_what()
    {
        var shop = await host.ShopAsync(Ana(), Contract(), Salary());

        var first = (await shop.SendAsync(Get("/employees/p-17/history?limit=2"))).Is(200).Json;
        var second = (await shop.SendAsync(Get(
            $"/employees/p-17/history?limit=2&cursor={first.GetProperty("next").GetString()}"))).Is(200).Json;

        Assert.Equal(
            ["employee_registered", "contract_recorded"],
            first.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("type").GetString()));
        var row = first.GetProperty("rows")[0];
        Assert.StartsWith("key:", row.GetProperty("actor").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            """{"person":"p-17","purpose":"payroll","value":"Ana Petrova"}""",
            row.GetProperty("data").GetProperty("details").GetProperty("name").GetRawText());
        Assert.Equal("pay_recorded", Assert.Single(second.GetProperty("rows").EnumerateArray())
            .GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    private static void AssertJson(string expected, ApiAnswer answer, string member) =>
        Assert.Equal(expected.Replace('\'', '"'), answer.Json.GetProperty(member).GetRawText());
}

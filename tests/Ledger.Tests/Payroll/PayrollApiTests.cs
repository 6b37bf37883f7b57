using System.Text.Json;
using Ledger.Domain.Keys;
using Ledger.Domain.Payroll;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Payroll;

public sealed class PayrollApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string January = """
        {"payDate": "2026-01-31", "frequency": "monthly", "earnings": [{"element": "salary", "amount": "1500.00"}],
        "facts": {"bornBefore1960": false, "accidentRate": "0.4"}}
        """;

    public static TheoryData<string> PackNames => [.. Packs.All.Select(pack => pack.Name)];

    [Fact]
    public async Task A_payslip_is_calculated_and_says_why()
    {
        var slip = (await host.PostAsync("/payroll/packs/bg/calculations", January)).Is(200).Json;

        Assert.Equal("EUR", slip.GetProperty("currency").GetString());
        Assert.Equal(
            ("1500.00", "336.03", "1163.97", "283.80"),
            (Text(slip, "gross"), Text(slip, "deductions"), Text(slip, "net"), Text(slip, "employerContributions")));
        var tax = slip.GetProperty("lines").EnumerateArray().Single(line => Text(line, "code") == "incomeTax");
        Assert.Equal(("tax", "129.33", "1293.30"), (Text(tax, "kind"), Text(tax, "amount"), Text(tax, "base")));
        Assert.EndsWith(
            "1,293.30 at 10 %. Comes to 129.33. Source: Taxes on Income of Natural Persons Act, art. 48, "
            + "from 2026-01-01.",
            Text(tax, "because"),
            StringComparison.Ordinal);
        Assert.Contains(
            slip.GetProperty("figures").EnumerateArray(), figure => Text(figure, "name") == "maximumInsurableIncome");
    }

    [Fact]
    public async Task Net_pay_leads_to_its_gross()
    {
        var slip = (await host.PostAsync("/payroll/packs/bg/calculations", """
            {"payDate": "2026-08-31", "frequency": "monthly", "netTarget": {"element": "salary", "net": "2100.00"},
            "facts": {"bornBefore1960": false, "accidentRate": "0.4"}}
            """)).Is(200).Json;
        Assert.Equal(("2650.27", "2100.00"), (Text(slip, "gross"), Text(slip, "net")));
    }

    [Theory]
    [InlineData("fr", January, 404, "pack-not-found")]
    [InlineData("gb", January, 422, "fact-unknown")]
    [InlineData("bg", """{"payDate": "2026-01-31", "frequency": "monthly", "facts": {}}""", 422, "fact-missing")]
    [InlineData("bg", """{"payDate": "2026-01-31", "frequency": "hourly", "facts": {}}""", 400, "value-not-known")]
    [InlineData("bg", """{"payDate": "2026-01-31", "facts": {}}""", 400, "field-missing")]
    [InlineData("bg", """{"payDate": ""31.1".2026", "frequency": "monthly", "facts": {}}""", 400, "date-malformed")]
    public async Task What_cannot_be_calculated_is_refused(string pack, string json, int status, string code) =>
        (await host.PostAsync($"/payroll/packs/{pack}/calculations", json)).IsProblem(status, code);

    [Fact]
    public async Task A_missing_fact_is_named()
    {
        var answer = await host.PostAsync(
            "/payroll/packs/bg/calculations",
            """{"payDate": "2026-01-31", "frequency": "monthly", "facts": {"accidentRate": "0.4"}}""");
        Assert.Contains(
            "The fact bornBefore1960 is not known", answer.IsProblem(422, "fact-missing").Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_packs_are_listed() => Assert.Equal(
        ["az", "bg", "gb", "us"],
        (await host.GetAsync("/payroll/packs")).Is(200).Json.GetProperty("rows").EnumerateArray()
            .Select(row => Text(row, "name")));

    [Theory]
    [MemberData(nameof(PackNames))]
    public async Task A_pack_shows_schemas_of_what_it_must_be_told_and_every_figure(string name)
    {
        var pack = Packs.Find(name)!;
        var shown = (await host.GetAsync($"/payroll/packs/{name}")).Is(200).Json;

        var schema = shown.GetProperty("factsSchema");
        Assert.Equal(
            pack.Facts.Select(fact => fact.Name),
            schema.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            pack.Facts.Where(fact => fact.IsNeeded).Select(fact => fact.Name),
            schema.GetProperty("required").EnumerateArray().Select(each => each.GetString()));
        Assert.Equal(pack.Figures.All.Count, shown.GetProperty("figures").GetArrayLength());
        Assert.Equal(pack.Elements.Count, shown.GetProperty("elements").GetArrayLength());
        (await host.GetAsync($"/payroll/packs/{name}x")).IsProblem(404, "pack-not-found");
    }

    [Fact]
    public async Task Keys_of_a_company_calculate_when_it_is_named()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        var keys = new CompanyKeys(host, books.Company);
        var payroll = await keys.IssueAsync("payroll", Role.Payroll, "maria");
        var shop = await keys.IssueAsync("shop", Role.Integrator, "shop");

        (await AskAsync(payroll, $"?company={books.Company}")).Is(200);
        (await AskAsync(payroll, "")).IsProblem(401, "key-unknown");
        (await AskAsync(payroll, "?company=another")).IsProblem(401, "key-unknown");
        (await AskAsync(shop, $"?company={books.Company}")).IsProblem(403, "permission-missing");
        (await AskAsync(null, "")).IsProblem(401, "key-missing");
    }

    private Task<ApiAnswer> AskAsync(string? key, string query) => CompanyKeys.SendAsync(host, key, ApiHost.Request(
        HttpMethod.Post, "/payroll/packs/bg/calculations" + query, January));

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}

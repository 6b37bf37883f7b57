using Ledger.Tests.Http;
using static Ledger.Tests.Employees.EmployeeSteps;
using static Ledger.Tests.Http.Step;

namespace Ledger.Tests.Employees;

/// <summary>Lists and head counts over the real service, on both clocks.</summary>
public sealed class EmployeeListApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly Step Half = Put(
        "/employees/p-18/contracts/c1",
        """
        {"payGroup": "sofia", "from": "2026-03-01", "to": "2026-08-31", "type": "seasonal", "position": "Waiter",
        "weeklyHours": "20", "fullTimeHours": "40", "place": "Varna"}
        """);

    private static readonly Step[] Two = [Ana(), Contract(), Ana("p-18", "Boris Ilieв"), Half];

    [Fact]
    public async Task Employees_are_listed_with_the_contract_of_the_day()
    {
        var shop = await host.ShopAsync(Two);

        var csv = (await shop.SendAsync(Get("/employees?asOf=2026-02-28", ("Accept", "text/csv")))).Is(200);

        Assert.Equal(
            "employee,name,erased,contract,position,payGroup,pack,type,weeklyHours,dimensions,from,to\r\n"
            + "p-17,Ana Petrova,false,c1,Shop assistant,sofia,bg,permanent,40,"
            + "\"{\"\"department\"\":\"\"sales\"\"}\",2026-01-01,\r\n"
            + "p-18,Boris Ilieв,false,,,,,,,,,\r\n",
            csv.Body);
        Assert.Equal("p-17 p-18", await IdsAsync(shop, "asOf=2026-03-01&employed=true"));
        Assert.Equal("p-17", await IdsAsync(shop, "asOf=2026-02-28&employed=true"));
        Assert.Equal("p-17", await IdsAsync(shop, "asOf=2026-03-01&dimension=department:sales"));
        Assert.Equal("p-18", await IdsAsync(shop, "name=boris%20%20ilieв"));
        Assert.Equal("", await IdsAsync(shop, "name=nobody"));
        Assert.Equal("", await IdsAsync(shop, "asOf=2026-03-01&payGroup=other"));
    }

    [Fact]
    public async Task Pages_keep_to_what_the_first_one_knew()
    {
        var shop = await host.ShopAsync(Two);
        var first = (await shop.SendAsync(Get("/employees?limit=1&asOf=2026-03-01"))).Is(200).Json;
        (await shop.SendAsync(Ana("p-17x"))).Is(201);

        var second = (await shop.SendAsync(Get(
            $"/employees?limit=1&asOf=2026-03-01&cursor={first.GetProperty("next").GetString()}"))).Is(200).Json;

        Assert.Equal("p-18", second.GetProperty("rows")[0].GetProperty("employee").GetString());
        Assert.Null(second.GetProperty("next").GetString());
    }

    [Fact]
    public async Task Heads_are_counted_on_any_day_as_known_at_any_moment()
    {
        var shop = await host.ShopAsync(Two);
        var before = (await shop.RecordedAsync())[^1].Sequence;
        (await shop.SendAsync(Post(
            "/employees/p-18/termination", """{"lastDay": "2026-04-30", "reason": "resigned"}"""))).Is(201);

        Assert.Equal("sofia 2 1.50", await CountAsync(shop, "asOf=2026-04-30"));
        Assert.Equal("sofia 1 1.00", await CountAsync(shop, "asOf=2026-05-01"));
        Assert.Equal("sofia 2 1.50", await CountAsync(shop, $"asOf=2026-05-01&knownAtSequence={before}"));
        Assert.Equal("sales 1 1.00, - 1 0.50", await CountAsync(shop, "asOf=2026-03-01&by=dimension:department"));
        Assert.Equal(
            "Shop assistant 1 1.00, Waiter 1 0.50", await CountAsync(shop, "asOf=2026-03-01&by=position"));
        Assert.Equal("Varna 1 0.50, - 1 1.00", await CountAsync(shop, "asOf=2026-03-01&by=place"));
        Assert.Equal("permanent 1 1.00, seasonal 1 0.50", await CountAsync(shop, "asOf=2026-03-01&by=type"));
        Assert.Equal("", await CountAsync(shop, "asOf=2025-12-31"));
        (await shop.SendAsync(Get("/employees/head-count?by=name"))).IsProblem(400, "parameter-malformed");
    }

    private static async Task<string> IdsAsync(Scenario shop, string query) => string.Join(
        ' ', (await shop.SendAsync(Get("/employees?" + query))).Is(200).Json.GetProperty("rows").EnumerateArray()
            .Select(row => row.GetProperty("employee").GetString()));

    private static async Task<string> CountAsync(Scenario shop, string query) => string.Join(
        ", ", (await shop.SendAsync(Get("/employees/head-count?" + query))).Is(200).Json.GetProperty("rows")
            .EnumerateArray().Select(row =>
                $"{row.GetProperty("value").GetString() ?? "-"} {row.GetProperty("employees").GetInt64()} "
                + row.GetProperty("fullTimeEquivalents").GetString()));
}

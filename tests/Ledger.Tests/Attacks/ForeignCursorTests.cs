using System.Text.Json;
using Ledger.Tests.Http;
using Ledger.Tests.PayRuns;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.Attacks;

/// <summary>A cursor of one company opens nothing in another, whichever list it is of.</summary>
public sealed class ForeignCursorTests(ApiHost host) : IClassFixture<ApiHost>
{
    /// <summary>Lists that have a second page in the books of this test, at least.</summary>
    private const int ListsMin = 8;

    [Fact]
    public async Task No_list_goes_on_by_the_cursor_of_another_company()
    {
        var shop = host.Given(
        [
            .. PaidShop, .. Hired("p-18"), Account("100", "Bank", "asset"), Account("400", "Sales", "income"),
            Sale("e1"), Sale("e2"),
        ]);
        await shop.PrepareAsync();
        await shop.CalculateAsync(Run("2026-01"));
        var other = host.Given(PaidShop);
        await other.PrepareAsync();
        await other.CalculateAsync(Run("2026-01"));
        await host.Ledger.Books.WaitForAsync(await host.Ledger.Store.HeadAsync(), TimeSpan.FromSeconds(30));
        var tried = new List<string>();
        foreach (var (path, _, _) in host.Document.Operations.Where(each => each.Method == "get"
            && each.Path.StartsWith("/companies/{company}/", StringComparison.Ordinal)
            && each.Operation["parameters"]!.AsArray().Any(IsCursor)))
        {
            var list = path["/companies/{company}".Length..]
                .Replace("{run}", "2026-01", StringComparison.Ordinal)
                .Replace("{employee}", "p-17", StringComparison.Ordinal)
                .Replace("{stream}", "employee/p-17", StringComparison.Ordinal)
                + "?limit=1&";
            if (list.Contains('{', StringComparison.Ordinal))
            {
                continue;
            }

            var first = await shop.SendAsync(Step.Get(list));
            if (first.Status != 200 || !first.Json.TryGetProperty("next", out var next)
                || next.ValueKind != JsonValueKind.String)
            {
                continue;
            }

            (await shop.SendAsync(Step.Get($"{list}cursor={next.GetString()}"))).Is(200);
            (await other.SendAsync(Step.Get($"{list}cursor={next.GetString()}")))
                .IsProblem(400, "cursor-of-another-query");
            tried.Add(list);
        }

        Assert.True(tried.Count >= ListsMin, string.Join('\n', tried));
    }

    private bool IsCursor(System.Text.Json.Nodes.JsonNode? parameter)
    {
        var shown = parameter!["$ref"] is { } reference
            ? OpenApi.JsonSchema.Resolve(host.Document.Root, reference.GetValue<string>()) : parameter;
        return shown["name"]!.GetValue<string>() == "cursor";
    }
}

using System.Text.RegularExpressions;
using Ledger.Api;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.Keys;

/// <summary>Whoever may have only what is theirs learns nothing of what others have, not even that it is
/// there.</summary>
public sealed class OwnThingsTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task What_is_anothers_is_answered_as_what_there_is_not_by_every_operation_with_an_own_permission()
    {
        var shop = host.Given([.. PaidShop, .. Hired("e2")]);
        await shop.PrepareAsync();
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        var keys = new CompanyKeys(host, shop.Company);
        var own = await keys.IssueAsync("own", Role.Employee, "ana");
        await keys.IssueAsync("second", Role.Approver, "anna");
        var asked = (await shop.SendAsync(Step.Put("/four-eyes", """{"reversalAbove": "1.00"}"""))).Is(202)
            .Json.GetProperty("approval").GetString()!;
        var seen = new List<string>();
        foreach (var operation in EveryOperation.Of(host).Where(
            each => each.OwnPermission is { } some && Permissions.Of(Role.Employee).Has(some)))
        {
            var others = operation.Pattern.Contains("/approvals/", StringComparison.Ordinal) ? asked
                : operation.Pattern.Contains("/keys/", StringComparison.Ordinal) ? "second" : "e2";
            var there = await AskAsync(operation, others);
            var nowhere = await AskAsync(operation, "zz-99");
            var isOfKey = others == "second";
            Assert.True(there.Status == (isOfKey ? 403 : 404), $"{operation.Id}: {there.Body}");
            Assert.Equal(
                (there.Status, there.Body),
                (nowhere.Status, nowhere.Body.Replace("zz-99", others, StringComparison.Ordinal)));
            if (others == "e2")
            {
                // Else nothing would be shown by that: their own they are given.
                (await AskAsync(operation, "p-17")).Is(200);
            }

            seen.Add(operation.Id);
        }

        Assert.True(seen.Count >= 14, string.Join(' ', seen));

        Task<ApiAnswer> AskAsync(Operation operation, string thing)
        {
            var path = Regex.Replace(operation.Pattern, "{[a-z]+}", part => part.Value switch
            {
                "{company}" => shop.Company,
                "{run}" => "2026-01",
                "{line}" => "1",
                _ => thing,
            });
            var query = string.Join('&', operation.Parameters
                .Where(each => each is { IsRequired: true, IsHeader: false })
                .Select(each => $"{each.Name}={each.Example}"));
            return CompanyKeys.SendAsync(host, own, ApiHost.Request(
                new(operation.Method), query.Length == 0 ? path : $"{path}?{query}",
                operation.Method == "GET" ? null : """{"reason": "Mine"}"""));
        }
    }
}

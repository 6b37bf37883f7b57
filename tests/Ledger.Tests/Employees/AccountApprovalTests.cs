using System.Text;
using System.Text.Json;
using Ledger.Api.Audit;
using Ledger.Api.People;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.People;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static Ledger.Tests.Employees.EmployeeSteps;
using static Ledger.Tests.Http.Step;

namespace Ledger.Tests.Employees;

/// <summary>Another account for somebody's pay: who must agree, what they see of it, and what stays of it.</summary>
public sealed class AccountApprovalTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Ending = "WXYZ";
    private const string Bank = "SORT-7791";

    private static readonly Step Other = Put(
        "/employees/p-17/bank-account/2026-03-01",
        $$"""{"account": "PRST-4711-{{Ending}}", "isIban": false, "bank": "{{Bank}}", "holder": "Ana Petrova"}""");

    [Fact]
    public async Task Another_account_waits_for_a_second_person_and_the_first_one_does_not()
    {
        var (shop, keys) = await ShopAsync();
        var people = await keys.IssueAsync("people", Role.People, "maria");
        var approver = await keys.IssueAsync("approver", Role.Approver, "boris");
        (await keys.SendAsync(people, Account())).Is(201);

        var asked = (await keys.SendAsync(people, Account(OtherIban, "2026-03-01"))).Is(202);

        var id = asked.Json.GetProperty("approval").GetString();
        (await keys.SendAsync(people, Account("GB29NWBK60161331926819", "2026-03-01"))).Is(202);
        (await keys.SendAsync(people, Post($"/approvals/{id}/approval", "{}"))).Is(403);
        (await keys.SendAsync(approver, Post($"/approvals/{id}/approval", "{}") with { Json = null })).Is(201);
        (await keys.SendAsync(people, Account(OtherIban, "2026-03-01"))).Is(201);
        (await keys.SendAsync(people, Account(OtherIban, "2026-03-01"))).Is(200);

        Assert.Equal(2, (await shop.EventsAsync()).Count(type => type == "bank_account_recorded"));
        Assert.Contains("approval_used", await shop.EventsAsync());
    }

    [Fact]
    public async Task Only_who_agrees_or_reads_of_people_sees_the_end_of_the_account_and_each_reading_is_noted()
    {
        var (shop, keys) = await ShopAsync(Account());
        var approver = await keys.IssueAsync("approver", Role.Approver, "boris");
        var accountant = await keys.IssueAsync("books", Role.Accountant, "petar");
        var auditor = await keys.IssueAsync("auditor", Role.Auditor, "elena");
        var people = await keys.IssueAsync("people", Role.People, "maria");
        var asked = (await keys.SendAsync(people, Other)).Is(202);
        var id = asked.Json.GetProperty("approval").GetString()!;
        (await keys.SendAsync(people, Other)).Is(202);

        foreach (var key in new[] { approver, auditor })
        {
            Assert.Equal(
                $$"""{"ending":"{{Ending}}","bank":"{{Bank}}"}""",
                await PersonalAsync(key, "/approvals", listed: true));
            Assert.Contains(Ending, await PersonalAsync(key, $"/approvals/{id}"), StringComparison.Ordinal);
        }

        // Whoever asked has sent it.
        Assert.Contains(Ending, await PersonalAsync(people, $"/approvals/{id}"), StringComparison.Ordinal);
        var seen = (await keys.SendAsync(accountant, Get("/approvals"))).Is(200);
        Assert.Equal(JsonValueKind.Null, seen.Json.GetProperty("rows")[0].GetProperty("personal").ValueKind);
        Assert.DoesNotContain(Ending, seen.Body, StringComparison.Ordinal);

        await host.App.Services.GetRequiredService<AccessLog>().FlushAsync();
        var noted = (await shop.SendAsync(Get("/access-log?person=p-17&code=personal-data-read"))).Is(200)
            .Json.GetProperty("rows").EnumerateArray()
            .Where(row => row.GetProperty("route").GetString()!.Contains("/approvals", StringComparison.Ordinal));
        Assert.Equal(5, noted.Sum(row => row.GetProperty("count").GetInt64()));

        async Task<string?> PersonalAsync(string key, string path, bool listed = false)
        {
            var json = (await keys.SendAsync(key, Get(path))).Is(200).Json;
            return (listed ? json.GetProperty("rows")[0] : json).GetProperty("personal").GetString();
        }
    }

    [Fact]
    public async Task No_event_holds_a_part_of_the_account_and_what_was_sealed_of_it_goes_with_the_employees_data()
    {
        var (shop, keys) = await ShopAsync(Account());
        var approver = await keys.IssueAsync("approver", Role.Approver, "boris");
        var people = await keys.IssueAsync("people", Role.People, "maria");
        var id = (await keys.SendAsync(people, Other)).Is(202).Json.GetProperty("approval").GetString();

        var asked = (await shop.RecordedAsync())
            .Where(each => each.Type.StartsWith("approval", StringComparison.Ordinal))
            .Select(each => Encoding.UTF8.GetString(each.Data.Span)).ToList();
        Assert.Equal(2, asked.Count);
        Assert.All(asked, data =>
        {
            Assert.DoesNotContain(Ending, data, StringComparison.Ordinal);
            Assert.DoesNotContain(Bank, data, StringComparison.Ordinal);
        });
        await host.CatchUpAsync();
        var stream = (await shop.SendAsync(Get($"/streams/approval/{id}"))).Is(200).Body;
        Assert.Contains("ciphertext", stream, StringComparison.Ordinal);

        var erase = (await keys.SendAsync(people, PeopleSteps.Erase("p-17"))).Is(202);
        (await keys.SendAsync(
            approver,
            Post($"/approvals/{erase.Json.GetProperty("approval").GetString()}/approval", "{}") with { Json = null }))
            .Is(201);
        (await keys.SendAsync(people, PeopleSteps.Erase("p-17"))).Is(201);
        await PersonalDataErasure.CarryOutAllAsync(
            host.Ledger, new FixedClock(Instant.FromUtc(2199, 1, 1, 0, 0)), default);
        var shown = (await keys.SendAsync(approver, Get($"/approvals/{id}"))).Is(200).Json;
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("personal").ValueKind);
    }

    [Fact]
    public async Task An_account_whose_parts_run_into_each_other_is_another_request()
    {
        var (_, keys) = await ShopAsync(Account());
        await keys.IssueAsync("approver", Role.Approver, "boris");
        var people = await keys.IssueAsync("people", Role.People, "maria");

        var approvals = new List<string?>();
        foreach (var parts in new[]
        {
            """ "account": "12 3456", "holder": "3456" """, """ "account": "12 3456 3456" """,
            """ "account": "12 3456", "holder": "3456 " """, """ "account": "12  3456", "holder": "3456" """,
        })
        {
            var step = Put(
                "/employees/p-17/bank-account/2026-03-01", $$"""{{{parts}}, "isIban": false, "bank": "S-1"}""");
            approvals.Add((await keys.SendAsync(people, step)).Is(202).Json.GetProperty("approval").GetString());
        }

        Assert.Equal(approvals.Count, approvals.Distinct().Count());
    }

    private async Task<(Scenario Shop, CompanyKeys Keys)> ShopAsync(params Step[] steps)
    {
        var shop = await host.ShopAsync([Ana(), .. steps]);
        (await shop.SendAsync(Put("/four-eyes", """{"exempt": ["changeKey"], "withoutLedgerOwner": true}"""))).Is(201);
        return (shop, new(host, shop.Company));
    }
}

using System.Text.Json;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.PayRuns;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.People;

/// <summary>What a person is given beside what is recorded of them alone: what names them among others.</summary>
public sealed class DataExportTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Runs_that_name_somebody_and_what_became_of_their_payments_are_given_without_the_others_and_sums()
    {
        var shop = host.Given([.. PaidShop, .. Hired("other")]);
        await shop.PrepareAsync();
        foreach (var employee in (string[])["other", "p-17"])
        {
            (await shop.SendAsync(Put(
                $"/employees/{employee}/pay/bonus/2026-01-10", """{"amount": "200.00", "per": "once"}"""))).Is(201);
        }

        await shop.PostedAsync(Run("2026-01", "supplementary", employees: """["other", "p-17"]"""));
        foreach (var (what, json) in new[]
        {
            ("payment", PaymentOrder),
            ("payment-return", """{"file": 1, "employees": ["p-17"], "bookedOn": "2026-02-06", "reason": "AC04"}"""),
            ("payment-confirmation", """{"file": 1, "bookedOn": "2026-02-07", "employees": ["other"]}"""),
            ("payment", PaymentOrder),
            ("payment-confirmation", """{"file": 2, "bookedOn": "2026-02-09", "employees": ["p-17"]}"""),
        })
        {
            (await shop.SendAsync(Post($"/pay-runs/2026-01/{what}", json))).Is(201);
        }

        var export = (await shop.SendAsync(Get("/people/p-17/data-export"))).Is(200);

        var ofRun = EventsOf(export).Where(each => Text(each, "stream") == "pay-run/2026-01").ToList();
        Assert.Equal(
            [
                "pay_run_opened", "payment_file_issued", "payments_returned", "payment_file_issued",
                "payments_confirmed",
            ],
            ofRun.Select(each => Text(each, "type")));
        Assert.Equal(
            ["""["p-17"]""", """["p-17"]""", """["p-17"]"""],
            new[] { ofRun[0].GetProperty("data").GetProperty("details"), ofRun[2].GetProperty("data"),
                ofRun[4].GetProperty("data") }.Select(each => each.GetProperty("employees").GetRawText()));
        Assert.All(ofRun, each =>
        {
            Assert.False(each.GetProperty("data").TryGetProperty("sum", out _));
            Assert.DoesNotContain("other", each.GetRawText(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Approvals_that_name_somebody_are_given_with_what_became_of_them()
    {
        var books = host.Given(PeopleSteps.BulgarianBooks);
        await books.PrepareAsync();
        (await books.SendAsync(Put("/four-eyes", """{"entryAbove": "10.00", "exempt": ["changeFourEyes"]}"""))).Is(201);
        var keys = new CompanyKeys(host, books.Company);
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        Step[] steps =
        [
            PeopleSteps.SaleTo("e1", "p-17", "Ana Petrova"),
            Put("/keys/ana", CompanyKeys.JsonOf(Role.Employee, "ana")),
        ];
        foreach (var step in steps)
        {
            var id = (await books.SendAsync(step)).Is(202).Json.GetProperty("approval").GetString();
            (await keys.SendAsync(maria, new(HttpMethod.Post, $"/approvals/{id}/approval", null))).Is(201);
            (await books.SendAsync(step)).Is(201);
        }

        // What is another's is not given, nor a content that is too long for the stream of approvals missed.
        (await books.SendAsync(PeopleSteps.SaleTo("e2", "p-18", "Boris"))).Is(202);
        (await books.SendAsync(LongSaleTo("e3", "p-17"))).Is(202);

        var events = EventsOf((await books.SendAsync(Get("/people/p-17/data-export"))).Is(200)).ToList();

        Assert.Equal(
            [
                "approval_requested", "approval_given", "approval_used", "journal_entry_posted",
                "approval_requested", "approval_given", "key_issued", "approval_used",
                "approval_requested", "approval_content_recorded",
            ],
            events.Select(each => Text(each, "type")));
    }

    private static Step LongSaleTo(string id, string person)
    {
        var lines = string.Join(", ", Enumerable.Range(0, 400).SelectMany(i => (string[])
        [
            $$"""{"account": "100", "side": "debit", "amount": "1.00", "memo": "A line of a long entry {{i}}"}""",
            $$"""{"account": "400", "side": "credit", "amount": "1.00"}""",
        ]));
        return Put(
            $"/journal-entries/{id}",
            $$"""
            {"bookedOn": "2026-01-31", "description": "Order",
            "counterparty": {"person": "{{person}}", "name": "Ana Petrova"}, "lines": [{{lines}}]}
            """);
    }

    private static IEnumerable<JsonElement> EventsOf(ApiAnswer export) =>
        export.Json.GetProperty("events").EnumerateArray();

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}

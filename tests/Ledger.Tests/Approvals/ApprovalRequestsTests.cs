using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Api;
using Ledger.Api.Approvals;
using Ledger.Domain.Approvals;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Approvals;

/// <summary>What waits: who sees it, who may end it, how much there may be.</summary>
public sealed class ApprovalRequestsTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Who_asked_sees_how_far_it_is_where_the_answer_said()
    {
        var (books, keys) = await BooksAsync();
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        var shop = await keys.IssueAsync("shop", Role.Integrator, "shop");
        var other = await keys.IssueAsync("till", Role.Integrator, "till");
        var waits = (await keys.SendAsync(shop, Sale("e1", amount: "100.01"))).Is(202);
        var id = Text(waits.Json, "approval");
        Assert.Equal($"/companies/{books.Company}/approvals/{id}", waits.Header("Location"));
        var ask = Step.Get($"/approvals/{id}");
        async Task<string> StatusAsync() => Text((await keys.SendAsync(shop, ask)).Is(200).Json, "status");

        Assert.Equal("waiting", await StatusAsync());
        var row = (await keys.SendAsync(maria, ask)).Is(200).Json;
        Assert.Equal(("postEntry", "e1", "shop"), (Text(row, "kind"), Text(row, "subject"), Text(row, "holder")));
        (await keys.SendAsync(other, ask)).IsProblem(404, "approval-not-found");
        (await keys.SendAsync(maria, Approve(id))).Is(201);
        Assert.Equal("approved", await StatusAsync());
        (await keys.SendAsync(shop, Sale("e1", amount: "100.01"))).Is(201);
        Assert.Equal("done", await StatusAsync());
    }

    [Fact]
    public async Task Who_may_not_approve_takes_back_only_their_own_and_an_auditor_writes_nothing()
    {
        var (books, keys) = await BooksAsync();
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        var shop = await keys.IssueAsync("shop", Role.Integrator, "shop");
        var id = Text((await keys.SendAsync(shop, Sale("e1", amount: "100.01"))).Is(202).Json, "approval");
        foreach (var role in (Role[])[Role.Auditor, Role.Accountant, Role.Integrator])
        {
            var key = await keys.IssueAsync($"of-{role}", role, $"{role}");
            (await keys.SendAsync(key, Refuse(id))).IsProblem(404, "approval-not-found");
        }

        (await keys.SendAsync(shop, Refuse(id))).Is(201);
        (await keys.SendAsync(shop, Refuse(id))).Is(200);
        var ended = (await keys.SendAsync(shop, Step.Get($"/approvals/{id}"))).Is(200);
        Assert.Equal("refused", Text(ended.Json, "status"));
        (await keys.SendAsync(shop, Sale("e1", amount: "100.01"))).Is(202);
        (await keys.SendAsync(maria, Refuse(id))).Is(201);
        Assert.DoesNotContain("journal_entry_posted", await books.EventsAsync());
    }

    [Fact]
    public async Task Of_a_very_long_content_the_list_shows_the_beginning_and_the_request_all()
    {
        var (books, keys) = await BooksAsync();
        await keys.IssueAsync("maria", Role.Approver, "maria");
        var large = Step.Put("/journal-entries/e1", Long("100.01"));
        var id = Text((await books.SendAsync(large)).Is(202).Json, "approval");
        Assert.Equal(id, Text((await books.SendAsync(large)).Is(202).Json, "approval"));

        var row = (await books.SendAsync(Step.Get("/approvals"))).Is(200).Json.GetProperty("rows")[0];
        Assert.InRange(
            Text(row, "content").Length, SecondPerson.ContentLengthMax - 1, SecondPerson.ContentLengthMax);
        Assert.Matches("^[0-9a-f]{64}$", Text(row, "sha256"));
        Assert.DoesNotContain('\uFFFD', Text(row, "content"));
        var one = (await books.SendAsync(Step.Get($"/approvals/{id}"))).Is(200).Json;
        var all = Text(one, "content");
        Assert.StartsWith(Text(row, "content"), all, StringComparison.Ordinal);
        Assert.Equal(52, JsonDocument.Parse(all).RootElement.GetProperty("lines").GetArrayLength());
        Assert.Equal(
            Text(row, "sha256"), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all))));
        Assert.Equal(JsonValueKind.Null, one.GetProperty("sha256").ValueKind);

        // Taken back and asked for again it is the same content, which is there already.
        (await books.SendAsync(Refuse(id))).Is(201);
        Assert.Equal(id, Text((await books.SendAsync(large)).Is(202).Json, "approval"));
        Assert.Equal(
            ["approval_requested", "approval_content_recorded", "approval_refused", "approval_requested"],
            (await books.EventsAsync()).TakeLast(4));

        // Another amount behind what the list shows is another content.
        Assert.NotEqual(id, Text((await books.SendAsync(Step.Put(
            "/journal-entries/e1", Long("100.02")))).Is(202).Json, "approval"));
    }

    [Fact]
    public async Task Of_a_request_from_before_long_contents_were_kept_there_is_the_beginning_with_its_hash()
    {
        var (books, _) = await BooksAsync();
        var hash = new string('2', 64);
        await host.Ledger.Transact.RunAsync(books.Company, new("key:before", null, null, null), async reading =>
        {
            await reading.StateAsync(Streams.Approvals, Streams.FourEyesFold);
            return Verdict.Append(0, (Streams.Approvals, [
                new ApprovalRequested("before", ApprovalKind.PostEntry, "e1", "{\"bookedOn\":", "shop", hash)]));
        });
        var row = (await books.SendAsync(Step.Get("/approvals/before"))).Is(200).Json;
        Assert.Equal(("{\"bookedOn\":", hash), (Text(row, "content"), Text(row, "sha256")));
    }

    [Fact]
    public async Task Fifty_of_one_person_wait_and_are_listed_page_by_page()
    {
        var (books, keys) = await BooksAsync();
        await keys.IssueAsync("maria", Role.Approver, "maria");
        var shop = await keys.IssueAsync("shop", Role.Integrator, "shop");
        for (var i = 0; i < ApprovalDecider.OpenOfOneMax; i++)
        {
            (await keys.SendAsync(shop, Sale($"e{i}", amount: "100.01"))).Is(202);
        }

        (await keys.SendAsync(shop, Sale("more", amount: "100.01"))).IsProblem(422, "approvals-too-many-of-one");
        (await keys.SendAsync(shop, Sale("e1", amount: "100.01"))).Is(202);
        (await books.SendAsync(Sale("of-another", amount: "100.01"))).Is(202);

        var seen = new List<string>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = (await books.SendAsync(Step.Get($"/approvals?limit=20{cursor}"))).Is(200).Json;
            var ids = page.GetProperty("rows").EnumerateArray().Select(row => Text(row, "approval")).ToList();
            Assert.InRange(ids.Count, 1, 20);
            seen.AddRange(ids);
            cursor = page.GetProperty("next").GetString() is { } next ? $"&cursor={next}" : null;
        }

        Assert.Equal(ApprovalDecider.OpenOfOneMax + 1, seen.Count);
        Assert.Equal(seen.Distinct().Order(StringComparer.Ordinal), seen);
    }

    private static string Long(string amount) => $$"""
        {"bookedOn": "2026-01-31", "description": "Order", "lines": [
            {{string.Join(", ", Enumerable.Range(0, 50).Select(i => $$"""
                {"account": "100", "side": "{{(i % 2 == 0 ? "debit" : "credit")}}", "amount": "1.00",
                "memo": "{{string.Concat(Enumerable.Repeat("\U0001F600", 450))}}"}
                """))}},
            {"account": "100", "side": "debit", "amount": "{{amount}}"},
            {"account": "400", "side": "credit", "amount": "{{amount}}"}]}
        """;

    private static Step Approve(string id) => new(HttpMethod.Post, $"/approvals/{id}/approval", null);

    private static Step Refuse(string id) => Step.Post($"/approvals/{id}/refusal", """{"reason": "No"}""");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private async Task<(Scenario Books, CompanyKeys Keys)> BooksAsync()
    {
        var books = host.Given([
            .. CompanyWithChart, Step.Put("/four-eyes", """{"entryAbove": "100.00", "exempt": ["changeKey"]}""")]);
        await books.PrepareAsync();
        return (books, new(host, books.Company));
    }
}

using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Approvals;

public sealed class ApprovalsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly Step Reopen = Step.Put(
        "/periods/2026-01", """{"status": "open", "reason": "Late invoice"}""");

    private static readonly Step Limit = Step.Put(
        "/four-eyes", """{"entryAbove": "100.00", "reversalAbove": "50.00"}""");

    [Fact]
    public Task A_single_person_reopens_a_month_alone_and_that_is_recorded() =>
        host.Given([.. CompanyWithChart, JanuaryClosed]).When(Reopen)
            .Then(201, "period_reopened", "approved_by_single_person");

    [Fact]
    public async Task With_a_second_person_it_waits_is_approved_and_then_done_by_the_same_request()
    {
        var (books, keys) = await BooksAsync(JanuaryClosed);
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        var before = await books.EventsAsync();
        var waits = (await books.SendAsync(Reopen)).Is(202);
        var id = waits.Json.GetProperty("approval").GetString()!;
        Assert.Equal(id, (await books.SendAsync(Reopen)).Is(202).Json.GetProperty("approval").GetString());
        (await books.SendAsync(Step.Post($"/approvals/{id}/approval", "{}"))).IsProblem(400, "body-not-expected");
        (await books.SendAsync(Approve(id))).IsProblem(422, "approval-of-oneself");

        var row = (await keys.SendAsync(maria, Step.Get("/approvals"))).Is(200).Json.GetProperty("rows")[0];
        Assert.Equal(
            ("reopenPeriod", "2026-01", """{"period":"2026-01","reason":"Late invoice"}""", "owner"),
            (Text(row, "kind"), Text(row, "subject"), Text(row, "content"), Text(row, "holder")));
        (await keys.SendAsync(maria, Approve(id))).Is(201);
        (await keys.SendAsync(maria, Approve(id))).Is(200);
        (await books.SendAsync(Reopen)).Is(201);
        (await books.SendAsync(Reopen)).Is(200);
        (await keys.SendAsync(maria, Approve(id))).Is(200);
        Assert.Equal(
            [.. before, "approval_requested", "approval_given", "period_reopened", "approval_used"],
            await books.EventsAsync());
    }

    [Fact]
    public async Task What_was_refused_is_not_done_and_must_be_asked_for_anew()
    {
        var (books, keys) = await BooksAsync(JanuaryClosed);
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        var id = Text((await books.SendAsync(Reopen)).Is(202).Json, "approval");
        (await keys.SendAsync(maria, Step.Post($"/approvals/{id}/refusal", """{"reason": "Why?"}"""))).Is(201);
        (await keys.SendAsync(maria, Approve(id))).IsProblem(404, "approval-not-found");
        (await books.SendAsync(Reopen)).Is(202);
        Assert.DoesNotContain("period_reopened", await books.EventsAsync());
    }

    [Fact]
    public async Task Nobody_approves_their_own_by_a_second_key()
    {
        var (books, keys) = await BooksAsync(JanuaryClosed);
        var first = await keys.IssueAsync("maria-1", Role.Owner, "maria");
        var (_, approval) = await WaitingAsync(books, keys, "maria-2", Role.Approver, "maria");
        Assert.NotNull(approval);
        (await books.SendAsync(Step.Post($"/approvals/{approval}/refusal", """{"reason": "No"}"""))).Is(201);

        // Two keys of maria are one person; the holder of the owner's key is the other.
        var id = Text((await keys.SendAsync(first, Reopen)).Is(202).Json, "approval");
        (await keys.SendAsync(first, Approve(id))).IsProblem(422, "approval-of-oneself");
        (await books.SendAsync(Approve(id))).Is(201);
        (await keys.SendAsync(first, Reopen)).Is(201);
    }

    [Fact]
    public async Task Another_key_for_an_accomplice_needs_a_second_person_too()
    {
        var (books, keys) = await BooksAsync();
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        var (step, id) = await WaitingAsync(books, keys, "friend", Role.Approver, "friend");
        (await keys.SendAsync(maria, Approve(id!))).Is(201);
        Assert.NotNull((await books.SendAsync(step)).Is(201).Json.GetProperty("secret").GetString());

        // The secret of somebody else's key would be another way.
        (await books.SendAsync(Step.Post("/keys/maria/rotation", "{}"))).Is(202);
        (await keys.SendAsync(maria, Step.Post("/keys/maria/rotation", "{}"))).Is(201);
    }

    [Fact]
    public async Task Whoever_agrees_to_another_secret_agrees_to_how_long_those_of_before_hold()
    {
        var (books, keys) = await BooksAsync();
        await keys.IssueAsync("shop", Role.Integrator, "shop");
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        static Step Rotation(int hours) => Step.Post("/keys/shop/rotation", $$"""{"overlapHours": {{hours}}}""");
        var id = Text((await books.SendAsync(Rotation(0))).Is(202).Json, "approval");
        var row = (await keys.SendAsync(maria, Step.Get($"/approvals/{id}"))).Is(200).Json;
        Assert.Equal("""{"change":"Another secret","overlapHours":0}""", Text(row, "content"));
        (await keys.SendAsync(maria, Approve(id))).Is(201);
        Assert.NotEqual(id, Text((await books.SendAsync(Rotation(2160))).Is(202).Json, "approval"));
        (await books.SendAsync(Rotation(0))).Is(201);
    }

    [Fact]
    public async Task An_entry_above_the_limit_waits_and_one_below_does_not()
    {
        var (books, keys) = await BooksAsync();
        (await books.SendAsync(Limit)).Is(201);
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        (await books.SendAsync(Sale("small", amount: "100.00"))).Is(201);
        var large = Sale("large", amount: "100.01");
        var id = Text((await books.SendAsync(large)).Is(202).Json, "approval");
        (await books.SendAsync(Sale("large", amount: "100.02"))).Is(202);
        (await keys.SendAsync(maria, Approve(id))).Is(201);
        (await books.SendAsync(large)).Is(201);
        (await books.SendAsync(Sale("large", amount: "100.02"))).IsProblem(409, "journal-entry-exists");

        const string reversal = """{"bookedOn": "2026-02-01", "reason": "Returned"}""";
        (await books.SendAsync(Step.Post("/journal-entries/small/reversal", reversal))).Is(202);
    }

    [Fact]
    public async Task In_a_batch_what_must_wait_waits_alone_and_an_atomic_one_is_refused()
    {
        var (books, keys) = await BooksAsync();
        (await books.SendAsync(Limit)).Is(201);
        await keys.IssueAsync("maria", Role.Approver, "maria");
        var lines = $"[{Item("b1", "1.00")}, {Item("b2", "101.00")}]";
        var results = (await books.SendAsync(Step.Post("/journal-entries:batch", lines))).Is(200).Json;
        Assert.Equal([201, 202], results.EnumerateArray().Select(each => each.GetProperty("status").GetInt32()));
        var atomic = (await books.SendAsync(Step.Post(
            "/journal-entries:batch?atomic=true", $"[{Item("a1", "1.00")}, {Item("a2", "101.00")}]")))
            .IsProblem(422, "batch-refused");
        Assert.Equal("approval-needed", Text(atomic.Json.GetProperty("results")[0], "code"));
    }

    [Fact]
    public async Task Accounts_of_pay_are_not_posted_to_by_hand_alone()
    {
        var (books, keys) = await BooksAsync();
        (await books.SendAsync(Step.Put("/four-eyes", """{"payrollAccounts": ["400"]}"""))).Is(201);
        (await books.SendAsync(Sale("alone"))).Is(201);
        Assert.Contains("approved_by_single_person", (await books.EventsAsync()).TakeLast(2));
        await keys.IssueAsync("maria", Role.Approver, "maria");
        (await books.SendAsync(Sale("two"))).Is(202);
    }

    [Fact]
    public async Task The_settings_themselves_are_changed_by_two()
    {
        var (books, keys) = await BooksAsync(JanuaryClosed);
        await keys.IssueAsync("maria", Role.Approver, "maria");
        (await books.SendAsync(Step.Put("/four-eyes", """{"exempt": ["reopenPeriod", "changeFourEyes"]}"""))).Is(202);
        (await books.SendAsync(Reopen)).Is(202);
    }

    [Fact]
    public async Task In_hosted_books_the_holder_of_the_ledgers_key_is_no_second_person()
    {
        var (books, keys) = await BooksAsync(JanuaryClosed);
        (await books.SendAsync(Step.Put("/four-eyes", """{"withoutLedgerOwner": true}"""))).Is(201);
        var maria = await keys.IssueAsync("maria", Role.Owner, "maria");
        (await keys.SendAsync(maria, Reopen)).Is(201);
        Assert.Equal(["period_reopened", "approved_by_single_person"], (await books.EventsAsync()).TakeLast(2));
    }

    private static string Item(string id, string amount) =>
        $"{{\"id\": \"{id}\", {SaleJson(amount: amount).Trim()[1..]}";

    private static Step Approve(string id) => new(HttpMethod.Post, $"/approvals/{id}/approval", null);

    private static string Text(System.Text.Json.JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static async Task<(Step Step, string? Approval)> WaitingAsync(
        Scenario books, CompanyKeys keys, string id, Role role, string holder)
    {
        Assert.NotNull(keys);
        var name = System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(role.ToString());
        var step = Step.Put($"/keys/{id}", $$"""{"roles": ["{{name}}"], "holder": "{{holder}}"}""");
        return (step, Text((await books.SendAsync(step)).Is(202).Json, "approval"));
    }

    private async Task<(Scenario Books, CompanyKeys Keys)> BooksAsync(params Step[] more)
    {
        var books = host.Given([.. CompanyWithChart, .. more]);
        await books.PrepareAsync();
        return (books, new(host, books.Company));
    }
}

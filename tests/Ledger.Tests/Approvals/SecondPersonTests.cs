using System.Text.Json;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.People;
using Ledger.Tests.Reports;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Approvals;

/// <summary>Who counts as another person, and what is shown of what a single one did.</summary>
public sealed class SecondPersonTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly Step Reopen = Step.Put(
        "/periods/2026-01", """{"status": "open", "reason": "Late invoice"}""");

    [Fact]
    public async Task Whoever_issued_a_key_is_no_second_person_by_it()
    {
        var (books, keys) = await BooksAsync();
        var known = await keys.IssueAsync("boris", CompanyKeys.JsonOf(Role.Approver, "boris"));
        (await books.SendAsync(Reopen)).Is(201);
        Assert.Equal(["period_reopened", "approved_by_single_person"], (await books.EventsAsync()).TakeLast(2));
        (await books.SendAsync(JanuaryClosed)).Is(201);

        var own = await keys.OwnAsync("boris", known);
        var id = Text((await books.SendAsync(Reopen)).Is(202).Json, "approval");
        var refused = (await keys.SendAsync(known, Approve(id))).IsProblem(403, "permission-missing");
        Assert.Contains("rotate it", Text(refused.Json, "detail"), StringComparison.Ordinal);

        // Who knows the first secret can neither end the second nor make one that counts.
        (await keys.SendAsync(known, Step.Post("/keys/boris/rotation", """{"overlapHours": 0}""")))
            .IsProblem(422, "key-secret-of-before");
        (await keys.SendAsync(own, Approve(id))).Is(201);
        (await books.SendAsync(Reopen)).Is(201);
    }

    [Fact]
    public async Task Whoever_made_a_secret_does_not_ask_by_it_and_agree_by_their_own()
    {
        var (books, keys) = await BooksAsync();
        var known = await keys.IssueAsync("carla", CompanyKeys.JsonOf(Role.Accountant, "carla"));
        (await keys.SendAsync(known, Reopen)).IsProblem(422, "approval-asked-by-known-secret");
        (await keys.SendAsync(known, Sale("s1", "2026-02-01"))).Is(201);
        Assert.DoesNotContain("approval_requested", await books.EventsAsync());

        var own = await keys.OwnAsync("carla", known);
        var id = Text((await keys.SendAsync(own, Reopen)).Is(202).Json, "approval");
        (await books.SendAsync(Approve(id))).Is(201);
        (await keys.SendAsync(own, Reopen)).Is(201);
    }

    [Fact]
    public async Task What_a_single_person_did_stands_in_the_totals_of_an_export_beside_keys_that_were_revoked()
    {
        var (books, keys) = await BooksAsync();

        // Nobody else was there when the first key was issued.
        await keys.IssueAsync("maria", Role.Approver, "maria");
        (await books.SendAsync(Reopen)).Is(202);
        Assert.Equal((1L, 1), await TotalsAsync(books));
        (await books.SendAsync(Step.Post("/keys/maria/revocation", """{"reason": "Left"}"""))).Is(201);
        var again = Reopen with { Json = """{"status": "open", "reason": "Another reason"}""" };
        (await books.SendAsync(again)).Is(201);

        var alone = (await books.RecordedAsync())[^1];
        var revoked = JsonDocument.Parse(alone.Data).RootElement.GetProperty("revoked");
        Assert.Equal(("approved_by_single_person", """["maria"]"""), (alone.Type, revoked.GetRawText()));
        Assert.Equal((2L, 2), await TotalsAsync(books));
        var csv = Csv.Records((await books.SendAsync(Step.Get(
            "/journal-entries:export", ("Accept", "text/csv")))).Is(200).Body);
        Assert.Equal(["approvedBySinglePerson", $"{alone.Id}"], csv[^2][..2]);
        Assert.Equal("2", csv[^1][Array.IndexOf(csv[0], "reference")]);
    }

    [Fact]
    public async Task An_erasure_waits_for_a_second_person_and_then_destroys_the_name()
    {
        var books = host.Given([
            .. PeopleSteps.ShortBooks, PeopleSteps.SaleTo("e1", "p-17", "Ana Petrova", "2025-01-31")]);
        await books.PrepareAsync();
        var keys = new CompanyKeys(host, books.Company);
        var people = await keys.IssueAsync("hr", Role.People, "petar");
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");

        var id = Text((await keys.SendAsync(people, PeopleSteps.Erase("p-17"))).Is(202).Json, "approval");
        Assert.Equal("Ana Petrova", await PeopleSteps.NameAsync(books, "e1"));
        (await keys.SendAsync(maria, Approve(id))).Is(201);
        Assert.Equal("Ana Petrova", await PeopleSteps.NameAsync(books, "e1"));
        (await keys.SendAsync(people, PeopleSteps.Erase("p-17"))).Is(201);
        Assert.Equal("erased", await PeopleSteps.NameAsync(books, "e1"));
    }

    [Fact]
    public async Task An_account_of_pay_that_the_chart_does_not_have_is_refused()
    {
        var (books, _) = await BooksAsync();
        (await books.SendAsync(Step.Put("/four-eyes", """{"payrollAccounts": ["40O"]}"""))).IsProblem(
            422, "approval-account-unknown");
        (await books.SendAsync(Step.Put("/four-eyes", """{"payrollAccounts": ["4/0"]}"""))).IsProblem(
            422, "account-code-invalid");
    }

    private static async Task<(long Count, int Events)> TotalsAsync(Scenario books)
    {
        var export = (await books.SendAsync(Step.Get("/journal-entries:export", ("Accept", "application/x-ndjson"))))
            .Is(200).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var totals = JsonDocument.Parse(export[^1]).RootElement.GetProperty("controlTotals");
        return (totals.GetProperty("approvedBySinglePerson").GetInt64(),
            totals.GetProperty("approvedBySinglePersonEvents").GetArrayLength());
    }

    private static Step Approve(string id) => new(HttpMethod.Post, $"/approvals/{id}/approval", null);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private async Task<(Scenario Books, CompanyKeys Keys)> BooksAsync()
    {
        var books = host.Given([.. CompanyWithChart, JanuaryClosed]);
        await books.PrepareAsync();
        return (books, new(host, books.Company));
    }
}

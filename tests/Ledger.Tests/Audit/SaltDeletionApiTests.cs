using System.Text.Json;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.People;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

/// <summary>Who destroys salts, how, and what is refused.</summary>
public sealed class SaltDeletionApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Two_persons_destroy_a_salt_and_the_same_again_is_answered_as_the_first_time()
    {
        var (books, old, _) = await BooksAsync();
        var keys = new CompanyKeys(host, books.Company);
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        var before = await books.EventsAsync();
        var waits = Text((await books.SendAsync(Delete("d1", old))).Is(202).Json, "approval");
        Assert.Equal(waits, Text((await books.SendAsync(Delete("d1", old))).Is(202).Json, "approval"));
        Assert.False((await InclusionAsync(books, old)).GetProperty("saltDeleted").GetBoolean());

        var row = (await keys.SendAsync(maria, Step.Get($"/approvals/{waits}"))).Is(200).Json;
        Assert.Equal(("deleteSalts", "d1", "owner"), (Text(row, "kind"), Text(row, "subject"), Text(row, "holder")));
        Assert.Contains($"\"events\":[\"{old}\"]", Text(row, "content"), StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"Out of use\"", Text(row, "content"), StringComparison.Ordinal);
        (await keys.SendAsync(maria, Step.Put("/audit/salt-deletions/d1", "{}"))).IsProblem(403, "permission-missing");
        (await keys.SendAsync(maria, new(HttpMethod.Post, $"/approvals/{waits}/approval", null))).Is(201);

        var first = (await books.SendAsync(Delete("d1", old))).Is(201);
        Assert.Equal(("d1", 1), (Text(first.Json, "id"), first.Json.GetProperty("events").GetInt32()));
        Assert.Equal(first.Body, (await books.SendAsync(Delete("d1", old.ToUpperInvariant()))).Is(200).Body);
        (await books.SendAsync(Delete("d1", old, "Another reason"))).IsProblem(409, "salt-deletion-exists");
        Assert.Equal(
            [.. before, "approval_requested", "approval_given", "approval_used", "salts_deleted"],
            await books.EventsAsync());

        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        Assert.True((await InclusionAsync(books, old)).GetProperty("saltDeleted").GetBoolean());
    }

    [Fact]
    public async Task A_single_person_does_it_alone_and_that_is_recorded()
    {
        var (books, old, _) = await BooksAsync();
        await books.When(Delete("d1", old)).Then(201, "approved_by_single_person", "salts_deleted");
        await books.When(Delete("d2", old)).Then(201, "approved_by_single_person", "salts_deleted");
    }

    [Fact]
    public async Task What_is_still_kept_is_refused_with_its_day()
    {
        var (books, old, young) = await BooksAsync();
        var refused = await books.When(DeleteAll("d1", [old, young])).ThenProblem(422, "salt-retained");
        Assert.Contains("'" + young + "' (journal_entry_posted)", Detail(refused), StringComparison.Ordinal);
        Assert.Contains("may go from 2037-01-01 on", Detail(refused), StringComparison.Ordinal);

        var french = host.Given([.. PeopleSteps.BooksOf(Step.Put(
            "", """{"name": "Acme", "currency": "EUR", "country": "FR"}""")), Sale("old", "2010-01-31")]);
        await french.PrepareAsync();
        await french.When(Delete("d1", await IdAsync(french, "old"))).ThenProblem(422, "retention-unknown");
    }

    [Fact]
    public async Task What_was_deleted_stays_provable_for_good()
    {
        var (books, old, _) = await BooksAsync();
        (await books.SendAsync(Delete("d1", old))).Is(201);
        var deletion = (await books.RecordedAsync()).Single(each => each.Type == "salts_deleted").Id;

        await books.When(Delete("d2", $"{deletion:D}")).ThenProblem(422, "salt-of-deletion");
    }

    [Theory]
    [InlineData("""{"events": ["{old}"]}""", 400, "field-missing")]
    [InlineData("""{"reason": "Out of use"}""", 400, "field-missing")]
    [InlineData("""{"reason": " ", "events": ["{old}"]}""", 422, "text-empty")]
    [InlineData("""{"reason": "Out of use", "events": []}""", 422, "salt-events-missing")]
    [InlineData("""{"reason": "Out of use", "events": ["{old}", "{old}"]}""", 422, "salt-event-twice")]
    [InlineData("""{"reason": "Out of use", "events": ["s1"]}""", 422, "salt-event-unknown")]
    [InlineData("""{"reason": "Out of use", "events": ["{strange}"]}""", 422, "salt-event-unknown")]
    public async Task What_does_not_say_what_is_to_go_and_why_is_refused(string json, int status, string code)
    {
        var (books, old, _) = await BooksAsync();
        var (_, strange, _) = await BooksAsync();
        await books.When(Step.Put(
            "/audit/salt-deletions/d1",
            json.Replace("{old}", old, StringComparison.Ordinal)
                .Replace("{strange}", strange, StringComparison.Ordinal))).ThenProblem(status, code);
    }

    [Fact]
    public async Task No_more_events_than_that_are_named_at_once()
    {
        var (books, old, _) = await BooksAsync();
        await books.When(DeleteAll("d1", [.. Enumerable.Repeat(old, 501)])).ThenProblem(422, "salt-events-too-many");
    }

    internal static Step Delete(string id, string @event, string reason = "Out of use") =>
        DeleteAll(id, [@event], reason);

    internal static async Task<string> IdAsync(Scenario books, string entry) =>
        $"{(await books.RecordedAsync()).First(each => each.Stream == $"journal-entry/{entry}").Id:D}";

    private static Step DeleteAll(string id, string[] events, string reason = "Out of use") => Step.Put(
        $"/audit/salt-deletions/{id}", JsonSerializer.Serialize(new { reason, events }));

    private static async Task<JsonElement> InclusionAsync(Scenario books, string @event) =>
        (await books.SendAsync(Step.Get($"/audit/proofs/inclusion?event={@event}"))).Is(200).Json;

    private static string Detail(ApiAnswer answer) => Text(answer.Json, "detail");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>German books with an entry that nothing keeps any more, and one that is kept.</summary>
    private async Task<(Scenario Books, string Old, string Young)> BooksAsync()
    {
        var books = host.Given([.. CompanyWithChart, Sale("old", "2010-01-31"), Sale("young", "2026-01-31")]);
        await books.PrepareAsync();
        return (books, await IdAsync(books, "old"), await IdAsync(books, "young"));
    }
}

using System.Text.Json;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

/// <summary>Replay: what a thing was at a version or a moment of knowledge, and what is behind an entry.</summary>
public sealed class StreamsApiTests(AuditBooks books) : IClassFixture<AuditBooks>
{
    [Theory]
    [InlineData("", 2, """{"reopenedThrough":"2026-01","closedThrough":"2025-12"}""")]
    [InlineData("?version=1", 1, """{"closedThrough":"2026-01"}""")]
    [InlineData("?knownAt=2026-02-12", 1, """{"closedThrough":"2026-01"}""")]
    [InlineData("?knownAt=2026-02-14", 2, """{"reopenedThrough":"2026-01","closedThrough":"2025-12"}""")]
    public async Task A_register_is_replayed_up_to_a_version_or_what_was_known(string query, int version, string state)
    {
        var answer = (await books.GetAsync($"/streams/periods{query}")).Is(200).Json;

        Assert.Equal(version, answer.GetProperty("version").GetInt32());
        Assert.Equal(version, answer.GetProperty("rows").GetArrayLength());
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(state), answer.GetProperty("state")), answer.ToString());
    }

    [Fact]
    public async Task A_document_is_replayed_with_its_events_page_by_page_and_as_csv()
    {
        var whole = (await books.GetAsync("/streams/journal-entry/wrong")).Is(200).Json;
        var state = whole.GetProperty("state");
        Assert.Equal("2026-03-04", state.GetProperty("posted").GetProperty("bookedOn").GetString());
        Assert.Equal("wrong~reversal", state.GetProperty("reversed").GetProperty("by").GetString());

        var first = (await books.GetAsync("/streams/journal-entry/wrong?limit=1")).Is(200).Json;
        var second = (await books.GetAsync(
            $"/streams/journal-entry/wrong?limit=1&cursor={first.GetProperty("next").GetString()}")).Is(200).Json;
        Assert.Equal(
            ["journal_entry_posted", "journal_entry_reversed"],
            first.GetProperty("rows").EnumerateArray().Concat(second.GetProperty("rows").EnumerateArray())
                .Select(row => row.GetProperty("type").GetString()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);

        var csv = (await books.GetAsync("/streams/journal-entry/wrong", ("Accept", "text/csv"))).Is(200).Body;
        Assert.Equal(4, csv.Split("\r\n").Length);
    }

    [Theory]
    [InlineData("company", "settings")]
    [InlineData("chart", "accounts")]
    [InlineData("approvals", "open")]
    public async Task Each_register_has_a_state(string stream, string member) =>
        Assert.True((await books.GetAsync($"/streams/{stream}")).Is(200).Json.GetProperty("state")
            .TryGetProperty(member, out _));

    [Theory]
    [InlineData("/streams/none")]
    [InlineData("/streams/journal-entry/none")]
    [InlineData("/streams/payslip/none/none")]
    [InlineData("/streams/journal-entry/wrong?version=3")]
    [InlineData("/streams/journal-entry/wrong?knownAt=2026-03-01")]
    [InlineData("/streams/a%20b/c")]
    public async Task What_there_was_not_is_told_as_such(string path) =>
        (await books.GetAsync(path)).IsProblem(404, "stream-not-known-then");

    [Fact]
    public async Task The_state_of_keys_shows_prefixes_and_no_hash()
    {
        var other = books.Host.Given(Company);
        await other.PrepareAsync();
        await new CompanyKeys(books.Host, other.Company).IssueAsync("maria", Role.Approver, "maria");

        var state = (await other.SendAsync(Step.Get("/streams/keys"))).Is(200).Json.GetProperty("state");

        Assert.NotEqual(0, state.GetProperty("keys")[0].GetProperty("secrets").GetArrayLength());
        Assert.DoesNotContain("sha256", state.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_history_of_an_entry_tells_who_did_it_in_which_request()
    {
        var rows = (await books.GetAsync("/journal-entries/wrong/history")).Is(200).Json.GetProperty("rows");

        Assert.Equal(
            ["journal_entry_posted key:clerk222 ", "journal_entry_reversed key:clerk222 corr-9"],
            rows.EnumerateArray().Select(row =>
                $"{row.GetProperty("type")} {row.GetProperty("actor")} {row.GetProperty("correlation")}"));
        (await books.GetAsync("/journal-entries/none/history")).IsProblem(404, "journal-entry-unknown");
        (await books.GetAsync("/journal-entries/wrong/history?knownAt=2026-03-01"))
            .IsProblem(404, "journal-entry-unknown");
        Assert.Equal(
            ["journal-entry/wrong", "journal-entry/wrong~reversal"],
            Streams((await books.GetAsync("/events?correlation=corr-9")).Is(200).Json));
    }

    [Fact]
    public async Task The_history_of_an_entry_and_of_its_reversal_have_the_approvals_behind_them()
    {
        var other = books.Host.Given(
            [.. CompanyWithChart, Step.Put("/four-eyes", """{"entryAbove": "100.00", "reversalAbove": "50.00"}""")]);
        await other.PrepareAsync();
        var keys = new CompanyKeys(books.Host, other.Company);
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        var reversal = Step.Post("/journal-entries/e1/reversal", """{"bookedOn": "2026-02-01", "reason": "Wrong"}""");
        foreach (var step in new[] { Sale("e1", amount: "150.00"), reversal })
        {
            var id = (await other.SendAsync(step)).Is(202).Json.GetProperty("approval").GetString();
            (await keys.SendAsync(maria, new(HttpMethod.Post, $"/approvals/{id}/approval", null))).Is(201);
            (await other.SendAsync(step)).Is(201);
        }

        // In which order one append holds its events is not the question.
        string[] approved = ["approval_given", "approval_requested", "approval_used"];
        Assert.Equal(
            ((string[])[.. approved, "journal_entry_posted", .. approved, "journal_entry_reversed"]).Order(),
            (await TypesAsync(other, "e1")).Order());
        Assert.Equal([.. approved, "journal_entry_posted"], (await TypesAsync(other, "e1~reversal")).Order());
    }

    [Theory]
    [InlineData("?actor=key:temp2222", "journal-entry/twice")]
    [InlineData("?actor=key:chief222&type=period_closed", "periods")]
    [InlineData("?recordedFrom=2026-03-05&recordedTo=2026-03-05", "journal-entry/twice")]
    [InlineData("?recordedFrom=2026-03-05T08:00:01Z&recordedTo=2026-03-06", "journal-entry/pair")]
    [InlineData("?type=journal_entry_reversed&actor=key:temp2222", "")]
    [InlineData("?stream=periods&recordedTo=2026-02-12", "periods")]
    public async Task Events_are_found_by_actor_and_by_when_they_were_recorded(string query, string streams)
    {
        Assert.Equal(streams, string.Join(' ', Streams((await books.GetAsync($"/events{query}")).Is(200).Json)));
        var csv = (await books.GetAsync($"/events{query}", ("Accept", "text/csv"))).Is(200).Body;
        Assert.Equal(streams.Length == 0 ? 2 : 3, csv.Split("\r\n").Length);
    }

    private static async Task<IEnumerable<string>> TypesAsync(Scenario scenario, string entry) =>
        (await scenario.SendAsync(Step.Get($"/journal-entries/{entry}/history"))).Is(200).Json.GetProperty("rows")
            .EnumerateArray().Select(row => row.GetProperty("type").GetString()!);

    private static IEnumerable<string> Streams(JsonElement list) =>
        list.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("stream").GetString()!);
}

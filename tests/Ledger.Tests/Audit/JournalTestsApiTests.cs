using System.Text.Json;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

/// <summary>Each test of an auditor over small books whose findings are known beforehand.</summary>
public sealed class JournalTestsApiTests(AuditBooks books) : IClassFixture<AuditBooks>
{
    [Theory]
    [InlineData("rest-days", "", "saturday holiday")]
    [InlineData("rest-days", "?weekend=sunday", "holiday")]
    [InlineData("rest-days", "?weekend=monday,saturday", "monday saturday reopened holiday wrong wrong~reversal")]
    [InlineData("rest-days", "?recordedFrom=2026-03-01", "holiday")]
    [InlineData("rest-days", "?to=2026-02-28", "saturday")]
    [InlineData("night", "", "night")]
    [InlineData("night", "?nightFrom=23:31&nightTo=10:00", "")]
    [InlineData("night", "?nightFrom=11:00&nightTo=12:01", "saturday holiday")]
    [InlineData("late", "", "late")]
    [InlineData("late", "?days=53", "")]
    [InlineData("late", "?days=15", "late reopened")]
    [InlineData("after-closing", "", "reopened")]
    [InlineData("after-closing", "?knownAt=2026-02-15", "")]
    [InlineData("round-amounts", "", "holiday")]
    [InlineData("round-amounts", "?multiple=500", "reopened holiday")]
    [InlineData("below-limit", "", "reopened")]
    [InlineData("below-limit", "?percent=4.99", "")]
    [InlineData("below-limit", "?limit=120&percent=1", "monday")]
    [InlineData("duplicates", "", "once twice")]
    [InlineData("duplicates", "?knownAt=2026-03-04", "")]
    [InlineData("duplicates", "?knownAt=2026-03-09T08:02:00Z", "once twice wrong")]
    [InlineData("duplicates", "?by=reference", "once twice")]
    [InlineData("duplicates", "?by=document", "")]
    [InlineData("duplicates", "?account=500", "")]
    [InlineData("seldom-users", "?most=1", "twice")]
    [InlineData("seldom-users", "?most=1&actor=key:clerk222", "")]
    [InlineData("unusual-accounts", "", "reopened pair")]
    [InlineData("unusual-accounts", "?most=2", "night late reopened pair")]
    public async Task A_test_finds_exactly_what_there_is(string test, string query, string entries)
    {
        var answer = (await books.GetAsync($"/audit/journal-tests/{test}{query}")).Is(200).Json;

        Assert.Equal(entries, string.Join(' ', Entries(answer)));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("rest-days", "Recorded on Saturday, 2026-02-07 12:00")]
    [InlineData("night", "Recorded at night, 2026-02-10 23:30")]
    [InlineData("late", "Recorded 53 days after the day it is booked on")]
    [InlineData(
        "after-closing",
        "2026-01 had been closed on 2026-02-12 and was reopened on 2026-02-13 by key:chief222: Late bill")]
    [InlineData("round-amounts", "3000.00 EUR to the debit of 100 is a multiple of 1000")]
    [InlineData("below-limit", "9500.00 is at most 10 percent below 10000.00, the limit of one person")]
    [InlineData(
        "duplicates", "2 entries of that day have 64.40 EUR on the same side of 100; the first is once")]
    [InlineData("seldom-users", "key:temp2222 recorded 1 of the entries that are tested")]
    [InlineData("unusual-accounts", "500 is debited and 200 credited by 1 of the tested entries")]
    public async Task The_first_finding_says_why(string test, string because)
    {
        var answer = (await books.GetAsync($"/audit/journal-tests/{test}")).Is(200).Json;

        Assert.Equal(because, answer.GetProperty("rows")[0].GetProperty("because").GetString());
    }

    [Theory]
    [InlineData("rest-days?weekend=monday,saturday")]
    [InlineData("round-amounts?multiple=0.05")]
    [InlineData("duplicates?knownAt=2026-03-09T08:02:00Z")]
    [InlineData("seldom-users?most=100")]
    [InlineData("unusual-accounts?most=2")]
    public async Task Pages_of_one_finding_are_the_whole_list(string test)
    {
        var whole = Entries((await books.GetAsync($"/audit/journal-tests/{test}")).Is(200).Json);
        var found = new List<string>();
        var cursor = "";
        do
        {
            var page = (await books.GetAsync($"/audit/journal-tests/{test}&limit=1{cursor}")).Is(200).Json;
            found.AddRange(Entries(page));
            cursor = page.GetProperty("next").GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);

        Assert.True(whole.Count > 2, string.Join(' ', whole));
        Assert.Equal(whole, found);
    }

    [Fact]
    public async Task A_test_comes_as_csv()
    {
        var csv = (await books.GetAsync("/audit/journal-tests/round-amounts", ("Accept", "text/csv"))).Is(200).Body;

        Assert.Equal(
            "entry,fiscalYear,number,bookedOn,recorded,actor,correlation,kind,total,account,contra,amount,unit,related,"
                + "because,sequence,position\r\n"
                + "holiday,2026,5,2026-03-03,2026-03-03T09:00:00Z,key:clerk222,,normal,3000.00,100,,3000.00,EUR,,"
                + "3000.00 EUR to the debit of 100 is a multiple of 1000,14,14\r\n",
            csv);
    }

    [Theory]
    [InlineData("journal-tests/rest-days?weekend=monday,saturday")]
    [InlineData("journal-tests/night")]
    [InlineData("journal-tests/late?days=1")]
    [InlineData("journal-tests/after-closing")]
    [InlineData("journal-tests/round-amounts?multiple=0.05")]
    [InlineData("journal-tests/below-limit")]
    [InlineData("journal-tests/duplicates?knownAt=2026-03-09T08:02:00Z")]
    [InlineData("journal-tests/seldom-users?most=100")]
    [InlineData("journal-tests/unusual-accounts?most=100")]
    [InlineData("journal-tests/missing-numbers?of=documents&least=2")]
    [InlineData("activity?by=actor")]
    [InlineData("activity?by=person")]
    [InlineData("activity?by=stream&stream=journal-entry/")]
    public async Task No_list_says_what_somebody_wrote_of_an_entry(string list)
    {
        var json = (await books.GetAsync($"/audit/{list}")).Is(200).Body;
        var csv = (await books.GetAsync($"/audit/{list}", ("Accept", "text/csv"))).Is(200).Body;

        Assert.True(csv.Count(letter => letter == '\n') > 1, csv);
        foreach (var written in new[] { "Some entry", "Twice", "Account 100" })
        {
            Assert.DoesNotContain(written, json, StringComparison.Ordinal);
            Assert.DoesNotContain(written, csv, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("?of=documents", "")]
    [InlineData("?of=documents&least=3", "invoice INV- 3 4 2 saturday reopened")]
    [InlineData("?of=documents&least=2&series=INV-&documentType=invoice&to=2026-02-28",
        "invoice INV- 3 4 2 saturday reopened")]
    [InlineData("?of=documents&least=2&series=X", "")]
    public async Task Missing_numbers_are_told_with_their_neighbours(string query, string gaps)
    {
        var rows = (await books.GetAsync($"/audit/journal-tests/missing-numbers{query}")).Is(200).Json
            .GetProperty("rows");

        Assert.Equal(gaps, string.Join('|', rows.EnumerateArray().Select(row => string.Join(
            ' ', row.EnumerateObject().Select(each => each.Value.ToString())))));
    }

    [Theory]
    [InlineData("night?nightFrom=22:00&nightTo=22:00")]
    [InlineData("night?nightFrom=25:00")]
    [InlineData("rest-days?weekend=someday")]
    [InlineData("rest-days?region=bavaria")]
    [InlineData("round-amounts?multiple=0")]
    [InlineData("below-limit?percent=101")]
    [InlineData("below-limit?limit=-1")]
    [InlineData("duplicates?by=reference&account=100")]
    [InlineData("missing-numbers?series=X")]
    [InlineData("late?from=2026-02-01&to=2026-01-01")]
    [InlineData("late?recordedFrom=2026-02-01&recordedTo=2026-01-01")]
    public async Task What_makes_no_sense_is_refused_in_words(string test) =>
        (await books.GetAsync($"/audit/journal-tests/{test}")).IsProblem(400, "parameter-malformed");

    [Fact]
    public async Task Years_whose_holidays_are_not_known_are_said()
    {
        var german = books.Host.Given([.. CompanyWithChart, Sale("e1")]);
        await german.PrepareAsync();

        var rest = (await german.SendAsync(Step.Get("/audit/journal-tests/rest-days"))).Is(200).Json;
        var limit = (await german.SendAsync(Step.Get("/audit/journal-tests/below-limit"))).Is(200).Json;

        Assert.Matches(
            "^Public holidays of [0-9]{4} are not known here for DE: ", rest.GetProperty("remarks")[0].GetString());
        Assert.Equal("No limit was ever set: send one as limit", limit.GetProperty("remarks")[0].GetString());
    }

    [Theory]
    [InlineData("rest-days")]
    [InlineData("night")]
    [InlineData("late")]
    [InlineData("after-closing")]
    [InlineData("round-amounts")]
    [InlineData("duplicates")]
    [InlineData("seldom-users")]
    [InlineData("unusual-accounts")]
    [InlineData("missing-numbers")]
    public async Task Books_without_entries_have_no_findings(string test)
    {
        var empty = books.Host.Given(Company);
        await empty.PrepareAsync();

        Assert.Empty((await empty.SendAsync(Step.Get($"/audit/journal-tests/{test}"))).Is(200).Json
            .GetProperty("rows").EnumerateArray());
        Assert.Empty((await empty.SendAsync(Step.Get($"/audit/journal-tests/{test}?knownAt=2000-01-01"))).Is(200).Json
            .GetProperty("rows").EnumerateArray());
    }

    private static List<string> Entries(JsonElement answer) =>
        [.. answer.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("entry").GetString()!)];
}

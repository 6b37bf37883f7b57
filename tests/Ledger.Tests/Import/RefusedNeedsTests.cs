using Ledger.Api.Import;

namespace Ledger.Tests.Import;

/// <summary>What only refused entries need, the books do not get.</summary>
public sealed class RefusedNeedsTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    private const string Good = """
        {"id":"good","bookedOn":"2026-01-31","description":"Fee","lines":[{"account":"Expenses:Fees","side":"debit",
        "amount":"1.00"},{"account":"Assets:Bank","side":"credit","amount":"1.00"}]}
        """;

    private static readonly string[] GoodEvents =
    [
        "company company_registered", "chart account_opened", "chart account_opened", "chart account_opened",
        "chart account_opened", "journal-entry/good journal_entry_posted",
    ];

    [Theory]
    [InlineData("not-balanced", "2026-01-31", "", "2.00", "Assets:Other", "1.00")]
    [InlineData("not-balanced", "2026-01-31", "", "2.0001", "Assets:Bank", "1.00")]
    [InlineData("base-amount-missing", "2026-01-31", "", "1.00\",\"currency\":\"ACME", "Assets:Bank", "1.00")]
    [InlineData("date-outside-books", "2199-01-01", "", "1.00", "Income:Other", "1.00")]
    [InlineData("corrected-entry-unknown", "2026-01-31", "\"corrects\":\"nothing\",", "1.00", "Assets:Other", "1.00")]
    [InlineData("journal-entry-exists", "2026-01-31", "\"id\":\"good\",", "1.00", "Assets:Other", "1.00")]
    [InlineData(
        "dimension-unknown", "2026-01-31", "", "1.00\",\"dimensions\":{\"shop\":\"x\"},\"memo\":\"", "Assets:Other",
        "1.00")]
    public async Task A_refused_entry_opens_no_account_and_raises_no_digits(
        string code, string day, string more, string debit, string account, string credit)
    {
        var company = "refused" + ContentHasher.HashOf(code + debit + credit);
        var bad = $$"""
            {{{more}}"bookedOn":"{{day}}","description":"Bad","lines":[{"account":"Expenses:New","side":"debit",
            "amount":"{{debit}}"},{"account":"{{account}}","side":"credit","amount":"{{credit}}"}]}
            """;

        var imported = await books.ImportAsync(company, Lines(Good, bad));

        var complaint = Assert.Single(imported.Complaints);
        Assert.StartsWith("line 2: ", complaint, StringComparison.Ordinal);
        Assert.EndsWith($"({code})", complaint, StringComparison.Ordinal);
        Assert.Equal(
            [$"1 entry recorded in {company}, 1 refused.", "4 accounts were opened."], imported.Sentences);
        Assert.Equal(GoodEvents, await EventsAsync(company));
    }

    [Fact]
    public async Task What_an_accepted_entry_needs_too_is_opened_wherever_it_stands()
    {
        var bad = Good.Replace("\"1.00\"},", "\"2.00\"},", StringComparison.Ordinal)
            .Replace("good", "bad", StringComparison.Ordinal);

        var imported = await books.ImportAsync("shared", Lines(bad, Good, bad.Replace("bad", "worse", Ordinal)));

        Assert.Equal(2, imported.Complaints.Count);
        Assert.Equal(GoodEvents, await EventsAsync("shared"));
    }

    [Fact]
    public async Task An_id_that_comes_again_is_decided_after_the_first_of_it()
    {
        var unbalanced = Good.Replace("\"1.00\"},", "\"2.00\"},", StringComparison.Ordinal);
        var other = Good.Replace("Fees", "Other", StringComparison.Ordinal);

        var imported = await books.ImportAsync("again", Lines(unbalanced, Good, other, Good));

        Assert.Equal(
            ["line 1: not-balanced", "line 3: journal-entry-exists"],
            imported.Complaints.Select(each => each[..each.IndexOf(' ', 6)] + ' ' + each.Split('(', ')')[^2]));
        Assert.Equal("1 entry recorded in again, 1 there already, 2 refused.", imported.Sentences[0]);
        Assert.Equal(GoodEvents, await EventsAsync("again"));
    }

    [Fact]
    public async Task Atomic_takes_what_comes_twice_in_the_file_as_one()
    {
        var imported = await books.ImportAsync(
            "atomic", Lines(Good, Good), options => options with { Atomic = true });

        Assert.Empty(imported.Complaints);
        Assert.Equal(GoodEvents, await EventsAsync("atomic"));
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static string Lines(params string[] items) =>
        string.Concat(items.Select(item => item.ReplaceLineEndings("") + "\n"));

    private async Task<string[]> EventsAsync(string company) =>
        [.. (await books.EventsAsync(company)).Select(each => $"{each.Stream} {each.Type}")];
}

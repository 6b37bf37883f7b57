using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Tests.Audit;

/// <summary>
/// The tests that group all entries, over books drawn by chance, beside their definitions written out over lists: whole
/// and in pages of any size, they tell the same in the same order.
/// </summary>
public sealed partial class DrawnJournalTests(DrawnBooks books) : IClassFixture<DrawnBooks>
{
    private static readonly LocalDate From = new(2025, 12, 30);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Round_amounts_are_those_of_the_definition(int limit)
    {
        await SameAsync("round-amounts?multiple=1000", limit, Round(books.Entries, 1000m));
        await SameAsync("round-amounts?multiple=0.5&from=2025-12-30", limit, Round(Since(From), 0.5m));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Duplicates_are_those_of_the_definition(int limit)
    {
        await SameAsync("duplicates?account=100", limit, Duplicates(books.Entries, "100"));
        await SameAsync("duplicates?from=2025-12-30", limit, Duplicates(Since(From), null));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Unusual_accounts_are_those_of_the_definition(int limit)
    {
        await SameAsync("unusual-accounts?most=1", limit, Unusual(books.Entries, 1));
        await SameAsync("unusual-accounts?most=4&from=2025-12-30", limit, Unusual(Since(From), 4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Missing_numbers_are_those_of_the_definition(int limit)
    {
        await SameAsync("missing-numbers?of=documents&least=2", limit, Missing(books.Entries, 2));
        await SameAsync("missing-numbers?of=documents&least=8&from=2025-12-30", limit, Missing(Since(From), 8));
    }

    [Fact]
    public async Task Each_page_says_what_must_be_known_to_read_all_of_them()
    {
        var pages = await PagesAsync("rest-days?weekend=saturday,sunday", 5);

        Assert.True(pages.Count > 2, $"{pages.Count} pages");
        Assert.All(pages, page => Assert.StartsWith(
            "Public holidays of 2025, 2026 are not known here for DE", page.GetProperty("remarks")[0].GetString(),
            StringComparison.Ordinal));
    }

    private IEnumerable<DrawnEntry> Since(LocalDate day) => books.Entries.Where(entry => entry.BookedOn >= day);

    private static IEnumerable<string> Round(IEnumerable<DrawnEntry> entries, decimal multiple) =>
        from entry in entries
        let line = entry.Lines.FirstOrDefault(each => each.Amount % multiple == 0)
        where line is not null
        select $"{entry.Id} {Text(line.Amount)} EUR to the {Of(line.Side)} of {line.Account} is a multiple of "
            + Plain(multiple);

    private static IEnumerable<string> Duplicates(IEnumerable<DrawnEntry> entries, string? account)
    {
        var all = entries.ToList();
        var taken = all.Select(entry => entry.Reverses).ToHashSet();
        var groups =
            from entry in all.Select((each, place) => (each.Id, each.BookedOn, each.Lines, each.Reverses, Place: place))
            where entry.Reverses is null && !taken.Contains(entry.Id)
            from line in entry.Lines
            where account is null || line.Account.Value == account
            group entry.Place by (entry.BookedOn, Account: line.Account.Value, line.Amount, line.Side) into same
            let places = same.Distinct().Order().ToList()
            where places.Count > 1
            select (same.Key, Places: places);
        return
            from row in groups.SelectMany(each => each.Places.Select(place => (each.Key, each.Places, Place: place)))
            group row by (First: row.Places[0], row.Place) into found
            orderby found.Key.First, found.Key.Place
            let told = found.OrderBy(each => each.Key.Account, StringComparer.Ordinal).ThenBy(each => each.Key.Amount)
                .ThenByDescending(each => each.Key.Side).First()
            select $"{all[found.Key.Place].Id} {Plain(told.Places.Count)} entries of that day have "
                + $"{Text(told.Key.Amount)} EUR on the same side of {told.Key.Account}; the first is "
                + all[found.Key.First].Id;
    }

    private static IEnumerable<string> Unusual(IEnumerable<DrawnEntry> entries, int most)
    {
        var pairs =
            from entry in entries
            where entry.Reverses is null
            select (entry.Id, Pairs: (
                from debit in entry.Lines
                where debit.Side == Side.Debit
                from credit in entry.Lines
                where credit.Side == Side.Credit && credit.Account != debit.Account
                select (Debited: debit.Account.Value, Credited: credit.Account.Value)).Distinct().ToList());
        var counts = pairs.SelectMany(entry => entry.Pairs).CountBy(pair => pair).ToDictionary();
        return
            from entry in pairs
            let rare = entry.Pairs.Where(pair => counts[pair] <= most).Order().ToList()
            where rare.Count > 0
            select $"{entry.Id} {rare[0].Debited} is debited and {rare[0].Credited} credited by "
                + $"{Plain(counts[rare[0]])} of the tested entries";
    }

    private static IEnumerable<string> Missing(IEnumerable<DrawnEntry> entries, int least)
    {
        var series =
            from entry in entries
            let document = entry.Document?.Number ?? ""
            let digits = LastDigits().Match(document)
            where digits.Success
            group (entry.Id, Number: long.Parse(digits.Value, CultureInfo.InvariantCulture))
                by (Type: entry.Document?.Type ?? "", Series: document[..digits.Index]) into same
            let numbers = same.DistinctBy(each => each.Number).OrderBy(each => each.Number).ToList()
            where numbers.Count >= least
            select (same.Key, Numbers: numbers);
        return
            from one in series.OrderBy(each => each.Key.Type, StringComparer.Ordinal)
                .ThenBy(each => each.Key.Series, StringComparer.Ordinal)
            from gap in one.Numbers.Zip(one.Numbers.Skip(1), (before, after) => (Before: before, After: after))
            where gap.After.Number > gap.Before.Number + 1
            let missing = gap.After.Number - gap.Before.Number - 1
            select $"{one.Key.Type}|{one.Key.Series}|{Plain(gap.Before.Number + 1)}|{Plain(gap.After.Number - 1)}|"
                + $"{Plain(missing)}|{gap.Before.Id}|{gap.After.Id}";
    }

    /// <summary>The first entry with a number is told with it, and there are so many that pages matter.</summary>
    private async Task SameAsync(string test, int limit, IEnumerable<string> expected)
    {
        var (told, found) = (expected.ToList(), new List<string>());
        foreach (var page in await PagesAsync(test, limit))
        {
            found.AddRange(page.GetProperty("rows").EnumerateArray().Select(Told));
        }

        Assert.True(told.Count > 7, string.Join('\n', told));
        Assert.Equal(told, found);
    }

    private async Task<List<JsonElement>> PagesAsync(string test, int limit)
    {
        var (pages, cursor) = (new List<JsonElement>(), "");
        do
        {
            var page = (await books.Host.GetAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"/companies/{DrawnBooks.Company}/audit/journal-tests/{test}&limit={limit}{cursor}"))).Is(200).Json;
            pages.Add(page);
            cursor = page.GetProperty("next").GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);
        return pages;
    }

    private static string Told(JsonElement row) => row.TryGetProperty("because", out var because)
        ? $"{row.GetProperty("entry")} {because}"
        : string.Join('|', row.EnumerateObject().Select(each => each.Value.ToString()));

    private static string Of(Side side) => side == Side.Debit ? "debit" : "credit";

    private static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Plain(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    [GeneratedRegex("[0-9]{1,18}$")]
    private static partial Regex LastDigits();
}

using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Domain.Periods;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using Ledger.Tests.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Tests.Reports;

public sealed class RestatementQueriesTests : IAsyncLifetime
{
    private static readonly YearMonth March = new(2026, 3);
    private QueryBooks books = null!;

    public async Task InitializeAsync()
    {
        books = await QueryBooks.NewAsync();
        await books.RecordAsync("acme", Story());
    }

    public async Task DisposeAsync() => await books.DisposeAsync();

    [Fact]
    public async Task Late_and_restating_entries_are_kept_apart_by_line_and_by_entry()
    {
        var found = await AskAsync(new(March, null, null, 100), KnownAt.Now);

        Assert.Equal(At(2026, 4, 10), found.FirstClosed);
        Assert.Equal(
            [
                "balance-sheet assets 1 Bank: late 0.00, closed 770.00, change 30.00, now 800.00",
                "balance-sheet assets  Total assets: late 0.00, closed 770.00, change 30.00, now 800.00",
                "balance-sheet liabilities 2 Suppliers: late 40.00, closed 40.00, change 15.00, now 55.00",
                "balance-sheet liabilities  Total liabilities: late 40.00, closed 40.00, change 15.00, now 55.00",
                "balance-sheet equity  Result of the year: late -40.00, closed -270.00, change 15.00, now -255.00",
                "balance-sheet equity  Total equity: late -40.00, closed 730.00, change 15.00, now 745.00",
                "income-statement expenses 6 Rent: late 40.00, closed 240.00, change 15.00, now 255.00",
                "income-statement expenses  Total expenses: late 40.00, closed 240.00, change 15.00, now 255.00",
                "income-statement result  Result of the period: late -40.00, closed -240.00, change -15.00, now "
                + "-255.00",
            ],
            found.Rows.Select(row => $"{row.Statement} {row.Section} {row.Account} {row.Name}: late {row.Late}, "
                + $"closed {row.AsClosed}, change {row.Change}, now {row.Now}"));
        Assert.Equal(
            [
                "Late cleaning 2026-03-31 AsClosed: result -40.00, equity -40.00, open because ",
                "Restating raise 2026-03-31 Change: result -15.00, equity -15.00, open because The landlord's letter",
                "Restating refund 2026-02-15 Change: result 0.00, equity 30.00, open because The bank's letter",
            ],
            found.Entries.Select(entry => $"{entry.Kind} {entry.Id} {entry.BookedOn:uuuu-MM-dd} {entry.CountsIn}: "
                + $"result {entry.EffectOnResult}, equity {entry.EffectOnEquity}, open because "
                + $"{entry.ReopeningReason}"));
        Assert.Equal("-240.00 -15.00 -255.00", Text(found.Result));
        Assert.Equal("730.00 15.00 745.00", Text(found.Equity));
    }

    [Fact]
    public async Task The_effects_of_the_entries_are_the_changes_of_the_sums()
    {
        var found = await AskAsync(new(March, null, null, 100), KnownAt.Now);

        var restating = found.Entries.Where(entry => entry.CountsIn == RestatementPart.Change).ToArray();
        Assert.Equal(found.Result.Change.Value, restating.Sum(entry => entry.EffectOnResult.Value));
        Assert.Equal(found.Equity.Change.Value, restating.Sum(entry => entry.EffectOnEquity.Value));
    }

    [Fact]
    public async Task Entries_come_page_by_page()
    {
        var first = await AskAsync(new(March, null, null, 2), KnownAt.Now);
        var second = await AskAsync(new(March, null, first.Last, 2), KnownAt.Now);

        Assert.Equal(["cleaning", "raise"], first.Entries.Select(entry => entry.Id));
        Assert.Equal(["refund"], second.Entries.Select(entry => entry.Id));
        Assert.Null(second.Last);
    }

    [Fact]
    public async Task Before_the_closing_there_is_nothing_to_restate()
    {
        var found = await AskAsync(new(March, null, null, 100), new KnownAt.EndOf(new(2026, 4, 5)));

        Assert.Null(found.FirstClosed);
        Assert.Equal("-240.00 0.00 -240.00", Text(found.Result));
        Assert.Equal([RestatementKind.Late], found.Entries.Select(entry => entry.Kind));
    }

    [Theory]
    [InlineData(
        "2026-03-30", "2026-05-05", "0.00 -255.00 -255.00",
        "InTime rent Change -200.00, Late cleaning Change -40.00, Restating raise Change -15.00")]
    [InlineData(
        "2026-03-31", "2026-05-05", "-200.00 -55.00 -255.00",
        "Late cleaning Change -40.00, Restating raise Change -15.00")]
    [InlineData(
        "2026-05-05", "2026-06-30", "-255.00 0.00 -255.00",
        "Late cleaning AsClosed -40.00, Restating raise AsClosed -15.00, Restating refund Change 0.00")]
    [InlineData("2026-05-05", "2026-04-05", "-240.00 0.00 -240.00", "Late cleaning AsClosed -40.00")]
    public async Task Two_times_of_ones_own_choice_can_be_compared_and_each_entry_says_in_which_it_counts(
        string from, string to, string result, string entries)
    {
        var found = await AskAsync(new(March, new KnownAt.EndOf(Day(from)), null, 100), new KnownAt.EndOf(Day(to)));

        Assert.Equal(result, Text(found.Result));
        Assert.Equal(entries, string.Join(", ", found.Entries.Select(entry =>
            $"{entry.Kind} {entry.Id} {entry.CountsIn} {entry.EffectOnResult}")));
    }

    [Fact]
    public async Task A_month_that_was_open_when_an_earlier_one_was_reopened_was_not_reopened()
    {
        await books.RecordAsync("other", Opening(At(2026, 7, 1)).Concat(
        [
            (At(2026, 7, 8), "periods", new PeriodClosed(new(2026, 6))),
            (At(2026, 7, 9), "periods", new PeriodReopened(new(2026, 6), "June only")),
            (At(2026, 7, 10), "periods", new PeriodClosed(new(2026, 6))),
            (At(2026, 8, 3), "journal-entry/late", Entry(new(2026, 7, 31), "6", "2", 40)),
            (At(2026, 8, 10), "periods", new PeriodClosed(new(2026, 7))),
        ]));

        var found = await books.AskAsync("other", KnownAt.Now, snapshot =>
            RestatementQueries.RestatementsAsync(snapshot, new(new(2026, 7), null, null, 100)));

        Assert.Equal(
            [(RestatementKind.Late, "late", (Instant?)null, (string?)null)],
            found.Entries.Select(entry => (entry.Kind, entry.Id, entry.ReopenedAt, entry.ReopeningReason)));
    }

    private Task<RestatementsThen> AskAsync(RestatementsRequest request, KnownAt knownAt) => books.AskAsync(
        "acme", knownAt, snapshot => RestatementQueries.RestatementsAsync(snapshot, request));

    private static string Text(RestatementEffect effect) => $"{effect.AsClosed} {effect.Change} {effect.Now}";

    private static IEnumerable<(Instant, string, object)> Opening(Instant opened)
    {
        yield return (opened, "company", new CompanyRegistered(
            new("Acme", new("EUR"), "BG"), "Europe/Sofia", new AnnualDate(1, 1)));
        yield return (opened, "chart", new AccountOpened(new("1"), new("Bank", AccountType.Asset)));
        yield return (opened, "chart", new AccountOpened(new("2"), new("Suppliers", AccountType.Liability)));
        yield return (opened, "chart", new AccountOpened(new("3"), new("Capital", AccountType.Equity)));
        yield return (opened, "chart", new AccountOpened(new("6"), new("Rent", AccountType.Expense)));
    }

    private static IEnumerable<(Instant, string, object)> Story()
    {
        foreach (var each in Opening(At(2026, 1, 1)))
        {
            yield return each;
        }

        yield return (At(2026, 1, 2), "journal-entry/capital", Entry(new(2026, 1, 2), "1", "3", 1000));
        yield return (At(2026, 2, 16), "journal-entry/fee", Entry(new(2026, 2, 15), "6", "1", 30));
        yield return (At(2026, 3, 31), "journal-entry/rent", Entry(new(2026, 3, 31), "6", "1", 200));
        yield return (At(2026, 4, 3), "journal-entry/cleaning", Entry(new(2026, 3, 31), "6", "2", 40));
        yield return (At(2026, 4, 4), "journal-entry/april", Entry(new(2026, 4, 4), "6", "1", 5));
        yield return (At(2026, 4, 10), "periods", new PeriodClosed(March));
        yield return (At(2026, 5, 2), "periods", new PeriodReopened(March, "The landlord's letter"));
        yield return (At(2026, 5, 3), "journal-entry/raise", Entry(new(2026, 3, 31), "6", "2", 15));
        yield return (At(2026, 5, 4), "periods", new PeriodClosed(March));
        yield return (At(2026, 6, 1), "periods", new PeriodReopened(new(2026, 2), "The bank's letter"));
        yield return (At(2026, 6, 2), "journal-entry/refund", Entry(new(2026, 2, 15), "1", "6", 30));
    }

    private static JournalEntryPosted Entry(LocalDate bookedOn, string debit, string credit, decimal amount) => new(
        bookedOn,
        "entry",
        new("EUR"),
        [new(new(debit), Side.Debit, amount + 0.00m), new(new(credit), Side.Credit, amount + 0.00m)]);

    private static LocalDate Day(string day) => LocalDatePattern.Iso.Parse(day).Value;

    private static Instant At(int year, int month, int day) => Instant.FromUtc(year, month, day, 9, 0);
}

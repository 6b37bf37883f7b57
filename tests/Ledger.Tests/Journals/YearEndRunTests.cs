using Ledger.Api;
using Ledger.Api.Import;
using Ledger.Api.Journals;
using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using Ledger.Tests.Golden;
using Ledger.Tests.Import;
using NodaTime;

namespace Ledger.Tests.Journals;

public sealed class YearEndRunTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    private static readonly string Books =
        File.ReadAllText(Path.Combine(GoldenFile.Root, "tests/Ledger.Tests/Golden/export/lev-books.ndjson"));

    [Fact]
    public async Task A_year_is_closed_once_and_after_a_late_entry_once_more()
    {
        await ImportAsync("year", Books);

        Assert.Equal(["Posted in year on 2025-12-31: 1 closing entry."], await CloseAsync("year"));
        Assert.Equal(["The year 2025 of year is closed: nothing is left to move."], await CloseAsync("year"));
        await ImportAsync(
            "year",
            """{"put":"accounts/T","body":{"name":"Other sales","type":"income"}}""" + "\n"
            + """{"id":"5","bookedOn":"2025-12-31","description":"Late","lines":["""
            + """{"account":"L","side":"debit","amount":"20.00"},{"account":"T","side":"credit","amount":"20.00"}]}""");
        Assert.Equal(["Posted in year on 2025-12-31: 1 closing entry."], await CloseAsync("year"));
        Assert.Equal(["The year 2025 of year is closed: nothing is left to move."], await CloseAsync("year"));

        Assert.Equal(
            new()
            {
                ["A BGN"] = 80.49m, ["E BGN"] = -120.00m, ["L BGN"] = 19.95m, ["O BGN"] = 7m, ["P BGN"] = -7m,
                ["U EUR"] = 10m,
            },
            await books.BalancesAsync("year"));
    }

    [Fact]
    public async Task An_account_that_takes_no_postings_is_emptied_and_stays_as_it_was()
    {
        await ImportAsync("heading", Books);
        var before = await ChartAsync("heading");

        await CloseAsync("heading");

        Assert.False((await books.BalancesAsync("heading")).ContainsKey("S BGN"));
        Assert.Equal(before, await ChartAsync("heading"));
        Assert.Equal(
            [
                ("chart", "account_changed"), ("chart", "account_changed"), ("dimensions", "dimension_value_changed"),
                ("dimensions", "dimension_value_changed"), ("journal-entry/year-end-2025-1", "journal_entry_posted"),
            ],
            (await books.EventsAsync("heading")).TakeLast(5));
    }

    [Fact]
    public async Task Years_are_closed_each_by_itself_in_any_order()
    {
        await ImportAsync("years", Books
            + """{"put":"accounts/T","body":{"name":"Other sales","type":"income"}}""" + "\n"
            + """{"id":"0","bookedOn":"2024-06-30","description":"Sale","lines":["""
            + """{"account":"L","side":"debit","amount":"1.00"},{"account":"T","side":"credit","amount":"1.00"}]}""");
        const string Note = "Note: years before 2025 have results that are not closed; close each by itself.";

        Assert.Equal([Note, "Posted in years on 2025-12-31: 1 closing entry."], await CloseAsync("years"));
        Assert.Equal(-1.00m, (await books.BalancesAsync("years"))["T BGN"]);
        Assert.Equal(
            ["Posted in years on 2024-12-31: 1 closing entry."], await CloseAsync("years", year: 2024));
        Assert.Equal(
            ["The year 2025 of years is closed: nothing is left to move."], await CloseAsync("years"));
        Assert.Equal(
            -101.00m, (await books.BalancesAsync("years"))["E BGN"]);
        Assert.False((await books.BalancesAsync("years")).ContainsKey("T BGN"));
    }

    [Fact]
    public async Task What_a_years_end_comes_to_needs_no_second_person_and_an_entry_by_hand_does()
    {
        await ImportAsync("seen", Books);
        var end = Instant.FromUtc(2026, 1, 1, 0, 0);
        await AppendAsync("seen", Streams.Keys, Streams.KeysFold, [
            new KeyIssued("aaaaaaaa", new('a', 64), "maria", new([Role.Approver], "maria")),
            new KeyRotated("maria", "bbbbbbbb", new('b', 64), end, true)]);
        await AppendAsync("seen", Streams.Approvals, Streams.FourEyesFold, [
            new FourEyesChanged(new(EntryAbove: 0m, PayrollAccounts: [new("L")]))]);

        var complaint = Assert.Single((await books.ImportAsync(
            "seen",
            """{"id":"by-hand","bookedOn":"2025-12-31","description":"Sale","lines":["""
            + """{"account":"L","side":"debit","amount":"1.00"},{"account":"E","side":"credit","amount":"1.00"}]}""",
            options => options with { NewCompany = null })).Complaints);
        Assert.Contains("approval-needed", complaint, StringComparison.Ordinal);
        Assert.Equal(["Posted in seen on 2025-12-31: 1 closing entry."], await CloseAsync("seen"));
    }

    private async Task AppendAsync<TState>(
        string company, string stream, Fold<TState> fold, IReadOnlyList<object> events) =>
        Assert.IsType<Transacted<int>.Done>(await books.Ledger.Transact.RunAsync(
            company, new("key:test", null, null, null), async reading =>
            {
                await reading.StateAsync(stream, fold);
                return Verdict.Append(0, (stream, events));
            }));

    [Fact]
    public async Task A_result_goes_to_an_account_of_equity_that_exists()
    {
        await ImportAsync("to", Books);
        await ImportAsync("no-equity", Books.Replace(",\"retainedEarnings\":\"E\"", "", StringComparison.Ordinal));

        Assert.Equal("There is no company nobody.", await RefusedAsync("nobody", null));
        Assert.Equal(
            "to has no account A of type equity: open it, or name another with --to.", await RefusedAsync("to", "A"));
        Assert.Equal(
            "to has no account X of type equity: open it, or name another with --to.", await RefusedAsync("to", "X"));
        Assert.Equal(
            "no-equity names no account of retained earnings: say which one takes the result, with --to.",
            await RefusedAsync("no-equity", null));
        Assert.Equal(["Posted in no-equity on 2025-12-31: 1 closing entry."], await CloseAsync("no-equity", "E"));
    }

    private async Task ImportAsync(string company, string text) => Assert.Empty(
        (await books.ImportAsync(company, text, options => options with { NewCompany = null })).Complaints);

    private async Task<List<string>> CloseAsync(string company, string? to = null, int year = 2025)
    {
        var said = new List<string>();
        Assert.True(await YearEndRun.RunAsync(
            books.Ledger, company, year, to is null ? null : new AccountCode(to), said.Add, CancellationToken.None));
        return said;
    }

    private async Task<string> RefusedAsync(string company, string? to) =>
        (await Assert.ThrowsAsync<SetUpException>(() => CloseAsync(company, to))).Message;

    private async Task<IEnumerable<object>> ChartAsync(string company)
    {
        var target = await BooksTarget.OpenAsync(books.Ledger, company, new("", null, null, null));
        return target.Chart.Accounts.Select(account => (account.Code, account.Details))
            .OrderBy(account => account.Code).Cast<object>().ToList();
    }
}

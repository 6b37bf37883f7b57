using Ledger.Api;
using Ledger.Api.Import;
using Ledger.Api.Journals;
using Ledger.Api.Periods;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.EventStore;
using Ledger.Tests.Golden;
using Ledger.Tests.Import;
using NodaTime;

namespace Ledger.Tests.Journals;

/// <summary>Books in lev, with accounts and a value of a dimension that take no new entries any more.</summary>
public sealed class CarryOverRunTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    private static readonly string Books =
        File.ReadAllText(Path.Combine(GoldenFile.Root, "tests/Ledger.Tests/Golden/export/lev-books.ndjson"));

    private static readonly CarryOverRequest Request = new(
        "", "", new LocalDate(2026, 1, 1), 1.95583m, new UnitCode("EUR"), null,
        new AccountCode("difference"), new AccountCode("off-difference"), null);

    [Fact]
    public async Task Books_go_over_into_the_new_currency_and_end()
    {
        await ImportAsync("old");

        var (isDone, said) = await RunAsync("old", "new");

        Assert.Equal(
            [
                "new was registered, in EUR.", "The books of old end on 2025-12-31.", "Opened in new: 9 accounts.",
                "Posted in new on 2026-01-01: 3 entries.", "The difference is 0.00 EUR, on account difference.",
            ],
            said);
        Assert.True(isDone);
        Assert.Equal(
            new()
            {
                ["A EUR"] = 41.16m, ["E EUR"] = -51.13m, ["L EUR"] = -0.03m, ["O EUR"] = 3.58m, ["P EUR"] = -3.58m,
                ["U EUR"] = 10.00m,
            },
            await books.BalancesAsync("new"));
        var late = await books.ImportAsync("old", Entry("5", "2026-01-01", "1.00"), NoCompany);
        Assert.EndsWith("(date-outside-books)", Assert.Single(late.Complaints), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_new_chart_and_dimensions_are_the_old_ones_in_the_new_currency()
    {
        await ImportAsync("chart");

        await RunAsync("chart", "chart-new");

        var old = await BooksTarget.OpenAsync(books.Ledger, "chart", new("", null, null, null));
        var carried = await BooksTarget.OpenAsync(books.Ledger, "chart-new", new("", null, null, null));
        Assert.Equal(
            old.Chart.Accounts.Select(account => (account.Code, account.Details with
            {
                Currency = account.Code.Value is "A" or "U" ? new UnitCode("EUR") : null,
            })).Append((Request.Difference, new("Difference of the carry-over", AccountType.Equity)))
                .Append((Request.OffBalanceDifference,
                    new("Difference of the carry-over, off balance", AccountType.OffBalance)))
                .OrderBy(account => account.Item1),
            carried.Chart.Accounts.Select(account => (account.Code, account.Details)).OrderBy(account => account.Code));
    }

    [Fact]
    public async Task Carrying_over_again_adds_nothing_and_what_came_late_is_carried_after()
    {
        await ImportAsync("late");
        await RunAsync("late", "late-new");
        var before = await books.EventsAsync("late-new");

        var again = await RunAsync("late", "late-new");
        Assert.Equal(["late-new holds all that late held at the end of 2025-12-31."], again.Said);
        Assert.Equal(before, await books.EventsAsync("late-new"));

        Assert.Empty((await books.ImportAsync("late", Entry("5", "2025-12-31", "20.00"), NoCompany)).Complaints);
        var (isDone, said) = await RunAsync("late", "late-new");

        Assert.True(isDone);
        Assert.Equal(
            [
                "Posted in late-new on 2026-01-01: 1 entry.",
                "The difference is 0.00 EUR, on account difference.",
            ],
            said);
        Assert.Equal(10.20m, (await books.BalancesAsync("late-new"))["L EUR"]);
        Assert.Equal(-61.36m, (await books.BalancesAsync("late-new"))["E EUR"]);
        Assert.Equal(again.Said, (await RunAsync("late", "late-new")).Said);
    }

    [Fact]
    public async Task Books_of_two_companies_go_into_one()
    {
        await ImportAsync("one");
        await ImportAsync("two");

        await RunAsync("one", "both");
        var (isDone, said) = await RunAsync("two", "both");

        Assert.True(isDone);
        Assert.Equal(
            [
                "The books of two end on 2025-12-31.",
                "Posted in both on 2026-01-01: 3 entries.",
                "The difference is 0.00 EUR, on account difference.",
            ],
            said);
        Assert.Equal(20.00m, (await books.BalancesAsync("both"))["U EUR"]);
        Assert.Equal(["both holds all that one held at the end of 2025-12-31."], (await RunAsync("one", "both")).Said);
    }

    [Fact]
    public async Task Within_a_fiscal_year_its_own_results_stay_on_their_accounts()
    {
        await ImportAsync("within");

        var (isDone, said) = await RunAsync(
            "within", "within-new", request => request with { On = new LocalDate(2025, 12, 1) });

        Assert.True(isDone);
        Assert.Contains(
            "Note: within has 3 entries on 2025-12-01 or later, which stay there and are not carried over.", said);
        Assert.Equal(
            new() { ["A EUR"] = 51.13m, ["S EUR"] = -51.13m }, await books.BalancesAsync("within-new"));
    }

    [Fact]
    public async Task Results_before_a_fiscal_year_that_begins_in_its_middle_are_equity()
    {
        await ImportAsync(
            "april", text => text.Replace(
                "\"country\":\"BG\"", "\"country\":\"BG\",\"fiscalYearStart\":\"12-01\"", StringComparison.Ordinal));

        await RunAsync("april", "april-new");
        var balances = await books.BalancesAsync("april-new");
        Assert.Equal(-51.13m, balances["E EUR"]);
        Assert.False(balances.ContainsKey("S EUR"));
    }

    [Fact]
    public async Task Books_of_a_final_year_can_end()
    {
        await ImportAsync("final");
        foreach (var change in new[] { new PeriodChange(PeriodStatus.Closed, Through: true), new(PeriodStatus.Final) })
        {
            Assert.IsType<Transacted<Written>.Done>(await books.Ledger.Transact.RunAsync(
                "final", new("", null, null, null), reading => PeriodWrites.PutAsync(
                    new YearMonth(2025, 12), change, null, reading, books.Ledger.Facts,
                    books.Ledger.Owner)));
        }

        Assert.True((await RunAsync("final", "final-new")).IsDone);
    }

    [Fact]
    public async Task What_is_missing_for_a_carry_over_is_said_before_anything_is_recorded()
    {
        await ImportAsync("asks");
        var before = await books.EventsAsync("asks");

        Assert.Equal("There is no company nobody.", await RefusedAsync("nobody", "x"));
        Assert.Equal(
            "--to is a set of books of its own: name another company than --from.", await RefusedAsync("asks", "asks"));
        Assert.Equal(
            "There is no company asks-new: say its currency, such as --currency EUR, and it is registered.",
            await RefusedAsync("asks", "asks-new", request => request with { Currency = null }));
        await ImportAsync(
            "asks-who", text => text.Replace(",\"retainedEarnings\":\"E\"", "", StringComparison.Ordinal));
        Assert.Equal(
            "Account S holds results of earlier fiscal years: name the account of equity that takes them. "
            + "(carry-over-result-account-needed)",
            await RefusedAsync("asks-who", "asks-new"));
        Assert.Equal("asks is kept in BGN, not in EUR.", await RefusedAsync("asks-who", "asks"));
        Assert.Equal(before, await books.EventsAsync("asks"));
        Assert.Empty(await books.EventsAsync("asks-new"));
    }

    [Fact]
    public async Task Books_are_not_carried_over_on_two_days()
    {
        await ImportAsync("days");
        await RunAsync("days", "days-new");

        Assert.Equal(
            "The books of days end on 2025-12-31, so new ones begin a day later: change --on, or booksTo of the "
            + "company.",
            await RefusedAsync("days", "days-new", request => request with { On = new LocalDate(2026, 2, 1) }));
    }

    private static string Entry(string id, string date, string amount) =>
        $"{{\"id\":\"{id}\",\"bookedOn\":\"{date}\",\"description\":\"Late\",\"lines\":["
        + $"{{\"account\":\"L\",\"side\":\"debit\",\"amount\":\"{amount}\"}},"
        + $"{{\"account\":\"E\",\"side\":\"credit\",\"amount\":\"{amount}\"}}]}}\n";

    private static ImportOptions NoCompany(ImportOptions options) => options with { NewCompany = null };

    private async Task ImportAsync(string company, Func<string, string>? with = null) => Assert.Empty(
        (await books.ImportAsync(company, with is null ? Books : with(Books), NoCompany)).Complaints);

    private async Task<(bool IsDone, List<string> Said)> RunAsync(
        string from, string to, Func<CarryOverRequest, CarryOverRequest>? with = null)
    {
        var said = new List<string>();
        var request = Request with { From = from, To = to };
        var run = new CarryOverRun(books.Ledger, with is null ? request : with(request), said.Add);
        return (await run.RunAsync(CancellationToken.None), said);
    }

    private async Task<string> RefusedAsync(
        string from, string to, Func<CarryOverRequest, CarryOverRequest>? with = null) =>
        (await Assert.ThrowsAsync<SetUpException>(() => RunAsync(from, to, with))).Message;
}

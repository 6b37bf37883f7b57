using Ledger.Api;
using Ledger.Api.Journals;
using Ledger.Domain;
using Ledger.Tests.Golden;
using Ledger.Tests.Import;
using NodaTime;

namespace Ledger.Tests.Journals;

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

        Assert.True(isDone);
        Assert.Equal(
            [
                "The books of old end on 2025-12-31.", "new was registered, in EUR.",
                "9 accounts were opened in new.", "3 opening entries were posted in new on 2026-01-01.",
            ],
            said);
        Assert.Equal(
            new()
            {
                ["A EUR"] = 41.16m, ["E EUR"] = -51.13m, ["L EUR"] = -0.03m, ["O EUR"] = 3.58m, ["P EUR"] = -3.58m,
                ["U EUR"] = 10.00m,
            },
            await books.BalancesAsync("new"));
        var late = await books.ImportAsync("old", Entry("5", "2026-01-01", "1.00"), NoCompany);
        Assert.EndsWith("(date-outside-books)", Assert.Single(late.Complaints));
    }

    [Fact]
    public async Task Carrying_over_again_adds_nothing_and_what_came_late_is_carried_after()
    {
        await ImportAsync("late");
        await RunAsync("late", "late-new");

        var again = await RunAsync("late", "late-new");
        await books.ImportAsync("late", Entry("5", "2025-12-31", "20.00"), NoCompany);
        var (isDone, said) = await RunAsync("late", "late-new");

        Assert.Equal(["late-new holds all of it already."], again.Said);
        Assert.True(isDone);
        Assert.Equal(["1 opening entries were posted in late-new on 2026-01-01."], said);
        Assert.Equal(51.39m, (await books.BalancesAsync("late-new"))["A EUR"]);
        Assert.Equal(-61.35m, (await books.BalancesAsync("late-new"))["E EUR"]);
        Assert.Equal(["late-new holds all of it already."], (await RunAsync("late", "late-new")).Said);
    }

    [Fact]
    public async Task What_is_missing_for_a_carry_over_is_said()
    {
        await ImportAsync("asks");

        Assert.Equal(
            "There is no company nobody.",
            (await Assert.ThrowsAsync<SetUpException>(() => RunAsync("nobody", "x"))).Message);
        Assert.Equal(
            "There is no company asks-new: say its currency, such as --currency EUR, and it is registered.",
            (await Assert.ThrowsAsync<SetUpException>(() =>
                RunAsync("asks", "asks-new", request => request with { Currency = null }))).Message);
    }

    [Fact]
    public async Task A_year_is_closed_once_and_after_a_late_entry_once_more()
    {
        await ImportAsync("year");
        var said = new List<string>();
        Task<bool> CloseAsync() => YearEndRun.RunAsync(
            books.Ledger, "year", 2025, null, said.Add, CancellationToken.None);

        Assert.True(await CloseAsync());
        Assert.True(await CloseAsync());
        await books.ImportAsync("year", Entry("5", "2025-12-31", "20.00"), NoCompany);
        Assert.True(await CloseAsync());

        Assert.Equal(
            [
                "1 closing entries were posted in year, on 2025-12-31.",
                "The year 2025 of year is closed: nothing is left to move.",
                "1 closing entries were posted in year, on 2025-12-31.",
            ],
            said);
        var balances = await books.BalancesAsync("year");
        Assert.Equal(-120.00m, balances["E BGN"]);
        Assert.False(balances.ContainsKey("S BGN"));
    }

    private static string Entry(string id, string date, string amount) =>
        $"{{\"id\":\"{id}\",\"bookedOn\":\"{date}\",\"description\":\"Late\",\"lines\":["
        + $"{{\"account\":\"A\",\"side\":\"debit\",\"amount\":\"{amount}\",\"dimensions\":{{\"shop\":\"one\"}}}},"
        + $"{{\"account\":\"S\",\"side\":\"credit\",\"amount\":\"{amount}\"}}]}}\n";

    private static Ledger.Api.Import.ImportOptions NoCompany(Ledger.Api.Import.ImportOptions options) =>
        options with { NewCompany = null };

    private async Task ImportAsync(string company) =>
        Assert.Empty((await books.ImportAsync(company, Books, NoCompany)).Complaints);

    private async Task<(bool IsDone, List<string> Said)> RunAsync(
        string from, string to, Func<CarryOverRequest, CarryOverRequest>? with = null)
    {
        var said = new List<string>();
        var request = Request with { From = from, To = to };
        var run = new CarryOverRun(books.Ledger, with is null ? request : with(request), said.Add);
        return (await run.RunAsync(CancellationToken.None), said);
    }
}

using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Projections.Accounts;
using Ledger.Projections.Balances;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Tests.Queries;

public sealed class KnowledgeTests : IAsyncLifetime
{
    private QueryBooks books = null!;

    public async Task InitializeAsync()
    {
        books = await QueryBooks.NewAsync();
        await books.RecordAsync("acme", Story());
    }

    public async Task DisposeAsync() => await books.DisposeAsync();

    [Theory]
    [InlineData("2026-03-30", "100.00")]
    [InlineData("2026-03-31", "300.00")]
    [InlineData("2026-04-01", "700.00")]
    public async Task A_day_means_its_end_in_the_companys_time_zone(string day, string balance)
    {
        // In Baku it is four hours later than in UTC: the second entry was recorded in the last minute of 31 March.
        var date = NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value;

        Assert.Equal(balance, (await BalanceAsync(new KnownAt.EndOf(date))).Rows[0].Balance.ToString());
    }

    [Fact]
    public async Task An_instant_counts_what_was_recorded_at_it()
    {
        var at = Instant.FromUtc(2026, 3, 31, 19, 59, 59);

        Assert.Equal("300.00", (await BalanceAsync(new KnownAt.OfInstant(at))).Rows[0].Balance.ToString());
        Assert.Equal(
            "100.00",
            (await BalanceAsync(new KnownAt.OfInstant(at - Duration.FromTicks(10)))).Rows[0].Balance.ToString());
    }

    [Fact]
    public async Task An_answer_asked_for_again_by_its_sequence_is_the_same()
    {
        var first = await BalanceAsync(new KnownAt.EndOf(new(2026, 3, 31)));
        var again = await BalanceAsync(new KnownAt.OfSequence(first.KnownAtSequence));

        Assert.Equal(first.Rows, again.Rows);
        Assert.Equal(first.KnownAtSequence, again.KnownAtSequence);
    }

    [Fact]
    public async Task Names_types_and_parents_are_those_known_then()
    {
        var before = await ChartAsync(new KnownAt.EndOf(new(2026, 3, 31)));
        var after = await ChartAsync(KnownAt.Now);

        static (string, string?, long) Of(AccountThen account) => (account.Name, account.Parent, account.Version);
        Assert.Equal(("Bank", null, 1L), Of(before.Accounts[0]));
        Assert.Equal(("Bank in Baku", "3", 3L), Of(after.Accounts[0]));
        Assert.Equal("Bank", (await BalanceAsync(new KnownAt.EndOf(new(2026, 3, 31)))).Rows[0].Name);
    }

    [Fact]
    public async Task A_sequence_above_the_last_is_refused_with_both_numbers()
    {
        var answer = await books.Reader.AskAsync(
            new("acme", new KnownAt.OfSequence(10)), snapshot => Task.FromResult<Answer<int>>(1));

        Assert.Equal("known-at-sequence-ahead", answer.Refusal!.Code);
        Assert.Contains("10", answer.Refusal.Message, StringComparison.Ordinal);
        Assert.Contains("7", answer.Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sequence_that_the_tables_do_not_reach_is_refused_after_a_while_with_both_numbers()
    {
        var answer = await books.Reader.AskAsync(
            new("acme", KnownAt.Now, AtLeast: 99), snapshot => Task.FromResult<Answer<int>>(1));

        Assert.Equal("projection-behind", answer.Refusal!.Code);
        Assert.Contains("99", answer.Refusal.Message, StringComparison.Ordinal);
        Assert.Contains("reached 7", answer.Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_a_company_was_registered_its_books_were_empty_and_one_that_never_was_is_unknown()
    {
        var early = await books.AskAsync(
            "acme", new KnownAt.EndOf(new(2025, 12, 31)),
            snapshot => BalanceQueries.BalancesAsync(snapshot, new(2026, 12, 31), null, DimensionQuery.None));
        var never = await books.Reader.AskAsync(
            new("nobody", KnownAt.Now), snapshot => Task.FromResult<Answer<int>>(1));

        Assert.Empty(early.Rows);
        Assert.Equal(0, early.KnownAtSequence);
        Assert.Equal("company-unknown", never.Refusal!.Code);
    }

    [Fact]
    public async Task A_sum_of_more_digits_than_can_be_held_is_refused()
    {
        var large = 999_999_999_999_999.999999999999m;
        await books.RecordAsync("huge", Enumerable.Range(0, 90).Select(i => (
            Instant.FromUtc(2026, 6, 1, 0, 0), $"journal-entry/{i}", (object)Entry(new(2026, 1, 1), large)))
            .Prepend((Instant.FromUtc(2026, 6, 1, 0, 0), "company", new CompanyRegistered(
                new("Huge", new("AZN"), "AZ"), "Asia/Baku", new AnnualDate(1, 1)))));

        var answer = await books.Reader.AskAsync(
            new("huge", KnownAt.Now), snapshot => BalanceQueries.BalancesAsync(
                snapshot, new(2026, 12, 31), null, DimensionQuery.None));

        Assert.Equal("sum-too-large", answer.Refusal?.Code);
    }

    private Task<BalanceTable> BalanceAsync(KnownAt knownAt) => books.AskAsync(
        "acme",
        knownAt,
        snapshot => BalanceQueries.BalancesAsync(snapshot, new(2026, 12, 31), "1", DimensionQuery.None));

    private Task<ChartThen> ChartAsync(KnownAt knownAt) => books.AskAsync<ChartThen>(
        "acme", knownAt, async snapshot => await AccountQueries.ChartAsync(snapshot));

    private static IEnumerable<(Instant, string, object)> Story()
    {
        var opened = Instant.FromUtc(2026, 1, 1, 9, 0);
        yield return (opened, "company", new CompanyRegistered(
            new("Acme", new("AZN"), "AZ"), "Asia/Baku", new AnnualDate(1, 1)));
        yield return (opened, "chart", new AccountOpened(new("1"), new("Bank", AccountType.Asset)));
        yield return (opened, "chart", new AccountOpened(new("3"), new("Capital", AccountType.Equity)));
        yield return (Instant.FromUtc(2026, 3, 30, 12, 0), "journal-entry/a", Entry(new(2026, 3, 30), 100));
        yield return (Instant.FromUtc(2026, 3, 31, 19, 59, 59), "journal-entry/b", Entry(new(2026, 3, 30), 200));
        yield return (Instant.FromUtc(2026, 3, 31, 20, 0), "journal-entry/c", Entry(new(2026, 3, 30), 400));
        yield return (Instant.FromUtc(2026, 5, 1, 9, 0), "chart", new AccountChanged(
            new("1"), new("Bank in Baku", AccountType.Asset, Parent: new("3"))));
    }

    private static JournalEntryPosted Entry(LocalDate bookedOn, decimal amount) => new(
        bookedOn, "entry", new("AZN"), [new(new("1"), Side.Debit, amount), new(new("3"), Side.Credit, amount)]);
}

using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Projections;
using Ledger.Projections.Journals;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using Ledger.Tests.Projections;
using NodaTime;
using Npgsql;

namespace Ledger.Tests.Queries;

public sealed class FinalityTests : IAsyncLifetime
{
    /// <summary>The last sequence of what <see cref="BeginAsync"/> records.</summary>
    private const long Before = 3;

    private BooksDatabase books = null!;
    private ProjectionLoop loop = null!;
    private LedgerReader reader = null!;

    public async Task InitializeAsync()
    {
        books = await BooksDatabase.CreateAsync();
        loop = books.StartLoop();
        reader = new(LedgerSource.Create(books.ConnectionString), loop);
    }

    public async Task DisposeAsync()
    {
        await reader.DisposeAsync();
        await loop.DisposeAsync();
        await books.DisposeAsync();
    }

    /// <summary>Every way in which a question names an instant, and the sequence that the answer rests on.</summary>
    private static readonly Dictionary<string, Func<LedgerReader, KnownAt, Task<Answer<long>>>> Ways = new()
    {
        ["knownAt"] = (reader, known) => reader.AskAsync(
            new("acme", known, 1), snapshot => Task.FromResult<Answer<long>>(snapshot.Knowledge.Sequence)),
        ["compareKnownAt"] = (reader, known) => AskNowAsync(reader, async snapshot =>
        {
            var request = new StatementRequest(
                Day, Day, new Comparison(null, Day, known), false, DimensionQuery.None, BeforeKind.Nothing);
            return (await StatementQueries.BalanceSheetAsync(snapshot, request)).Value!.Columns[1].KnownAtSequence;
        }),
        ["knownFrom"] = (reader, known) => AskNowAsync(reader, async snapshot =>
        {
            var request = new RestatementsRequest(Day.ToYearMonth(), known, null, 1);
            return (await RestatementQueries.RestatementsAsync(snapshot, request)).Value!.KnownFromSequence;
        }),
        ["recordedTo"] = (reader, known) => AskNowAsync(reader, async snapshot =>
        {
            var page = new JournalPage(JournalOrder.Recorded, false, null, 10);
            var found = await JournalQueries.EntriesAsync(snapshot, new() { RecordedTo = known }, page);
            return Before + found.Value!.Rows.Count;
        }),
    };

    public static TheoryData<string> WayNames { get; } = [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(WayNames))]
    public async Task An_instant_that_has_passed_is_answered_only_when_all_that_was_recorded_by_it_can_be_seen(
        string way)
    {
        await BeginAsync();
        await using var gate = await HoldCommitsAsync();
        var appending = PostAsync();
        await UntilWaitingAsync(1, appending);
        var passed = Instant.FromDateTimeUtc(await books.ScalarAsync<DateTime>("select clock_timestamp()"));

        Assert.Equal(Before, (await AskAsync(way, passed + Duration.FromHours(1))).Value);
        Assert.Equal("projection-behind", (await AskAsync(way, passed)).Refusal?.Code);
        var asking = AskAsync(way, passed);
        await UntilWaitingAsync(2, asking);
        await gate.DisposeAsync();

        Assert.Equal(await appending, (await asking).Value);
        Assert.Equal(Before + 1, (await AskAsync(way, passed)).Value);
    }

    [Theory]
    [MemberData(nameof(WayNames))]
    public async Task An_instant_that_has_passed_waits_for_the_tables_also_when_nothing_was_recorded_since(string way)
    {
        await BeginAsync();
        Assert.True(await loop.WaitForAsync(Before, TimeSpan.FromSeconds(30)));
        Assert.Equal(Before, (await AskAsync(way, Instant.MaxValue - Duration.FromDays(1))).Value);
        await loop.DisposeAsync();
        await PostAsync();
        var passed = Instant.FromDateTimeUtc(await books.ScalarAsync<DateTime>("select clock_timestamp()"));

        Assert.Equal("projection-behind", (await AskAsync(way, passed)).Refusal?.Code);

        loop = books.StartLoop();
        Assert.True(await loop.WaitForAsync(Before + 1, TimeSpan.FromSeconds(30)));
        Assert.Equal(Before + 1, (await AskAsync(way, passed)).Value);
    }

    private static LocalDate Day => new(2026, 1, 31);

    private async Task BeginAsync()
    {
        await books.AppendAsync("acme", "company", new CompanyRegistered(
            new CompanySettings("Acme", new("EUR"), "DE"), "Europe/Berlin", new AnnualDate(1, 1)));
        Assert.Equal(Before, await books.AppendAsync(
            "acme", "chart", new AccountOpened(new("501"), new("Bank", AccountType.Asset)),
            new AccountOpened(new("601"), new("Rent", AccountType.Expense))));
    }

    private static Task<Answer<long>> AskNowAsync(LedgerReader reader, Func<Snapshot, Task<long>> sequence) =>
        reader.AskAsync<long>(new("acme", KnownAt.Now, 1), async snapshot => await sequence(snapshot));

    private Task<Answer<long>> AskAsync(string way, Instant instant) =>
        Ways[way](reader, new KnownAt.OfInstant(instant));

    private Task<long> PostAsync() => books.AppendAsync("acme", "journal-entry/rent", new JournalEntryPosted(
        Day, "Rent", new("EUR"),
        [new JournalLine(new("601"), Side.Debit, 5m), new JournalLine(new("501"), Side.Credit, 5m)]));

    /// <summary>Until it is disposed, appends have taken their instant and do not get to their commit.</summary>
    private async Task<NpgsqlConnection> HoldCommitsAsync()
    {
        await books.ExecuteAsSuperuserAsync("""
            create function wait_at_commit() returns trigger language plpgsql as
                $$ begin perform pg_advisory_xact_lock(1); return null; end $$;
            create constraint trigger wait_at_commit after insert on mt_events deferrable initially deferred
                for each row execute function wait_at_commit()
            """);
        var connection = new NpgsqlConnection(books.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var hold = new NpgsqlCommand("select pg_advisory_lock(1)", connection);
        await hold.ExecuteNonQueryAsync();
        return connection;
    }

    private async Task UntilWaitingAsync(int count, Task meanwhile)
    {
        while (await books.ScalarAsync<long>("""
            select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and not l.granted and a.datname = current_database()
            """) < count)
        {
            Assert.False(meanwhile.IsCompleted, "It waits for nothing.");
            await Task.Delay(1);
        }
    }
}

using Ledger.Domain.Companies;
using Ledger.Projections;
using Ledger.Projections.Queries;
using Ledger.Tests.Projections;
using NodaTime;
using Npgsql;

namespace Ledger.Tests.Queries;

public sealed class FinalityTests : IAsyncLifetime
{
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

    [Fact]
    public async Task An_instant_that_has_passed_is_answered_only_when_all_that_was_recorded_by_it_can_be_seen()
    {
        var before = await books.AppendAsync("acme", "company", Settings("Acme"));
        await using var gate = await HoldCommitsAsync();
        var appending = books.AppendAsync("acme", "company", Settings("Renamed"));
        await UntilWaitingAsync(1, appending);
        var passed = Instant.FromDateTimeUtc(await books.ScalarAsync<DateTime>("select clock_timestamp()"));

        Assert.Equal(before, (await AskAsync(passed + Duration.FromHours(1))).Value);
        Assert.Equal("projection-behind", (await AskAsync(passed)).Refusal?.Code);
        var asking = AskAsync(passed);
        await UntilWaitingAsync(2, asking);
        await gate.DisposeAsync();

        Assert.Equal(await appending, (await asking).Value);
        Assert.Equal(before + 1, (await AskAsync(passed)).Value);
    }

    [Fact]
    public async Task An_instant_that_has_passed_waits_for_the_tables_also_when_nothing_was_recorded_since()
    {
        await books.AppendAsync("acme", "company", Settings("Acme"));
        Assert.Equal(1, (await AskAsync(Instant.MaxValue - Duration.FromDays(1))).Value);
        await loop.DisposeAsync();
        await books.AppendAsync("acme", "company", Settings("Renamed"));
        var passed = Instant.FromDateTimeUtc(await books.ScalarAsync<DateTime>("select clock_timestamp()"));

        Assert.Equal("projection-behind", (await AskAsync(passed)).Refusal?.Code);

        loop = books.StartLoop();
        Assert.True(await loop.WaitForAsync(2, TimeSpan.FromSeconds(30)));
        Assert.Equal(2, (await AskAsync(passed)).Value);
    }

    private static CompanyRegistered Settings(string name) =>
        new(new CompanySettings(name, new("EUR"), "DE"), "Europe/Berlin", new AnnualDate(1, 1));

    /// <summary>The sequence that an answer rests on.</summary>
    private Task<Answer<long>> AskAsync(Instant knownAt) => reader.AskAsync(
        new("acme", new KnownAt.OfInstant(knownAt), 1),
        snapshot => Task.FromResult<Answer<long>>(snapshot.Knowledge.Sequence));

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

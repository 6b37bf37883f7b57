using Ledger.Projections;
using Ledger.Tests.Queries;
using NodaTime;

namespace Ledger.Tests.Projections;

public sealed class PositionsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private BooksDatabase books = null!;

    public async Task InitializeAsync() => books = await BooksDatabase.CreateAsync();

    public async Task DisposeAsync() => await books.DisposeAsync();

    [Fact]
    public async Task Every_instant_and_sequence_finds_the_last_position_at_or_before_it()
    {
        var last = 0L;
        var events = new RandomBooks(1).Events(20).Zip(new RandomBooks(2).Events(20));
        foreach (var (first, second) in events)
        {
            await books.AppendAsync("first", first.Stream, first.Event);
            last = await books.AppendAsync("second", second.Stream, second.Event);
        }

        await using var loop = books.StartLoop();
        Assert.True(await loop.WaitForAsync(last, Patience));
        var log = await LogAsync("second");
        Assert.True(log.Count > 20);

        Assert.Equal(log[^1], await Positions.HeadAsync(books.Source, "second"));
        Assert.Equal(new LogPosition(0, 0, null), await Positions.AtSequenceAsync(books.Source, "second", 1));
        Assert.Equal(
            new LogPosition(0, 0, null),
            await Positions.AtAsync(books.Source, "second", log[0].Recorded!.Value - Duration.FromTicks(10)));
        Assert.Equal(log[^1], await Positions.AtAsync(books.Source, "second", Instant.FromUtc(2999, 1, 1, 0, 0)));
        Assert.Equal(new LogPosition(0, 0, null), await Positions.HeadAsync(books.Source, "nobody"));
        foreach (var at in log)
        {
            Assert.Equal(at, await Positions.AtSequenceAsync(books.Source, "second", at.Sequence));
            Assert.Equal(
                log.Last(each => each.Recorded <= at.Recorded),
                await Positions.AtAsync(books.Source, "second", at.Recorded!.Value));
        }

        Assert.Equal(last, await Positions.BooksSequenceAsync(books.Source));
    }

    [Fact]
    public async Task Positions_count_each_company_alone_and_instants_never_fall_whatever_clocks_said()
    {
        // Another program may have appended with a clock that went back, and left its tenant out.
        await books.ExecuteAsSuperuserAsync("""
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            select s, gen_random_uuid(), 'keys', s, '{"hash": "x", "actor": "y"}', 'period_closed', t::timestamptz, c
            from (values
                (1, '2026-01-01T10:00Z', 'a'), (2, '2026-01-01T12:00Z', 'b'), (4, '2026-01-01T11:00Z', 'a'),
                (5, '2026-01-01T11:30Z', null), (9, '2026-01-01T13:00Z', 'a')) e (s, t, c)
            """);
        string[] expected =
        [
            "1,a,1,10:00:00", "2,b,1,12:00:00", "4,a,2,12:00:00", "5,*DEFAULT*,1,12:00:00", "9,a,3,13:00:00",
        ];

        foreach (var upTo in new[] { 2, 1, 10 })
        {
            await books.ExecuteAsync($"select ledger_read.extend_log({upTo})");
        }

        Assert.Equal(expected, await books.RowsAsync("""
            select sequence, company, position, (recorded at time zone 'UTC')::time from ledger.log order by sequence
            """));
        Assert.Equal(9L, await books.ScalarAsync<long>("select ledger_read.extend_log(10)"));
    }

    private async Task<List<LogPosition>> LogAsync(string company)
    {
        await using var command = books.Source.CreateCommand(
            $"select position, sequence, recorded from ledger.log where company = '{company}' order by position");
        await using var rows = await command.ExecuteReaderAsync();
        var log = new List<LogPosition>();
        while (await rows.ReadAsync())
        {
            log.Add(new(rows.GetInt64(0), rows.GetInt64(1), Instant.FromDateTimeUtc(rows.GetDateTime(2))));
        }

        return log;
    }
}

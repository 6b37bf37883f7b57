using System.Net.Sockets;
using Ledger.Benchmarks.Faults;
using Ledger.EventStore;
using Ledger.Tests.EventStore;
using Npgsql;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.Faults;

/// <summary>The store behind a network that harms what goes through it.</summary>
public sealed class TcpProxyTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private const int Count = 200;
    private const string Appending =
        "select count(*) from pg_stat_activity where datname = current_database() and query like '%ledger.append(%'";
    private const string Waiting = """
        select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'advisory' and not l.granted and a.datname = current_database()
        """;

    [Fact]
    public async Task Appends_that_the_network_sends_to_the_server_twice_are_recorded_once()
    {
        await using var proxy = ToServer();
        proxy.Duplicates = true;
        await using var source = Through(proxy);
        await using (var store = new Store(source))
        {
            var books = new Transact(store, MonthBooks.Catalog);
            for (var i = 1; i <= Count; i++)
            {
                Assert.Equal("Done", (await books.PostAsync("twice", $"{i}", month: 1)).GetType().Name);
            }

            Assert.InRange(await database.Number(Appending), 2, 100);
        }

        Assert.Equal(Enumerable.Range(1, Count).Select(i => $"entry/{i}@1"), await database.EventsOf("twice"));
        await WithoutGapsAsync();
    }

    [Fact]
    public async Task Appends_over_a_network_that_is_cut_at_random_bytes_are_unknown_or_recorded_and_never_both()
    {
        await using var proxy = ToServer();
        await using var source = Through(proxy);
        await using var store = new Store(source);
        var books = new Transact(store, MonthBooks.Catalog);
        var unknown = 0;
        proxy.CutBytesMax = 40_000;
        for (var i = 1; i <= Count; i++)
        {
            // Whoever does not know sends the same again, until it is answered.
            while (await books.PostAsync("cut", $"{i}", month: 1) is not Transacted<string>.Done)
            {
                unknown++;
            }
        }

        Assert.InRange(proxy.Cuts, 1, int.MaxValue);
        Assert.InRange(unknown, 1, int.MaxValue);
        Assert.Equal(Enumerable.Range(1, Count).Select(i => $"entry/{i}@1"), await database.EventsOf("cut"));
        await WithoutGapsAsync();
    }

    [Fact]
    public async Task An_append_whose_connection_the_server_still_has_is_recorded_once_however_often_it_is_sent()
    {
        await using var proxy = ToServer();
        await using var source = Through(proxy);
        await using var store = new Store(source);
        await using (var held = await HeldAppends.OfAsync(database, store, Of("left", To("a", 0))))
        {
            proxy.AbandonAll();
            Assert.IsType<AppendResult.Unknown>(await held.Blocked);

            // The server goes on with the first one as soon as it can; the second waits behind it.
            var again = store.AppendAsync(Of("left", To("a", 0))).AsTask();
            while (await database.Number(Waiting) < 2)
            {
                await Task.Delay(5);
            }

            await held.ReleaseAsync();
            Assert.IsType<AppendResult.Moved>(await again);
        }

        Assert.Equal(["a@1"], await database.EventsOf("left"));
    }

    private TcpProxy ToServer()
    {
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        return new(new UnixDomainSocketEndPoint($"{address.Host}/.s.PGSQL.{address.Port}"), seed: 1);
    }

    private NpgsqlDataSource Through(TcpProxy proxy) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = proxy.Port,

            // A server that is asked for encryption ends a session which does not wait for the answer.
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString);

    private async Task WithoutGapsAsync() =>
        Assert.Equal(0, await database.Number("select max(seq_id) - count(*) from mt_events"));
}

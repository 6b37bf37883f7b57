using System.Diagnostics;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Benchmarks.Appends;

/// <summary>Appends in process: callers side by side, and a thousand at a time.</summary>
public static class Appends
{
    private const int Portion = 1_000;
    private const int PeerConnectionsMax = 64;

    public static readonly BenchmarkGroup Group = new("appends", RunAsync);

    private static async IAsyncEnumerable<BenchmarkRow> RunAsync(BenchmarkContext context)
    {
        var rounds = context.Quick ? 1 : 5;
        var time = TimeSpan.FromSeconds(context.Quick ? 1 : 3);
        foreach (var callers in (int[])[1, 16, 64, 256])
        {
            context.Say($"Appends with {callers} callers.");
            await using var ours = await OursAsync(context);
            await using var nextval = await PeerAsync(context, AppendPeers.Nextval);
            await using var counter = await PeerAsync(context, AppendPeers.CounterRow);
            var figures = await MediansAsync(
                rounds,
                () => RateAsync(ours, callers, time),
                () => RateAsync(nextval, callers, time),
                () => RateAsync(counter, callers, time));
            var work = callers == 1 ? "appends in process, 1 caller" : $"appends in process, {callers} callers";
            var statements = ours.Store!.Statements;
            var note = FormattableString.Invariant($"{(double)ours.Appended / statements:0.0} entries a statement");
            var floor = callers switch { 1 => 0.6, 64 => 2.0, _ => (double?)null };
            yield return new(
                work, figures[0], "entries/s", "a transaction an entry, nextval", figures[1],
                floor is null ? "" : FormattableString.Invariant($"≥ {floor:0.#}× peer"),
                floor is null ? null : figures[0] >= floor * figures[1], note);
            yield return new(
                work, figures[0], "entries/s", "the same guarantees by a locked counter row", figures[2],
                callers == 64 ? "≥ 10× peer" : "", callers == 64 ? figures[0] >= 10 * figures[2] : null);
        }

        yield return await BulkAsync(context, rounds, time);
    }

    private static async Task<BenchmarkRow> BulkAsync(BenchmarkContext context, int rounds, TimeSpan time)
    {
        context.Say("A thousand entries a request, beside COPY.");
        await using var ours = await OursAsync(context);
        await using var peer = await PeerAsync(context, AppendPeers.Nextval);
        await using var connection = await peer.Database.OpenConnectionAsync();
        var figures = await MediansAsync(
            rounds,
            () => BulkRateAsync(time, async first =>
            {
                var requests = new AppendRequest[Portion];
                for (var i = 0; i < Portion; i++)
                {
                    requests[i] = Entries.Request(first + i);
                }

                var results = await ours.Store!.AppendAllAsync(requests);
                if (!Array.TrueForAll(results, result => result is AppendResult.Appended))
                {
                    throw new InvalidOperationException("An entry of the bulk was not appended.");
                }
            }, ours),
            () => BulkRateAsync(time, first => AppendPeers.CopyAsync(connection, first, Portion), peer));
        return new(
            "bulk in process, 1,000 a request", figures[0], "entries/s",
            "binary COPY, 1,000 rows of both tables a transaction", figures[1],
            "≥ 0.65× peer", figures[0] >= 0.65 * figures[1]);
    }

    private static async Task<double> BulkRateAsync(TimeSpan time, Func<long, Task> portion, Contender contender)
    {
        var (start, count) = (Stopwatch.GetTimestamp(), 0L);
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            await portion(contender.Next(Portion));
            count += Portion;
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>All of them in turn, round by round after one to warm up, so that a busy moment meets all
    /// alike.</summary>
    private static async Task<double[]> MediansAsync(int rounds, params Func<Task<double>>[] measures)
    {
        var values = measures.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var i = 0; i < measures.Length; i++)
            {
                var value = await measures[i]();
                if (round > 0)
                {
                    values[i].Add(value);
                }
            }
        }

        return [.. values.Select(each => each.Order().ElementAt(each.Count / 2))];
    }

    private static async Task<double> RateAsync(Contender contender, int callers, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var count = 0L;
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                await contender.AppendOneAsync();
                count++;
            }

            return count;
        })));
        contender.Appended += counts.Sum();
        return counts.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<Contender> OursAsync(BenchmarkContext context)
    {
        await using var superuser = await DatabaseAsync(context);
        var service = NpgsqlDataSource.Create(BenchmarkDatabases.AsService(superuser.ConnectionString));
        return new(service, new Store(service), "");
    }

    private static async Task<Contender> PeerAsync(BenchmarkContext context, string sql) =>
        new(await DatabaseAsync(context), null, sql);

    private static async Task<NpgsqlDataSource> DatabaseAsync(BenchmarkContext context)
    {
        var settings = new NpgsqlConnectionStringBuilder(await context.NewDatabaseAsync())
        {
            MaxPoolSize = PeerConnectionsMax,
        };
        var database = NpgsqlDataSource.Create(settings.ConnectionString);
        await Migrations.EventStore.RunAsync(database);
        await using var prepare = database.CreateCommand("""
            insert into mt_streams (tenant_id, id, version) values ('acme', 'chart', 1);
            create table bench_counter (last bigint not null);
            insert into bench_counter values (0)
            """);
        await prepare.ExecuteNonQueryAsync();
        return database;
    }

    /// <summary>Who appends, and where: our store, or a peer with its connections and prepared statements.</summary>
    private sealed class Contender(NpgsqlDataSource database, Store? store, string sql) : IAsyncDisposable
    {
        private readonly System.Collections.Concurrent.ConcurrentBag<NpgsqlCommand> idle = [];
        private readonly SemaphoreSlim free = new(PeerConnectionsMax - 1);
        private long next;

        public NpgsqlDataSource Database { get; } = database;

        public Store? Store { get; } = store;

        public long Appended { get; set; }

        public long Next(int count) => Interlocked.Add(ref next, count) - count;

        public async ValueTask AppendOneAsync()
        {
            var number = Next(1);
            if (Store is not null)
            {
                if (await Store.AppendAsync(Entries.Request(number)) is not AppendResult.Appended)
                {
                    throw new InvalidOperationException("An entry was not appended.");
                }

                return;
            }

            await free.WaitAsync();
            if (!idle.TryTake(out var command))
            {
                command = await AppendPeers.PrepareAsync(await Database.OpenConnectionAsync(), sql);
            }

            await AppendPeers.AppendAsync(command.Connection!, command, number);
            idle.Add(command);
            free.Release();
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var command in idle)
            {
                await command.Connection!.DisposeAsync();
                await command.DisposeAsync();
            }

            if (Store is not null)
            {
                await Store.DisposeAsync();
            }

            await Database.DisposeAsync();
            free.Dispose();
        }
    }
}

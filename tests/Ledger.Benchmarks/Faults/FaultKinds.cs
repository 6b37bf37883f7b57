using System.Globalization;
using Ledger.Api.Postgres;

namespace Ledger.Benchmarks.Faults;

/// <summary>Something that goes wrong, and whose cause is over at the end.</summary>
/// <param name="CauseAsync">Answers what it hit: processes, sessions, requests, pieces, connections. A fault that hit
/// nothing shows nothing.</param>
public sealed record FaultKind(string Name, Func<FaultyLedger, Random, Task<long>> CauseAsync);

/// <summary>The faults that a long run draws from; each is a test of its own, too.</summary>
public static class FaultKinds
{
    /// <summary>What the callers of the test post to, besides others: nobody closes its months.</summary>
    public const string OpenCompany = "open";

    private const string Backends = "pg_stat_activity where datname = 'ledger' and usename = 'ledger_service'";
    private const string EndBackends = "select count(pg_terminate_backend(pid)) from " + Backends;
    private const int TriesMax = 500;
    private const int HitsMin = 10;
    private const string AppendLock = "7305804402566423141";

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new("kill -9 of a service", KillServiceAsync),
        new("SIGSTOP of a service, woken later", FreezeServiceAsync),
        new("kill -9 of a PostgreSQL backend", KillBackendAsync),
        new("kill -9 of the postmaster", (ledger, _) => EndPostmasterAsync(ledger, "KILL")),
        new("immediate shutdown of PostgreSQL", (ledger, _) => EndPostmasterAsync(ledger, "QUIT")),
        new("pg_terminate_backend at random", TerminateBackendsAsync),
        new("pg_cancel_backend at random", CancelBackendsAsync),
        new("too many connections", RefuseConnectionsAsync),
        new("statement and lock time-outs", TimeOutAsync),
        new("appends held up by a lock", HoldAppendsAsync),
        new("disk full, as the server says it", FillDiskAsync),
        new("clock that jumps back", JumpBackAsync),
        new("network to PostgreSQL slow", (ledger, random) => SlowAsync(ledger, random, toServer: true)),
        new("network to PostgreSQL cut", (ledger, random) => CutAsync(ledger, random, toServer: true)),
        new("network to PostgreSQL cut, noticed by one side", AbandonAsync),
        new("network to callers slow", (ledger, random) => SlowAsync(ledger, random, toServer: false)),
        new("network to callers cut", (ledger, random) => CutAsync(ledger, random, toServer: false)),
    ];

    public static async Task<long> KillServiceAsync(FaultyLedger ledger, Random random)
    {
        var service = Any(ledger, random);
        await service.Gate.WaitAsync();
        try
        {
            return await service.KillAsync() ? 1 : 0;
        }
        finally
        {
            service.Gate.Release();
        }
    }

    public static async Task<long> FreezeServiceAsync(FaultyLedger ledger, Random random)
    {
        var service = Any(ledger, random);
        await service.Gate.WaitAsync();
        try
        {
            service.Freeze();
            await Task.Delay(random.Next(200, 3_000));
            var isHit = service.IsStopped;
            service.Wake();
            return isHit ? 1 : 0;
        }
        finally
        {
            service.Gate.Release();
        }
    }

    public static async Task<long> KillBackendAsync(FaultyLedger ledger, Random random)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var pid = await ledger.ExecuteAsync($"select pid from {Backends} order by random() limit 1");
        if (pid is not int number || !ledger.ServerProcesses.Contains(number))
        {
            return 0;
        }

        ServerProcesses.Signal("KILL", [number]);
        return 1;
    }

    public static async Task<long> EndPostmasterAsync(FaultyLedger ledger, string signal)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var postmaster = ledger.Postmaster;
        if (!ledger.ServerProcesses.Contains(postmaster))
        {
            return 0;
        }

        ServerProcesses.Signal(signal, [postmaster]);
        while (ledger.ServerProcesses.Contains(postmaster))
        {
            await Task.Delay(10);
        }

        return 1;
    }

    public static Task<long> TerminateBackendsAsync(FaultyLedger ledger, Random random) =>
        AtRandomAsync(ledger, random, "pg_terminate_backend");

    public static Task<long> CancelBackendsAsync(FaultyLedger ledger, Random random) =>
        AtRandomAsync(ledger, random, "pg_cancel_backend");

    public static async Task<long> RefuseConnectionsAsync(FaultyLedger ledger, Random random)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        await ledger.ExecuteAsync($"alter database ledger connection limit {Text(random.Next(4))}");
        var ended = await ledger.CountAsync(EndBackends);
        await Task.Delay(random.Next(300, 1_500));
        await ledger.ExecuteAsync("alter database ledger connection limit -1");
        return ended;
    }

    /// <summary>Sessions that begin now give up soon, and what they wait for is locked again and again.</summary>
    public static async Task<long> TimeOutAsync(FaultyLedger ledger, Random random)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var settings = random.Next(2) == 0 ? "statement_timeout" : "lock_timeout";
        await ledger.ExecuteAsync($"alter role ledger_service in database ledger set {settings} = '10ms'");
        await ledger.ExecuteAsync(EndBackends);
        var waited = 0L;
        for (var i = 0; i < 4; i++)
        {
            // Whoever waits now waits for longer than the setting lets them.
            waited += await ledger.CountAsync($"""
                lock table public.mt_streams, public.mt_events in access exclusive mode;
                do $$ begin perform pg_sleep(0.15); end $$;
                select count(*) from {Backends} and wait_event_type = 'Lock'
                """);
            await Task.Delay(random.Next(100));
        }

        await ledger.ExecuteAsync($"alter role ledger_service in database ledger reset {settings}");
        return waited + await ledger.CountAsync(EndBackends);
    }

    public static Task<long> HoldAppendsAsync(FaultyLedger ledger, Random random)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(random);
        return ledger.CountAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            do $$ begin
                perform pg_advisory_xact_lock({AppendLock});
                perform pg_sleep({random.Next(1, 20) / 10m});
            end $$;
            select count(*) from pg_locks where locktype = 'advisory' and not granted
            """));
    }

    /// <summary>The appends fail as they do when a file cannot grow.</summary>
    public static async Task<long> FillDiskAsync(FaultyLedger ledger, Random random)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(random);
        // A number that was drawn stays drawn when all else is rolled back.
        await ledger.ExecuteAsync("""
            drop sequence if exists public.full_disk_hits;
            create sequence public.full_disk_hits;
            create or replace function public.full_disk() returns trigger language plpgsql security definer as $$
                begin
                    perform nextval('public.full_disk_hits');
                    raise exception 'No space left on device' using errcode = '53100';
                end $$;
            create or replace trigger full_disk before insert on public.mt_events
                for each row execute function public.full_disk()
            """);
        await Task.Delay(random.Next(200, 1_500));
        await ledger.ExecuteAsync("drop trigger if exists full_disk on public.mt_events");
        return await ledger.CountAsync(
            "select case when is_called then last_value else 0 end from public.full_disk_hits");
    }

    /// <summary>
    /// The last event has an instant that the clock shows only seconds later: what is there after the clock of the
    /// server was set back by as much.
    /// </summary>
    public static Task<long> JumpBackAsync(FaultyLedger ledger, Random random)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(random);
        var id = $"journal-entry/ahead-{Guid.NewGuid():N}";
        return ledger.CountAsync($"""
            do $$ begin perform pg_advisory_xact_lock({AppendLock}); end $$;
            insert into public.mt_streams (tenant_id, id, version, timestamp, created)
            values ('{OpenCompany}', '{id}', 1, clock_timestamp(), clock_timestamp());
            insert into public.mt_events (
                seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, user_name)
            select (select max(seq_id) from public.mt_events) + 1, gen_random_uuid(), '{id}', 1, data, type,
                greatest((select max(timestamp) from public.mt_events), clock_timestamp())
                    + interval '{Text(random.Next(1, 5))} seconds',
                tenant_id, mt_dotnet_type, user_name
            from public.mt_events where tenant_id = '{OpenCompany}' and type = 'journal_entry_posted'
            order by seq_id limit 1;
            do $$ begin
                perform setval('public.mt_events_sequence', (select max(seq_id) from public.mt_events));
            end $$;
            select count(*) from public.mt_events where stream_id = '{id}' and timestamp > clock_timestamp()
            """);
    }

    public static async Task<long> SlowAsync(FaultyLedger ledger, Random random, bool toServer)
    {
        var network = NetworkOf(Any(ledger, random), toServer);
        var before = network.Delayed;
        network.DelayMillisecondsMax = random.Next(5, 50);
        await Task.Delay(random.Next(500, 2_000));
        network.DelayMillisecondsMax = 0;
        return network.Delayed - before;
    }

    /// <summary>Connections that are open, and those that come, are reset at random bytes.</summary>
    public static async Task<long> CutAsync(FaultyLedger ledger, Random random, bool toServer)
    {
        var network = NetworkOf(Any(ledger, random), toServer);
        var before = network.Cuts;
        network.CutBytesMax = random.Next(2_000, 60_000);
        await Task.Delay(random.Next(500, 1_500));
        network.CutBytesMax = 0;
        network.CutAll();
        return network.Cuts - before;
    }

    public static async Task<long> AbandonAsync(FaultyLedger ledger, Random random)
    {
        var network = Any(ledger, random).ToServer;
        var before = network.Cuts;
        for (var i = 0; i < 5; i++)
        {
            network.AbandonAll();
            await Task.Delay(random.Next(50, 300));
        }

        network.EndAbandoned();
        return network.Cuts - before;
    }

    private static async Task<long> AtRandomAsync(FaultyLedger ledger, Random random, string function)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var hits = 0L;

        // There may be no session at work when one is looked for: until some were hit, or it is in vain.
        // One that was hit may be at work for nobody who asks.
        for (var (left, most) = (random.Next(20, 60), TriesMax);
            left > 0 || (hits < HitsMin && most > 0);
            left--, most--)
        {
            hits += await ledger.CountAsync($"""
                select count(*) from (
                    select {function}(pid) as hit from (
                        select pid from {Backends} and state <> 'idle' order by random() limit 1) one) each
                where hit
                """);
            await Task.Delay(random.Next(30));
        }

        return hits;
    }

    private static FaultyService Any(FaultyLedger ledger, Random random) =>
        ledger.Services[random.Next(ledger.Services.Count)];

    private static TcpProxy NetworkOf(FaultyService service, bool toServer) =>
        toServer ? service.ToServer : service.ToCallers;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

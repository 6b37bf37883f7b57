using Ledger.Benchmarks.Faults;
using Npgsql;

namespace Ledger.Tests.Faults;

public sealed class StandbyTests
{
    private const string Company = "acme";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [FactWhere(Ability.Standby)]
    public async Task A_standby_that_dies_holds_acknowledgements_up_and_once_promoted_has_all_of_them()
    {
        await using var ledger = await FaultyLedger.StartAsync(1, 1, [Company]);
        await using var standby = Standby.Of(ledger);
        await ServerAsync(ledger, "alter system set synchronous_standby_names = '*'");
        await ServerAsync(ledger, "select pg_reload_conf()");
        await UntilAsync(async () => await ledger.ExecuteAsync(
            "select count(*) from pg_stat_replication where sync_state = 'sync'") is 1L);
        var told = new Told();
        var callers = new Callers(ledger.Services, told, "standby");
        using var stop = new CancellationTokenSource();
        var calling = callers.RunAsync(4, 1, [new Months(Company)], stop.Token);
        try
        {
            await UntilAsync(() => Task.FromResult(told.Acknowledged > 50));

            // Without it nothing is acknowledged, and whoever cancels the wait makes no acknowledgement of it.
            standby.Kill();
            await UntilAsync(async () => await ledger.ExecuteAsync(
                "select count(*) from pg_stat_activity where wait_event = 'SyncRep'") is >= 1L);
            await Task.Delay(200);
            var held = Recorded(told);
            await Task.Delay(500);
            Assert.Equal((held, 0), (Recorded(told), told.Unknown));
            await ledger.ExecuteAsync(
                "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'");
            await UntilAsync(() => Task.FromResult(told.Unknown > 0));
            standby.Start();
            await UntilAsync(() => Task.FromResult(Recorded(told) > held + 50));

            // The primary is gone; the standby takes its place at the same address.
            await FaultKinds.EndPostmasterAsync(ledger, "KILL");
            standby.Promote();
            ledger.Services[0].ToServer.Target = standby.Address;
            ledger.Services[0].ToServer.CutAll();
            await callers.ProbeAsync(ledger.Services[0], Company);
        }
        finally
        {
            await stop.CancelAsync();
            await calling;
        }

        await callers.SettleAsync([Company], 1);
        await using var database = NpgsqlDataSource.Create(standby.ServiceConnectionString);
        Assert.Empty(await new Invariants(database, told).BrokenAsync());
    }

    /// <summary>Documents that were acknowledged, once or more often.</summary>
    private static int Recorded(Told told) => told.Standings.Count(standing => standing.IsAcknowledged);

    /// <summary>Outside any transaction.</summary>
    private static async Task ServerAsync(FaultyLedger ledger, string sql)
    {
        await using var command = ledger.Superuser.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await reached())
        {
            Assert.False(patience.IsCancellationRequested, "It takes too long.");
            await Task.Delay(10);
        }
    }
}

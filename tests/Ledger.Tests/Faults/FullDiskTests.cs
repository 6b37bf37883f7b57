using Ledger.Api.Postgres;
using Ledger.Benchmarks.Faults;

namespace Ledger.Tests.Faults;

public sealed class FullDiskTests
{
    private const string Company = "acme";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [FactWhere(Ability.Mount)]
    public async Task A_disk_that_is_full_loses_nothing_and_services_go_on_when_there_is_room_again()
    {
        var disk = Directory.CreateTempSubdirectory("backoffice-disk-").FullName;
        Assert.Equal(0, Tool.Run("mount", ["-t", "tmpfs", "-o", "size=300m,mode=755", "tmpfs", disk]).ExitCode);
        try
        {
            // The server's user passes through a folder of root's.
            File.SetUnixFileMode(disk, File.GetUnixFileMode(disk) | UnixFileMode.OtherExecute);
            await FillAsync(disk);
        }
        finally
        {
            Assert.Equal(0, Tool.Run("umount", [disk]).ExitCode);
            Directory.Delete(disk);
        }
    }

    private static async Task FillAsync(string disk)
    {
        await using var ledger = await FaultyLedger.StartAsync(1, 1, [Company], disk);
        var told = new Told();
        var callers = new Callers(ledger.Services, told, "disk");
        using var stop = new CancellationTokenSource();
        var calling = callers.RunAsync(4, 1, [new Months(Company)], stop.Token);
        using var patience = new CancellationTokenSource(Patience);
        var filler = Path.Combine(disk, "filler");
        await using (var file = new FileStream(filler, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
        {
            var zeros = new byte[1 << 20];
            while (told.Unavailable == 0 && !patience.IsCancellationRequested)
            {
                try
                {
                    await file.WriteAsync(zeros);
                }
                catch (IOException)
                {
                    // Full: from here on the server itself finds no room, sooner or later.
                    await Task.Delay(20);
                }
            }
        }

        await Task.Delay(500);
        File.Delete(filler);
        await callers.ProbeAsync(ledger.Services[0], Company);
        await stop.CancelAsync();
        await calling;
        await callers.SettleAsync([Company], 1);
        Assert.InRange(told.Unavailable, 1, int.MaxValue);
        Assert.Empty(await new Invariants(ledger.Database, told).BrokenAsync());
    }
}

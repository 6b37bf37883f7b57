using Ledger.EventStore;

namespace Ledger.Tests.EventStore;

public sealed class ProcessesTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task Four_processes_write_to_one_database_and_a_follower_sees_every_number_in_order()
    {
        const int processes = 4, requests = 1_500, contended = processes * (requests / 50);
        const int total = (processes * requests) + contended;
        await using var store = new Store(database.Source);
        var writers = Enumerable.Range(0, processes)
            .Select(_ => TestProgram.Start("append", database.ConnectionString, "shared", $"{requests}"))
            .ToArray();

        // Reads as closely behind the writers as it can: each page must go on exactly where the last one ended.
        var (last, instant, pages) = (0L, NodaTime.Instant.MinValue, 0);
        while (last < total && !Array.Exists(writers, writer => writer.HasExited && writer.ExitCode != 0))
        {
            foreach (var e in await store.ReadAllAsync(last, 500))
            {
                Assert.Equal(last + 1, e.Sequence);
                Assert.True(e.Recorded >= instant, $"{e.Sequence} was recorded before its predecessor.");
                (last, instant) = (e.Sequence, e.Recorded);
            }

            pages++;
        }

        foreach (var writer in writers)
        {
            await writer.WaitForExitAsync();
            Assert.True(writer.ExitCode == 0, await writer.StandardError.ReadToEndAsync());
            writer.Dispose();
        }

        Assert.Equal(total, last);
        Assert.True(pages > 10, "The follower did not run beside the writers.");
        Assert.Equal(total, await store.HeadAsync());
        var stream = await store.ReadStreamAsync("shared", "contended");
        Assert.Equal(Enumerable.Range(1, contended).Select(version => (long)version), stream.Select(e => e.Version));
    }
}

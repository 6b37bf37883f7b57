using Ledger.EventStore;
using Npgsql;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

/// <summary>One of several processes that append to one database at the same time.</summary>
internal static class AppendingProcess
{
    private const int Callers = 16;

    /// <summary>
    /// Appends so many requests: to streams of its own, and, every fiftieth time, to one that all processes race for.
    /// </summary>
    public static async Task RunAsync(string connection, string company, int requests)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var store = new Store(source);
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) <= requests;)
            {
                var result = await store.AppendAsync(
                    Of(company, To($"entry/{Environment.ProcessId}-{i}", 0), new VersionCondition("chart", 0)));
                if (result is not AppendResult.Appended)
                {
                    throw new InvalidOperationException($"An append that nobody disturbs came to {result}.");
                }

                if (i % 50 == 0)
                {
                    await AppendToContendedAsync(store, company);
                }
            }
        })));
    }

    private static async Task AppendToContendedAsync(Store store, string company)
    {
        while (true)
        {
            var seen = await store.ReadStreamAsync(company, "contended");
            if (await store.AppendAsync(Of(company, To("contended", seen.Count))) is AppendResult.Appended)
            {
                return;
            }
        }
    }
}

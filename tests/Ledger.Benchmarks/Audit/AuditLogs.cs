using System.Diagnostics;
using System.Globalization;
using Ledger.Benchmarks.CatchUp;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Benchmarks.Audit;

/// <summary>From events alone to the audit logs: positions, leaves, subtrees and signed checkpoints; and
/// proofs.</summary>
internal static class AuditLogs
{
    private const int Runs = 3;
    private const int Proofs = 200;

    public static BenchmarkGroup Group { get; } = new("audit", RunAsync);

    private static async IAsyncEnumerable<BenchmarkRow> RunAsync(BenchmarkContext context)
    {
        var entries = context.Quick ? 30_000 : 300_000;
        var signer = new AuditSigner("bench", [new byte[Ed25519.KeyLength]]);
        foreach (var companies in new[] { 1, 1_000 })
        {
            context.Say(FormattableString.Invariant($"audit: {entries} entries, {companies} companies"));
            var (rates, peers, proofs) = (new List<double>(), new List<double>(), new List<double>());
            for (var run = -1; run < Runs; run++)
            {
                // The first is for the compiler's sake alone: a service has run for longer than ten seconds.
                var connection = await context.NewDatabaseAsync();
                await using var database = NpgsqlDataSource.Create(connection);
                await using var service = NpgsqlDataSource.Create(BenchmarkDatabases.AsService(connection));
                var leaves = await BooksSeed.FillAsync(database, companies, entries);

                // In a service the books have given them before.
                await GivePositionsAsync(service);
                var clock = Stopwatch.StartNew();
                await new AuditLoop(service, AuditSigning.By(signer)).CatchUpAsync(null, CancellationToken.None);
                if (run < 0)
                {
                    continue;
                }

                rates.Add(leaves / clock.Elapsed.TotalSeconds);
                peers.Add(leaves / await SecondsForLeavesAloneAsync(database));
                proofs.Add(await MillisecondsOfProofAsync(service, leaves / companies / 2));
                context.Say(FormattableString.Invariant($"  {rates[^1]:F0} leaves/s"));
            }

            rates.Sort();
            peers.Sort();
            proofs.Sort();
            var of = companies.ToString("N0", CultureInfo.InvariantCulture)
                + (companies == 1 ? " company" : " companies");
            yield return new BenchmarkRow(
                "leaves of the audit logs, catching up, " + of,
                rates[Runs / 2],
                "leaves/s",
                "the leaves alone, INSERT … SELECT into a table with the same index",
                peers[Runs / 2],
                Floor: companies == 1 ? "≥ 50,000 leaves/s" : "",
                Met: companies == 1 ? rates[Runs / 2] >= 50_000 : null,
                Note: FormattableString.Invariant($"{entries} entries, whose positions the books have given"));
            yield return new BenchmarkRow("proof of inclusion, " + of, proofs[Runs / 2], "ms");
        }
    }

    private static async Task GivePositionsAsync(NpgsqlDataSource service)
    {
        for (var reached = 0L; ;)
        {
            await using var command = service.CreateCommand("select ledger_read.extend_log(8192)");
            var now = (long)(await command.ExecuteScalarAsync())!;
            if (now == reached)
            {
                return;
            }

            reached = now;
        }
    }

    private static async Task<double> SecondsForLeavesAloneAsync(NpgsqlDataSource database)
    {
        await using var create = database.CreateCommand("create table bench_leaf (like ledger.leaf including all)");
        await create.ExecuteNonQueryAsync();
        var clock = Stopwatch.StartNew();
        await using var copy = database.CreateCommand(
            "insert into bench_leaf select * from ledger.leaf order by company, position");
        copy.CommandTimeout = 0;
        await copy.ExecuteNonQueryAsync();
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> MillisecondsOfProofAsync(NpgsqlDataSource service, long sizeMax)
    {
        await using var connection = await service.OpenConnectionAsync();
        var (random, company) = (new Random(7), BooksSeed.Company(0));
        return await BenchmarkContext.MedianAsync(Proofs, async () =>
        {
            var clock = Stopwatch.StartNew();
            await AuditTrees.InclusionAsync(
                connection, company, random.NextInt64(sizeMax), sizeMax, CancellationToken.None);
            return clock.Elapsed.TotalMilliseconds;
        });
    }
}

using System.Globalization;
using Npgsql;

namespace Ledger.Benchmarks.Http;

/// <summary>The peer of one entry a request: bare one-row INSERT transactions by pgbench, with as many
/// clients.</summary>
internal sealed class PeerInserts : IAsyncDisposable
{
    /// <summary>What the private server lets in, less what others need.</summary>
    private const int ClientsMax = 150;

    private const string Insert = """
        insert into bench_row (data) values ('{"bookedOn":"2026-01-01","description":"Order r0-0-1",
          "currency":"EUR","lines":[{"account":"4000","side":"credit","amount":"12.00"},
          {"account":"1000","side":"debit","amount":"12.00"},{"account":"5000","side":"debit","amount":"1.00"},
          {"account":"1999","side":"credit","amount":"1.00"}],"reference":"r0-0-1"}');
        """;

    private readonly string script = Path.GetTempFileName();
    private readonly string pgbench;
    private readonly string[] arguments;

    private PeerInserts(string pgbench, string connection, int clients, int seconds)
    {
        this.pgbench = pgbench;
        var server = new NpgsqlConnectionStringBuilder(connection);
        arguments =
        [
            "-n", "-M", "prepared", "-f", script, "-c", $"{Math.Min(clients, ClientsMax)}", "-j", "1",
            "-T", $"{seconds}",
            "-h", server.Host!, "-p", $"{server.Port}", "-U", server.Username!, server.Database!,
        ];
    }

    /// <summary>Makes its table in a database of its own.</summary>
    public static async Task<PeerInserts> PrepareAsync(
        BenchmarkContext context, string pgbench, int clients, int seconds)
    {
        var connection = await context.NewDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connection);
        await using var create = source.CreateCommand(
            "create table bench_row (id bigint generated always as identity primary key, data jsonb not null)");
        await create.ExecuteNonQueryAsync();
        var peer = new PeerInserts(pgbench, connection, clients, seconds);
        await File.WriteAllTextAsync(peer.script, Insert);
        return peer;
    }

    /// <summary>Transactions a second of one run.</summary>
    public async Task<double> RunAsync()
    {
        var output = await HttpAppends.RunAsync(pgbench, arguments);
        var tps = output.Split('\n').First(line => line.StartsWith("tps = ", StringComparison.Ordinal));
        return double.Parse(tps.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(script);
        return default;
    }
}

using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Ledger.Api;
using Ledger.Api.Postgres;
using Npgsql;

namespace Ledger.Benchmarks.Faults;

/// <summary>A private PostgreSQL in a folder of its own, and services on it, all of which may be harmed.</summary>
public sealed class FaultyLedger : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string folder;
    private readonly PrivatePostgres server;

    private FaultyLedger(string folder, PrivatePostgres server)
    {
        (this.folder, this.server) = (folder, server);
        Superuser = SourceOf(server.ConnectionString);
        Database = SourceOf(server.ServiceConnectionString);
    }

    public IReadOnlyList<FaultyService> Services { get; private set; } = [];

    public NpgsqlDataSource Superuser { get; }

    /// <summary>With the rights of a service, and around its network.</summary>
    public NpgsqlDataSource Database { get; }

    public int Postmaster => PidFile.Read(Data)?.ProcessId ?? 0;

    /// <summary>The processes of the server.</summary>
    public IReadOnlyList<int> ServerProcesses => Api.Postgres.ServerProcesses.In(Data);

    /// <summary>The server's own folder; its settings and its socket stand beside it.</summary>
    public string Data => Path.Combine(folder, "postgres");

    /// <param name="services">How many.</param>
    /// <param name="seed">Of their networks.</param>
    /// <param name="companies">Are made, with two accounts.</param>
    /// <param name="parent">Where the folder stands; by default among the temporary ones.</param>
    public static async Task<FaultyLedger> StartAsync(
        int services, int seed, IReadOnlyList<string> companies, string? parent = null)
    {
        ArgumentNullException.ThrowIfNull(companies);

        // Not a temporary folder of .NET's: the server's user must be able to enter it where this runs as root.
        var folder = Path.Combine(
            parent ?? Path.GetTempPath(),
            "backoffice-faults-" + RandomNumberGenerator.GetHexString(8, lowercase: true));
        var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(folder)
        {
            Settings = new Dictionary<string, string>
            {
                ["shared_buffers"] = "64MB",
                ["min_wal_size"] = "64MB",
                ["max_wal_size"] = "512MB",
            },
        });
        var ledger = new FaultyLedger(folder, server);
        try
        {
            await LedgerHost.MigrateAsync(ledger.Superuser, CancellationToken.None);
            var first = await ledger.StartServiceAsync(seed);
            var others = await Task.WhenAll(Enumerable.Range(1, services - 1).Select(
                number => ledger.StartServiceAsync(seed + (2 * number))));
            ledger.Services = [first, .. others];
            foreach (var company in companies)
            {
                await PrepareAsync(first, company);
            }

            return ledger;
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// As the superuser, who may do all, in one transaction; again and again while the server is away.
    /// </summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await using var connection = await Superuser.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await using var command = new NpgsqlCommand(sql, connection, transaction);
                var answer = await command.ExecuteScalarAsync();
                await transaction.CommitAsync();
                return answer;
            }
            catch (PostgresException again) when (again.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // It was done, and the connection was lost before it could be said.
                return null;
            }
            catch (NpgsqlException gone) when (
                !patience.IsCancellationRequested && (gone is not PostgresException said || said.IsTransient))
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>The same for a number; 1 where it was done and the answer was lost.</summary>
    public async Task<long> CountAsync(string sql) =>
        Convert.ToInt64(await ExecuteAsync(sql) ?? 1L, CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Services)
        {
            await service.DisposeAsync();
        }

        await Database.DisposeAsync();
        await Superuser.DisposeAsync();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    // What is in a pool may have been ended.
    private static NpgsqlDataSource SourceOf(string connection) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);

    private static async Task PrepareAsync(FaultyService service, string company)
    {
        string[][] steps =
        [
            [$"/companies/{company}", """{"name":"Acme","currency":"EUR","country":"BG"}"""],
            [$"/companies/{company}/accounts/501", """{"name":"Cash","type":"asset"}"""],
            [$"/companies/{company}/accounts/703", """{"name":"Sales","type":"income"}"""],
        ];
        foreach (var step in steps)
        {
            var document = new Document(company, "", HttpMethod.Put, step[0], step[1], null);
            using var request = document.Request();
            using var answer = await service.Client.SendAsync(request);
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"{step[0]}: {await answer.Content.ReadAsStringAsync()}");
            }
        }
    }

    private Task<FaultyService> StartServiceAsync(int seed)
    {
        var address = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        return FaultyService.StartAsync(
            Path.Combine(folder, "service"),
            new UnixDomainSocketEndPoint($"{address.Host}/.s.PGSQL.{address.Port}"),
            address.Database!,
            seed);
    }
}

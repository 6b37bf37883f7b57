using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ledger.Api;
using Ledger.Api.Postgres;
using Npgsql;

namespace Ledger.Tests;

/// <summary>
/// An empty database on a real PostgreSQL, gone when disposed: one for each test class. All test runs of a user share
/// one private server below the folder for temporary files, which the product's own code makes, starts and stops. Tests
/// log in as the service does, so that all of them show that its rights are enough; what needs more says superuser.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Templates = new(StringComparer.Ordinal);
    private static PrivatePostgres? server;

    private TestDatabase(string name, PrivatePostgres server)
    {
        Name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ServiceConnectionStringTo(name))
        {
            MaxPoolSize = 40,
        }.ConnectionString;
        SuperuserConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionStringTo(name))
        {
            Pooling = false,
        }.ConnectionString;
    }

    public string Name { get; }

    /// <summary>As the service. Holds a pool of up to 40 connections; many classes share the server's 300.</summary>
    public string ConnectionString { get; }

    /// <summary>As the superuser, whom nothing is refused; its connections end when they are closed.</summary>
    public string SuperuserConnectionString { get; }

    public static Task<TestDatabase> CreateAsync() => CreateAsync("template1");

    /// <summary>The same with all schemas, as <c>migrate</c> makes them.</summary>
    public static Task<TestDatabase> CreateMigratedAsync() => CreateLikeAsync("migrated", template =>
        template.AsSuperuserAsync(superuser => LedgerHost.MigrateAsync(superuser, CancellationToken.None)));

    /// <summary>A copy of a database that is made once a run, which takes a fraction of making it again.</summary>
    /// <param name="kind">Names what is copied.</param>
    /// <param name="fill">Makes it, and leaves no connection to it open.</param>
    public static async Task<TestDatabase> CreateLikeAsync(string kind, Func<TestDatabase, Task> fill)
    {
        var made = Templates.GetOrAdd(kind, _ => new(() => FilledAsync(fill)));
        try
        {
            return await CreateAsync(await made.Value);
        }
        catch when (made.Value.IsFaulted)
        {
            // The next one tries again.
            Templates.TryRemove(new(kind, made));
            throw;
        }
    }

    public async Task AsSuperuserAsync(Func<NpgsqlDataSource, Task> act)
    {
        await using var superuser = NpgsqlDataSource.Create(SuperuserConnectionString);
        await act(superuser);
    }

    public async Task ExecuteAsSuperuserAsync(string statements)
    {
        await using var superuser = NpgsqlDataSource.Create(SuperuserConnectionString);
        await using var command = superuser.CreateCommand(statements);
        await command.ExecuteNonQueryAsync();
    }

    /// <returns>Its name.</returns>
    private static async Task<string> FilledAsync(Func<TestDatabase, Task> fill)
    {
        var template = await CreateAsync();
        await fill(template);
        return template.Name;
    }

    private static async Task<TestDatabase> CreateAsync(string template)
    {
        var running = await ServerAsync();
        var name = "test_" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        await ExecuteOnServerAsync($"create database {name} template {template}");
        return new(name, running);
    }

    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await ExecuteOnServerAsync($"drop database if exists {Name} with (force)");
    }

    /// <summary>Leaves the server, at the end of the run.</summary>
    internal static async Task LeaveServerAsync()
    {
        foreach (var template in Templates.Values.Select(each => each.Value))
        {
            if (template.IsCompletedSuccessfully)
            {
                await ExecuteOnServerAsync($"drop database if exists {await template} with (force)");
            }
        }

        if (Interlocked.Exchange(ref server, null) is { } running)
        {
            await running.DisposeAsync();
        }
    }

    private static async Task<PrivatePostgres> ServerAsync()
    {
        await Gate.WaitAsync();
        try
        {
            return server ??= await StartAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<PrivatePostgres> StartAsync()
    {
        // Small enough for several runs beside each other, and as durable as in earnest.
        var options =
            new PrivatePostgresOptions(Path.Combine(Path.GetTempPath(), "backoffice-tests-" + Environment.UserName))
            {
                Settings = new Dictionary<string, string>
                {
                    ["max_connections"] = "300",
                    ["shared_buffers"] = "256MB",
                    ["min_wal_size"] = "1GB",
                    ["max_wal_size"] = "4GB",
                },
            };
        var running = await PrivatePostgres.StartAsync(options);
        await DropLeftoversAsync(running);
        return running;
    }

    // A run that was killed leaves its databases; one that nobody uses and that is hours old is such a one.
    private static async Task DropLeftoversAsync(PrivatePostgres running)
    {
        const string leftovers = """
            select d.datname from pg_database d
            where d.datname like 'test\_%'
              and (pg_stat_file('base/' || d.oid || '/PG_VERSION', true)).modification < now() - interval '3 hours'
              and not exists (select from pg_stat_activity a where a.datid = d.oid)
            """;
        await using var connection = new NpgsqlConnection(running.ConnectionStringTo("postgres"));
        await connection.OpenAsync();
        var names = new List<string>();
        await using (var find = new NpgsqlCommand(leftovers, connection))
        await using (var rows = await find.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                names.Add(rows.GetString(0));
            }
        }

        foreach (var name in names)
        {
            await using var drop = new NpgsqlCommand($"drop database if exists {name}", connection);
            await drop.ExecuteNonQueryAsync();
        }
    }

    /// <summary>As the superuser, and about what belongs to no database: databases and roles.</summary>
    internal static async Task ExecuteOnServerAsync(string statement)
    {
        var running = await ServerAsync();
        await using var connection = new NpgsqlConnection(running.ConnectionStringTo("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }
}

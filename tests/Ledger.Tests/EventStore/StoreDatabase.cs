using System.Text;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Tests.EventStore;

/// <summary>A database with the event tables, for one test class.</summary>
public class StoreDatabase : IAsyncLifetime
{
    private TestDatabase? database;

    public NpgsqlDataSource Source { get; private set; } = null!;

    /// <summary>For what the service may not do.</summary>
    public NpgsqlDataSource Superuser { get; private set; } = null!;

    public string ConnectionString => database!.ConnectionString;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateLikeAsync("store", template =>
            template.AsSuperuserAsync(superuser => Migrations.EventStore.RunAsync(superuser)));
        Source = NpgsqlDataSource.Create(database.ConnectionString);
        Superuser = NpgsqlDataSource.Create(database.SuperuserConnectionString);
    }

    public async Task DisposeAsync()
    {
        await Source.DisposeAsync();
        await Superuser.DisposeAsync();
        await database!.DisposeAsync();
    }

    /// <summary>Every event of a company as <c>stream@version</c>, in the order of their numbers.</summary>
    public async Task<string[]> EventsOf(string company) => await Texts(
        $"select stream_id || '@' || version from mt_events where tenant_id = '{company}' order by seq_id");

    public async Task<string[]> Texts(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }

        return [.. texts];
    }

    public async Task<long> Number(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }

    public async Task Execute(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task ExecuteAsSuperuser(string sql)
    {
        await using var command = Superuser.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>Requests as short as the tests' sentences.</summary>
internal static class Requests
{
    public static readonly RequestMetadata Tester = new("user:tester", null, null, null);

    public static NewEvent Event(string type = "thing_happened", string json = "{}") =>
        new(Guid.NewGuid(), type, "Tests.Thing, Tests", Encoding.UTF8.GetBytes(json));

    public static Write To(string stream, long expected, params NewEvent[] events) =>
        new(stream, expected, events.Length == 0 ? [Event()] : events);

    public static AppendRequest Of(string company, Write write, params Condition[] conditions) =>
        new(company, [write], conditions, Tester);

    public static AppendRequest Of(string company, Write[] writes, params Condition[] conditions) =>
        new(company, writes, conditions, Tester);

    /// <summary>What a result says without its numbers.</summary>
    public static string Kind(AppendResult result) => result.GetType().Name;
}

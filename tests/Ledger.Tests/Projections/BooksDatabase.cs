using Ledger.EventStore;
using Ledger.Projections;
using Npgsql;

namespace Ledger.Tests.Projections;

/// <summary>A database with all schemas and a store to append to; loops are the tests' own.</summary>
public sealed class BooksDatabase : IAsyncDisposable
{
    private readonly TestDatabase database;

    private BooksDatabase(TestDatabase database)
    {
        this.database = database;
        Source = NpgsqlDataSource.Create(database.ConnectionString);
        Superuser = NpgsqlDataSource.Create(database.SuperuserConnectionString);
        Store = new Store(Source);
    }

    /// <summary>The ledger's events and one that only newer programs know.</summary>
    public static EventCatalog Catalog { get; } =
        new(EventCatalog.Ledger.Names.Select(EventCatalog.Ledger.TypeOf).Append(typeof(LoopTestHappened)));

    public NpgsqlDataSource Source { get; }

    /// <summary>For what the service may not do.</summary>
    public NpgsqlDataSource Superuser { get; }

    public Store Store { get; }

    public string ConnectionString => database.ConnectionString;

    public static async Task<BooksDatabase> CreateAsync(int blockSize = 4) =>
        await StartAsync(await TestDatabase.CreateLikeAsync(
            FormattableString.Invariant($"books of blocks of {blockSize}"),
            template => MigrateAsync(template, blockSize)));

    /// <summary>A copy of books that are filled once a run.</summary>
    /// <param name="kind">Names them.</param>
    public static async Task<BooksDatabase> CreateFilledAsync(
        string kind, int blockSize, Func<BooksDatabase, Task> fill) =>
        await StartAsync(await TestDatabase.CreateLikeAsync(kind, async template =>
        {
            await MigrateAsync(template, blockSize);
            var books = await StartAsync(template);
            await fill(books);
            await books.CloseAsync();
        }));

    /// <summary>A loop that runs and is woken by the store; the caller disposes it.</summary>
    public ProjectionLoop StartLoop(EventCatalog? catalog = null, ProjectionPace? pace = null)
    {
        var loop = new ProjectionLoop(Source, catalog ?? EventCatalog.Ledger, pace ?? Hurried);
        Store.Appended += _ => loop.Wake();
        loop.Start();
        return loop;
    }

    /// <summary>Paces that make a test quick without changing what happens.</summary>
    public static ProjectionPace Hurried { get; } = new(
        TimeSpan.FromMilliseconds(10), TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500));

    /// <summary>Appends the events to one stream behind its version.</summary>
    /// <returns>The sequence of the last one.</returns>
    public async Task<long> AppendAsync(string company, string stream, params object[] events)
    {
        var version = (await Store.ReadStreamAsync(company, stream)).Count;
        var request = new AppendRequest(
            company,
            [new Write(stream, version, [.. events.Select(Catalog.ToStore)])],
            [],
            new RequestMetadata("key:test", "correlation-1", null, null));
        return await Store.AppendAsync(request) is AppendResult.Appended appended
            ? appended.LastSequence
            : throw new InvalidOperationException("The append was refused.");
    }

    /// <summary>All rows of a query, columns separated by <c>|</c>, as PostgreSQL prints them.</summary>
    public async Task<string[]> RowsAsync(string query)
    {
        await using var command = Source.CreateCommand(
            $"select replace(trim(both '()' from row(q.*)::text), '\"', '') from ({query}) q");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return [.. rows];
    }

    public async Task<T> ScalarAsync<T>(string query)
    {
        await using var command = Source.CreateCommand(query);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string statements)
    {
        await using var command = Source.CreateCommand(statements);
        await command.ExecuteNonQueryAsync();
    }

    public Task ExecuteAsSuperuserAsync(string statements) => database.ExecuteAsSuperuserAsync(statements);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await database.DisposeAsync();
    }

    private static Task MigrateAsync(TestDatabase database, int blockSize) =>
        database.AsSuperuserAsync(async superuser =>
        {
            await Migrations.EventStore.RunAsync(superuser);
            await ProjectionSchema.MigrateAsync(superuser, blockSize);
        });

    private static async Task<BooksDatabase> StartAsync(TestDatabase database)
    {
        var books = new BooksDatabase(database);
        await books.Store.StartAsync();
        return books;
    }

    private async Task CloseAsync()
    {
        await Store.DisposeAsync();
        await Source.DisposeAsync();
        await Superuser.DisposeAsync();
    }
}

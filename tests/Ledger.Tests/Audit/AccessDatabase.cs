using Ledger.Api.Audit;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;

namespace Ledger.Tests.Audit;

/// <summary>A database of its own for a log of accesses.</summary>
internal sealed class AccessDatabase : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly NpgsqlDataSource source;

    private AccessDatabase(TestDatabase database)
    {
        this.database = database;
        source = NpgsqlDataSource.Create(database.ConnectionString);
    }

    public static async Task<AccessDatabase> CreateAsync() => new(await TestDatabase.CreateMigratedAsync());

    public AccessLog Log(AccessLogSettings settings) =>
        new(source, settings, SystemClock.Instance, NullLogger<AccessLog>.Instance);

    public Task ExecuteAsync(string sql) => database.ExecuteAsSuperuserAsync(sql);

    public async Task<long> NumberAsync(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await database.DisposeAsync();
    }
}

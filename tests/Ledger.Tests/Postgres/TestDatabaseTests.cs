using Npgsql;

namespace Ledger.Tests.Postgres;

public sealed class TestDatabaseTests
{
    [Fact]
    public async Task Two_databases_of_one_run_are_apart_and_durable()
    {
        await using var first = await TestDatabase.CreateAsync();
        await using var second = await TestDatabase.CreateAsync();

        await AskAsync(first, "create table mark (n int)");

        Assert.Equal(1L, await AskAsync(first, "select count(*) from pg_tables where tablename = 'mark'"));
        Assert.Equal(0L, await AskAsync(second, "select count(*) from pg_tables where tablename = 'mark'"));
        Assert.Equal(3L, await AskAsync(second, """
            select count(*) from pg_settings
            where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'on'
            """));
    }

    private static async Task<object?> AskAsync(TestDatabase database, string statement)
    {
        await using var connection = new NpgsqlConnection(database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }
}

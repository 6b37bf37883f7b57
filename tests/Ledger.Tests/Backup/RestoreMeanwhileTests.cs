using Ledger.Api;
using Ledger.Api.Backup;
using Ledger.Projections;
using Ledger.Tests.Http;
using Ledger.Tests.People;
using Ledger.Tests.Roles;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Ledger.Tests.Backup;

/// <summary>What happens between the load and the exchange, and after an end before the end.</summary>
public sealed class RestoreMeanwhileTests
{
    private const string Append = """
        insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
        select max(seq_id) + 1, gen_random_uuid(), 'periods', 1, '{"period": "2026-01"}', 'period_closed', now(), 'acme'
        from public.mt_events
        """;

    [Fact]
    public async Task What_is_recorded_while_a_backup_is_restored_beside_it_is_not_set_aside_with_the_old_ledger()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var file = await folder.BackUpAsync(own.Host);
        await own.Host.RestartAsync(async database =>
        {
            // A supervisor starts the service again, somebody posts, and the operator stops it.
            var meanwhile = new AtStep("comparing public.mt_events", () => Execute(database, Append));
            var refused = await Assert.ThrowsAsync<SetUpException>(
                () => RestoreAsync(file, database, own.Host.DataFolder, meanwhile, replaces: true));

            Assert.Contains(
                $"In the database '{database.Name}' something was recorded while the backup was restored beside it",
                refused.Message, StringComparison.Ordinal);
            Assert.Equal(["1"], await BackupFolder.RowsAsync(
                database.ConnectionString, "select count(*)::text from public.mt_events where tenant_id = 'acme'"));
            Assert.Empty(await BackupFolder.DropAsideAsync(database));
        });
    }

    [Fact]
    public async Task A_connection_that_is_lost_at_the_exchange_leaves_the_old_ledger_under_its_name_and_says_why()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var file = await folder.BackUpAsync(own.Host);
        await own.Host.RestartAsync(async database =>
        {
            // The exchange waits for what others do to the list of databases; there its session is ended.
            var server = new NpgsqlConnectionStringBuilder(database.SuperuserConnectionString)
            {
                Database = "postgres",
            };
            await using var holder = new NpgsqlConnection(server.ConnectionString);
            await holder.OpenAsync();
            var restoring = RestoreAsync(
                file, database, own.Host.DataFolder,
                new AtStep("dropping the old tables", () =>
                    Execute(holder, "begin; lock table pg_catalog.pg_database in share row exclusive mode")),
                replaces: true);
            var ended = await EndWhenWaitingAsync(holder, $"alter database \"{database.Name}\"", restoring);
            Execute(holder, "rollback");
            var lost = await Assert.ThrowsAnyAsync<NpgsqlException>(() => restoring);

            Assert.True(ended);
            Assert.Contains("57P01", lost.Message, StringComparison.Ordinal);
            Assert.Equal(["true"], await BackupFolder.RowsAsync(
                database.SuperuserConnectionString,
                $"select datallowconn::text from pg_database where datname = '{database.Name}'"));
            Assert.Empty(await BackupFolder.DropAsideAsync(database));
        });
    }

    [Fact]
    public async Task A_restore_that_ended_after_its_rows_counted_is_gone_on_with_by_the_same_command()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var books = own.Host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        var file = await folder.BackUpAsync(own.Host);
        await using var database = await TestDatabase.CreateAsync();
        var data = folder.Data("data").FullName;

        var end = new AtStep("filling new tables", () => throw new OperationCanceledException());
        await Assert.ThrowsAsync<OperationCanceledException>(() => RestoreAsync(file, database, data, end, false));
        Assert.Equal(["0"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString, "select count(*)::text from views.account"));

        var (code, output, error) = await BackupFolder.RestoreAsync(file, database, data);
        Assert.True(code == 0, output + error);
        Assert.Contains("Going on.", error, StringComparison.Ordinal);
        Assert.Equal(
            ["*DEFAULT*", books.Company],
            await BackupFolder.RowsAsync(
                database.SuperuserConnectionString,
                "select tenant_id from public.mt_events where type = 'ledger_restored' order by tenant_id"));
        Assert.Equal(["5"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString, "select count(*)::text from views.account"));

        // And from now on it is a ledger as any other.
        (code, _, error) = await BackupFolder.RestoreAsync(file, database, data);
        Assert.Equal(1, code);
        Assert.Contains("is not empty", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_holds_something_else_is_refused_before_anything_is_done()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var file = await folder.BackUpAsync(own.Host);
        await using var database = await TestDatabase.CreateAsync();
        var data = folder.Data("data").FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "master.key"), "nothing\n");

        var (code, _, error) = await BackupFolder.RestoreAsync(file, database, data);

        Assert.Equal(1, code);
        Assert.Contains("holds no master key", error, StringComparison.Ordinal);
        Assert.Equal(["true"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString, "select (to_regclass('public.mt_events') is null)::text"));
    }

    [Fact]
    public async Task Sessions_that_the_login_may_not_look_into_are_users_too()
    {
        await using var login = await TestLogin.CreateAsync();
        await using var database = await TestDatabase.CreateAsync();
        var exchange = new RestoreExchange(
            new RestoreDatabases(login.To(database.SuperuserConnectionString), database.Name));
        await exchange.RefuseUsersAsync(default);

        await using var user = new NpgsqlConnection(database.SuperuserConnectionString);
        await user.OpenAsync();
        var refused = await Assert.ThrowsAsync<SetUpException>(() => exchange.RefuseUsersAsync(default));
        Assert.Contains(
            $"The database '{database.Name}' is in use (postgres (process ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_admits_nobody_any_more_is_told_how_to_be_opened()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var file = await folder.BackUpAsync(own.Host);
        await using var database = await TestDatabase.CreateAsync();
        await TestDatabase.ExecuteOnServerAsync($"alter database {database.Name} allow_connections false");

        var (code, _, error) = await BackupFolder.RestoreAsync(file, database, folder.Data("data").FullName);

        Assert.Equal(1, code);
        Assert.Contains("say 'alter database NAME allow_connections true'", error, StringComparison.Ordinal);
    }

    private static Task<RestoreReport> RestoreAsync(
        string file, TestDatabase database, string data, IProgress<ProjectionProgress> progress, bool replaces)
    {
        var settings = new Settings(
            Settings.DefaultUrls, data, database.SuperuserConnectionString, new ConfigurationBuilder().Build());
        return new RestoreRun(settings, new(file, replaces, false, false, null), progress, _ => { })
            .RunAsync(default);
    }

    private static void Execute(TestDatabase database, string sql)
    {
        using var connection = new NpgsqlConnection(database.SuperuserConnectionString);
        connection.Open();
        Execute(connection, sql);
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    /// <summary>False when the other came to its end before it waited.</summary>
    private static async Task<bool> EndWhenWaitingAsync(NpgsqlConnection holder, string statement, Task other)
    {
        while (!other.IsCompleted)
        {
            await Task.Delay(20);
            var connection = new NpgsqlConnectionStringBuilder(holder.ConnectionString) { Pooling = false };
            await using var looking = new NpgsqlConnection(connection.ConnectionString);
            await looking.OpenAsync();
            await using var command = new NpgsqlCommand(
                $"""
                select count(*) from (
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where wait_event_type = 'Lock' and query like '{statement}%') ended
                """, looking);
            if (await command.ExecuteScalarAsync() is > 0L)
            {
                return true;
            }
        }

        return false;
    }
}

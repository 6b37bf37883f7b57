using Ledger.EventStore;
using Npgsql;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

public sealed class StartTests
{
    [Fact]
    public async Task Numbers_that_Marten_drew_and_lost_are_recorded_once_as_holes()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var superuser = NpgsqlDataSource.Create(database.SuperuserConnectionString);
        await Migrations.EventStore.RunAsync(superuser);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await InsertAsync(superuser, 3, 4, 7, 12);

        await using (var store = new Store(source))
        {
            await store.StartAsync();
            await store.StartAsync();
            Assert.Equal(["1-2", "5-6", "8-11"], await HolesAsync(source));

            var result = (AppendResult.Appended)await store.AppendAsync(Of("ours", To("a", 0)));
            Assert.Equal(13, result.FirstSequence);
        }

        await InsertAsync(superuser, 17);
        await using var later = new Store(source);
        await later.StartAsync();
        Assert.Equal(["1-2", "5-6", "8-11", "14-16"], await HolesAsync(source));
    }

    [Fact]
    public async Task What_Marten_drew_behind_the_last_event_and_lost_does_not_count_as_read()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var superuser = NpgsqlDataSource.Create(database.SuperuserConnectionString);
        await Migrations.EventStore.RunAsync(superuser);
        await InsertAsync(superuser, 1, 2);
        await using var draw = superuser.CreateCommand("""
            select setval('mt_events_sequence', 9);
            insert into mt_event_progression (name, last_seq_id)
            values ('HighWaterMark', 9), ('Totals:All', 9), ('Slow:All', 1)
            """);
        await draw.ExecuteNonQueryAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var store = new Store(source);

        await store.StartAsync();
        var result = (AppendResult.Appended)await store.AppendAsync(Of("ours", To("a", 0)));

        Assert.Equal(3, result.FirstSequence);
        await using var read = source.CreateCommand(
            "select string_agg(name || ' ' || last_seq_id, ', ' order by name) from mt_event_progression");
        Assert.Equal("HighWaterMark 2, Slow:All 1, Totals:All 2", await read.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_log_without_holes_records_none()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var superuser = NpgsqlDataSource.Create(database.SuperuserConnectionString);
        await Migrations.EventStore.RunAsync(superuser);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var store = new Store(source);

        await store.StartAsync();
        await store.AppendAsync(Of("ours", To("a", 0, Event(), Event(), Event())));
        await store.StartAsync();

        Assert.Empty(await HolesAsync(source));
    }

    [Fact]
    public async Task A_server_that_may_lose_what_it_confirmed_is_refused_by_the_name_of_its_setting()
    {
        await using var database = await TestDatabase.CreateAsync();
        var unsafely =
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Options = "-c synchronous_commit=off" };
        await using var source = NpgsqlDataSource.Create(unsafely.ConnectionString);

        var refused = await Assert.ThrowsAsync<UnsafeServerException>(() => StartCheck.RunAsync(source));

        Assert.Contains("synchronous_commit = off", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_durable_server_passes()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await StartCheck.RunAsync(source);
        Assert.Equal(1, await source.CreateCommand("select 1").ExecuteScalarAsync());
    }

    [Fact]
    public async Task Migrations_run_once_however_many_processes_run_them()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.SuperuserConnectionString);
        var refused = await Assert.ThrowsAsync<SchemaVersionException>(() => Migrations.EventStore.CheckAsync(source));
        Assert.Contains("run './run migrate'", refused.Message, StringComparison.Ordinal);

        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Migrations.EventStore.RunAsync(source)));

        Assert.Equal(Migrations.EventStore.Latest, runs.Sum());
        await Migrations.EventStore.CheckAsync(source);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_steps_before_it_and_can_be_repeated()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.SuperuserConnectionString);
        Migration first = new("first", "create table first_step (id int)");
        Migrations broken = new("test", [first, new("second", "create table second_step (id int); select 1 / 0")]);
        Migrations mended = new("test", [first, new("second", "create table second_step (id int)")]);

        await Assert.ThrowsAsync<PostgresException>(() => broken.RunAsync(source));
        Assert.Equal(1, await mended.RunAsync(source));

        var older = new Migrations("test", [first]);
        await Assert.ThrowsAsync<SchemaVersionException>(() => older.RunAsync(source));
        await Assert.ThrowsAsync<SchemaVersionException>(() => older.CheckAsync(source));
    }

    private static async Task InsertAsync(NpgsqlDataSource source, params long[] numbers)
    {
        await using var command = source.CreateCommand("""
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            select n, gen_random_uuid(), 'adopted', n, '{}', 'adopted', now(), 'marten' from unnest($1) n
            """);
        command.Parameters.Add(new() { Value = numbers });
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string[]> HolesAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("""
            select coalesce(array_agg(starting_sequence || '-' || ending_sequence order by ending_sequence), '{}')
            from mt_high_water_skips
            """);
        return (string[])(await command.ExecuteScalarAsync())!;
    }
}

using Ledger.Api.Backup;
using Ledger.Tests.Http;
using Npgsql;

namespace Ledger.Tests.Backup;

/// <summary>What is not the ledger's stays as it is, and what a new database does not have is named.</summary>
public sealed class RestoreOthersTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("create schema views; create table views.kept (id int)", "the schema views")]
    [InlineData("create table public.kept (id int)", "the table public.kept")]
    [InlineData("create table public.mt_events (seq_id bigint, id uuid, timestamp timestamptz)",
        "the table public.mt_events")]
    public async Task A_database_with_tables_of_somebody_else_is_refused_by_name_and_they_stay(
        string made, string named)
    {
        using var folder = new BackupFolder();
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsSuperuserAsync(made);
        var file = await folder.BackUpAsync(host);

        var (code, _, error) = await BackupFolder.RestoreAsync(file, database, folder.Data("data").FullName);

        Assert.Equal(1, code);
        Assert.Contains(
            $"The database '{database.Name}' holds what is not this program's: {named}. Nothing was changed", error,
            StringComparison.Ordinal);
        Assert.Equal(["1"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString,
            "select count(*)::text from pg_class where relname in ('kept', 'mt_events') and relkind = 'r'"));
    }

    [Fact]
    public async Task A_database_that_has_the_name_by_chance_is_not_dropped()
    {
        await using var database = await TestDatabase.CreateAsync();
        var beside = new RestoreDatabases(database.SuperuserConnectionString, database.Name);
        await TestDatabase.ExecuteOnServerAsync($"create database {beside.Beside}");

        var refused = await Assert.ThrowsAsync<Ledger.Api.SetUpException>(() => beside.CreateAsync(default));
        Assert.StartsWith(
            $"There is a database '{beside.Beside}' already, which no restore has marked", refused.Message,
            StringComparison.Ordinal);
        Assert.Equal([beside.Beside], await BackupFolder.DropAsideAsync(database));

        // One that a restore left is.
        await beside.CreateAsync(default);
        await beside.CreateAsync(default);
        Assert.Equal([beside.Beside], await BackupFolder.DropAsideAsync(database));
    }

    [Fact]
    public async Task The_new_database_has_the_locale_the_limit_and_the_comment_of_the_one_whose_place_it_takes()
    {
        await using var plain = await TestDatabase.CreateAsync();
        var name = $"{plain.Name}_icu";
        await TestDatabase.ExecuteOnServerAsync(
            $"create database {name} template template0 encoding 'UTF8' locale_provider icu icu_locale 'de-DE'");
        await TestDatabase.ExecuteOnServerAsync($"alter database {name} connection limit 17");
        await TestDatabase.ExecuteOnServerAsync($"comment on database {name} is 'The books'");
        var to = new NpgsqlConnectionStringBuilder(plain.SuperuserConnectionString) { Database = name };
        var databases = new RestoreDatabases(to.ConnectionString, name);
        string Of(string database) => $"""
            select concat_ws(' ', datlocprovider, to_jsonb(d) ->> 'daticulocale', to_jsonb(d) ->> 'datlocale',
                datcollate, datctype, pg_encoding_to_char(encoding), datconnlimit, datallowconn,
                shobj_description(oid, 'pg_database'))
            from pg_database d where datname = '{database}'
            """;
        var before = await BackupFolder.RowsAsync(plain.SuperuserConnectionString, Of(name));
        Assert.Contains("de-DE", Assert.Single(before), StringComparison.Ordinal);

        await databases.CreateAsync(default);
        var old = await new RestoreExchange(databases).ExchangeAsync(null, default);

        Assert.Equal(before, await BackupFolder.RowsAsync(plain.SuperuserConnectionString, Of(name)));
        Assert.Equal(before, await BackupFolder.RowsAsync(plain.SuperuserConnectionString, Of(old)));
        Assert.Equal([name, old], (await BackupFolder.DropAsideAsync(plain)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_an_administrator_put_beside_the_ledger_is_named_and_of_the_ledger_nothing_is()
    {
        await using var reader = await Roles.TestLogin.CreateAsync();
        await using var database = await TestDatabase.CreateMigratedAsync();
        Assert.Empty(await LeftAsync(database));

        await database.ExecuteAsSuperuserAsync($"""
            grant usage on schema public to {reader.Name};
            grant select on public.mt_streams, public.mt_events to {reader.Name};
            create function public.mt_quick_append_events(text) returns int language sql as 'select 1';
            create schema reporting;
            create view public.mine as select 1 as one;
            create publication books for table public.mt_events;
            alter database {database.Name} set statement_timeout = '5s'
            """);
        Assert.Equal(
            [
                $"alter database {database.Name} set statement_timeout = '5s'",
                $"grant select on table public.mt_events to {reader.Name}",
                $"grant select on table public.mt_streams to {reader.Name}",
                $"grant usage on schema public to {reader.Name}",
                "the function mt_quick_append_events(text)",
                "the publication books",
                "the schema reporting",
                "the view mine",
            ],
            await LeftAsync(database));
    }

    [Fact]
    public async Task Erasures_and_deleted_salts_that_the_backup_does_not_have_are_named_also_where_it_has_more_events()
    {
        using var folder = new BackupFolder();
        var file = await folder.BackUpAsync(host);
        await using var database = await TestDatabase.CreateMigratedAsync();
        await database.ExecuteAsSuperuserAsync("""
            insert into public.mt_streams (tenant_id, id, version)
            values ('acme', 'person/p-17', 1), ('acme', 'salt-deletion/d-3', 1);
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            values
                (1, gen_random_uuid(), 'person/p-17', 1, '{}', 'personal_data_erased', now(), 'acme'),
                (2, gen_random_uuid(), 'salt-deletion/d-3', 1, '{}', 'salts_deleted', now(), 'acme')
            """);

        var (code, output, error) = await BackupFolder.RestoreAsync(
            file, database, folder.Data("data").FullName, "--replace", "--older");

        Assert.True(code == 0, output + error);
        Assert.Contains(
            "now here again: acme person/p-17. Ask for it again.", output, StringComparison.Ordinal);
        Assert.Contains("now here again: acme salt-deletion/d-3.", output, StringComparison.Ordinal);
        await BackupFolder.DropAsideAsync(database);
    }

    private static async Task<IReadOnlyList<string>> LeftAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.SuperuserConnectionString);
        await connection.OpenAsync();
        return await RestoreLeft.OfAsync(connection, default);
    }
}

using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Projections.Books;
using Ledger.Tests.Queries;
using Npgsql;

namespace Ledger.Tests.Roles;

/// <summary>A server of somebody's own: an administrator migrates, and the service logs in as a member.</summary>
public sealed class AdministratorTests : IDisposable
{
    private const string AllRoles = "ledger_owner, ledger_service, ledger_reader";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-roles-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task An_administrator_who_is_no_superuser_migrates_and_a_member_of_the_service_runs_every_command()
    {
        await using var administrator = await AdministratorAsync();
        await using var service = await TestLogin.CreateAsync("in role ledger_service");
        await using var database = await OwnedByAsync(administrator);
        var journal = Path.Combine(folder.FullName, "books.journal");
        await File.WriteAllTextAsync(journal, "2026-01-31 Rent\n    expenses:rent  700.00 EUR\n    assets:bank\n");

        Assert.Equal(
            (0, "The schema is up to date.\n", ""),
            await CommandRun.RunAsync("migrate", "--connection", administrator.To(database.ConnectionString)));

        string[][] commands =
        [
            ["import", "--company", "acme", "--currency", "EUR", "--country", "DE", journal],
            ["export", "--company", "acme", "--format", "csv"],
            ["rebuild"],
            ["close-year", "--company", "acme", "--year", "2025"],
            ["verify"],
            ["readers", "list"],
        ];
        foreach (var command in commands)
        {
            var (code, output, error) = await RunAsync(service, database, command);
            Assert.True(
                code == 0 || command[0] == "close-year" && !error.Contains("42501", StringComparison.Ordinal),
                $"{command[0]}: {output}{error}");
        }

        // Again: nothing is missing, and what the service made does not stop the administrator.
        Assert.Equal(
            (0, "The schema is up to date.\n", ""),
            await CommandRun.RunAsync("migrate", "--connection", administrator.To(database.ConnectionString)));
        Assert.Equal("", await AskAsync(database.SuperuserConnectionString, $"""
            select coalesce(string_agg(q.format, ' '), '') from ({RoleCatalog.Misowned}) q (format)
            """));
    }

    [Theory]
    [InlineData("superuser", "is a superuser")]
    [InlineData("in role ledger_owner, ledger_service", "is a member of ledger_owner")]
    public async Task The_service_refuses_to_run_as_who_the_walls_do_not_hold_for_unless_it_is_told_to(
        string attributes, string why)
    {
        await using var login = await TestLogin.CreateAsync(attributes);
        await using var database = await TestDatabase.CreateMigratedAsync();

        foreach (var command in new string[][] { [], ["verify"], ["rebuild"], ["demo"] })
        {
            Assert.Equal(
                (1, "", $"The login {login.Name} {why}: for it the walls of the database do not hold. Let the service "
                    + "log in as a member of ledger_service and no more (docs/operating.md), or say --allow-superuser "
                    + "(AllowSuperuser=true).\n"),
                await RunAsync(login, database, command));
        }

        Assert.Equal(0, (await RunAsync(login, database, "verify", "--allow-superuser")).Code);
    }

    [Fact]
    public async Task A_login_that_may_make_roles_is_refused_where_that_lets_it_join_any()
    {
        await using var login = await TestLogin.CreateAsync("createrole in role ledger_service");
        await using var database = await TestDatabase.CreateMigratedAsync();
        var version = await AskAsync(database.SuperuserConnectionString, "show server_version_num");

        var (code, _, error) = await RunAsync(login, database, "verify");

        var isRefused = error.Contains("may create roles, and so give itself any", StringComparison.Ordinal);
        Assert.Equal((int.Parse(version) < 160_000, isRefused), (isRefused, code == 1));
    }

    [Fact]
    public async Task A_login_that_is_no_member_is_told_what_to_grant()
    {
        await using var login = await TestLogin.CreateAsync();
        await using var database = await TestDatabase.CreateMigratedAsync();

        Assert.Equal(
            (1, "", $"The login {login.Name} is no member of ledger_service. As an administrator of the server, "
                + $"grant ledger_service to {login.Name};\n"),
            await RunAsync(login, database, "verify"));
    }

    [Fact]
    public async Task Who_may_not_migrate_is_told_what_is_missing_and_nothing_is_half_done()
    {
        await using var somebody = await TestLogin.CreateAsync();
        await using var database = await OwnedByAsync(somebody);
        var connection = somebody.To(database.ConnectionString);

        var (code, output, error) = await CommandRun.RunAsync("migrate", "--connection", connection);

        Assert.Equal((1, ""), (code, output));
        Assert.Equal(
            $"The schema could not be brought up to date: 42501: {somebody.Name} is no member of ledger_owner. As an "
            + $"administrator of the server, grant ledger_owner, ledger_service to {somebody.Name}; then migrate "
            + "again.\n",
            error);

        await TestDatabase.ExecuteOnServerAsync($"grant ledger_owner, ledger_service to {somebody.Name}");
        Assert.Equal(0, (await CommandRun.RunAsync("migrate", "--connection", connection)).Code);
    }

    [Theory]
    [InlineData("the superuser")]
    [InlineData("who owned all")]
    public async Task A_database_of_before_in_which_one_role_owns_all_is_taken_over(string migratedBy)
    {
        await using var old = await TestLogin.CreateAsync();
        await using var database = await OwnedByAsync(old);
        var asOld = old.To(database.ConnectionString);
        var events = await FillAsBeforeAsync(asOld);
        var byOld = migratedBy == "who owned all";
        if (byOld)
        {
            await TestDatabase.ExecuteOnServerAsync($"grant ledger_owner, ledger_service to {old.Name}");
        }

        Assert.Equal(1, (await RunAsync(old, database, "verify")).Code);
        Assert.Equal(
            (0, "The schema is up to date.\n", ""),
            await CommandRun.RunAsync("migrate", "--connection", byOld ? asOld : database.SuperuserConnectionString));
        await TestDatabase.ExecuteOnServerAsync(
            $"grant ledger_service to {old.Name}; revoke ledger_owner from {old.Name}");

        // The old login goes on as the service, and owns nothing of the events any more.
        Assert.Equal("", await AskAsync(database.SuperuserConnectionString, $"""
            select coalesce(string_agg(q.format, ' '), '') from ({RoleCatalog.Misowned}) q (format)
            """));
        Assert.Equal("", await AskAsync(database.SuperuserConnectionString, $"""
            select coalesce(string_agg(q.relname, ' '), '') from ({RoleCatalog.Unwalled}) q
            """));
        Assert.Equal(0, (await RunAsync(old, database, "rebuild")).Code);
        var (code, output, error) = await RunAsync(old, database, "verify");
        Assert.True(code == 0, output + error);
        Assert.True(long.Parse(await AskAsync(asOld, "select count(*) from public.mt_events")) >= events);
        Assert.Equal("5", await AskAsync(asOld, "select count(*) from views.journal_entry"));
        foreach (var attack in new[]
        {
            "drop table public.mt_events cascade", "alter table public.mt_events disable trigger all",
            "drop schema public cascade", "delete from public.mt_events", "create table public.mine (n int)",
        })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => AskAsync(asOld, attack));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    private static async Task<TestLogin> AdministratorAsync()
    {
        var administrator = await TestLogin.CreateAsync("createrole");
        await TestDatabase.ExecuteOnServerAsync($"grant {AllRoles} to {administrator.Name} with admin option");
        return administrator;
    }

    private static async Task<TestDatabase> OwnedByAsync(TestLogin owner)
    {
        var database = await TestDatabase.CreateAsync();
        await TestDatabase.ExecuteOnServerAsync($"alter database {database.Name} owner to {owner.Name}");
        return database;
    }

    /// <summary>The schema as programs made it that knew of no roles, with events in it.</summary>
    private static async Task<long> FillAsBeforeAsync(string connection)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await Migrations.FromResources(
            "store", typeof(Migrations).Assembly, "001-events.sql", "002-append-only.sql", "003-append.sql",
            "004-rights.sql").RunAsync(source);
        await Migrations.FromResources("projections", typeof(ProjectionSchema).Assembly, "001-projections.sql")
            .RunAsync(source);
        var views =
            ProjectionSchema.ReadResource("books-views.sql") + ProjectionSchema.ReadResource("finance-views.sql");
        await using var tables = source.CreateCommand(
            $"""
            {ProjectionSchema.ReadResource("books.sql")};
            {views};
            insert into ledger_read.version (projection, version, state, definition, views, block_size)
            values ('books', 7, 'live', '{BooksSchema.Definition}', 'as before', 4);
            insert into public.mt_event_progression (name, last_seq_id) values ('books:All', 0)
            """.Replace("{v}", "7", StringComparison.Ordinal).Replace("{block_size}", "4", StringComparison.Ordinal));
        await tables.ExecuteNonQueryAsync();
        await using var store = new Store(source);
        var appended = 0L;
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (stream, @event) in new RandomBooks(4).Events(5))
        {
            var version = versions.GetValueOrDefault(stream);
            versions[stream] = version + 1;
            var result = await store.AppendAsync(new(
                "acme", [new(stream, version, [EventCatalog.Ledger.ToStore(@event)])], [],
                new("key:test", null, null, null)));
            appended = Assert.IsType<AppendResult.Appended>(result).LastSequence;
        }

        return appended;
    }

    private static async Task<string> AskAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        return (await command.ExecuteScalarAsync())?.ToString() ?? "nothing";
    }

    private Task<(int Code, string Output, string Error)> RunAsync(
        TestLogin login, TestDatabase database, params string[] command) => CommandRun.RunAsync(
        [.. command, "--connection", login.To(database.ConnectionString), "--data", folder.FullName]);
}

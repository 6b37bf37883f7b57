using Ledger.Api;
using Ledger.EventStore;
using Ledger.Tests.Postgres;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Ledger.Tests.Roles;

/// <summary>Servers of their own, since roles belong to the whole server.</summary>
public sealed class NewServerTests
{
    private const string RolesText = """
        select string_agg(rolname || case when rolcanlogin then ' logs in' else '' end
            || case when rolsuper or rolcreaterole or rolcreatedb or rolbypassrls then ' and may too much' else '' end,
            ', ' order by rolname)
        from pg_roles where rolname like 'ledger\_%'
        """;

    [Fact]
    public async Task Who_may_create_roles_and_owns_the_databases_makes_them_once_however_many_migrate_at_once()
    {
        using var folder = new PrivateFolder();
        await using var server = await folder.StartAsync();
        await PrivateFolder.AskAsync(
            server.ConnectionString, "drop role ledger_service; create role administrator login createrole");
        var databases = Enumerable.Range(1, 6).Select(i => $"ledger_{i}").ToArray();
        foreach (var database in databases)
        {
            await PrivateFolder.AskAsync(
                server.ConnectionString, $"create database {database} owner administrator");
        }

        var runs = await Task.WhenAll(databases.Select(database => CommandRun.RunAsync(
            "migrate", "--connection", As("administrator", server.ConnectionStringTo(database)))));

        Assert.All(runs, run => Assert.Equal((0, "The schema is up to date.\n", ""), run));
        Assert.Equal(
            "ledger_owner, ledger_reader, ledger_service",
            await PrivateFolder.AskAsync(server.ConnectionString, RolesText));
        await PrivateFolder.AskAsync(
            server.ConnectionString, "create role backoffice login; grant ledger_service to backoffice");
        foreach (var database in databases)
        {
            var (code, output, error) = await CommandRun.RunAsync(
                "verify", "--connection", As("backoffice", server.ConnectionStringTo(database)), "--data", folder.Root);
            Assert.True(code == 0, output + error);
        }
    }

    [Fact]
    public async Task Who_may_not_create_roles_is_told_what_an_administrator_has_to_type()
    {
        using var folder = new PrivateFolder();
        await using var server = await folder.StartAsync();
        await PrivateFolder.AskAsync(server.ConnectionString, "drop role ledger_service; create role plain login");
        await PrivateFolder.AskAsync(server.ConnectionString, "create database books owner plain");
        string[] migrate = ["migrate", "--connection", As("plain", server.ConnectionStringTo("books"))];

        var (code, output, error) = await CommandRun.RunAsync(migrate);

        const string todo = "create role ledger_owner; create role ledger_service; create role ledger_reader; "
            + "grant ledger_owner, ledger_service to plain;";
        Assert.Equal((1, ""), (code, output));
        Assert.Equal(
            "The schema could not be brought up to date: 42501: The role ledger_owner is missing and plain may not "
            + $"create roles. As an administrator of the server, {todo} then migrate again.\n",
            error);

        await PrivateFolder.AskAsync(server.ConnectionString, todo);
        Assert.Equal(0, (await CommandRun.RunAsync(migrate)).Code);
    }

    [Fact]
    public async Task An_owner_of_the_events_that_can_log_in_is_refused()
    {
        using var folder = new PrivateFolder();
        await using var server = await folder.StartAsync();
        await PrivateFolder.AskAsync(server.ConnectionString, "create role ledger_owner login");

        var (code, _, error) = await CommandRun.RunAsync("migrate", "--connection", server.ConnectionString);

        Assert.Equal(1, code);
        Assert.Contains("alter role ledger_owner nologin; then migrate again", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_the_private_server_the_program_migrates_as_its_superuser_and_runs_as_the_service(bool loopback)
    {
        using var folder = new PrivateFolder();
        await using var server = await folder.StartAsync(options => options with { Loopback = loopback });
        await using (var superuser = NpgsqlDataSource.Create(server.ConnectionString))
        {
            await LedgerHost.MigrateAsync(superuser, CancellationToken.None);
        }

        Assert.Equal(
            "ledger_owner, ledger_reader, ledger_service logs in",
            await PrivateFolder.AskAsync(server.ConnectionString, RolesText));
        Assert.Equal(
            "ledger_service ledger_service",
            await PrivateFolder.AskAsync(server.ServiceConnectionString, "select session_user || ' ' || current_user"));
        if (loopback)
        {
            var guess = new NpgsqlConnectionStringBuilder(server.ServiceConnectionString) { Password = "guessed" };
            var refused = await Assert.ThrowsAsync<PostgresException>(
                () => PrivateFolder.AskAsync(guess.ConnectionString, "select 1"));
            Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
        }
    }

    [Fact]
    public async Task All_pools_of_the_program_log_in_as_the_service_also_where_the_folder_knew_no_roles()
    {
        using var folder = new PrivateFolder();
        await using (var before = await folder.StartAsync())
        {
            await PrivateFolder.AskAsync(before.ConnectionString, "alter role ledger_service nologin");
        }

        var settings = new Settings("", folder.Root, null, new ConfigurationBuilder().Build());
        await using var host = await LedgerHost.OpenAsync(settings, _ => { });
        await using var server = await folder.StartAsync();
        await host.Store.AppendAsync(EventStore.Requests.Of("acme", EventStore.Requests.To("keys", 0)));

        var connection = new NpgsqlConnectionStringBuilder(host.ConnectionString);
        Assert.Equal((DatabaseRoles.Service, 40), (connection.Username, connection.MaxPoolSize));
        Assert.Equal(
            "ledger_service",
            await PrivateFolder.AskAsync(server.ConnectionString, """
                select string_agg(distinct usename, ', ') from pg_stat_activity
                where datname = 'ledger' and pid <> pg_backend_pid()
                """));

        // Beside it the commands of an administrator are run as the server's superuser.
        await PrivateFolder.AskAsync(
            server.ConnectionString,
            "insert into public.mt_streams (tenant_id, id, version) values ('acme', 'company', 1)");
        Assert.Equal(0, (await RunAsync("readers", "create", "--name", "bi_acme", "--company", "acme")).Code);
        Assert.Equal((0, "bi_acme: acme\n", ""), await RunAsync("readers", "list"));
        Assert.Equal((0, "The schema is up to date.\n", ""), await RunAsync("migrate"));

        Task<(int Code, string Output, string Error)> RunAsync(params string[] command) =>
            CommandRun.RunAsync([.. command, "--data", folder.Root]);
    }

    private static string As(string login, string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = login, Pooling = false }.ConnectionString;
}

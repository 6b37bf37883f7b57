using Ledger.Domain.Companies;
using Ledger.Tests.Postgres;
using NodaTime;
using Npgsql;

namespace Ledger.Tests.Roles;

public sealed class ReadersCommandTests : IAsyncLifetime
{
    private TestLogin login = null!;
    private Projections.BooksDatabase books = null!;

    public async Task InitializeAsync()
    {
        login = TestLogin.ToBeMade();
        books = await Projections.BooksDatabase.CreateAsync();
        var last = 0L;
        foreach (var company in new[] { "acme", "beta" })
        {
            last = await books.AppendAsync(company, "company", new CompanyRegistered(
                new CompanySettings(company, new("EUR"), "DE"), "Europe/Berlin", new AnnualDate(1, 1)));
        }

        await using var loop = books.StartLoop();
        Assert.True(await loop.WaitForAsync(last, TimeSpan.FromSeconds(30)));
    }

    public async Task DisposeAsync()
    {
        await books.DisposeAsync();
        await login.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_is_made_listed_given_more_and_revoked()
    {
        var (code, output, error) = await RunAsync("create", "--name", login.Name, "--company", "acme");
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(
            $"^{login.Name} reads acme\\.\nIt logs in with this password, which is shown only now:\n"
                + "[A-Za-z0-9]{32}\n$",
            output);
        Assert.Equal(["acme"], await SeenAsync());

        // Once more says no password, because the login is there.
        Assert.Equal(
            (0, $"{login.Name} reads acme, beta.\n", ""),
            await RunAsync("create", "--name", login.Name, "--company", "acme", "--company", "beta"));
        Assert.Equal(["acme", "beta"], await SeenAsync());
        Assert.Equal((0, $"{login.Name}: acme, beta\n", ""), await RunAsync("list"));

        Assert.Equal(
            (0, $"{login.Name} reads beta, and what each person is paid.\n", ""),
            await RunAsync("create", "--name", login.Name, "--company", "beta", "--pay"));
        Assert.Equal((0, $"{login.Name}: acme, beta with pay\n", ""), await RunAsync("list"));

        Assert.Equal(
            (0, $"{login.Name} no longer reads acme. To end the login itself: drop role {login.Name};\n", ""),
            await RunAsync("revoke", "--name", login.Name, "--company", "acme"));
        Assert.Equal(["beta"], await SeenAsync());
        Assert.Equal(0, (await RunAsync("revoke", "--name", login.Name)).Code);
        Assert.Empty(await SeenAsync());
        Assert.Equal(
            (1, "", $"{login.Name} does not read anything here; see ./run readers list.\n"),
            await RunAsync("revoke", "--name", login.Name));
        Assert.Equal(
            (0, "Nobody: ./run readers create --name bi_acme --company acme makes a reader.\n", ""),
            await RunAsync("list"));
    }

    [Fact]
    public async Task An_existing_login_is_granted_and_one_that_is_gone_is_listed_as_such()
    {
        await TestDatabase.ExecuteOnServerAsync($"create role {login.Name} login");

        Assert.Equal(
            (0, $"{login.Name} reads beta.\n", ""),
            await RunAsync("create", "--name", login.Name, "--company", "beta"));
        Assert.Equal(["beta"], await SeenAsync());

        await login.DisposeAsync();
        Assert.Equal((0, $"{login.Name}: beta (no login of that name may read)\n", ""), await RunAsync("list"));
    }

    [Theory]
    [InlineData("superuser login", "is a superuser")]
    [InlineData("bypassrls login", "has BYPASSRLS")]
    [InlineData("replication login", "may replicate, and so copy all")]
    [InlineData(
        "login in role pg_read_server_files", "may read the files of the server, or run programs there")]
    [InlineData(
        "login noinherit in role pg_execute_server_program", "may read the files of the server, or run programs there")]
    [InlineData("createrole login", "may create roles, and so give itself any")]
    [InlineData("login in role ledger_service", "may read the events of all")]
    [InlineData("login noinherit in role ledger_owner", "may read the events of all")]
    [InlineData("login in role pg_read_all_data", "may read the events of all")]
    [InlineData("nologin", "cannot log in, and a reader is known by the name that it logs in with")]
    public async Task A_login_for_which_no_wall_would_hold_is_refused(string attributes, string why)
    {
        await TestDatabase.ExecuteOnServerAsync($"create role {login.Name} {attributes}");

        Assert.Equal(
            (1, "", $"The login {login.Name} {why}, so it cannot be walled into a company. Name another one, or take "
                + "that from it.\n"),
            await RunAsync("create", "--name", login.Name, "--company", "acme"));
        Assert.Empty(await books.RowsAsync("select * from ledger.readers"));
    }

    [Fact]
    public async Task A_company_that_is_not_there_is_named_and_no_login_is_left_behind()
    {
        Assert.Equal(
            (1, "", "There is no company acne: register it first.\n"),
            await RunAsync("create", "--name", login.Name, "--company", "acme", "--company", "acne"));
        Assert.Empty(await books.RowsAsync($"select 1 from pg_roles where rolname = '{login.Name}'"));
    }

    [Theory]
    [InlineData("Bi")]
    [InlineData("1bi")]
    [InlineData("bi-acme")]
    [InlineData("bi\"; drop table x; --")]
    [InlineData("pg_bi")]
    [InlineData("ledger_owner")]
    [InlineData("public")]
    [InlineData("bi\n")]
    public async Task A_name_that_would_need_quotes_or_is_taken_is_refused(string name)
    {
        var (code, output, error) = await RunAsync("create", "--name", name, "--company", "acme");
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("--name takes 1–63 of a-z 0-9 _", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_is_told_who_may()
    {
        string[][] commands =
        [
            ["create", "--name", login.Name, "--company", "acme"], ["revoke", "--name", login.Name],
        ];
        foreach (var command in commands)
        {
            var (code, output, error) = await RunAsAsync(books.ConnectionString, command);
            Assert.Equal((1, ""), (code, output));
            Assert.StartsWith(
                "The login of this command may not do that (permission denied ", error, StringComparison.Ordinal);
            Assert.EndsWith(
                "Run it as an administrator: a superuser, or a member of ledger_owner who may create roles and grant "
                + "ledger_reader (docs/operating.md).\n", error, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await RunAsAsync(books.ConnectionString, "list")).Code);
    }

    [Fact]
    public async Task On_the_private_server_the_printed_password_logs_in_and_the_server_was_never_told_it()
    {
        using var folder = new PrivateFolder();
        await using var server = await folder.StartAsync(options => options with { Loopback = true });
        await PrivateFolder.AskAsync(server.ConnectionString, "alter system set log_statement = 'all'");
        await PrivateFolder.AskAsync(server.ConnectionString, "select pg_reload_conf()");
        Assert.Equal(0, (await CommandRun.RunAsync("migrate", "--connection", server.ConnectionString)).Code);
        await PrivateFolder.AskAsync(server.ConnectionString, """
            insert into public.mt_streams (tenant_id, id, version) values ('acme', 'company', 1)
            """);

        var (code, output, error) = await CommandRun.RunAsync(
            "readers", "create", "--name", "bi_acme", "--company", "acme", "--connection", server.ConnectionString);

        Assert.Equal((0, ""), (code, error));
        var password = output.TrimEnd('\n').Split('\n')[^1];
        var reader = new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Username = "bi_acme", Password = password,
        };
        Assert.Equal("bi_acme", await PrivateFolder.AskAsync(reader.ConnectionString, "select session_user"));
        var log = await File.ReadAllTextAsync(Path.Combine(folder.Data, "server.log"));
        Assert.Contains("create role \"bi_acme\" login password 'SCRAM-SHA-256$", log, StringComparison.Ordinal);
        Assert.DoesNotContain(password, log, StringComparison.Ordinal);
        reader.Password = password + "x";
        await Assert.ThrowsAsync<PostgresException>(() => PrivateFolder.AskAsync(reader.ConnectionString, "select 1"));
    }

    private async Task<string[]> SeenAsync()
    {
        await using var connection = new NpgsqlConnection(login.To(books.ConnectionString));
        await connection.OpenAsync();
        return await ReaderBooks.AskAsync(connection, "select company from views.company order by 1");
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        RunAsAsync(books.Superuser.ConnectionString, arguments);

    private static Task<(int Code, string Output, string Error)> RunAsAsync(
        string connection, params string[] arguments) =>
        CommandRun.RunAsync(["readers", .. arguments, "--connection", connection]);
}

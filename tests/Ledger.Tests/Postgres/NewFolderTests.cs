using System.Text;
using Ledger.Api;
using Npgsql;

namespace Ledger.Tests.Postgres;

/// <summary>Data folders that are made for the first time, in all sorts of places.</summary>
public sealed class NewFolderTests
{
    [Theory]
    [InlineData("with space, comma and 'quotes\", $HOME and `id`")]
    [InlineData("счетоводство/mühasibat")]
    public async Task A_folder_may_be_called_anything(string name)
    {
        using var folder = PrivateFolder.Below(name);
        await using var server = await folder.StartAsync();
        Assert.Equal("ledger", await PrivateFolder.AskAsync(server.ConnectionString, "select current_database()"));
    }

    [Fact]
    public async Task Where_the_path_is_too_long_for_a_socket_it_stands_elsewhere_and_is_removed_at_the_end()
    {
        using var folder = PrivateFolder.Below(Path.Combine(new string('a', 60), new string('b', 60)));
        await using var server = await folder.StartAsync();
        var socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;

        Assert.False(socket.StartsWith(folder.Root, StringComparison.Ordinal));
        Assert.InRange(Encoding.UTF8.GetByteCount(socket + "/.s.PGSQL.5432"), 1, 99);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(socket));
        await using (var second = await folder.StartAsync())
        {
            Assert.Equal("1", await PrivateFolder.AskAsync(second.ConnectionString, "select 1"));
        }

        await server.DisposeAsync();
        Assert.False(Directory.Exists(socket));
    }

    [Fact]
    public async Task Four_processes_that_start_at_once_make_one_server()
    {
        using var folder = PrivateFolder.Below("new");
        var owners = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OwnerProcess.StartAsync(folder.Root)));

        Assert.Single(owners.Select(owner => owner.ConnectionString).Distinct());
        Assert.Equal("1", await PrivateFolder.AskAsync(owners[0].ConnectionString, "select 1"));

        var codes = await Task.WhenAll(owners.Select(owner => owner.TerminateAsync()));
        Assert.Equal([0, 0, 0, 0], codes);
        await folder.AllEndAsync();
    }

    [Fact]
    public async Task A_folder_that_was_left_half_made_is_made_anew()
    {
        using var folder = new PrivateFolder();
        Directory.CreateDirectory(folder.Data + ".new");
        await File.WriteAllTextAsync(Path.Combine(folder.Data + ".new", "PG_VERSION"), "15\n");

        await using var server = await folder.StartAsync();
        Assert.Equal("1", await PrivateFolder.AskAsync(server.ConnectionString, "select 1"));
        Assert.False(Directory.Exists(folder.Data + ".new"));
    }

    [Fact]
    public async Task A_folder_that_holds_something_else_is_left_alone()
    {
        using var folder = new PrivateFolder();
        Directory.CreateDirectory(folder.Data);

        var refused = await Assert.ThrowsAsync<SetUpException>(() => folder.StartAsync());
        Assert.Equal(
            $"{folder.Data} exists but holds no data of PostgreSQL. Move it away, or name another folder with --data.",
            refused.Message);
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_names_the_version()
    {
        using var folder = new PrivateFolder();
        Directory.CreateDirectory(folder.Data);
        await File.WriteAllTextAsync(Path.Combine(folder.Data, "PG_VERSION"), "93\n");

        var refused = await Assert.ThrowsAsync<SetUpException>(() => folder.StartAsync());
        Assert.StartsWith(
            "The data folder was made by PostgreSQL 93, which is not installed here", refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_the_servers_user_cannot_enter_is_named_with_a_way_out()
    {
        using var folder = PrivateFolder.Below("closed/data");
        var closed = Path.Combine(folder.Outer, "closed");
        Directory.CreateDirectory(closed);
        // Closed to others is enough where root hands the server to another user; else it must be closed to its owner.
        var mode = Environment.IsPrivilegedProcess
            ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute : UnixFileMode.None;
        File.SetUnixFileMode(closed, mode);
        try
        {
            var refused = await Assert.ThrowsAsync<SetUpException>(() => folder.StartAsync());
            Assert.Contains(closed, refused.Message, StringComparison.Ordinal);
            Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Where_there_are_no_sockets_loopback_asks_for_the_password()
    {
        using var folder = new PrivateFolder();
        await using var server = await folder.StartAsync(options => options with { Loopback = true });
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        await using var second = await folder.StartAsync(options => options with { Loopback = true });

        Assert.Equal("127.0.0.1", connection.Host);
        Assert.Equal(server.ConnectionString, second.ConnectionString);
        Assert.Equal("ledger", await PrivateFolder.AskAsync(server.ConnectionString, "select current_database()"));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(folder.Root, "postgres.password")));
        Assert.False(File.Exists(Path.Combine(folder.Root, "postgres.password.new")));

        connection.Password = "guessed";
        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => PrivateFolder.AskAsync(connection.ConnectionString, "select 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }
}

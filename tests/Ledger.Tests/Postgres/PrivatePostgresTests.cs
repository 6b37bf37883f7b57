using System.Globalization;
using Ledger.Api;
using Ledger.Api.Postgres;
using Npgsql;

namespace Ledger.Tests.Postgres;

/// <summary>Several processes, orderly ends and killed ones, on one data folder.</summary>
public sealed class PrivatePostgresTests(PrivateFolder folder) : IClassFixture<PrivateFolder>
{
    [Fact]
    public async Task The_last_of_two_users_stops_the_server()
    {
        await using var first = await folder.StartAsync();
        await using var second = await folder.StartAsync();
        var postmaster = folder.Postmaster;

        await first.DisposeAsync();
        var answer = await PrivateFolder.AskAsync(second.ConnectionString, "select 'still there'");
        await second.DisposeAsync();
        await folder.AllEndAsync();

        Assert.Equal("still there", answer);
        Assert.False(IsAlive(postmaster));
        Assert.False(File.Exists(Path.Combine(folder.Data, "postmaster.pid")));
    }

    [Fact]
    public async Task Another_process_that_runs_the_server_is_joined_and_outlived()
    {
        await using var owner = await OwnerProcess.StartAsync(folder.Root);
        var postmaster = folder.Postmaster;
        await using var joined = await folder.StartAsync();
        Assert.Equal(postmaster, folder.Postmaster);

        Assert.Equal(0, await owner.TerminateAsync());
        Assert.Equal("1", await PrivateFolder.AskAsync(joined.ConnectionString, "select 1"));

        await joined.DisposeAsync();
        await folder.AllEndAsync();
    }

    [Fact]
    public async Task The_server_of_a_killed_owner_is_used_and_stopped_by_the_next()
    {
        await using var owner = await OwnerProcess.StartAsync(folder.Root);
        await PrivateFolder.AskAsync(owner.ConnectionString, "create table if not exists kept as select 7 as n");
        var postmaster = folder.Postmaster;
        await owner.KillAsync();
        Assert.True(IsAlive(postmaster));

        await using var next = await folder.StartAsync();
        Assert.Equal(postmaster, folder.Postmaster);
        Assert.Equal("7", await PrivateFolder.AskAsync(next.ConnectionString, "select n from kept"));

        await next.DisposeAsync();
        await folder.AllEndAsync();
    }

    [Fact]
    public async Task A_killed_server_is_started_again_with_what_was_committed()
    {
        await using var before = await folder.StartAsync();
        await PrivateFolder.AskAsync(before.ConnectionString, "create table survivor as select 11 as n");
        ServerProcesses.Signal("KILL", [folder.Postmaster]);

        await using var after = await folder.StartAsync();
        Assert.Equal("11", await PrivateFolder.AskAsync(after.ConnectionString, "select n from survivor"));
    }

    [Fact]
    public async Task A_server_that_ends_under_its_user_is_started_again_where_it_was()
    {
        const string again = "The private PostgreSQL had ended and runs again.";
        var runs = new TaskCompletionSource();
        await using var server = await folder.StartAsync(options => options with
        {
            Say = said => _ = said == again && runs.TrySetResult(),
        });
        await PrivateFolder.AskAsync(server.ConnectionString, "create table if not exists kept_on as select 12 as n");
        ServerProcesses.Signal("KILL", [folder.Postmaster]);

        await runs.Task.WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal("12", await PrivateFolder.AskAsync(server.ConnectionString, "select n from kept_on"));
        await server.DisposeAsync();
        await folder.AllEndAsync();
    }

    [Fact]
    public async Task What_a_killed_server_leaves_working_is_ended_after_a_while()
    {
        await using var before = await folder.StartAsync();
        var busy = new NpgsqlConnectionStringBuilder(before.ConnectionString) { Pooling = false, CommandTimeout = 0 };
        await using var connection = new NpgsqlConnection(busy.ConnectionString);
        await connection.OpenAsync();
        var session = connection.ProcessID;
        await using var command = new NpgsqlCommand(
            "select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b", connection);
        var work = command.ExecuteScalarAsync();
        ServerProcesses.Signal("KILL", [folder.Postmaster]);

        var said = new List<string>();
        await using var after = await folder.StartAsync(
            options => options with { Patience = TimeSpan.FromSeconds(2), Say = said.Add });

        await Assert.ThrowsAnyAsync<Exception>(() => work);
        Assert.False(IsAlive(session));
        Assert.Equal([$"Ending what is left of a killed PostgreSQL in {folder.Data}."], said.Distinct());
        Assert.Equal("1", await PrivateFolder.AskAsync(after.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task A_server_that_is_frozen_is_ended_and_started_anew()
    {
        await using var before = await folder.StartAsync();
        var frozen = folder.Postmaster;
        ServerProcesses.Signal("STOP", [frozen]);

        await using var after = await folder.StartAsync(options => options with { Patience = TimeSpan.FromSeconds(1) });

        Assert.False(IsAlive(frozen));
        Assert.Equal("1", await PrivateFolder.AskAsync(after.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task A_pid_file_that_names_another_living_program_does_not_hinder_the_start()
    {
        await using (await folder.StartAsync())
        {
        }

        var other = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(
            Path.Combine(folder.Data, "postmaster.pid"), $"{other}\n{folder.Data}\n1700000000\n5432\n/nowhere\n\n");

        await using var server =
            await folder.StartAsync(options => options with { Patience = TimeSpan.FromSeconds(5) });
        Assert.Equal("1", await PrivateFolder.AskAsync(server.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task Settings_that_lose_committed_work_are_refused_and_the_server_is_stopped()
    {
        foreach (var name in new[] { "fsync", "full_page_writes", "synchronous_commit" })
        {
            var refused = await Assert.ThrowsAsync<SetUpException>(() => folder.StartAsync(
                options => options with { Settings = new Dictionary<string, string> { [name] = "off" } }));
            Assert.Equal(
                $"The server runs with {name} = off and may lose what it has confirmed. "
                + $"Set {name} = on (postgresql.conf, role and database settings) and start again.",
                refused.Message);
            await folder.AllEndAsync();
        }
    }

    [Fact]
    public async Task A_setting_that_the_server_refuses_is_told_in_its_own_words()
    {
        var refused = await Assert.ThrowsAsync<SetUpException>(() => folder.StartAsync(
            options => options with { Settings = new Dictionary<string, string> { ["max_connections"] = "many" } }));
        Assert.StartsWith(
            $"The private PostgreSQL in {folder.Root} does not start:", refused.Message, StringComparison.Ordinal);
        Assert.Contains("max_connections", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_listens_on_a_socket_only_that_others_cannot_reach()
    {
        await using var server = await folder.StartAsync();
        var socket = await PrivateFolder.AskAsync(server.ConnectionString, "show unix_socket_directories");

        Assert.Equal("\"" + Path.Combine(folder.Root, "socket") + "\"", socket);
        Assert.Equal(string.Empty, await PrivateFolder.AskAsync(server.ConnectionString, "show listen_addresses"));
        Assert.Equal("on", await PrivateFolder.AskAsync(server.ConnectionString, "show data_checksums"));
        Assert.Equal("C", await PrivateFolder.AskAsync(server.ConnectionString, "show lc_collate"));
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(own, File.GetUnixFileMode(Path.Combine(folder.Root, "socket")));
        Assert.Equal(own, File.GetUnixFileMode(folder.Data));
    }

    internal static bool IsAlive(int process) =>
        Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}"))
        && !File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"))
            .Contains(") Z ", StringComparison.Ordinal);
}

using Ledger.Api.Postgres;
using Ledger.Tests.Backup;
using Ledger.Tests.Http;
using Npgsql;

namespace Ledger.Tests.Faults;

/// <summary>
/// A backup or a restore as a process is held up in the middle by a lock, and there it is killed or loses its
/// connection: nothing is half done, and the same command does it.
/// </summary>
public sealed class BackupFaultTests(ApiHost host) : IClassFixture<ApiHost>
{
    /// <summary>The last table that a backup writes.</summary>
    private const string LastTable = "lock table ledger.key_use in access exclusive mode";

    /// <summary>What a load writes when its first tables are in, before anything counts.</summary>
    private const string Statistics = "lock table pg_catalog.pg_statistic in share mode";

    /// <summary>What every append waits for: the first comes when the rows count.</summary>
    private const string Appends = "select pg_advisory_xact_lock(7305804402566423141)";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_backup_that_is_killed_or_loses_its_connection_leaves_no_file_of_the_name_and_the_next_one_does(
        bool isKilled)
    {
        using var folder = new BackupFolder();
        var superuser = new NpgsqlConnectionStringBuilder(host.Ledger.ConnectionString) { Username = "postgres" };
        var file = folder.PathOf("ledger.backup");
        await using (var held = await Held.TakeAsync(superuser.ConnectionString, LastTable))
        {
            using var backup = CommandProcess.Start(
                "backup", file, "--connection", host.Ledger.ConnectionString, "--data", host.DataFolder);
            await held.EndAsync(backup, isKilled, "select count(*) from ledger.key_use%");
        }

        Assert.False(File.Exists(file));
        Assert.Equal(isKilled ? 1 : 0, Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*.part").Count());
        await using var database = await TestDatabase.CreateAsync();
        Assert.Equal(file, await folder.BackUpAsync(host));
        Assert.Equal(0, (await BackupFolder.RestoreAsync(file, database, folder.Data("data").FullName)).Code);
    }

    [Theory]
    [InlineData(Statistics, true)]
    [InlineData(Statistics, false)]
    [InlineData(Appends, true)]
    public async Task A_restore_that_is_killed_or_loses_its_connection_leaves_no_rows_or_all_and_is_gone_on_with(
        string held, bool isKilled)
    {
        using var folder = new BackupFolder();
        var file = await folder.BackUpAsync(host);
        await using var database = await TestDatabase.CreateAsync();
        var data = folder.Data("data").FullName;
        var head = await host.Ledger.Store.HeadAsync();
        await using (var lockHeld = await Held.TakeAsync(database.SuperuserConnectionString, held))
        {
            using var restore = CommandProcess.Start(
                "restore", file, "--connection", database.SuperuserConnectionString, "--data", data);
            await lockHeld.EndAsync(restore, isKilled);
        }

        await Held.NobodyElseAsync(database.SuperuserConnectionString);
        Assert.Equal([held == Statistics ? "0" : $"{head}"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString,
            $"select count(*)::text from public.mt_events where seq_id <= {head}"));
        var (code, output, error) = await BackupFolder.RestoreAsync(file, database, data);
        Assert.True(code == 0, output + error);
        Assert.Equal(["1"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString,
            "select count(*)::text from public.mt_events where type = 'ledger_restored'"));
    }

    [FactWhere(Ability.Mount)]
    public async Task A_disk_that_is_full_leaves_no_file_and_says_so()
    {
        var disk = Directory.CreateTempSubdirectory("backoffice-disk-").FullName;
        Assert.Equal(0, Tool.Run("mount", ["-t", "tmpfs", "-o", "size=8k,mode=700", "tmpfs", disk]).ExitCode);
        try
        {
            using var backup = CommandProcess.Start(
                "backup", Path.Combine(disk, "ledger.backup"), "--connection", host.Ledger.ConnectionString, "--data",
                host.DataFolder);
            var (code, printed) = await backup.EndAsync();

            Assert.Equal(1, code);
            Assert.Contains("ledger.backup' cannot be written: ", printed, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(disk));
        }
        finally
        {
            Assert.Equal(0, Tool.Run("umount", [disk]).ExitCode);
            Directory.Delete(disk);
        }
    }

    /// <summary>A lock that the command waits for.</summary>
    private sealed class Held(NpgsqlConnection connection) : IAsyncDisposable
    {
        public static async Task<Held> TakeAsync(string superuser, string statement)
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(superuser)
            {
                Pooling = false,
            }.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"begin; {statement}", connection);
            await command.ExecuteNonQueryAsync();
            return new(connection);
        }

        /// <summary>As soon as a session of the database waits for it that asked something like this.</summary>
        public async Task EndAsync(CommandProcess waiting, bool isKilled, string question = "%")
        {
            // Within a transaction one sees the sessions of its beginning.
            await using var looking = new NpgsqlConnection(connection.ConnectionString);
            await looking.OpenAsync();
            var sessions = $"pg_stat_activity where {connection.ProcessID} = any (pg_blocking_pids(pid)) "
                + $"and datname = current_database() and query like '{question}'";
            using var patience = new CancellationTokenSource(Patience);
            while (await CountAsync(looking, $"select count(*) from {sessions}") == 0)
            {
                Assert.False(patience.IsCancellationRequested, "Nobody waits for the lock.");
                await Task.Delay(20, CancellationToken.None);
            }

            if (isKilled)
            {
                await waiting.KillAsync();
                return;
            }

            await CountAsync(looking, $"select count(pg_terminate_backend(pid)) from {sessions}");
            var (code, printed) = await waiting.EndAsync();
            Assert.Equal(1, code);
            Assert.DoesNotContain("fault of the program", printed, StringComparison.Ordinal);
        }

        /// <summary>What a killed process asked of the server is over, too.</summary>
        public static async Task NobodyElseAsync(string superuser)
        {
            using var patience = new CancellationTokenSource(Patience);
            await using var connection = new NpgsqlConnection(superuser);
            await connection.OpenAsync();
            while (await CountAsync(
                connection, "select count(*) from pg_stat_activity where datname = current_database() "
                    + "and pid <> pg_backend_pid() and backend_type = 'client backend'") > 0)
            {
                Assert.False(patience.IsCancellationRequested, "Somebody is still connected.");
                await Task.Delay(20, CancellationToken.None);
            }
        }

        public async ValueTask DisposeAsync() => await connection.DisposeAsync();

        private static async Task<long> CountAsync(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}

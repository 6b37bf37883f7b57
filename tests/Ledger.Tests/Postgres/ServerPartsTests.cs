using Ledger.Api;
using Ledger.Api.Postgres;

namespace Ledger.Tests.Postgres;

/// <summary>What can be said of the private server without running one.</summary>
public sealed class ServerPartsTests
{
    private const long Gibibyte = 1L << 30;

    [Theory]
    [InlineData(64, 500, "1024MB", "8192MB", "4096MB")]
    [InlineData(4, 20, "512MB", "4096MB", "2048MB")]
    [InlineData(1, 3, "128MB", "614MB", "307MB")]
    [InlineData(1, 0, "128MB", "128MB", "64MB")]
    public void Buffers_and_log_follow_what_the_machine_has(
        long memory, long disk, string buffers, string logMax, string logMin)
    {
        var settings = ServerSettings.For(memory * Gibibyte, disk * Gibibyte);
        Assert.Equal(
            (buffers, logMax, logMin),
            (settings["shared_buffers"], settings["max_wal_size"], settings["min_wal_size"]));
    }

    [Fact]
    public void Nothing_that_keeps_committed_work_is_ever_switched() =>
        Assert.Empty(ServerSettings.For(Gibibyte, Gibibyte).Keys.Intersect(
            ["fsync", "full_page_writes", "synchronous_commit"]));

    [Fact]
    public void Settings_are_quoted_as_the_server_reads_them() => Assert.Equal(
        """
        # Written at every start. What postgresql.conf says below its include of this file wins.
        name = 'it''s'
        port = '5432'
        listen_addresses = ''
        unix_socket_directories = '"/data/o''brien ""x""/socket"'
        unix_socket_permissions = '0700'

        """,
        ServerSettings.Write(new Dictionary<string, string> { ["name"] = "it's" }, "/data/o'brien \"x\"/socket", 5432));

    [Fact]
    public void The_newest_version_makes_new_data_and_the_version_that_made_them_reads_old_ones()
    {
        PostgresBinaries[] found = [new("/a", 14), new("/b", 15), new("/c", 17)];
        Assert.Equal(found[2], PostgresBinaries.Choose(found, null));
        Assert.Equal(found[1], PostgresBinaries.Choose(found, 15));
    }

    [Fact]
    public void Versions_below_fifteen_do_not_count()
    {
        var refused = Assert.Throws<SetUpException>(() => PostgresBinaries.Choose([new("/a", 14)], null));
        Assert.StartsWith(
            "PostgreSQL 15 or newer is not installed here (found: 14). Install it (",
            refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_user_is_taken_from_the_accounts_and_is_never_root()
    {
        string[] accounts =
            ["root:x:0:0::/root:/bin/sh", "toor:x:0:0::/:/bin/sh", "postgres:x:101:104:,,,:/var:/bin/sh"];
        Assert.Equal(new ServerUser("postgres", 101, 104), ServerUser.Find(accounts, "postgres"));
        Assert.Null(ServerUser.Find(accounts, "toor"));
        Assert.Null(ServerUser.Find(accounts, "nobody"));
    }

    [Theory]
    [InlineData("FATAL:  lock file \"postmaster.pid\" already exists", true)]
    [InlineData("FATAL:  pre-existing shared memory block (key 5432001, ID 0) is still in use", true)]
    [InlineData("FATAL:  could not create shared memory segment: No space left on device", false)]
    public void Only_the_remains_of_a_killed_server_are_waited_for(string words, bool passes) =>
        Assert.Equal(passes, ServerControl.PassesByItself(words));

    [Theory]
    [InlineData("LOG:  starting\nFATAL:  could not write lock file \"postmaster.pid\": No space left on device", true)]
    [InlineData("PANIC:  could not write to file \"pg_wal/xlogtemp.12\": No space left on device", true)]
    [InlineData("FATAL:  could not create shared memory segment: No space left on device", false)]
    [InlineData("FATAL:  could not resize shared memory segment: No space left on device", false)]
    public void A_disk_without_room_is_told_from_memory_without_room(string words, bool isFull) =>
        Assert.Equal(isFull, ServerControl.IsDiskFull(words));

    [Fact]
    public void Processes_of_a_folder_are_read_from_a_listing_of_open_files() => Assert.Equal(
        [11, 13],
        ServerProcesses.ParseListing("p11\nfcwd\nn/data\np12\nfcwd\nn/data2\np13\nfcwd\nn/data\n", "/data"));

    [Fact]
    public void A_pid_file_is_understood_while_the_server_is_still_writing_it()
    {
        var data = Directory.CreateTempSubdirectory("backoffice-test-").FullName;
        var file = Path.Combine(data, "postmaster.pid");
        try
        {
            Assert.Null(PidFile.Read(data));
            File.WriteAllText(file, string.Empty);
            Assert.Null(PidFile.Read(data));
            File.WriteAllText(file, "4711\n/data\n1700000000\n");
            Assert.Equal(new PidFile(4711, null, null), PidFile.Read(data));
            File.WriteAllText(file, "4711\n/data\n1700000000\n5432\n/data/socket\n\n  5432001 0\nready   \n");
            Assert.Equal(new PidFile(4711, 5432, "/data/socket"), PidFile.Read(data));
            File.WriteAllText(file, "4711\n/data\n1700000000\n40123\n\n127.0.0.1\n");
            Assert.Equal(new PidFile(4711, 40123, null), PidFile.Read(data));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}

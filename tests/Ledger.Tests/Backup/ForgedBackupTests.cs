using Ledger.Api.Backup;
using Ledger.Tests.Http;
using Ledger.Tests.People;

namespace Ledger.Tests.Backup;

/// <summary>Whoever can write the file can seal it anew, so what is left out of it must be missed.</summary>
public sealed class ForgedBackupTests
{
    private static readonly string[] Logs =
    [
        "ledger.leaf", "ledger.subtree", "ledger.checkpoint", "ledger.logged_checkpoint", "ledger.cosignature",
    ];

    /// <summary>All that was ever signed; without how far the logs are, there seem to be none yet.</summary>
    private static readonly string[] Signed = [.. Logs, "public.mt_event_progression"];

    [Fact]
    public async Task A_table_that_is_left_out_is_missed_also_where_the_file_says_to_be_of_before_it_was()
    {
        using var folder = new BackupFolder();
        await using var own = await SignedAsync();
        await using var database = await TestDatabase.CreateAsync();
        var file = await folder.BackUpAsync(own.Host);

        await RefusedAsync(
            await folder.ResealAsync(file, Without),
            "has the table ledger.leaf 0 times in it: rows were left out of it or added. Nothing was restored");
        await RefusedAsync(
            await folder.ResealAsync(file, manifest => manifest with
            {
                Tables = [.. manifest.Tables, manifest.Tables[0]],
            }),
            "has the table public.mt_streams 2 times in it");
        await RefusedAsync(
            await folder.ResealAsync(file, manifest => Without(manifest) with { Schema = 9 }),
            "What the backup holds is not what was signed: ledger.checkpoint is empty, although this ledger has a key "
            + "that signs its audit logs");

        async Task RefusedAsync(string forged, string words)
        {
            var (code, _, error) = await BackupFolder.RestoreAsync(forged, database, folder.Data("data").FullName);
            Assert.Equal(1, code);
            Assert.Contains(words, error, StringComparison.Ordinal);
            Assert.Equal(["0"], await BackupFolder.RowsAsync(
                database.SuperuserConnectionString, "select count(*)::text from public.mt_events"));
        }
    }

    [Fact]
    public async Task Logs_that_were_emptied_are_missed_and_without_a_checkpoint_kept_apart_it_is_said_what_vouches()
    {
        using var folder = new BackupFolder();
        await using var own = await SignedAsync();
        await using var database = await TestDatabase.CreateAsync();
        var honest = await folder.BackUpAsync(own.Host, "honest");
        await own.Host.ExecuteAsSuperuserAsync("""
            begin;
            set local session_replication_role = replica;
            update public.mt_events set timestamp = timestamp - interval '1 hour' where seq_id = 1;
            commit
            """);
        var forged = await folder.ResealAsync(
            await folder.BackUpAsync(own.Host), manifest => manifest with { Checkpoint = null }, Signed);

        var (code, _, error) = await BackupFolder.RestoreAsync(forged, database, folder.Data("data").FullName);
        Assert.Equal(1, code);
        Assert.Contains("ledger.checkpoint is empty, although", error, StringComparison.Ordinal);

        (code, _, error) = await BackupFolder.RestoreAsync(honest, database, folder.Data("data").FullName);
        Assert.Equal(0, code);
        Assert.Contains("Nothing outside the file vouches for what it holds", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "leaves, and the ledger that is there had signed ")]
    [InlineData(false, " leaves than the ledger that is there has signed")]
    public async Task What_the_ledger_that_is_there_has_signed_is_held_against_what_takes_its_place(
        bool isEmptied, string words)
    {
        using var folder = new BackupFolder();
        await using var own = await SignedAsync();
        var host = own.Host;

        // What was signed long before the backup is in it.
        await ChangeAsync(host, "update ledger.checkpoint set made = made - interval '1 hour'");
        var honest = await folder.BackUpAsync(host, "honest");
        var forged = await folder.BackUpAsync(host, "forged");
        if (isEmptied)
        {
            await host.RestartAsync(async database =>
            {
                // Nothing of it is signed: only what stands outside of the file tells.
                var emptied = await folder.ResealAsync(forged, manifest => manifest with { Checkpoint = null }, Signed);
                await RefusedAsync(database, emptied);
                await TakenAsync(database, honest);
            });
            return;
        }

        // As if the ledger that is there had signed something else under the same ids.
        await ChangeAsync(host, """
            update ledger.checkpoint set note = regexp_replace(note, '[A-Za-z0-9+/]{43}=', repeat('A', 43) || '=')
            """);
        await host.RestartAsync(async database => await RefusedAsync(database, honest));

        async Task RefusedAsync(TestDatabase database, string file)
        {
            var (code, _, error) = await BackupFolder.RestoreAsync(
                file, database, host.DataFolder, "--replace", "--older");
            Assert.Equal(1, code);
            Assert.Contains("What the backup holds is not what was signed: the log ", error, StringComparison.Ordinal);
            Assert.Contains(words, error, StringComparison.Ordinal);
            Assert.Empty(await BackupFolder.DropAsideAsync(database));
        }

        async Task TakenAsync(TestDatabase database, string file)
        {
            var (code, output, error) = await BackupFolder.RestoreAsync(
                file, database, host.DataFolder, "--replace", "--older");
            Assert.True(code == 0, output + error);
            Assert.DoesNotContain("Nothing outside the file vouches", error, StringComparison.Ordinal);
            await BackupFolder.DropAsideAsync(database);
        }
    }

    private static BackupManifest Without(BackupManifest manifest) => manifest with
    {
        Checkpoint = null,
        Tables = [.. manifest.Tables.Where(table => !Logs.Contains(table.Name))],
    };

    private static Task ChangeAsync(ApiHost host, string sql) => host.ExecuteAsSuperuserAsync(
        $"begin; set local session_replication_role = replica; {sql}; commit");

    /// <summary>A ledger whose first events are signed.</summary>
    private static async Task<OwnHost> SignedAsync()
    {
        var own = new OwnHost(await ApiHost.StartAsync());
        var books = own.Host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        while ((await books.SendAsync(Step.Get("/audit/checkpoint"))).Status != 200)
        {
            await Task.Delay(50);
        }

        return own;
    }
}

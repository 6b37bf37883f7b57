using Ledger.Tests.Http;
using Ledger.Tests.People;
using Ledger.Tests.Roles;

namespace Ledger.Tests.Backup;

/// <summary>What is restored is what was signed, and not less than a checkpoint that was kept.</summary>
public sealed class RestoreAuditTests
{
    [Fact]
    public async Task The_audit_logs_go_on_where_they_were_and_a_kept_checkpoint_tells_an_older_backup()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var books = own.Host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        var earlier = await CheckpointAsync(books);
        var file = await folder.BackUpAsync(own.Host);
        (await books.SendAsync(Steps.Sale("later"))).Is(201);
        await File.WriteAllTextAsync(folder.PathOf("later.checkpoint"), await CheckpointAsync(books));
        await File.WriteAllTextAsync(folder.PathOf("earlier.checkpoint"), earlier);

        var (database, data) = (await TestDatabase.CreateAsync(), folder.Data("data"));
        File.Copy(Path.Combine(own.Host.DataFolder, "audit.key"), Path.Combine(data.FullName, "audit.key"));
        var (code, _, error) = await BackupFolder.RestoreAsync(
            file, database, data.FullName, "--checkpoint", folder.PathOf("later.checkpoint"));
        Assert.Equal(1, code);
        Assert.Contains(
            $"The backup is older than '{folder.PathOf("later.checkpoint")}': the log {earlier.Split('\n')[0]} has 6 "
            + "leaves in it, and 7 in that checkpoint. Nothing was restored. If that is meant, say --older.",
            error, StringComparison.Ordinal);
        Assert.Equal(["0"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString, "select count(*)::text from public.mt_events"));

        (code, var output, error) = await BackupFolder.RestoreAsync(
            file, database, data.FullName, "--checkpoint", folder.PathOf("earlier.checkpoint"));
        Assert.True(code == 0, output + error);
        Assert.DoesNotContain("audit.key", output, StringComparison.Ordinal);
        var restored = await ApiHost.StartOnAsync(database, data);
        try
        {
            // Unless that is grown already by what says that it was restored.
            Assert.Equal([earlier], await BackupFolder.RowsAsync(
                database.SuperuserConnectionString,
                $"select note from ledger.checkpoint where company = '{books.Company}' and size = 6"));
            (await restored.GetAsync($"/companies/{books.Company}/audit/checkpoint")).Is(200);
            Assert.Equal(0, (await CommandRun.RunAsync(
                "verify", "--connection", database.ConnectionString, "--data", data.FullName)).Code);
        }
        finally
        {
            await restored.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_checkpoint_of_another_ledger_is_refused_also_where_the_backup_may_be_older()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        await using var other = new OwnHost(await ApiHost.StartAsync());
        var books = other.Host.Given(Steps.Company);
        await books.PrepareAsync();
        await File.WriteAllTextAsync(folder.PathOf("checkpoint"), await CheckpointAsync(books));
        var file = await folder.BackUpAsync(own.Host);
        await using var database = await TestDatabase.CreateAsync();

        var (code, _, error) = await BackupFolder.RestoreAsync(
            file, database, folder.Data("data").FullName, "--older", "--checkpoint", folder.PathOf("checkpoint"));

        Assert.Equal(1, code);
        Assert.Contains(
            "that is not of the ledger backoffice-", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_of_a_ledger_in_which_somebody_changed_a_digit_is_refused_and_names_the_event()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var books = own.Host.Given([.. Steps.CompanyWithChart, Steps.Sale("sale")]);
        await books.PrepareAsync();
        await CheckpointAsync(books);
        var sale = (await books.RecordedAsync())[^1];
        await own.Host.ExecuteAsSuperuserAsync($"""
            begin;
            set local session_replication_role = replica;
            update public.mt_events set data = replace(data::text, '12.00', '72.00')::jsonb
            where seq_id = {sale.Sequence};
            commit
            """);
        var file = await folder.BackUpAsync(own.Host);
        await using var database = await TestDatabase.CreateAsync();

        var (code, _, error) = await BackupFolder.RestoreAsync(file, database, folder.Data("data").FullName);

        Assert.Equal(1, code);
        Assert.Contains(
            $"What the backup holds is not what was signed: event {sale.Sequence} ({books.Company} / "
            + "journal-entry/sale, version 1) is not as it was recorded: its row in public.mt_events was changed, or "
            + "its leaf. Nothing was restored", error, StringComparison.Ordinal);
        Assert.Equal(["0"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString, "select count(*)::text from public.mt_events"));

        var told = await BackupFolder.RestoreAsync(file, database, folder.Data("data").FullName, "--changed");
        Assert.Equal(0, told.Code);
        Assert.Contains(
            $"Not what was signed: event {sale.Sequence} ({books.Company}", told.Error, StringComparison.Ordinal);
    }

    /// <summary>One that covers all that the company has recorded.</summary>
    private static async Task<string> CheckpointAsync(Scenario books)
    {
        var size = (await books.EventsAsync()).Count;
        while (true)
        {
            var answer = await books.SendAsync(Step.Get("/audit/checkpoint"));
            if (answer.Status == 200 && answer.Body.Split('\n')[1] == $"{size}")
            {
                return answer.Body;
            }

            await Task.Delay(50);
        }
    }
}

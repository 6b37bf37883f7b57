using Ledger.Tests.Http;
using Ledger.Tests.People;

namespace Ledger.Tests.Backup;

/// <summary>What the key signed last does not stand in the way of whoever restores an earlier ledger on
/// purpose.</summary>
public sealed class RestoreSignedTests
{
    [Fact]
    public async Task After_an_earlier_ledger_was_put_back_its_logs_go_on_and_the_operator_is_told()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var (books, file) = await SignedSinceAsync(own.Host, folder);
        var ledger = (await own.Host.Ledger.AuditKeys.KeysAsync(CancellationToken.None)).Ledger!;
        var signed = own.Host.Ledger.AuditKeys.Signing.Last(ledger)!;

        await own.Host.RestartAsync(async database =>
        {
            var (code, output, error) = await BackupFolder.RestoreAsync(
                file, database, own.Host.DataFolder, "--replace", "--older");
            Assert.True(code == 0, output + error);
            Assert.Contains(
                $"The key here has signed {signed.Size} leaves of the log over all audit logs; the restored one has ",
                error, StringComparison.Ordinal);
            Assert.Contains("On every other machine with a copy of the key", error, StringComparison.Ordinal);
            await BackupFolder.DropAsideAsync(database);
        });

        (await books.SendAsync(Steps.Sale("instead"))).Is(201);
        await own.Host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        (await books.SendAsync(Step.Get("/audit/entries/instead"))).Is(200);
        Assert.NotNull(own.Host.Ledger.AuditKeys.Signing.Last(ledger));
        Assert.Single(
            Directory.GetFiles(own.Host.DataFolder), each => each.Contains(".signed.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_does_not_hold_what_was_signed_last_is_refused_before_anything_is_done()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        await own.Host.Given(Steps.CompanyWithChart).PrepareAsync();
        await own.Host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        var file = await folder.BackUpAsync(own.Host);
        var path = Directory.GetFiles(own.Host.DataFolder, "audit.key.*.signed").Single();
        var kept = await File.ReadAllTextAsync(path);

        await own.Host.RestartAsync(async database =>
        {
            await File.WriteAllTextAsync(path, "torn");
            var (code, output, error) = await BackupFolder.RestoreAsync(
                file, database, own.Host.DataFolder, "--replace");
            Assert.NotEqual(0, code);
            Assert.Contains(
                "does not hold the checkpoint that was signed last", output + error, StringComparison.Ordinal);
            await File.WriteAllTextAsync(path, kept);
        });
    }

    [Fact]
    public async Task A_restore_beside_the_ledger_leaves_alone_what_was_signed_last_of_it()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var (_, file) = await SignedSinceAsync(own.Host, folder);
        await using var beside = await TestDatabase.CreateMigratedAsync();

        var (code, output, error) = await BackupFolder.RestoreAsync(file, beside, own.Host.DataFolder);

        Assert.True(code == 0, output + error);
        Assert.Contains("If it is to take the place of the ledger, move '", error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(own.Host.DataFolder, "audit.key.*.signed"));
        Assert.DoesNotContain(
            Directory.GetFiles(own.Host.DataFolder), each => each.Contains(".signed.", StringComparison.Ordinal));
    }

    /// <summary>A backup of books to which something was added and signed since.</summary>
    private static async Task<(Scenario Books, string File)> SignedSinceAsync(ApiHost host, BackupFolder folder)
    {
        var books = host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        var file = await folder.BackUpAsync(host);
        (await books.SendAsync(Steps.Sale("later"))).Is(201);
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        return (books, file);
    }
}

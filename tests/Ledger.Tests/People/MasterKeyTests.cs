using Ledger.Api;
using Ledger.Api.People;
using Ledger.Tests.Http;
using static Ledger.Tests.People.PeopleSteps;
using Program = Ledger.Api.CommandLine.CommandLine;

namespace Ledger.Tests.People;

/// <summary>The file of the master key as its owner meets it.</summary>
public sealed class MasterKeyTests
{
    [Fact]
    public async Task A_start_without_the_right_master_key_says_so_and_loses_nothing()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var host = own.Host;
        var books = host.Given([.. BulgarianBooks, SaleTo("e1", "p-17", "Ana Petrova")]);
        await books.PrepareAsync();
        var file = Path.Combine(host.DataFolder, MasterKeyFile.FileName);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        var key = await File.ReadAllTextAsync(file);

        File.Delete(file);
        var missing = await RefusedAsync(host);
        await File.WriteAllTextAsync(file, "bo_master_" + new string('A', 43));
        var wrong = await RefusedAsync(host);
        await File.WriteAllTextAsync(file, "nonsense");
        var garbage = await RefusedAsync(host);
        await File.WriteAllTextAsync(file, key);
        await host.RestartAsync();

        Assert.Contains($"'{file}' is missing. Put that key back", missing, StringComparison.Ordinal);
        Assert.Contains($"'{file}' holds another one", wrong, StringComparison.Ordinal);
        Assert.Contains($"'{file}' holds no master key", garbage, StringComparison.Ordinal);
        Assert.Equal("Ana Petrova", await NameAsync(books, "e1"));
    }

    [Fact]
    public async Task The_master_key_is_exchanged_while_the_service_runs()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var host = own.Host;
        var books = host.Given([.. BulgarianBooks, SaleTo("e1", "p-17", "Ana Petrova")]);
        await books.PrepareAsync();
        var file = Path.Combine(host.DataFolder, MasterKeyFile.FileName);
        var before = await File.ReadAllTextAsync(file);
        var output = new StringWriter();

        var code = await Program.RunAsync(
            ["master-key", "rotate", "--data", host.DataFolder, "--connection", host.Ledger.ConnectionString],
            output, output);
        (await books.SendAsync(SaleTo("e2", "p-18", "Boris"))).Is(201);

        Assert.True(code == 0, output.ToString());
        Assert.StartsWith(
            "The master key was exchanged and 2 keys wrapped anew.", output.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(before, await File.ReadAllTextAsync(file));
        Assert.False(File.Exists(file + ".next"));
        await host.RestartAsync();
        await host.Ledger.Books.WaitForAsync(await host.Ledger.Store.HeadAsync(), TimeSpan.FromSeconds(30));
        Assert.Equal(("Ana Petrova", "Boris"), (await NameAsync(books, "e1"), await NameAsync(books, "e2")));
        await File.WriteAllTextAsync(file, before);
        Assert.Contains("holds another one", await RefusedAsync(host), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, before);
    }

    private static async Task<string> RefusedAsync(ApiHost host) =>
        (await Assert.ThrowsAsync<SetUpException>(() => LedgerHost.OpenAsync(host.Ledger.Settings, _ => { }))).Message;
}

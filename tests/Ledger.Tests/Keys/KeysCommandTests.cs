using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;
using Program = Ledger.Api.CommandLine.CommandLine;

namespace Ledger.Tests.Keys;

/// <summary>Keys as whoever runs the machine issues and ends them, beside a service that runs.</summary>
public sealed class KeysCommandTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_key_is_created_listed_rotated_and_revoked()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        var keys = new CompanyKeys(host, books.Company);
        string[] shop = ["--company", books.Company, "--id", "shop"];

        var first = (await RunAsync(0, ["create", .. shop, "--role", "integrator", "--holder", "maria"])).Trim();
        (await keys.SendAsync(first, Sale("s1"))).Is(201);
        var again = await RunAsync(0, ["create", .. shop, "--role", "integrator", "--holder", "maria"]);
        Assert.Contains("rotate the key", again, StringComparison.Ordinal);
        Assert.Contains(
            "shop  key:", await RunAsync(0, ["list", "--company", books.Company]), StringComparison.Ordinal);

        var second = (await RunAsync(0, ["rotate", .. shop])).Trim();
        await UntilAsync(() => keys.SendAsync(second, Sale("s2")), 201);
        await RunAsync(0, ["revoke", .. shop, "--reason", "Lost"]);
        await UntilAsync(() => keys.SendAsync(second, Step.Get("/me")), 401);
        Assert.Contains("revoked", await RunAsync(0, ["list", "--company", books.Company]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_is_said_with_what_to_do()
    {
        string[] nobody = ["--company", "nobody", "--id", "shop"];
        Assert.StartsWith(
            "--role takes one of owner, ", await RunAsync(2, ["create", .. nobody, "--role", "boss"]),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "--from and --to take a date", await RunAsync(2, ["create", .. nobody, "--role", "owner", "--to", "soon"]),
            StringComparison.Ordinal);
        Assert.Contains(
            "register", await RunAsync(1, ["create", .. nobody, "--role", "owner"]), StringComparison.Ordinal);
        Assert.Contains(
            "There is no key 'shop'", await RunAsync(1, ["revoke", .. nobody]), StringComparison.Ordinal);
    }

    /// <summary>Other processes learn of a change within a second.</summary>
    private static async Task UntilAsync(Func<Task<ApiAnswer>> send, int status)
    {
        while ((await send()).Status != status)
        {
            await Task.Delay(50);
        }
    }

    /// <summary>What was printed: the output if there is any, else what was said beside it.</summary>
    private async Task<string> RunAsync(int code, string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var ended = await Program.RunAsync(
            ["keys", .. arguments, "--data", host.DataFolder, "--connection", host.Ledger.ConnectionString],
            output, error);
        Assert.True(ended == code, $"{ended}: {output}{error}");
        return output.ToString() is { Length: > 0 } printed ? printed : error.ToString();
    }
}

using Ledger.Api.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.People;
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

        var (_, said) = await TalkAsync(
            host, 0, ["create", .. shop[..3], "maria", "--role", "approver", "--holder", "maria"]);
        Assert.Contains("until the key has rotated itself", said, StringComparison.Ordinal);
        var (printed, ofShop) = await TalkAsync(host, 0, ["rotate", .. shop]);
        Assert.DoesNotContain("rotated itself", ofShop, StringComparison.Ordinal);
        var second = printed.Trim();
        await UntilAsync(() => keys.SendAsync(second, Sale("s2")), 201);
        await RunAsync(0, ["revoke", .. shop, "--reason", "Lost"]);
        await UntilAsync(() => keys.SendAsync(second, Step.Get("/me")), 401);
        Assert.Contains("revoked", await RunAsync(0, ["list", "--company", books.Company]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owners_key_is_rotated_in_its_file_and_revoked_and_then_there_is_another()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var file = OwnerKey.PathIn(own.Host.DataFolder);
        var first = own.Host.OwnerKeyText;
        Task<string> KeysAsync(string[] arguments) => RunAsync(own.Host, 0, arguments);
        Task<ApiAnswer> AskAsync(string key) => CompanyKeys.SendAsync(
            own.Host, key, ApiHost.Request(HttpMethod.Get, "/companies/acme/keys", null));

        Assert.StartsWith(
            $"{KeyText.PrefixOf(first)}  key:{KeyText.PrefixOf(first)}  held by owner  owner",
            await KeysAsync(["list", "--owner"]), StringComparison.Ordinal);
        await KeysAsync(["rotate", "--owner", "--overlap-hours", "0"]);
        var second = (await File.ReadAllTextAsync(file)).Trim();
        Assert.NotEqual(first, second);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal([file], Directory.GetFiles(own.Host.DataFolder, "owner.key*"));
        await UntilAsync(() => AskAsync(second), 404);
        await UntilAsync(() => AskAsync(first), 401);

        // A file from before the rotation opens nothing, and says so at the start.
        await File.WriteAllTextAsync(file, first);
        Assert.Contains(
            "was revoked or replaced: delete the file", await RunAsync(own.Host, 1, ["list", "--owner"]),
            StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, second);

        Assert.Contains("makes another key", await KeysAsync(["revoke", "--owner"]), StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        await UntilAsync(() => AskAsync(second), 401);
        await own.Host.RestartAsync();
        Assert.Equal(404, (await AskAsync(own.Host.OwnerKeyText)).Status);
        Assert.Equal(401, (await AskAsync(second)).Status);
        Assert.Contains("  revoked", await KeysAsync(["list", "--owner"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_rotation_that_was_killed_left_is_told_with_what_to_do()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var file = OwnerKey.PathIn(own.Host.DataFolder);
        var (unrecorded, recorded) = ($"{file}.0123456789abcdef", $"{file}.fedcba9876543210");
        Task<string> ListAsync(int code) => SayAsync(own.Host, code, ["list", "--owner"]);
        await File.WriteAllTextAsync($"{file}.bak", "of somebody else");
        await File.WriteAllTextAsync(unrecorded, KeyText.Make());
        var said = await ListAsync(0);
        Assert.Contains(unrecorded, said, StringComparison.Ordinal);
        Assert.Contains("opens nothing: delete it", said, StringComparison.Ordinal);
        Assert.DoesNotContain(".bak", said, StringComparison.Ordinal);
        File.Delete(unrecorded);

        // The rotation was recorded; the file was not yet exchanged.
        await RunAsync(own.Host, 0, ["rotate", "--owner", "--overlap-hours", "24"]);
        File.Move(file, recorded);
        await File.WriteAllTextAsync(file, own.Host.OwnerKeyText);
        Assert.Contains($"move {recorded} over {file}", await ListAsync(0), StringComparison.Ordinal);

        // Nor was it before the key in the file had ended.
        await RunAsync(own.Host, 0, ["rotate", "--owner", "--overlap-hours", "0"]);
        File.Move(file, recorded, overwrite: true);
        await File.WriteAllTextAsync(file, own.Host.OwnerKeyText);
        Assert.Contains(
            $"was revoked or replaced: move {recorded}", await ListAsync(1), StringComparison.Ordinal);
        File.Move(recorded, file, overwrite: true);
        Assert.Equal("", await ListAsync(0));
    }

    [Fact]
    public async Task A_full_disk_is_told_to_callers_and_at_the_start_in_one_line()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync());
        await own.Host.ExecuteAsSuperuserAsync("""
            create function public.full_disk() returns trigger language plpgsql as
                $$begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end$$;
            create trigger full_disk before insert on public.mt_events
                for each row execute function public.full_disk();
            """);
        var refused = (await own.Host.Given().SendAsync(Company)).IsProblem(503, "store-unavailable");
        Assert.StartsWith(
            "The disk of the database is full. Nothing was recorded: ",
            refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);

        File.Delete(OwnerKey.PathIn(own.Host.DataFolder));
        Assert.EndsWith(
            "\nThe owner's key could not be recorded, since the disk of the database is full: make room there and "
                + "start again.\n",
            await SayAsync(own.Host, 1, ["list", "--owner"]), StringComparison.Ordinal);
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
        Assert.StartsWith(
            "Send either --company or --owner", await RunAsync(2, ["list"]), StringComparison.Ordinal);
        Assert.StartsWith(
            "Send either --company or --owner", await RunAsync(2, ["revoke", .. nobody, "--owner"]),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "--id is missing", await RunAsync(2, ["rotate", "--company", "nobody"]), StringComparison.Ordinal);
        Assert.StartsWith(
            "--company takes", await RunAsync(2, ["list", "--company", "*DEFAULT*"]), StringComparison.Ordinal);
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
    private Task<string> RunAsync(int code, string[] arguments) => RunAsync(host, code, arguments);

    /// <summary>What was said beside what was printed.</summary>
    private static async Task<string> SayAsync(ApiHost host, int code, string[] arguments) =>
        (await TalkAsync(host, code, arguments)).Said;

    private static async Task<string> RunAsync(ApiHost host, int code, string[] arguments)
    {
        var (printed, said) = await TalkAsync(host, code, arguments);
        return printed.Length > 0 ? printed : said;
    }

    private static async Task<(string Printed, string Said)> TalkAsync(ApiHost host, int code, string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var ended = await Program.RunAsync(
            ["keys", .. arguments, "--data", host.DataFolder, "--connection", host.Ledger.ConnectionString],
            output, error);
        Assert.True(ended == code, $"{ended}: {output}{error}");
        return (output.ToString(), error.ToString());
    }
}

using System.Net;
using System.Net.Sockets;
using Program = Ledger.Api.CommandLine.CommandLine;

namespace Ledger.Tests.CommandLine;

/// <summary>What is wrong at the machine is told in a line, without a stack, and ends with 1 or 2.</summary>
public sealed class SetUpTests : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-setup-");
    private TestDatabase database = null!;

    public async Task InitializeAsync() => database = await TestDatabase.CreateMigratedAsync();

    public async Task DisposeAsync() => await database.DisposeAsync();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task An_address_that_cannot_be_listened_on_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var (code, output, error) = await RunAsync("--urls", url);

        // The first start may tell of the owner's key that it made.
        Assert.Equal(1, code);
        Assert.DoesNotContain("listens", output, StringComparison.Ordinal);
        Assert.EndsWith($"{url} is in use: name another address with --urls.\n", error, StringComparison.Ordinal);
        foreach (var wrong in new[] { "foo", "http://127.0.0.1:99999", "ftp://127.0.0.1:1", "https://127.0.0.1:0" })
        {
            (code, output, error) = await RunAsync("--urls", wrong);
            Assert.Equal((1, ""), (code, output));
            Assert.Contains(
                $"The service cannot listen on {wrong}: ", error.Split('\n')[^2], StringComparison.Ordinal);
            Assert.EndsWith(" Name another address with --urls.\n", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("Colour=blue")]
    [InlineData("Host=localhost;Port=many")]
    [InlineData("Username=x")]
    public async Task A_connection_string_that_is_none_is_named(string connection)
    {
        string[][] commands = [[], ["migrate"], ["export", "--company", "acme", "--format", "csv"], ["verify"]];
        foreach (var command in commands)
        {
            var (code, output, error) = await RunWithAsync(connection, command);
            Assert.Equal((1, ""), (code, output));
            Assert.StartsWith(
                "--connection (or ConnectionStrings__Ledger) is no connection string of PostgreSQL: ", error,
                StringComparison.Ordinal);
            Assert.Equal(1, error.Count(c => c == '\n'));
        }
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("klingon")]
    public async Task An_encoding_that_cannot_be_read_is_named(string encoding)
    {
        var (code, _, error) = await RunAsync("import", "--company", "acme", "--encoding", encoding, "-");

        Assert.Equal(
            (2, $"--encoding {encoding} is not known: try windows-1251, windows-1252 or utf-16.\n"), (code, error));
    }

    [Fact]
    public async Task The_formats_of_the_export_are_named()
    {
        var (code, _, error) = await RunAsync("export", "--company", "acme", "--format", "xml");

        Assert.Equal(2, code);
        Assert.DoesNotContain("Ledger.Api", error, StringComparison.Ordinal);
        foreach (var format in new[] { "hledger", "csv", "ndjson" })
        {
            Assert.Contains($"'{format}'", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_fault_of_the_program_is_told_in_a_line_that_says_where_the_rest_is()
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var code = await Program.RunAsync(
            () => throw new InvalidOperationException("The sky fell.\nIt was heavy."), error, CancellationToken.None);

        var line = error.ToString();
        Assert.Equal(1, code);
        Assert.StartsWith(
            "This is a fault of the program (InvalidOperationException): The sky fell. The details are in ", line,
            StringComparison.Ordinal);
        Assert.Equal(1, line.Count(c => c == '\n'));
        var file = line.Split(" The details are in ")[1].TrimEnd('.', '\n');
        Assert.Contains("It was heavy.", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        File.Delete(file);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) =>
        RunWithAsync(database.ConnectionString, arguments);

    private async Task<(int Code, string Output, string Error)> RunWithAsync(string connection, string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var code = await Program.RunAsync(
            [.. arguments, "--connection", connection, "--data", folder.FullName], output, error, patience.Token);
        return (code, output.ToString(), error.ToString());
    }
}

using Ledger.Api;
using Ledger.Api.CommandLine;
using Program = Ledger.Api.CommandLine.CommandLine;

namespace Ledger.Tests.CommandLine;

public sealed class CommandLineTests
{
    private const string Rate = "--rate takes a number above 0, such as 1.95583.";
    private const string Ids = "--from and --to take 1–100 of A-Z a-z 0-9 . _ ~ -";

    [Theory]
    [InlineData("--nonsense", "Unrecognized command or argument '--nonsense'.")]
    [InlineData("nonsense", "Unrecognized command or argument 'nonsense'.")]
    [InlineData("--data", "Required argument missing for option: '--data'.")]
    public async Task What_is_not_understood_is_named_and_ends_with_2(string arguments, string message)
    {
        var (code, output, error) = await RunAsync(arguments.Split(' '));
        Assert.Equal((2, string.Empty, $"{message}\nSee --help.\n"), (code, output, error));
    }

    [Theory]
    [InlineData("carry-over --from a --to b --on 2026-13-01 --rate 2", "--on takes a date such as 2026-01-01.")]
    [InlineData("carry-over --from a --to b --on 2026-01-01 --rate 0", Rate)]
    [InlineData("carry-over --from a/b --to b --on 2026-01-01 --rate 2", Ids)]
    [InlineData("close-year --company a --year 25", "--year takes a year from 1900 to 2199.")]
    [InlineData("close-year --company a/b --year 2025", "--company takes 1–100 of A-Z a-z 0-9 . _ ~ -")]
    public async Task Values_that_cannot_be_are_named_before_anything_is_opened(string arguments, string message)
    {
        var (code, output, error) = await RunAsync([.. arguments.Split(' '), "--connection", "Host=nowhere"]);
        Assert.Equal((2, string.Empty, $"{message}\n"), (code, output, error));
    }

    [Fact]
    public async Task Help_is_given_and_ends_with_0()
    {
        var (code, output, error) = await RunAsync("--help");
        Assert.Equal((0, string.Empty), (code, error));
        foreach (var option in new[] { "--urls <url>", "--data <folder>", "--connection <string>" })
        {
            Assert.Contains(option, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_command_takes_the_options_of_all()
    {
        foreach (var command in Program.Build().Subcommands)
        {
            var parsed = command.Parse(["--help"]);
            Assert.Empty(parsed.Errors);
            var (code, output, _) = await RunAsync(command.Name, "--help");
            Assert.Equal(0, code);
            Assert.Contains("--connection <string>", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_only_a_person_can_mend_is_told_without_a_stack_and_ends_with_1()
    {
        var (code, output, error) = await RunAsync("database", "--connection", "Host=nowhere");
        Assert.Equal((1, string.Empty), (code, output));
        Assert.Equal(
            "A server is configured (--connection, ConnectionStrings__Ledger), so there is no private one to run.\n",
            error);
    }

    [Theory]
    [InlineData("http://localhost:5080", "http://localhost:5080/healthz")]
    [InlineData("http://+:8080;https://+:8443", "http://localhost:8080/healthz")]
    [InlineData("http://0.0.0.0:5080/", "http://localhost:5080/healthz")]
    public void Health_is_asked_where_this_machine_reaches_the_service(string urls, string address) =>
        Assert.Equal(address, HealthCommand.AddressOf(urls).ToString());

    [Fact]
    public async Task A_service_that_does_not_answer_is_named_and_ends_with_1()
    {
        var (code, output, error) = await RunAsync("health", "--urls", "http://127.0.0.1:1");
        Assert.Equal((1, string.Empty), (code, output));
        Assert.StartsWith("No service answers at http://127.0.0.1:1/healthz: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_database_is_refused_until_it_was_migrated_and_then_opened()
    {
        await using var database = await TestDatabase.CreateAsync();
        var settings = Settings.Read(null, Path.GetTempPath(), database.ConnectionString);
        var refused = await Assert.ThrowsAsync<SetUpException>(() => LedgerHost.OpenAsync(settings, _ => { }));
        Assert.Contains("migrate", refused.Message, StringComparison.Ordinal);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var (code, output, error) = await RunAsync(
                "migrate", "--connection", database.SuperuserConnectionString);
            Assert.Equal((0, "The schema is up to date.\n", string.Empty), (code, output, error));
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var code = await Program.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}

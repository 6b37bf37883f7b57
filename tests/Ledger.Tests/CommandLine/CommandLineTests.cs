using Program = Ledger.Api.CommandLine.CommandLine;

namespace Ledger.Tests.CommandLine;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--nonsense", "Unrecognized command or argument '--nonsense'.")]
    [InlineData("nonsense", "Unrecognized command or argument 'nonsense'.")]
    [InlineData("--data", "Required argument missing for option: '--data'.")]
    public async Task What_is_not_understood_is_named_and_ends_with_2(string arguments, string message)
    {
        var (code, output, error) = await RunAsync(arguments.Split(' '));
        Assert.Equal((2, string.Empty, $"{message}\nSee --help.\n"), (code, output, error));
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

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var code = await Program.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}

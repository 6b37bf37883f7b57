using Program = Ledger.Api.CommandLine.CommandLine;

namespace Ledger.Tests.Roles;

/// <summary>A command of the program, run in this process.</summary>
internal static class CommandRun
{
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var code = await Program.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}

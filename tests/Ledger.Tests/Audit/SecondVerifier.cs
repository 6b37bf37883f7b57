using System.Diagnostics;
using Ledger.Tests.Golden;

namespace Ledger.Tests.Audit;

/// <summary>The verifier in Python, and other programs that tests run: what they say, and how they end.</summary>
internal static class SecondVerifier
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static string Tools => Path.Combine(GoldenFile.Root, "tools");

    /// <summary>A file beside these tests.</summary>
    public static string Beside(string file) => Path.Combine(GoldenFile.Root, "tests/Ledger.Tests/Audit", file);

    public static Task<(int Code, string Said)> VerifyAsync(params string[] arguments) =>
        PythonAsync(Path.Combine(Tools, "verify-bundle.py"), arguments);

    /// <summary>Runs a script, and leaves no compiled files in the repository.</summary>
    public static Task<(int Code, string Said)> PythonAsync(string script, params string[] arguments) =>
        RunAsync("python3", ["-B", script, .. arguments]);

    /// <summary>All that a program says on both ways, and its exit code.</summary>
    public static async Task<(int Code, string Said)> RunAsync(
        string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end: {await output}{await errors}", late);
        }

        return (process.ExitCode, await output + await errors);
    }
}

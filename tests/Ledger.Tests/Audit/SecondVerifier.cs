using System.Diagnostics;
using Ledger.Api;
using Ledger.Api.Audit;
using Ledger.Tests.Golden;
using Ledger.Tests.Http;

namespace Ledger.Tests.Audit;

/// <summary>The verifier in Python, and other programs that tests run: what they say, and how they end.</summary>
internal static class SecondVerifier
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a script that can neither reach a network nor another program: what tries to ends it.</summary>
    private const string Alone = """
        import runpy, sys
        def watch(event, arguments):
            if event.split(".")[0] in ("socket", "subprocess", "ctypes") or event.startswith(("os.exec", "os.system")):
                raise RuntimeError(f"{event} is out of reach")
        sys.addaudithook(watch)
        sys.argv = sys.argv[1:]
        runpy.run_path(sys.argv[0], run_name="__main__")
        """;

    /// <summary>A network of its own has nothing in it; not every machine lets a program have one.</summary>
    private static readonly Lazy<Task<bool>> CanLeaveTheNetwork = new(async () =>
        FactWithAttribute.Find("unshare") is not null && (await RunAsync("unshare", ["-rn", "true"])).Code == 0);

    public static string Tools => Path.Combine(GoldenFile.Root, "tools");

    public static string Script => Path.Combine(Tools, "verify-bundle.py");

    /// <summary>A file beside these tests.</summary>
    public static string Beside(string file) => Path.Combine(GoldenFile.Root, "tests/Ledger.Tests/Audit", file);

    public static Task<(int Code, string Said)> VerifyAsync(params string[] arguments) =>
        PythonAsync(Script, arguments);

    /// <summary>Runs a script in a folder, without network and with nothing but the standard library.</summary>
    public static async Task<(int Code, string Said)> AloneAsync(
        DirectoryInfo folder, string script, params string[] arguments)
    {
        string[] python = ["python3", "-I", "-S", "-B", "-c", Alone, script, .. arguments];
        return await CanLeaveTheNetwork.Value
            ? await RunAsync("unshare", ["-rn", .. python], folder.FullName)
            : await RunAsync(python[0], python[1..], folder.FullName);
    }

    /// <summary>By which key a company's log is signed.</summary>
    public static async Task<string> KeyAsync(Scenario books) =>
        (await books.SendAsync(Step.Get("/audit/key"))).Is(200).Json.GetProperty("keys")[0].GetString()!;

    public static async Task WriteBundleAsync(LedgerHost ledger, string company, string? period, string file)
    {
        await ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        await using var written = File.Create(file);
        await AuditBundle.WriteAsync(ledger, company, period, written, null, CancellationToken.None);
    }

    /// <summary>Runs a script, and leaves no compiled files in the repository.</summary>
    public static Task<(int Code, string Said)> PythonAsync(string script, params string[] arguments) =>
        RunAsync("python3", ["-B", script, .. arguments]);

    /// <summary>All that a program says on both ways, and its exit code.</summary>
    public static Task<(int Code, string Said)> RunAsync(
        string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment) =>
        RunAsync(program, arguments, Environment.CurrentDirectory, environment);

    private static async Task<(int Code, string Said)> RunAsync(
        string program, IEnumerable<string> arguments, string folder,
        params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
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

using System.Diagnostics;
using Ledger.Api.Postgres;

namespace Ledger.Tests.Postgres;

/// <summary>A process of its own that keeps the private server of a folder: <c>backoffice database</c>.</summary>
internal sealed class OwnerProcess : IAsyncDisposable
{
    private readonly Process process;

    private OwnerProcess(Process process, string connectionString)
    {
        this.process = process;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    public static async Task<OwnerProcess> StartAsync(string folder)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "backoffice.dll"), "database", "--data", folder },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("ConnectionStrings__Ledger");
        var process = Process.Start(start)!;
        var first = await process.StandardOutput.ReadLineAsync();
        return first is not null
            ? new(process, first)
            : throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
    }

    /// <summary>As <c>kill -9</c> does: nothing of the process runs any more, the server goes on.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>As <c>kill</c> does; answers the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        ServerProcesses.Signal("TERM", [process.Id]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await TerminateAsync();
        }

        process.Dispose();
    }
}

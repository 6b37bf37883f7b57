using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Ledger.Api.Postgres;

namespace Ledger.Benchmarks.Http;

/// <summary>The service as its users run it: a process of its own, with a data folder and a port of its own.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder printed;

    private ServiceProcess(Process process, StringBuilder printed, HttpClient client)
    {
        this.process = process;
        this.printed = printed;
        Client = client;
    }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public string Key => Client.DefaultRequestHeaders.Authorization!.Parameter!;

    public int ProcessId => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Everything the process has printed so far.</summary>
    public string Printed
    {
        get
        {
            lock (printed)
            {
                return printed.ToString();
            }
        }
    }

    public long PeakMemoryBytes
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts the service and waits until it answers.</summary>
    /// <param name="data">Its data folder, which keeps what it wrote there.</param>
    /// <param name="connection">A server to use instead of a private one in the data folder.</param>
    /// <param name="settings">More of the environment, such as <c>Projections__Paused</c>.</param>
    public static async Task<ServiceProcess> StartAsync(
        string data, string? connection = null, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        string[] server = connection is null ? [] : ["--connection", connection];
        string[] arguments = ["--urls", address.ToString().TrimEnd('/'), "--data", data, .. server];
        var printed = new StringBuilder();
        var process = Start(arguments, printed, settings);
        var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        for (var attempt = 0; attempt < 600 && !process.HasExited; attempt++)
        {
            try
            {
                using var health = await client.GetAsync(new Uri("/healthz", UriKind.Relative));
                if (health.StatusCode == HttpStatusCode.OK)
                {
                    var key = (await File.ReadAllTextAsync(Path.Combine(data, "owner.key"))).Trim();
                    client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
                    return new ServiceProcess(process, printed, client);
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(100);
        }

        var ended = process.HasExited ? $"ended with {process.ExitCode}" : "did not answer in time";
        process.Kill();
        throw new InvalidOperationException($"The service at {address} {ended}: {printed}");
    }

    /// <summary>Runs a command of the program to its end and answers its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Printed)> RunAsync(params string[] arguments)
    {
        var printed = new StringBuilder();
        using var process = Start(arguments, printed, []);
        await process.WaitForExitAsync();
        return (process.ExitCode, printed.ToString());
    }

    public async Task PutAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await Client.PutAsync(new Uri(path, UriKind.Relative), content);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"PUT {path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Ends the process without warning (SIGKILL).</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks the process to stop (SIGTERM), waits until it has, and answers its exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!process.HasExited)
        {
            ServerProcesses.Signal("TERM", [process.Id]);
            await process.WaitForExitAsync();
        }

        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        process.Dispose();
    }

    private static Process Start(string[] arguments, StringBuilder printed, (string Name, string Value)[] settings)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "backoffice.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Append(string? line)
        {
            lock (printed)
            {
                // A service under load may print a lot; the end of it says why it ended.
                if (printed.Length > 1_000_000)
                {
                    printed.Remove(0, 500_000);
                }

                printed.AppendLine(line);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

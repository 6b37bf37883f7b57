using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Ledger.Benchmarks.Http;

/// <summary>The service as its users run it: a process of its own, on a database and a port of its own.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;

    private ServiceProcess(Process process, string folder, Uri address, HttpClient client)
    {
        this.process = process;
        this.folder = folder;
        Address = address;
        Client = client;
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public string Key => Client.DefaultRequestHeaders.Authorization!.Parameter!;

    public long PeakMemoryBytes
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <param name="projections">False pauses the projection loops, to measure appends alone.</param>
    public static async Task<ServiceProcess> StartAsync(string connectionString, bool projections)
    {
        var folder = Directory.CreateTempSubdirectory("backoffice-bench-").FullName;
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var program = Path.Combine(AppContext.BaseDirectory, "backoffice.dll");
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                program, "--urls", address.ToString().TrimEnd('/'), "--data", folder, "--connection", connectionString,
            },
        };
        start.Environment["Projections__Paused"] = projections ? "false" : "true";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var client = new HttpClient { BaseAddress = address };
        for (var attempt = 0; attempt < 300; attempt++)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"The service ended with {process.ExitCode}: {errors}");
            }

            try
            {
                var health = await client.GetAsync(new Uri("/healthz", UriKind.Relative));
                var keyFile = Path.Combine(folder, "owner.key");
                if (health.StatusCode == HttpStatusCode.OK && File.Exists(keyFile))
                {
                    var key = (await File.ReadAllTextAsync(keyFile)).Trim();
                    client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
                    return new ServiceProcess(process, folder, address, client);
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(100);
        }

        process.Kill(entireProcessTree: true);
        throw new InvalidOperationException($"The service did not come up at {address}: {errors}");
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

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using (Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await process.WaitForExitAsync();
        }

        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

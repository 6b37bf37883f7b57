using System.Net;
using System.Net.Http.Headers;
using Ledger.Api.Postgres;
using Ledger.Benchmarks.Http;

namespace Ledger.Benchmarks.Faults;

/// <summary>A service as a process, with a network of its own on either side; it may be killed, frozen and started
/// again.</summary>
public sealed class FaultyService : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private readonly string data;
    private readonly string connection;
    private ServiceProcess process;
    private bool isFrozen;

    private FaultyService(string data, string connection, TcpProxy toServer, ServiceProcess process, int seed)
    {
        (this.data, this.connection, this.process, ToServer) = (data, connection, process, toServer);
        ToCallers = new(EndPointOf(process), seed);
        Client = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{ToCallers.Port}"),
            Timeout = TimeSpan.FromSeconds(10),
        };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", process.Key);
    }

    public TcpProxy ToServer { get; }

    public TcpProxy ToCallers { get; }

    /// <summary>Comes through <see cref="ToCallers"/>, with the owner's key.</summary>
    public HttpClient Client { get; }

    /// <summary>Held while the process is killed, frozen or started.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <param name="data">The folder of keys, which all services on one database share.</param>
    /// <param name="server">PostgreSQL.</param>
    /// <param name="database">Its name there.</param>
    /// <param name="seed">Of the networks.</param>
    public static async Task<FaultyService> StartAsync(string data, EndPoint server, string database, int seed)
    {
        var toServer = new TcpProxy(server, seed);
        var connection = $"Host=127.0.0.1;Port={toServer.Port};Database={database};Username=ledger_service;"
            + "Timeout=5;Maximum Pool Size=20";
        var process = await ServiceProcess.StartAsync(data, connection);
        return new(data, connection, toServer, process, seed + 1);
    }

    /// <summary>True while the system gives it no processor.</summary>
    public bool IsStopped
    {
        get
        {
            // The letter behind the name, which stands in parentheses.
            var line = File.ReadAllText($"/proc/{process.ProcessId}/stat");
            return line[line.LastIndexOf(')') + 2] == 'T';
        }
    }

    /// <summary>False when it had ended before.</summary>
    public async Task<bool> KillAsync()
    {
        if (process.HasExited)
        {
            return false;
        }

        await process.KillAsync();
        return true;
    }

    /// <summary>Starts another process, unless this one lives.</summary>
    public async Task RestartAsync()
    {
        await Gate.WaitAsync();
        try
        {
            using var patience = new CancellationTokenSource(StartPatience);
            while (process.HasExited)
            {
                try
                {
                    var started = await ServiceProcess.StartAsync(data, connection);
                    await process.DisposeAsync();
                    process = started;
                    ToCallers.Target = EndPointOf(started);
                }
                catch (InvalidOperationException) when (!patience.IsCancellationRequested)
                {
                    // The server is not there yet, and a start that needs it ends.
                }
            }
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Takes the processor from it (SIGSTOP), in the middle of whatever it does.</summary>
    public void Freeze()
    {
        isFrozen = true;
        ServerProcesses.Signal("STOP", [process.ProcessId]);
    }

    public void Wake()
    {
        isFrozen = false;
        ServerProcesses.Signal("CONT", [process.ProcessId]);
    }

    public async ValueTask DisposeAsync()
    {
        if (isFrozen)
        {
            Wake();
        }

        Client.Dispose();

        // A stop waits for what is being recorded, be it for a standby that never comes.
        if (await Task.WhenAny(process.StopAsync(), Task.Delay(StopPatience)) is not Task<int>)
        {
            await process.KillAsync();
        }

        await process.DisposeAsync();
        await ToCallers.DisposeAsync();
        await ToServer.DisposeAsync();
        Gate.Dispose();
    }

    private static IPEndPoint EndPointOf(ServiceProcess process) => new(IPAddress.Loopback, process.Address.Port);
}

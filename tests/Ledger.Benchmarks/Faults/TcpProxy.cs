using System.Net;
using System.Net.Sockets;

namespace Ledger.Benchmarks.Faults;

/// <summary>
/// A network of our own on loopback: it hands on what clients and a server send each other as late, as incompletely and
/// as often as it is told.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly HashSet<ProxiedConnection> open = [];
    private readonly Random random;
    private readonly Task accepting;
    private int cuts;
    private int delayed;
    private int doubled;

    /// <param name="target">The server; it may change, for connections to come.</param>
    /// <param name="seed">Of the bytes and milliseconds that are drawn.</param>
    public TcpProxy(EndPoint target, int seed)
    {
        Target = target;
        random = new(seed);
        listener.Start();
        accepting = AcceptAsync();
    }

    public EndPoint Target { get; set; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Each piece is handed on after up to so many milliseconds.</summary>
    public int DelayMillisecondsMax { get; set; }

    /// <summary>Each connection is reset after up to so many further bytes, of both directions; 0 resets
    /// none.</summary>
    public int CutBytesMax { get; set; }

    /// <summary>
    /// What a client sends on a new connection goes to the server twice, on two connections; the client gets the
    /// answers of the first.
    /// </summary>
    public bool Duplicates { get; set; }

    /// <summary>How many connections were reset.</summary>
    public int Cuts => Volatile.Read(ref cuts);

    /// <summary>How many pieces waited before they were handed on.</summary>
    public int Delayed => Volatile.Read(ref delayed);

    /// <summary>How many pieces the server got a second time.</summary>
    public int Doubled => Volatile.Read(ref doubled);

    /// <summary>Resets all connections that are open.</summary>
    public void CutAll() => Each(connection => connection.Cut());

    /// <summary>
    /// Resets all connections towards their clients and leaves them open towards the server, which goes on with what it
    /// was sent and does not learn that nobody waits any more.
    /// </summary>
    public void AbandonAll() => Each(connection => connection.Abandon());

    /// <summary>Ends what was abandoned.</summary>
    public void EndAbandoned() => Each(connection => connection.EndAbandoned());

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting;
        CutAll();
        listener.Dispose();
    }

    /// <summary>How long this piece waits.</summary>
    internal Task DelayAsync()
    {
        var most = DelayMillisecondsMax;
        if (most == 0)
        {
            return Task.CompletedTask;
        }

        Interlocked.Increment(ref delayed);
        return Task.Delay(Draw(most));
    }

    /// <summary>From 1 to that.</summary>
    internal int Draw(int most)
    {
        lock (random)
        {
            return random.Next(1, most + 1);
        }
    }

    internal void CountCut() => Interlocked.Increment(ref cuts);

    internal void CountDoubled() => Interlocked.Increment(ref doubled);

    private void Each(Action<ProxiedConnection> act)
    {
        ProxiedConnection[] each;
        lock (open)
        {
            each = [.. open];
        }

        Array.ForEach(each, act);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync();
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var connection = new ProxiedConnection(this, client);
        lock (open)
        {
            open.Add(connection);
        }

        await connection.RunAsync(Target, Duplicates);
        lock (open)
        {
            open.Remove(connection);
        }
    }
}

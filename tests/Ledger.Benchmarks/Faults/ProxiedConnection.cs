using System.Net;
using System.Net.Sockets;

namespace Ledger.Benchmarks.Faults;

/// <summary>One connection of a client, and the one or two of the server that it leads to.</summary>
internal sealed class ProxiedConnection(TcpProxy proxy, Socket client)
{
    private const int PieceBytes = 16 * 1024;
    private readonly Lock gate = new();
    private readonly List<Socket> servers = [];
    private Socket? second;
    private int bytesLeft = int.MaxValue;
    private bool isAbandoned;
    private bool isCut;

    /// <summary>Ends when both sides have, or were reset.</summary>
    public async Task RunAsync(EndPoint target, bool twice)
    {
        try
        {
            var first = await ConnectAsync(target);
            second = twice ? await ConnectAsync(target) : null;
            client.NoDelay = true;
            await Task.WhenAll(
                PumpAsync(client, second is null ? [first] : [first, second]),
                PumpAsync(first, [client]),
                second is null ? Task.CompletedTask : PumpAsync(second, []));
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            // The server cannot be reached, as when its process has ended.
        }

        Cut(counts: false);
    }

    public void Cut() => Cut(counts: true);

    public void Abandon()
    {
        lock (gate)
        {
            if (isCut || servers.Count == 0)
            {
                return;
            }

            isAbandoned = true;
        }

        proxy.CountCut();
        Reset(client);
    }

    public void EndAbandoned()
    {
        if (isAbandoned)
        {
            Cut(counts: false);
        }
    }

    private static bool IsEnd(Exception e) => e is SocketException or IOException or ObjectDisposedException;

    private static void Reset(Socket socket)
    {
        try
        {
            // Lingering for no time sends a reset instead of an orderly end.
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            // It has ended already.
        }

        socket.Dispose();
    }

    private async Task<Socket> ConnectAsync(EndPoint target)
    {
        var socket = target is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        lock (gate)
        {
            servers.Add(socket);
        }

        await socket.ConnectAsync(target);
        return socket;
    }

    private async Task PumpAsync(Socket from, Socket[] to)
    {
        var piece = new byte[PieceBytes];
        try
        {
            for (int count; (count = await from.ReceiveAsync(piece)) > 0;)
            {
                await proxy.DelayAsync();
                var passed = Pass(count);
                foreach (var socket in to)
                {
                    await SendAsync(socket, piece.AsMemory(0, passed));
                }

                if (passed < count)
                {
                    Cut();
                    return;
                }
            }

            foreach (var socket in isAbandoned ? [] : to)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            if (!isAbandoned && from != second)
            {
                Cut(counts: false);
            }
        }
    }

    // What the server answers to a client that is gone is thrown away, so that the server is not held up. A second
    // connection that ends, as one does to which nobody listens, is no matter of the first.
    private async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0 && !(isAbandoned && to == client))
        {
            try
            {
                bytes = bytes[await to.SendAsync(bytes)..];
                if (to == second)
                {
                    proxy.CountDoubled();
                }
            }
            catch (Exception gone) when (IsEnd(gone) && (to == second || (isAbandoned && to == client)))
            {
                return;
            }
        }
    }

    /// <summary>How many of so many bytes still go through.</summary>
    private int Pass(int count)
    {
        var most = proxy.CutBytesMax;
        lock (gate)
        {
            if (most == 0)
            {
                bytesLeft = int.MaxValue;
                return count;
            }

            bytesLeft = bytesLeft == int.MaxValue ? proxy.Draw(most) : bytesLeft;
            var passed = Math.Min(count, bytesLeft);
            bytesLeft -= passed;
            return passed;
        }
    }

    private void Cut(bool counts)
    {
        Socket[] sockets;
        lock (gate)
        {
            if (isCut)
            {
                return;
            }

            isCut = true;
            sockets = [client, .. servers];
        }

        if (counts)
        {
            proxy.CountCut();
        }

        Array.ForEach(sockets, Reset);
    }
}

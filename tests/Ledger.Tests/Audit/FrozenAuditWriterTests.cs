using System.Net;
using System.Net.Sockets;
using Ledger.Projections.Audit;
using Npgsql;
using static Ledger.Tests.Audit.AuditDatabase;

namespace Ledger.Tests.Audit;

/// <summary>A process that freezes in the middle of what it sends, as by SIGSTOP.</summary>
public sealed class FrozenAuditWriterTests
{
    [Fact]
    public async Task Whoever_freezes_while_it_sends_leaves_holds_up_nobody()
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.AddAsync("acme", 4_000);
        await using var relay = new Relay(new NpgsqlConnectionStringBuilder(database.ConnectionString));
        await using (var through = NpgsqlDataSource.Create(relay.ConnectionString))
        {
            // The setting up of a connection and questions are small; the leaves are not.
            var frozen = new AuditLoop(through, AuditSigning.By(Signer(1))).CatchUpAsync(null, relay.Ended);
            await relay.Frozen.WaitAsync(TimeSpan.FromSeconds(60));

            await database.CatchUpAsync(AuditSigning.By(Signer(1)));

            Assert.Equal(
                4_000, await database.AskAsync<long>("select count(*) from ledger.leaf where company = 'acme'"));
            Assert.False(frozen.IsCompleted);
            relay.Cut();
            await Assert.ThrowsAnyAsync<Exception>(() => frozen);
        }
    }

    /// <summary>Hands on what a client sends until a connection has sent as much as no question has.</summary>
    private sealed class Relay : IAsyncDisposable
    {
        private const int FreezesAfter = 64 * 1024;

        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource ended = new();
        private readonly TaskCompletionSource frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Socket> sockets = [];
        private readonly NpgsqlConnectionStringBuilder server;

        public Relay(NpgsqlConnectionStringBuilder server)
        {
            this.server = server;
            listener.Start();
            _ = AcceptAsync();
        }

        public Task Frozen => frozen.Task;

        public CancellationToken Ended => ended.Token;

        public string ConnectionString => new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;

        public void Cut()
        {
            lock (sockets)
            {
                sockets.ForEach(each => each.Dispose());
            }

            ended.Cancel();
        }

        public ValueTask DisposeAsync()
        {
            Cut();
            listener.Dispose();
            ended.Dispose();
            return default;
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var client = await listener.AcceptSocketAsync(ended.Token);
                    var to = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    lock (sockets)
                    {
                        sockets.AddRange([client, to]);
                    }

                    await to.ConnectAsync(new UnixDomainSocketEndPoint($"{server.Host}/.s.PGSQL.{server.Port}"));
                    _ = PumpAsync(client, to, FreezesAfter);
                    _ = PumpAsync(to, client, long.MaxValue);
                }
            }
            catch (Exception stopped) when (
                stopped is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The test is over.
            }
        }

        private async Task PumpAsync(Socket from, Socket to, long most)
        {
            var piece = new byte[4096];
            try
            {
                for (int count; (count = await from.ReceiveAsync(piece, ended.Token)) > 0 && most > 0; most -= count)
                {
                    await to.SendAsync(piece.AsMemory(0, count));
                }

                if (most <= 0)
                {
                    frozen.TrySetResult();
                    await Task.Delay(Timeout.Infinite, ended.Token);
                }
            }
            catch (Exception stopped) when (
                stopped is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // It was cut.
            }
        }
    }
}

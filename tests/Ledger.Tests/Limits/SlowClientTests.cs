using System.Net.Sockets;
using System.Text;
using Ledger.Tests.Http;
using Ledger.Tests.People;

namespace Ledger.Tests.Limits;

/// <summary>Callers who hold a connection: each is dropped, and the others are answered meanwhile.</summary>
public sealed class SlowClientTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private ApiHost host = null!;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync(
        ("Limits:HeaderSeconds", "1"),
        ("Limits:KeepAliveSeconds", "1"),
        ("Limits:GraceSeconds", "2"),
        ("Limits:RequestBytesPerSecond", "10000"),
        ("Limits:ResponseBytesPerSecond", "1000000"));

    public Task DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task One_who_sends_the_headers_a_byte_at_a_time_is_dropped()
    {
        var answer = await TrickleAsync("", "GET /problems HTTP/1.1\r\nHost: x\r\nX-Slow: " + new string('x', 8_000));

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_who_sends_the_body_a_byte_at_a_time_is_told_so_and_nothing_is_recorded()
    {
        var books = host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        var before = await books.EventsAsync();

        var answer = await TrickleAsync(
            $"PUT /companies/{books.Company}/journal-entries/e1 HTTP/1.1\r\nHost: x\r\nContent-Length: 8000\r\n"
            + $"Content-Type: application/json\r\nAuthorization: Bearer {host.OwnerKeyText}\r\n\r\n",
            Steps.SaleJson() + new string(' ', 8_000));

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"body-too-slow\"", answer, StringComparison.Ordinal);
        Assert.Contains("at least 10000 bytes a second", answer, StringComparison.Ordinal);
        Assert.Equal(before, await books.EventsAsync());
    }

    [Fact]
    public async Task One_who_does_not_read_the_answers_is_dropped()
    {
        using var connection = new TcpClient { ReceiveBufferSize = 4_096 };
        await connection.ConnectAsync(host.Address.Host, host.Address.Port);
        var request = Encoding.ASCII.GetBytes("GET /openapi/v1.json HTTP/1.1\r\nHost: x\r\n\r\n");
        using var patience = new CancellationTokenSource(Patience);

        // Until the service closes the connection, which the next byte that is sent then tells.
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            for (var sent = 0; ; sent++)
            {
                await connection.GetStream().WriteAsync(request, patience.Token);
                await Task.Delay(sent < 100 ? 0 : 20, patience.Token);
            }
        });

        (await host.GetAsync("/problems")).Is(200);
    }

    [Fact]
    public async Task One_who_sends_a_batch_without_end_and_reads_no_result_is_dropped()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync(
            ("Limits:UnreadBytes", "1048576"), ("Limits:UnreadSeconds", "1")));
        using var connection = new TcpClient { ReceiveBufferSize = 4_096 };
        await connection.ConnectAsync(own.Host.Address.Host, own.Host.Address.Port);
        var stream = connection.GetStream();
        using var patience = new CancellationTokenSource(Patience);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /companies/acme/journal-entries:batch HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n"
            + $"Content-Type: application/x-ndjson\r\nAuthorization: Bearer {own.Host.OwnerKeyText}\r\n\r\n"));

        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 10_000)));
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await stream.WriteAsync(lines, patience.Token);
            }
        });

        (await own.Host.GetAsync("/problems")).Is(200);
    }

    [Fact]
    public async Task One_who_sends_nothing_more_is_dropped()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Address.Host, host.Address.Port);
        await connection.GetStream().WriteAsync("HEAD /problems HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(connection.GetStream());

        var answer = await reader.ReadToEndAsync().WaitAsync(Patience);

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_are_sent_all_at_once_are_answered_one_after_the_other()
    {
        const int count = 500;
        var books = host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        var body = Steps.SaleJson();
        var put = $"PUT /companies/{books.Company}/journal-entries/e1 HTTP/1.1\r\nHost: x\r\n"
            + $"Content-Length: {body.Length}\r\nContent-Type: application/json\r\n"
            + $"Authorization: Bearer {host.OwnerKeyText}\r\n";
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Address.Host, host.Address.Port);
        var stream = connection.GetStream();
        using var reader = new StreamReader(stream);
        var reading = reader.ReadToEndAsync();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat($"{put}\r\n{body}", count)) + $"{put}Connection: close\r\n\r\n{body}"));
        var answers = (await reading).Split("HTTP/1.1 ")[1..].Select(answer => answer[..3]).ToArray();

        Assert.Equal(["201", .. Enumerable.Repeat("200", count)], answers);
        Assert.Single(await books.EventsAsync(), type => type == "journal_entry_posted");
    }

    [Theory]
    [InlineData("X-Long: ", 40_000, 431)]
    [InlineData("X-Many: 1\r\n", 200, 431)]
    [InlineData("/", 20_000, 414)]
    public async Task What_is_beyond_the_limits_of_a_head_is_refused_by_the_server_itself(
        string repeated, int times, int status)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Address.Host, host.Address.Port);
        var many = repeated.EndsWith('\n') ? string.Concat(Enumerable.Repeat(repeated, times))
            : repeated + new string('x', times);
        var head = status == 414 ? $"GET {many} HTTP/1.1\r\nHost: x\r\n\r\n"
            : $"GET /problems HTTP/1.1\r\nHost: x\r\n{many}\r\n\r\n";
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        using var reader = new StreamReader(connection.GetStream());

        Assert.StartsWith($"HTTP/1.1 {status} ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    /// <summary>Sends the first text at once and the other byte by byte, until the service answers.</summary>
    private async Task<string> TrickleAsync(string atOnce, string slowly)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Address.Host, host.Address.Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(atOnce));
        using var reader = new StreamReader(stream);
        var answer = reader.ReadToEndAsync();
        foreach (var each in Encoding.ASCII.GetBytes(slowly))
        {
            if (answer.IsCompleted)
            {
                break;
            }

            try
            {
                await stream.WriteAsync(new[] { each });
            }
            catch (IOException)
            {
                break;
            }

            await Task.Delay(20);
        }

        return await answer.WaitAsync(Patience);
    }
}

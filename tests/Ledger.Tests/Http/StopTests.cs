using System.Net.Sockets;
using System.Text;

namespace Ledger.Tests.Http;

public sealed class StopTests
{
    [Fact]
    public async Task A_stop_finishes_what_was_begun_and_takes_nothing_new()
    {
        var host = await ApiHost.StartAsync();
        var books = host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Address.Host, host.Address.Port);
        var stream = connection.GetStream();
        var sale = Steps.SaleJson().ReplaceLineEndings("").TrimStart('{');
        var (first, second) = ($"{{\"id\":\"e1\",{sale}\n", $"{{\"id\":\"e2\",{sale}\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"POST /companies/{books.Company}/journal-entries:batch HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + $"Content-Type: application/x-ndjson\r\nContent-Length: {first.Length + second.Length}\r\n"
            + $"Authorization: Bearer {host.OwnerKeyText}\r\n\r\n{first}"));
        var begun = new byte[1];
        await stream.ReadExactlyAsync(begun);

        var stopping = host.App.StopAsync();
        await RefusedAsync(host.Address);
        Assert.False(stopping.IsCompleted);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(second));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();
        await stopping;

        Assert.Equal(2, answer.Split("\"status\":201").Length - 1);
        await host.RestartAsync();
        Assert.Equal(2, (await books.EventsAsync()).Count(type => type == "journal_entry_posted"));
        await host.DisposeAsync();
    }

    private static async Task RefusedAsync(Uri address)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                using var late = new TcpClient();
                await late.ConnectAsync(address.Host, address.Port);
            }
            catch (SocketException)
            {
                return;
            }

            await Task.Delay(50);
        }

        Assert.Fail("The service still takes connections.");
    }
}

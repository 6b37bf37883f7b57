using Ledger.Api.Observability;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace Ledger.Tests.Http;

public sealed class RequestLogTests
{
    [Fact]
    public async Task A_line_tells_the_route_but_no_id_and_no_key()
    {
        var output = new StringWriter();
        await using (var log = new RequestLog(output, Clock))
        {
            log.Note(Request("/companies/secret-company", 201), "abcd2345", TimeSpan.FromMilliseconds(1.24));
        }

        Assert.Equal("2026-01-31T12:00:00Z PUT - 201 1.2ms abcd2345\n", output.ToString());
    }

    [Fact]
    public async Task Under_load_lines_are_left_out_and_counted_but_faults_are_not()
    {
        var output = new StringWriter();
        await using (var log = new RequestLog(output, Clock))
        {
            for (var i = 0; i < 10 * RequestLog.LinesPerSecondMax; i++)
            {
                log.Note(Request("/", 200), null, TimeSpan.Zero);
            }

            log.Note(Request("/", 500), null, TimeSpan.Zero);
        }

        var text = output.ToString();
        Assert.Contains(" 500 ", text, StringComparison.Ordinal);
        Assert.Contains("more requests are not shown", text, StringComparison.Ordinal);
        Assert.InRange(text.Split('\n').Length, 2, 5 * RequestLog.LinesPerSecondMax);
    }

    private static FixedClock Clock { get; } = new();

    private static DefaultHttpContext Request(string path, int status) => new()
    {
        Request = { Method = "PUT", Path = path },
        Response = { StatusCode = status },
    };

    private sealed class FixedClock : IClock
    {
        public Instant GetCurrentInstant() => Instant.FromUtc(2026, 1, 31, 12, 0);
    }
}

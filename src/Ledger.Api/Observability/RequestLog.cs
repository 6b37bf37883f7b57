using System.Globalization;
using System.Text;
using System.Threading.Channels;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Observability;

/// <summary>
/// A line for each request: method, route, status, milliseconds, prefix of the key. The route is the template, so no
/// id, name or amount is ever in it. The lines are written by a task of their own, at most so many a second: what is
/// beyond that is counted in one line, so that a log never slows down what it tells about.
/// </summary>
public sealed class RequestLog : IAsyncDisposable
{
    /// <summary>Requests that failed by a fault of the service are always among these.</summary>
    public const int LinesPerSecondMax = 100;

    private static readonly string[] Methods =
    [
        HttpMethods.Get, HttpMethods.Put, HttpMethods.Post, HttpMethods.Head, HttpMethods.Delete, HttpMethods.Patch,
        HttpMethods.Options, HttpMethods.Trace, HttpMethods.Connect,
    ];

    private readonly Channel<Line> lines = Channel.CreateBounded<Line>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly TextWriter output;
    private readonly IClock clock;
    private readonly Task writing;
    private long second;
    private int linesThisSecond;
    private long leftOut;

    /// <param name="output">Where to; null writes nothing.</param>
    /// <param name="clock">When requests were answered.</param>
    public RequestLog(TextWriter? output, IClock clock)
    {
        this.clock = clock;
        this.output = output ?? TextWriter.Null;
        writing = output is null ? Task.CompletedTask : WriteAsync();
    }

    /// <summary>The pattern of the path, never the path itself.</summary>
    public static string RouteOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "-";
    }

    /// <summary>The method, if it is one that there is: whatever else is sent in its place stands in no log.</summary>
    public static string MethodOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Array.Find(Methods, each => each == context.Request.Method) ?? "-";
    }

    public void Note(HttpContext context, string? keyPrefix, TimeSpan took)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (writing.IsCompleted)
        {
            return;
        }

        var now = Environment.TickCount64 / 1000;
        if (Interlocked.Exchange(ref second, now) != now)
        {
            Volatile.Write(ref linesThisSecond, 0);
        }

        var status = context.Response.StatusCode;
        if (Interlocked.Increment(ref linesThisSecond) > LinesPerSecondMax
            && status < StatusCodes.Status500InternalServerError)
        {
            Interlocked.Increment(ref leftOut);
            return;
        }

        var at = clock.GetCurrentInstant();
        lines.Writer.TryWrite(new(at, MethodOf(context), RouteOf(context), status, took, keyPrefix));
    }

    /// <summary>Writes what is waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        lines.Writer.TryComplete();
        await writing;
    }

    private async Task WriteAsync()
    {
        var text = new StringBuilder();
        while (await lines.Reader.WaitToReadAsync())
        {
            text.Clear();
            while (text.Length < 60_000 && lines.Reader.TryRead(out var line))
            {
                Append(text, line);
            }

            if (Interlocked.Exchange(ref leftOut, 0) is > 0 and var count)
            {
                text.Append(CultureInfo.InvariantCulture, $"request log: {count} more requests are not shown\n");
            }

            await output.WriteAsync(text);
            await output.FlushAsync();
        }
    }

    private static void Append(StringBuilder text, Line line) => text.Append(
        CultureInfo.InvariantCulture,
        $"{InstantPattern.General.Format(line.At)} {line.Method} {line.Route} {line.Status} "
        + $"{line.Took.TotalMilliseconds:0.0}ms {line.KeyPrefix ?? "-"}\n");

    private readonly record struct Line(
        Instant At, string Method, string Route, int Status, TimeSpan Took, string? KeyPrefix);
}

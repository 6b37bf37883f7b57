using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ledger.Api.Witnesses;

/// <summary>A witness over HTTP, without anything else of the ledger around it, by C2SP's tlog-witness.</summary>
internal static class WitnessHost
{
    public const string AddPath = "/add-checkpoint";

    /// <summary>63 hashes and a note with some signatures are below 16 KiB.</summary>
    public const int BodyBytesMax = 64 << 10;

    private const string Plain = "text/plain; charset=utf-8";
    private const string Size = "text/x.tlog.size";
    private const string CheckpointEnd = "/checkpoint";
    private const int ConnectionsMax = 256;
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    /// <param name="witness">Answers; its folder stays the caller's.</param>
    /// <param name="url">Port 0 takes a free one.</param>
    public static WebApplication Build(Witness witness, string url)
    {
        ArgumentNullException.ThrowIfNull(witness);

        // Neither appsettings.json nor the environment of a ledger beside it says anything to a witness.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Urls.Add(url);
        app.Run(context => AnswerAsync(context, witness));
        return app;
    }

    private static Task AnswerAsync(HttpContext context, Witness witness)
    {
        var (request, path) = (context.Request, context.Request.Path.Value ?? "");
        if (path == AddPath)
        {
            return HttpMethods.IsPost(request.Method)
                ? AddAsync(context, witness)
                : WriteAsync(context, StatusCodes.Status405MethodNotAllowed, Plain, "Send a POST.\n");
        }

        return HttpMethods.IsGet(request.Method) && path.Length > CheckpointEnd.Length
            && path.EndsWith(CheckpointEnd, StringComparison.Ordinal)
            && witness.LatestOf(path[1..^CheckpointEnd.Length]) is { } latest
                ? WriteAsync(context, StatusCodes.Status200OK, Plain, latest.ToString())
                : WriteAsync(
                    context, StatusCodes.Status404NotFound, Plain,
                    $"Here are POST {AddPath} and GET /HASH{CheckpointEnd}, where HASH is the SHA-256 of the origin of "
                        + "a log that this witness cosigned.\n");
    }

    private static async Task AddAsync(HttpContext context, Witness witness)
    {
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException refused)
        {
            await WriteAsync(context, refused.StatusCode, Plain, $"The body has at most {BodyBytesMax} bytes.\n");
            return;
        }

        var answer = witness.Add(body.GetBuffer().AsSpan(0, (int)body.Length));
        await WriteAsync(
            context,
            StatusOf(answer.Verdict),
            answer.Verdict is WitnessVerdict.OtherSize or WitnessVerdict.Smaller ? Size : Plain,
            answer.Text);
    }

    private static int StatusOf(WitnessVerdict verdict) => verdict switch
    {
        WitnessVerdict.Consistent => StatusCodes.Status200OK,
        WitnessVerdict.Malformed or WitnessVerdict.OldAboveSize => StatusCodes.Status400BadRequest,
        WitnessVerdict.NotSigned => StatusCodes.Status403Forbidden,
        WitnessVerdict.LogUnknown => StatusCodes.Status404NotFound,
        WitnessVerdict.OtherSize or WitnessVerdict.Smaller => StatusCodes.Status409Conflict,
        WitnessVerdict.Unable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    private static async Task WriteAsync(HttpContext context, int status, string type, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}

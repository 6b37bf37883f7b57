using System.Diagnostics;
using Ledger.Api.Audit;
using Ledger.Api.Keys;
using Ledger.Api.Limits;
using Ledger.Api.Observability;
using Ledger.EventStore;
using Ledger.Projections.Audit;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace Ledger.Api;

/// <summary>
/// Around every request: refuses paths that could mean two things, turns what was thrown into a problem, gives a body
/// to what routing says by a status alone (404, 405), and notes the request in the log, and who was refused in the log
/// of accesses.
/// </summary>
public sealed class Edge(
    RequestDelegate next, EdgeLimits bounds, RateLimits limits, AccessLog accesses, RequestLog log,
    ILogger<Edge> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var started = Stopwatch.GetTimestamp();
        try
        {
            SecurityHeaders.Set(context);
            Paths.Check(context);
            await next(context);
            if (!context.Response.HasStarted && ProblemOf(context) is { } problem)
            {
                await Http.WriteAsync(context, problem);
            }
        }
        catch (RequestException refused)
        {
            var problem = refused.Problem.Status == StatusCodes.Status401Unauthorized
                ? limits.RefuseUnknown(context.Connection.RemoteIpAddress) ?? refused.Problem
                : refused.Problem;
            await Http.WriteAsync(context, problem);
        }
        catch (BadHttpRequestException bad)
        {
            await Http.WriteAsync(context, ProblemOf(bad));
        }
        catch (NpgsqlException down) when (PassingFault.Caused(down))
        {
            RequestFaults.LogDown(logger, down.Message);
            await Http.WriteAsync(context, Http.StoreUnavailable("be asked", FullDisk.Caused(down)));
        }
        catch (Exception gone) when (
            gone is ConnectionResetException
                || (gone is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
        }
        catch (AuditLogException contradicted)
        {
            RequestFaults.LogContradicted(logger, contradicted.Message);
            await Http.WriteAsync(
                context, RequestProblems.Of(RequestProblems.AuditContradicted, contradicted.Message));
        }
        catch (Exception fault)
        {
            RequestFaults.Log(logger, fault, RequestLog.MethodOf(context), RequestLog.RouteOf(context));
            await Http.WriteAsync(context, RequestProblems.Of(
                RequestProblems.InternalError,
                "This is a fault of the program, noted in its log. Send the same again with the same id, or tell its "
                    + "owner."));
        }
        finally
        {
            var caller = context.Items[typeof(Caller)] as Caller;
            if (caller?.Key is { } key)
            {
                accesses.Used(key.Shelf.Tenant, key.Prefix);
            }

            if (context.Items[typeof(Problem)] is Problem answered && AccessLog.IsOfInterest(answered))
            {
                accesses.Note(context, caller?.Actor, answered.Code);
            }

            log.Note(context, caller?.Key?.Prefix, Stopwatch.GetElapsedTime(started));
        }
    }

    private static Problem? ProblemOf(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => RequestProblems.Of(
            RequestProblems.PathUnknown,
            "There is nothing at this path. The description of the API is at /openapi/v1.json."),
        StatusCodes.Status405MethodNotAllowed => RequestProblems.Of(
            RequestProblems.MethodNotAllowed,
            $"This path has no {context.Request.Method}. It has: {context.Response.Headers.Allow}.")
            with
        { Allow = context.Response.Headers.Allow },
        _ => null,
    };

    private Problem ProblemOf(BadHttpRequestException bad) => bad.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => RequestProblems.Of(
            RequestProblems.BodyTooSlow,
            $"The body came too slowly: at least {bounds.RequestBytesPerSecond} bytes a second are expected."),
        _ => RequestProblems.Of(
            RequestProblems.BodyIncomplete, "The request ended before its body did, or its framing is broken."),
    };
}

internal static partial class RequestFaults
{
    [LoggerMessage(LogLevel.Error, "A request failed: {Method} {Route}")]
    public static partial void Log(ILogger logger, Exception fault, string method, string route);

    [LoggerMessage(LogLevel.Error, "The audit log is contradicted by what is stored: {Why}")]
    public static partial void LogContradicted(ILogger logger, string why);

    [LoggerMessage(LogLevel.Warning, "The database cannot be asked: {Why}")]
    public static partial void LogDown(ILogger logger, string why);
}

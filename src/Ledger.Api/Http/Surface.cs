using Ledger.Api.Keys;
using Ledger.Api.Limits;
using Ledger.Domain;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api;

/// <summary>Answers one request; it writes the answer itself, or throws <see cref="RequestException"/>.</summary>
public delegate ValueTask Handler(Call call);

/// <summary>
/// The surface of the API, line by line. Each line is an operation that describes itself, and its handler, which is
/// called only for a caller whose key is known and whose query parameters are among those described.
/// </summary>
public sealed class Surface(IEndpointRouteBuilder routes, LedgerHost ledger)
{
    private readonly List<Operation> operations = [];
    private readonly RateLimits limits = routes.ServiceProvider.GetRequiredService<RateLimits>();

    public LedgerHost Ledger { get; } = ledger;

    public IReadOnlyList<Operation> Operations => operations;

    public Operation Get(string pattern, Handler handler) => Map(HttpMethods.Get, pattern, handler);

    public Operation Put(string pattern, Handler handler) => Map(HttpMethods.Put, pattern, handler);

    public Operation Post(string pattern, Handler handler) => Map(HttpMethods.Post, pattern, handler);

    public Operation Delete(string pattern, Handler handler) => Map(HttpMethods.Delete, pattern, handler);

    /// <summary>An operation that anybody may ask for, without a key.</summary>
    public Operation GetOpen(string pattern, RequestDelegate handler)
    {
        var operation = Add(HttpMethods.Get, pattern);
        routes.MapMethods(pattern, MethodsOf(operation), handler).WithMetadata(operation);
        return operation;
    }

    private Operation Map(string method, string pattern, Handler handler)
    {
        var operation = Add(method, pattern);
        routes.MapMethods(pattern, MethodsOf(operation), context => AnswerAsync(context, operation, handler))
            .WithMetadata(operation);
        return operation;
    }

    /// <summary>What can be read can be asked for by HEAD, too: the server sends the same headers and keeps the
    /// body.</summary>
    private static string[] MethodsOf(Operation operation) =>
        operation.Method == HttpMethods.Get ? [HttpMethods.Get, HttpMethods.Head] : [operation.Method];

    private Operation Add(string method, string pattern)
    {
        var operation = new Operation(method, pattern);
        operations.Add(operation);
        return operation;
    }

    private async Task AnswerAsync(HttpContext context, Operation operation, Handler handler)
    {
        var authorization = context.Request.Headers.Authorization;
        var company = operation.CompanyOf(context.Request);
        var caller = Ledger.Keys.Find(company, authorization);
        if (caller is null)
        {
            if (Ledger.Keys.IsStrange(company, authorization))
            {
                limits.AdmitStranger(context.Connection.RemoteIpAddress);
            }

            caller = await Ledger.Keys.FindAgainAsync(company, authorization);
        }

        context.Items[typeof(Caller)] = caller;
        limits.Admit(caller.Actor);

        // Before anything else is looked at, so that a refusal tells nothing of what there is.
        operation.PermissionOf(caller);
        if (context.Request.QueryString.HasValue)
        {
            CheckQuery(context.Request, operation);
        }

        CheckConditions(context.Request, operation);

        await handler(new Call(context, Ledger, operation, caller));
    }

    /// <summary>A condition of a write that is passed over would be taken for one that held.</summary>
    private static void CheckConditions(HttpRequest request, Operation operation)
    {
        if (HttpMethods.IsGet(operation.Method))
        {
            return;
        }

        var headers = request.Headers;
        var unread = headers.IfNoneMatch.Count > 0 ? HeaderNames.IfNoneMatch
            : headers.IfUnmodifiedSince.Count > 0 ? HeaderNames.IfUnmodifiedSince
            : headers.IfMatch.Count > 0 && !operation.Parameters.Any(each => each.Name == HeaderNames.IfMatch)
            ? HeaderNames.IfMatch
            : null;
        if (unread is not null)
        {
            throw RequestProblems.Fail(
                RequestProblems.HeaderMalformed,
                $"{unread} is no condition here. Send the request without it: what exists with other content is never "
                    + "overwritten unseen.");
        }
    }

    private static void CheckQuery(HttpRequest request, Operation operation)
    {
        foreach (var (name, values) in request.Query)
        {
            if (!operation.Parameters.Any(parameter => !parameter.IsHeader && parameter.Name == name))
            {
                var known = string.Join(
                    ", ", operation.Parameters.Where(each => !each.IsHeader).Select(each => each.Name));
                throw RequestProblems.Fail(
                    RequestProblems.ParameterUnknown,
                    $"'{Texts.Shown(name)}' is not a parameter here. "
                    + (known.Length == 0 ? "There are none." : $"Parameters are: {known}."));
            }

            if (values.Count > 1)
            {
                throw RequestProblems.Fail(
                    RequestProblems.ParameterUnknown, $"'{name}' comes {values.Count} times. Send it once.");
            }

            if (values.ToString().Contains('\0', StringComparison.Ordinal))
            {
                throw RequestProblems.Fail(
                    RequestProblems.ParameterMalformed, $"{name} holds the character U+0000. Send it without.");
            }
        }
    }
}

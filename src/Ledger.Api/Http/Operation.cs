using Ledger.Api.Approvals;
using Ledger.Api.Json;
using Ledger.Api.Keys;
using Ledger.Domain.Keys;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api;

/// <summary>The JSON or text type of a query parameter, for the description of the API.</summary>
public enum ParameterKind
{
    Text,
    Integer,
    Amount,
    Date,

    /// <summary>An instant in UTC, or a date, which then means its end in the company's time zone.</summary>
    Knowledge,
    Month,
    Flag,
}

public sealed record ParameterDoc(string Name, ParameterKind Kind, string Description, string Example)
{
    public bool IsRequired { get; init; }

    public bool IsHeader { get; init; }

    /// <summary>The only values that it may have.</summary>
    public IReadOnlyList<string>? Choices { get; init; }
}

/// <param name="Type">Its members describe the body; text for types that are not JSON.</param>
/// <param name="Example">JSON, or the text itself for other types.</param>
public sealed record BodyDoc(string ContentType, Type Type, string Example);

/// <param name="Headers">Names of headers that the answer always has.</param>
public sealed record AnswerDoc(int Status, string Description, BodyDoc? Body, IReadOnlyList<string> Headers);

/// <summary>
/// One operation of the API: what is at that path with that method, as the description of the API tells it and as the
/// request is checked (query parameters that are not named here are refused).
/// </summary>
public sealed class Operation(string method, string pattern)
{
    private readonly List<ParameterDoc> parameters = [];
    private readonly List<BodyDoc> bodies = [];
    private readonly List<AnswerDoc> answers = [];
    private readonly SortedSet<string> codes = new(StringComparer.Ordinal);

    public string Method { get; } = method;

    public string Pattern { get; } = pattern;

    public string Id { get; private set; } = "";

    public string Group { get; private set; } = "";

    public string Summary { get; private set; } = "";

    public string Description { get; private set; } = "";

    /// <summary>What a caller must be allowed; null for health, the page at <c>/</c> and the description of the
    /// API, which need no key.</summary>
    public Permission? Permission { get; private set; }

    /// <summary>What is enough for a caller's own things, where the operation tells them apart.</summary>
    public Permission? OwnPermission { get; private set; }

    public bool NeedsKey => Permission is not null;

    public IReadOnlyList<ParameterDoc> Parameters => parameters;

    /// <summary>The body in each of the types in which it may be sent.</summary>
    public IReadOnlyList<BodyDoc> Bodies => bodies;

    public IReadOnlyList<AnswerDoc> Outcomes => answers;

    /// <summary>Codes of the problems that it may answer, beyond those of every operation.</summary>
    public IReadOnlySet<string> Codes => codes;

    /// <param name="id">camelCase and unique: generated clients name their method by it.</param>
    /// <param name="group">The capability, such as <c>Journals</c>.</param>
    /// <param name="summary">One sentence without a full stop.</param>
    /// <param name="description">What a caller must know to use it; CommonMark.</param>
    public Operation Is(string id, string group, string summary, string description)
    {
        (Id, Group, Summary, Description) = (id, group, summary, description);
        return this;
    }

    /// <param name="permission">What a caller must be allowed.</param>
    /// <param name="own">What is enough for those who then get or change only what is their own.</param>
    public Operation Needs(Permission permission, Permission? own = null)
    {
        (Permission, OwnPermission) = (permission, own);
        return this;
    }

    /// <summary>By which of its permissions the caller may ask for it.</summary>
    /// <exception cref="RequestException">By none.</exception>
    public Permission PermissionOf(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        var needed = Permission ?? throw new InvalidOperationException($"{Id} says not what it needs.");
        return caller.May(needed) ? needed
            : OwnPermission is { } own && caller.May(own) ? own
            : throw Missing(caller, needed);
    }

    /// <summary>What is answered to whoever has not the permission, or has it by a secret of their own only.</summary>
    internal static RequestException Missing(Caller caller, Permission needed) => RequestProblems.Fail(
        RequestProblems.PermissionMissing,
        Permissions.Of(caller.Roles).Has(needed)
            ? "Your key does this once only you know its secret, which somebody else's key made: rotate it "
                + "(POST …/keys/{id}/rotation) and send this with the new one."
            : $"This needs the permission {Choice<Permission>.NameOf(needed)}, which your key does not have: it comes "
                + $"with the role {string.Join(" or ", Permissions.RolesWith(needed).Select(Choice<Role>.NameOf))}.");

    /// <summary>The query parameter by which a path without a company takes the keys of one.</summary>
    public const string CompanyParameter = "company";

    /// <summary>Whether the request may name the company whose key it carries.</summary>
    public bool IsOfNamedCompany { get; private set; }

    /// <summary>The company whose keys hold for the request; null for one that names none.</summary>
    public string? CompanyOf(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.RouteValues["company"] as string
            ?? (IsOfNamedCompany && request.Query[CompanyParameter].ToString() is { Length: > 0 } named ? named : null);
    }

    /// <summary>It concerns no company, and is open to the keys of all.</summary>
    public Operation NamesCompany()
    {
        IsOfNamedCompany = true;
        return Query(
            CompanyParameter, ParameterKind.Text, "The company whose key is sent; the owner's key needs none.", "acme");
    }

    public Operation Query(
        string name, ParameterKind kind, string description, string example, bool required = false)
    {
        parameters.Add(new(name, kind, description, example) { IsRequired = required });
        return this;
    }

    public Operation QueryOneOf(string name, string description, params string[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        parameters.Add(new(name, ParameterKind.Text, description, choices[0]) { Choices = choices });
        return this;
    }

    public Operation Header(string name, string description, string example, bool required = false)
    {
        parameters.Add(new(name, ParameterKind.Text, description, example) { IsRequired = required, IsHeader = true });
        return this;
    }

    public Operation Reads<T>(string example, string contentType = Http.Json)
    {
        bodies.Add(new(contentType, typeof(T), example));
        return this;
    }

    public Operation Answers<T>(int status, string description, string example, string contentType = Http.Json)
    {
        answers.Add(new(status, description, new(contentType, typeof(T), example), []));
        return this;
    }

    /// <summary>A register as it is now, with the version to name when it is changed.</summary>
    public Operation Shows<T>(string example, string description = "As it is now.")
    {
        var body = new BodyDoc(Http.Json, typeof(T), example);
        answers.Add(new(StatusCodes.Status200OK, description, body, [HeaderNames.ETag]));
        return Refuses(RequestProblems.NotAcceptable);
    }

    /// <summary>201 for what is recorded now and 200 for what was before, with the headers of a write.</summary>
    public Operation Writes<T>(string example)
    {
        var body = new BodyDoc(Http.Json, typeof(T), example);
        string[] headers = [HeaderNames.ETag, HttpNames.Sequence];
        answers.Add(new(StatusCodes.Status201Created, "Recorded now.", body, headers));
        answers.Add(new(StatusCodes.Status200OK, "Recorded before with the same content.", body, headers));
        return this;
    }

    /// <summary>Some of it is done only after a second person has approved it.</summary>
    public Operation MayWait()
    {
        var body = new BodyDoc(Http.Json, typeof(WaitsForApproval), WaitsForApproval.Example);
        answers.Add(new(
            StatusCodes.Status202Accepted,
            "It waits for a second person. Send the same again once it is approved.",
            body,
            [HttpNames.Sequence]));
        return Refuses("approvals-too-many", "approvals-too-many-of-one", "approval-asked-by-known-secret");
    }

    /// <summary>It changes a register: what exists is changed only by who has seen it.</summary>
    public Operation Changes() => Header(
        "If-Match",
        "The `ETag` that was read; needed to change what exists with other content.",
        "\"3\"");

    /// <summary>Problems that it may answer beyond those of every operation.</summary>
    public Operation Refuses(params IEnumerable<string> problemCodes)
    {
        codes.UnionWith(problemCodes);
        return this;
    }
}

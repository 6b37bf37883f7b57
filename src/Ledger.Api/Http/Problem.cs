using Ledger.Domain;

namespace Ledger.Api;

/// <summary>An answer that is not a success, as RFC 9457 has it.</summary>
/// <param name="Code">Permanent, kebab case; also the end of the problem's <c>type</c>.</param>
/// <param name="Detail">What was wrong with this request, and what to send instead.</param>
public sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary>Where in the body, as a JSONPath such as <c>$.lines[3].amount</c>.</summary>
    public string? Path { get; init; }

    /// <summary>Seconds after which sending the same again is worth it; every 429 and 503 has some.</summary>
    public int? RetryAfter { get; init; } = Status == StatusCodes.Status503ServiceUnavailable ? 1 : null;

    /// <summary>The methods that the path has, where the request had another.</summary>
    public string? Allow { get; init; }

    /// <summary>Further members of the problem, by name.</summary>
    public ValueMap<string>? More { get; init; }

    /// <summary>The code in words: the same for every problem of this code.</summary>
    public string Title => string.Concat(char.ToUpperInvariant(Code[0]).ToString(), Code[1..].Replace('-', ' '));
}

/// <summary>A request that cannot be read. Thrown by what reads requests, caught in one place only.</summary>
public sealed class RequestException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}

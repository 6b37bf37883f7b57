namespace Ledger.Domain;

/// <summary>A broken business rule. <c>Code</c> is part of the API and never changes; <c>Message</c> may.</summary>
/// <param name="Code">Permanent, kebab case, unique over all capabilities.</param>
/// <param name="Message">The value, the rule and what to send instead.</param>
public sealed record Refusal(string Code, string Message);

namespace Ledger.Domain.Payroll;

/// <summary>Stream <c>pack/{name}</c> in the tenant <c>*DEFAULT*</c>: which payroll law this ledger knows since when.
/// </summary>
public abstract record PackEvent;

/// <summary>From here on, these figures and formulas of a pack count as known.</summary>
/// <param name="EngineVersion">That of the formulas.</param>
/// <param name="Figures">Keys of those that are new: name, first day, and the day from which they were known; of a
/// public holiday its kind, its day, and where it holds.</param>
[EventName("pack_published")]
public sealed record PackPublished(string Pack, int EngineVersion, ValueList<string> Figures) : PackEvent;

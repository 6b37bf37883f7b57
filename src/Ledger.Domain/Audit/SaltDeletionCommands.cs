using Ledger.Domain.People;

namespace Ledger.Domain.Audit;

/// <summary>Destroys the salts of events, so that nobody can prove any more what these say.</summary>
/// <param name="Id">Of the deletion.</param>
/// <param name="Events">Ids of events of the company, in lower case.</param>
public sealed record DeleteSalts(string Id, string Reason, ValueList<string> Events);

/// <summary>An event whose salt is to go.</summary>
/// <param name="Sequence">Its number among the events of all companies.</param>
/// <param name="Type">Its stored name.</param>
/// <param name="IsDeletion">It says itself that salts were deleted.</param>
/// <param name="Kept">Why it is kept, and from which day that counts; null where no law keeps it.</param>
public sealed record SaltedEvent(string Id, long Sequence, string Type, bool IsDeletion, KeptData? Kept);

namespace Ledger.Projections;

/// <summary>An event with its place in the log, as the loop of a group reads it.</summary>
/// <param name="Position">Its number in its company, from 1.</param>
/// <param name="Recorded">Microseconds since 2000-01-01, as PostgreSQL counts them; never below its
/// predecessor's.</param>
/// <param name="Data">The JSON object in UTF-8.</param>
internal readonly record struct LoggedEvent(
    long Sequence,
    string Company,
    long Position,
    long Recorded,
    string Stream,
    long Version,
    string Type,
    byte[] Data,
    string? Actor,
    string? Correlation,
    string? Causation,
    Guid Id);

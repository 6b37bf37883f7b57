using Ledger.Projections.Audit;

namespace Ledger.Projections;

/// <summary>Something that is not as it must be.</summary>
/// <param name="Check">The rule that is broken, such as <c>entry numbers without gaps</c>.</param>
/// <param name="Where">The event, stream or table row.</param>
/// <param name="What">What is there and what should be.</param>
/// <param name="Company">Whose it is, which alone may be told of it; null for what concerns everybody.</param>
public sealed record VerificationFinding(string Check, string Where, string What, string? Company)
{
    public override string ToString() => $"{Check}: {Where}: {What}";
}

/// <summary>An event that another program (Marten) appended, and that counts like our own.</summary>
public sealed record AdoptedEvent(long Sequence, string Company, string Stream, string Type, string? DotnetType);

/// <summary>Something that two persons must see, done by one: there was nobody else.</summary>
/// <param name="Kind">As events name it, such as <c>reopenPeriod</c>.</param>
/// <param name="Subject">What it was done to.</param>
/// <param name="Holder">The person.</param>
/// <param name="Revoked">Keys by which others could have agreed, had these not been revoked.</param>
public sealed record SinglePersonApproval(
    long Sequence, string Company, string Kind, string Subject, string Holder, IReadOnlyList<string> Revoked);

/// <summary>How much of a company was looked at.</summary>
/// <param name="Checkpoints">Signed ones of its audit log.</param>
/// <param name="Unprovable">Bodies whose salts were deleted.</param>
public sealed record CompanyFigures(long Events, long Entries, long Lines, long Checkpoints, long Unprovable);

/// <summary>What a verification found.</summary>
/// <param name="Findings">Empty when all is well; the first <see cref="Verification.FindingsMax"/> of each
/// check.</param>
/// <param name="Adopted">The first <see cref="Verification.FindingsMax"/> of <paramref name="AdoptedCount"/>.</param>
/// <param name="SinglePerson">The first <see cref="Verification.FindingsMax"/> of
/// <paramref name="SinglePersonCount"/>; they are allowed.</param>
/// <param name="Holes">Numbers without an event that are accounted for in <c>mt_high_water_skips</c>.</param>
/// <param name="Rebuilt">How many events the rebuild beside the live tables compared.</param>
/// <param name="Companies">The same figures for each company that has events.</param>
public sealed record VerificationReport(
    long Events,
    long Streams,
    long Entries,
    long Lines,
    long Cells,
    long Holes,
    long AdoptedCount,
    long Rebuilt,
    IReadOnlyList<string> Checks,
    IReadOnlyList<VerificationFinding> Findings,
    IReadOnlyList<AdoptedEvent> Adopted,
    long SinglePersonCount,
    IReadOnlyList<SinglePersonApproval> SinglePerson,
    AuditFigures Audit,
    IReadOnlyDictionary<string, CompanyFigures> Companies,
    TimeSpan Elapsed)
{
    public bool Passed => Findings.Count == 0;

    public decimal EventsPerSecond => Elapsed > TimeSpan.Zero ? Events / (decimal)Elapsed.TotalSeconds : 0;
}

using Ledger.Projections;
using NodaTime;

namespace Ledger.Api.Audit;

/// <summary>How a verification stands.</summary>
public enum VerificationState
{
    Running,
    Ended,
    Failed,
}

/// <summary>The verification of the whole ledger that runs in this service, or ran last, as it concerns a
/// company.</summary>
/// <param name="Progress">Null once it has ended.</param>
/// <param name="Passed">Nothing was found. Null until it has ended, and where it cannot be said, since so much is
/// broken elsewhere in the ledger that it was not looked into all of it.</param>
/// <param name="Failure">Why it broke off, and what to do; null when it did not.</param>
/// <param name="Result">Null until it has ended.</param>
public sealed record VerificationShown(
    string Company,
    VerificationState State,
    Instant Started,
    Instant? Ended,
    VerificationStep? Progress,
    bool? Passed,
    string? Failure,
    VerificationResult? Result);

/// <param name="Step">What is looked at now.</param>
/// <param name="Done">Null where the step cannot tell.</param>
/// <param name="Total">Null where the step cannot tell.</param>
public sealed record VerificationStep(string Step, long? Done, long? Total);

/// <summary>What was looked at, how fast, and what was found.</summary>
/// <param name="Events">Of the whole ledger.</param>
/// <param name="Company">How much of that the company has.</param>
/// <param name="WitnessesAsked">How many stand by the log over all logs as it is.</param>
/// <param name="WitnessesSilent">Names of those who could not be asked: nothing is known of them.</param>
/// <param name="Waiting">Closings whose certificate is not made yet, of the first hundred in the ledger.</param>
/// <param name="Findings">The company's, and those that concern everybody; the first hundred of a check.</param>
public sealed record VerificationResult(
    long Events,
    long Milliseconds,
    long EventsPerSecond,
    VerifiedCompany Company,
    int WitnessesAsked,
    IReadOnlyList<string> WitnessesSilent,
    IReadOnlyList<string> Waiting,
    IReadOnlyList<VerifiedCheck> Checks,
    IReadOnlyList<VerifiedFinding> Findings);

/// <summary>What a company has that is looked at, as far as nothing broke off the check.</summary>
/// <param name="Checkpoints">Whose signatures and roots were checked.</param>
/// <param name="Unprovable">Bodies whose salts were deleted.</param>
/// <param name="Payslips">Derived again.</param>
/// <param name="Certificates">Derived again.</param>
public sealed record VerifiedCompany(
    long Events,
    long Entries,
    long Lines,
    long Checkpoints,
    long Unprovable,
    ReplayFigures Payslips,
    ReplayFigures Certificates);

/// <param name="Found">How often the rule is broken here, as far as that was kept.</param>
/// <param name="IsWhole">False where so much is broken elsewhere in the ledger that it was not looked into all of
/// it.</param>
public sealed record VerifiedCheck(string Check, int Found, bool IsWhole);

/// <summary>Something that is not as it must be.</summary>
/// <param name="Check">The rule that is broken.</param>
/// <param name="Where">The event, stream or table row.</param>
/// <param name="What">What is there and what should be.</param>
public sealed record VerifiedFinding(string Check, string Where, string What);

/// <summary>Shows a company what is its own of a verification, and what concerns everybody.</summary>
internal static class VerificationWalls
{
    public static VerificationResult Of(string company, FullReport report)
    {
        var store = report.Store;
        var figures = store.Companies.GetValueOrDefault(company);
        return new(
            store.Events,
            (long)store.Elapsed.TotalMilliseconds,
            (long)store.EventsPerSecond,
            new(
                figures?.Events ?? 0,
                figures?.Entries ?? 0,
                figures?.Lines ?? 0,
                figures?.Checkpoints ?? 0,
                figures?.Unprovable ?? 0,
                report.Payslips.Companies.GetValueOrDefault(company) ?? ReplayFigures.None,
                report.Certificates.Companies.GetValueOrDefault(company) ?? ReplayFigures.None),
            report.Witnesses.Cosigned,
            [.. report.Witnesses.NotAsked.Select(silent => silent.Name)],
            [.. report.Certificates.Waiting.Where(each => each.Company == company).Select(each => each.ToString())],
            [
                .. store.Checks.Distinct(StringComparer.Ordinal).Select(check => new VerifiedCheck(
                    check,
                    store.Findings.Count(finding => finding.Check == check && IsFor(company, finding)),
                    IsWhole(store.Findings.Count(finding => finding.Check == check), check))),
            ],
            [
                .. store.Findings.Where(finding => IsFor(company, finding))
                    .Select(finding => new VerifiedFinding(finding.Check, finding.Where, finding.What)),
            ]);
    }

    // An event that cannot be folded keeps the tables from being compared.
    private static bool IsWhole(int found, string check) =>
        found < Verification.FindingsMax && (found == 0 || check != Verification.FoldCheck);

    // What belongs to no company, such as the keys of the ledger, is everybody's.
    private static bool IsFor(string company, VerificationFinding finding) =>
        finding.Company is null or Ledger.Api.Keys.OwnerKey.Tenant || finding.Company == company;
}

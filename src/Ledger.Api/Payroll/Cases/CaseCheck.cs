using Ledger.Domain;
using Ledger.Domain.Payroll;

namespace Ledger.Api.Payroll.Cases;

/// <summary>What a pack makes of a case.</summary>
/// <param name="Figures">All that the pack can say, by the names that files of cases have for it.</param>
/// <param name="Lines">The working; null where there are no lines.</param>
/// <param name="Fault">Why there is no result: a refusal, or what cannot be read.</param>
internal sealed record CaseResult(
    IReadOnlyDictionary<string, decimal> Figures, PayslipLines? Lines = null, string? Fault = null)
{
    public static CaseResult Of(Refusal refusal) => Of($"{refusal.Code}: {refusal.Message}");

    public static CaseResult Of(string fault) => new(new Dictionary<string, decimal>(), null, fault);
}

/// <summary>A figure that came out otherwise than expected; null is none at all.</summary>
/// <param name="Expected">As the case has it, which may be no number.</param>
internal sealed record CaseDifference(string Name, string Expected, decimal? Actual);

/// <summary>A checked case.</summary>
internal sealed record CheckedCase(PayrollCase Case, CaseResult Result, IReadOnlyList<CaseDifference> Differences);

/// <summary>Calculates cases by the packs and compares.</summary>
internal static class CaseCheck
{
    /// <summary>How far what is rounded once may be from what the law rounds fund by fund.</summary>
    public const decimal RoundedOnce = 0.03m;

    /// <summary>A case that cannot be calculated differs in all that it expects.</summary>
    public static CheckedCase Check(PayrollCase each)
    {
        var result = Calculate(each);
        var differences = new List<CaseDifference>();
        foreach (var (name, written, value) in each.Figures)
        {
            decimal? actual = value is not null && result.Figures.TryGetValue(name, out var found) ? found : null;
            if (actual is null || Math.Abs(actual.Value - value!.Value) > Tolerance(each, name))
            {
                differences.Add(new(name, written, actual));
            }
        }

        return new(each, result, differences);
    }

    /// <summary>Whatever goes wrong in a case stays in it: those after it are still checked.</summary>
    private static CaseResult Calculate(PayrollCase each)
    {
        try
        {
            return each.Jurisdiction switch
            {
                "AZ" => AzerbaijaniCases.Calculate(each),
                "BG" => BulgarianCases.Calculate(each),
                "GB" => BritishCases.Calculate(each),
                "US" => AmericanCases.Calculate(each),
                var other => throw new FormatException($"There is no pack for '{other}'."),
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return CaseResult.Of(e.Message);
        }
    }

    /// <summary>
    /// Where files of cases are known to round otherwise than the law. Bulgarian cases round the sum of contributions
    /// once, and so what follows from it; British ones were made with binary fractions, which shows in Scottish tax.
    /// </summary>
    private static decimal Tolerance(PayrollCase each, string name) => each.Jurisdiction switch
    {
        "BG" when BulgarianCases.FollowsContributions(each, name) => RoundedOnce,
        "GB" when BritishCases.IsScottishMonthlyTax(each) => 0.01m,
        _ => 0,
    };
}

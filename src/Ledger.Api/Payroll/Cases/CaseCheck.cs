using Ledger.Domain;
using Ledger.Domain.Payroll;

namespace Ledger.Api.Payroll.Cases;

/// <summary>What a pack makes of a case.</summary>
/// <param name="Figures">All that the pack can say, by the names that files of cases have for it.</param>
/// <param name="Lines">The working; null where there are no lines.</param>
/// <param name="Refusal">Why there is no result.</param>
internal sealed record CaseResult(
    IReadOnlyDictionary<string, decimal> Figures, PayslipLines? Lines = null, Refusal? Refusal = null)
{
    public static CaseResult Of(Refusal refusal) => new(new Dictionary<string, decimal>(), null, refusal);
}

/// <summary>A figure that came out otherwise than expected; null is none at all.</summary>
internal sealed record CaseDifference(string Name, decimal Expected, decimal? Actual);

/// <summary>A checked case.</summary>
internal sealed record CheckedCase(PayrollCase Case, CaseResult Result, IReadOnlyList<CaseDifference> Differences);

/// <summary>Calculates cases by the packs and compares.</summary>
internal static class CaseCheck
{
    /// <exception cref="FormatException">The case cannot be read.</exception>
    public static CheckedCase Check(PayrollCase each)
    {
        var result = each.Jurisdiction switch
        {
            "AZ" => AzerbaijaniCases.Calculate(each),
            "BG" => BulgarianCases.Calculate(each),
            "GB" => BritishCases.Calculate(each),
            "US" => AmericanCases.Calculate(each),
            _ => throw new FormatException($"Line {each.Line}: there is no pack for '{each.Jurisdiction}'."),
        };
        var differences = each.Figures
            .Select(figure => new CaseDifference(
                figure.Name, figure.Value,
                result.Figures.TryGetValue(figure.Name, out var actual) ? actual : null))
            .Where(difference => difference.Actual is not { } actual
                || Math.Abs(actual - difference.Expected) > Tolerance(each, difference.Name))
            .ToList();
        return new(each, result, differences);
    }

    /// <summary>
    /// Where files of cases are known to round otherwise than the law. Bulgarian cases round the sum of contributions
    /// once, and so what follows from it; British ones were made with binary fractions, which shows in Scottish tax.
    /// </summary>
    private static decimal Tolerance(PayrollCase each, string name) => each.Jurisdiction switch
    {
        "BG" when BulgarianCases.FollowContributions.Contains(name) => 0.03m,
        "GB" when BritishCases.IsScottishMonthlyTax(each) => 0.01m,
        _ => 0,
    };
}

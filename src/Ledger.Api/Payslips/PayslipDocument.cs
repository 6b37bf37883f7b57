using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using NodaTime;

namespace Ledger.Api.Payslips;

/// <summary>All that a payslip says on paper, as it was known when it was calculated: it reads the same ever after,
/// but for a name that was erased, and a run that was approved or reversed since.</summary>
/// <param name="Company">Its name.</param>
/// <param name="Employee">The id.</param>
/// <param name="Name">Null where it was erased, or whoever asks may not read it.</param>
/// <param name="Language">One of <see cref="PayslipWords.Languages"/>.</param>
/// <param name="Position">That of the contract that is paid.</param>
/// <param name="YearStart">The first day of the statutory year.</param>
/// <param name="ToDate">The statutory year's sums up to this payslip, in the order in which lines came.</param>
public sealed record PayslipDocument(
    string Company,
    string Run,
    PayRunStatus Status,
    string Employee,
    string? Name,
    string Language,
    string? Position,
    Payslip Slip,
    LocalDate YearStart,
    IReadOnlyList<PaidToDate> ToDate)
{
    /// <summary>The first day of the statutory year in which a day is: the calendar year; in the United Kingdom the
    /// tax year, from 6 April.</summary>
    public static LocalDate YearStartOf(string pack, LocalDate day) => StatutoryYear.Of(pack, day).From;

    /// <summary>A rate stands beside its base only where the one times the other is the amount: not where bands were
    /// added up, or what was taken before was taken off.</summary>
    internal static bool IsProduct(SlipLine line) =>
        line.Base is { } @base && Math.Abs((@base * line.Rate!.Value) - line.Amount) <= 0.01m;

    /// <summary>What was paid in the year by lines of a kind.</summary>
    public decimal ToDateOf(params ReadOnlySpan<LineKind> kinds)
    {
        var sum = 0m;
        foreach (var paid in ToDate)
        {
            sum += kinds.Contains(paid.Kind) ? paid.Amount : 0;
        }

        return sum;
    }
}

/// <summary>The sum of a kind of line in the statutory year, by pay date.</summary>
public sealed record PaidToDate(string Code, LineKind Kind, decimal Amount);

using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.UnitedStates;

/// <summary>
/// Income tax of a year before credits, as a tax return has it, in whole dollars. Below 100,000 the instructions' table
/// counts, which takes the middle of each of its rows.
/// </summary>
/// <remarks>Internal Revenue Code, sec. 1 and 3; Instructions for Form 1040, Tax Table and Tax Computation Worksheet.
/// </remarks>
public static class AnnualTax
{
    private const decimal TableBound = 100_000;

    /// <summary>Null, where the rates of the year are not known.</summary>
    public static decimal? On(decimal taxableIncome, FilingStatus status, AmericanFigures law)
    {
        ArgumentNullException.ThrowIfNull(law);
        return law.Liability(status) is { } bands ? ToWhole(bands.Owed(InTable(taxableIncome), out _)) : null;
    }

    private static decimal InTable(decimal income) => income switch
    {
        <= 0 => 0,
        < 5 => 2.5m,
        < 15 => 10,
        < 25 => 20,
        < 3_000 => (decimal.Floor(income / 25) * 25) + 12.5m,
        < TableBound => (decimal.Floor(income / 50) * 50) + 25,
        _ => income,
    };
}

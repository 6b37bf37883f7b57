using NodaTime;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.UnitedKingdom;

/// <summary>Category letters of National Insurance.</summary>
public enum NiCategory
{
    A,
    B,
    C,
    D,
    E,
    F,
    H,
    I,
    J,
    K,
    L,
    M,
    N,
    S,
    V,
    Z,
}

/// <summary>What the employee of a category pays.</summary>
public enum NiEmployee
{
    Standard,

    /// <summary>Married women and widows who chose so once.</summary>
    Reduced,

    /// <summary>Who pays already in another job.</summary>
    Deferred,

    /// <summary>Over pension age.</summary>
    None,
}

/// <summary>From which earnings on the employer of a category pays.</summary>
public enum NiEmployer
{
    FromSecondaryThreshold,

    /// <summary>Freeports and investment zones.</summary>
    FromZoneThreshold,

    /// <summary>Employees under 21, apprentices under 25, veterans.</summary>
    FromUpperThreshold,
}

/// <summary>Thresholds of an earnings period.</summary>
public readonly record struct NiThresholds(
    decimal LowerEarningsLimit, decimal Primary, decimal Secondary, decimal Zone, decimal UpperEarningsLimit)
{
    /// <summary>Those of a year, for the weeks of its 52 in which somebody was a director: up to whole pounds. They are
    /// multiplied before they are divided, so that what comes to whole pounds stays there.</summary>
    public NiThresholds For(decimal weeks)
    {
        return new(
            Part(LowerEarningsLimit), Part(Primary), Part(Secondary), Part(Zone), Part(UpperEarningsLimit));

        decimal Part(decimal ofYear) => decimal.Ceiling(ofYear * weeks / 52);
    }
}

/// <summary>Rates of a category: on earnings up to the upper limit, and above it.</summary>
public readonly record struct NiRates(Known Main, Known Upper, Known Employer, NiEmployer EmployerPays);

/// <summary>Contributions on the earnings of a period, and these earnings by band.</summary>
/// <param name="AtLowerLimit">The limit, once it is reached.</param>
/// <param name="ToPrimary">From the lower limit to the primary threshold.</param>
/// <param name="ToUpperLimit">From the primary threshold to the upper limit.</param>
/// <param name="AboveUpperLimit">Above it.</param>
/// <param name="EmployerEarnings">Those on which the employer pays.</param>
public readonly record struct NiContributions(
    decimal Employee,
    decimal Employer,
    decimal AtLowerLimit,
    decimal ToPrimary,
    decimal ToUpperLimit,
    decimal AboveUpperLimit,
    decimal EmployerEarnings);

/// <summary>What was taken before of the same earnings.</summary>
/// <param name="Period">Which earnings these are, in words.</param>
public readonly record struct NiTaken(decimal Employee, decimal Employer, string Period)
{
    public const string EarningsPeriod = "earnings of the earnings period";

    public const string Year = "earnings as a director in the tax year";
}

/// <summary>Class 1 contributions by the exact percentage method.</summary>
/// <remarks>Social Security (Contributions) Regulations 2001, reg. 8, 10, 11 and 12; HM Revenue &amp; Customs, National
/// Insurance guidance for software developers.</remarks>
public static class NationalInsurance
{
    private static readonly LocalDate InvestmentZonesFrom = new(2024, 4, 6);

    public static LineType Employee { get; } = new(
        "nationalInsurance", LineKind.Contribution,
        "National Insurance: earnings between the primary threshold and the upper limit, and those above it");

    public static LineType Employer { get; } = new(
        "nationalInsuranceEmployer", LineKind.EmployerContribution,
        "Employer's National Insurance: earnings above the secondary threshold of the category");

    public static NiEmployee EmployeeOf(NiCategory category) => category switch
    {
        NiCategory.B or NiCategory.E or NiCategory.I => NiEmployee.Reduced,
        NiCategory.C or NiCategory.K or NiCategory.S => NiEmployee.None,
        NiCategory.D or NiCategory.J or NiCategory.L or NiCategory.Z => NiEmployee.Deferred,
        _ => NiEmployee.Standard,
    };

    public static NiEmployer EmployerOf(NiCategory category) => category switch
    {
        NiCategory.A or NiCategory.B or NiCategory.C or NiCategory.J => NiEmployer.FromSecondaryThreshold,
        NiCategory.H or NiCategory.M or NiCategory.V or NiCategory.Z => NiEmployer.FromUpperThreshold,
        _ => NiEmployer.FromZoneThreshold,
    };

    /// <summary>Investment zones have categories of their own since 6 April 2024.</summary>
    public static bool Exists(NiCategory category, LocalDate day) => day >= InvestmentZonesFrom
        || category is not (NiCategory.D or NiCategory.E or NiCategory.K or NiCategory.N);

    /// <summary>Each product is carried at four decimal places and rounded to the penny by the third.</summary>
    public static NiContributions Of(decimal earnings, in NiThresholds thresholds, in NiRates rates)
    {
        var above = Between(earnings, thresholds.UpperEarningsLimit, decimal.MaxValue);
        var toUpper = Between(earnings, thresholds.Primary, thresholds.UpperEarningsLimit);
        var employerFrom = rates.EmployerPays switch
        {
            NiEmployer.FromSecondaryThreshold => thresholds.Secondary,
            NiEmployer.FromZoneThreshold => thresholds.Zone,
            _ => thresholds.UpperEarningsLimit,
        };
        var employerTo = Between(earnings, employerFrom, thresholds.UpperEarningsLimit);
        var hasReachedLower = earnings >= thresholds.LowerEarningsLimit;
        return new(
            Product(toUpper, rates.Main) + Product(above, rates.Upper),
            Product(employerTo, rates.Employer) + Product(above, rates.Employer),
            hasReachedLower ? thresholds.LowerEarningsLimit : 0,
            Between(earnings, thresholds.LowerEarningsLimit, thresholds.Primary),
            toUpper,
            above,
            employerTo + above);
    }

    /// <summary>Adds the lines of both: what is due on all earnings, less what was taken of them before.</summary>
    public static NiContributions Add(
        decimal earnings, NiTaken before, in NiThresholds thresholds, in NiRates rates, PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var due = Of(earnings, thresholds, rates);
        lines.Step(before.Period, earnings);
        lines.Step("those above the upper limit, at the upper rate", due.AboveUpperLimit, rates.Upper.Figure);
        Taken(before.Employee, lines);
        lines.Add(Employee, due.Employee - before.Employee, due.ToUpperLimit, rates.Main);
        lines.Step(before.Period, earnings);
        Taken(before.Employer, lines);
        lines.Add(Employer, due.Employer - before.Employer, due.EmployerEarnings, rates.Employer);
        return due;
    }

    private static void Taken(decimal before, PayslipLines lines)
    {
        if (before != 0)
        {
            lines.Step("taken before", before);
        }
    }

    private static decimal Product(decimal earnings, decimal rate) =>
        earnings == 0 || rate == 0 ? 0 : ByThirdPlace(ToFourPlaces(earnings * rate));

    private static decimal Between(decimal earnings, decimal from, decimal to) =>
        earnings <= from ? 0 : Math.Min(earnings, to) - from;
}

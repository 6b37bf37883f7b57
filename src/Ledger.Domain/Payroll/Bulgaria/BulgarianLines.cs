using System.Collections.Frozen;

namespace Ledger.Domain.Payroll.Bulgaria;

/// <summary>The lines of a Bulgarian payslip beside pay.</summary>
public static class BulgarianLines
{
    private static readonly string[] Order =
        ["pensions", "universalPensionFund", "sicknessAndMaternity", "unemployment", "health"];

    private static readonly FrozenDictionary<string, string> Funds = new Dictionary<string, string>
    {
        ["pensions"] = "State pension contribution",
        ["universalPensionFund"] = "Contribution to the universal pension fund",
        ["sicknessAndMaternity"] = "Contribution for sickness and maternity",
        ["unemployment"] = "Contribution for unemployment",
        ["health"] = "Health contribution",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, LineType> EmployeeLines = Funds.ToFrozenDictionary(
        each => each.Key,
        each => new LineType(
            each.Key, LineKind.Contribution,
            $"{each.Value}: insurable income × the employee's rate, by fund to the cent"));

    private static readonly FrozenDictionary<string, LineType> EmployerLines = Funds.ToFrozenDictionary(
        each => each.Key,
        each => new LineType(
            $"{each.Key}Employer", LineKind.EmployerContribution,
            $"{each.Value}: insurable income × the employer's rate, by fund to the cent"));

    public static LineType WorkAccident { get; } = new(
        "workAccidentEmployer", LineKind.EmployerContribution,
        "Work accident and occupational disease: insurable income × the rate of the employer's activity");

    public static LineType HealthWhileIncapacitated { get; } = new(
        "healthWhileIncapacitatedEmployer", LineKind.EmployerContribution,
        "Health contribution for days of incapacity that the fund pays: the employer's rate on the least income of "
        + "self-employed persons, by working days of the month");

    public static LineType IncomeTax { get; } = new(
        "incomeTax", LineKind.Tax,
        "Income tax: taxable pay less the employee's contributions and reliefs × the flat rate");

    /// <summary>How many social funds there are.</summary>
    public static int FundCount => Order.Length;

    /// <summary>The contributions of employees, then those of employers, by fund; then what has no fund.
    /// </summary>
    internal static LineType[] Contributions { get; } =
        [.. Order.Select(Employee), .. Order.Select(Employer), WorkAccident, HealthWhileIncapacitated];

    internal static FrozenDictionary<string, int> PlaceOfCode { get; } = Contributions
        .Select((line, place) => (line.Code, place)).ToFrozenDictionary(each => each.Code, each => each.place);

    public static int PlaceOf(string fund) => Array.IndexOf(Order, fund);

    public static LineType Employee(string fund) => EmployeeLines[fund];

    public static LineType Employer(string fund) => EmployerLines[fund];
}

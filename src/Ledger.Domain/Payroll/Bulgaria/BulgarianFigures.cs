namespace Ledger.Domain.Payroll.Bulgaria;

/// <summary>A social fund: its line for the employee, its line for the employer, and its rates.</summary>
/// <param name="Place">Among all funds.</param>
public sealed record BulgarianFund(
    int Place, LineType Employee, LineType Employer, Known EmployeeRate, Known EmployerRate);

/// <summary>The figures of a day, as the formulas use them.</summary>
public sealed class BulgarianFigures
{
    public BulgarianFigures(FigureSet figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        MaximumInsurableIncome = figures.Number("maximumInsurableIncome");
        AccidentRateLowest = figures.Number("workAccident.lowest");
        AccidentRateHighest = figures.Number("workAccident.highest");
        IncomeTax = figures.Number("incomeTax");
        ChildReliefEachMonth = figures.Optional("childReliefEachMonth") is { Value: 1 };
        IncapacityRelief = figures.Optional("incapacityRelief");
        Funds = [.. Shared("pensions").Concat(Shared("universalPensionFund")).Concat(Rest())];
        FundsBornBefore1960 = [.. Fund("pensions", "pensionsBefore1960").Concat(Rest())];

        IEnumerable<BulgarianFund> Shared(string name) => Fund(name, name);
        IEnumerable<BulgarianFund> Rest() =>
            Shared("sicknessAndMaternity").Concat(Shared("unemployment")).Concat(Shared("health"));
        IEnumerable<BulgarianFund> Fund(string name, string rates) =>
        [
            new(
                BulgarianLines.PlaceOf(name), BulgarianLines.Employee(name), BulgarianLines.Employer(name),
                figures.Number(rates + ".employee"), figures.Number(rates + ".employer")),
        ];
    }

    /// <summary>A month.</summary>
    public Known MaximumInsurableIncome { get; }

    public Known AccidentRateLowest { get; }

    public Known AccidentRateHighest { get; }

    public Known IncomeTax { get; }

    /// <summary>Whether the employer may take off the relief for children month by month.</summary>
    public bool ChildReliefEachMonth { get; }

    /// <summary>A month; null where the law's amount in the currency of the day is not known.</summary>
    public Known? IncapacityRelief { get; }

    public BulgarianFund[] Funds { get; }

    /// <summary>For those born before 1960: a higher pension contribution and no universal fund.</summary>
    public BulgarianFund[] FundsBornBefore1960 { get; }
}

namespace Ledger.Domain.Payroll.Azerbaijan;

/// <summary>The bands of a sector.</summary>
public sealed record AzerbaijaniRates(
    Bands IncomeTax, Bands SocialInsurance, Bands SocialInsuranceEmployer, Bands Medical);

/// <summary>The figures of a day, as the formulas use them.</summary>
public sealed class AzerbaijaniFigures
{
    public AzerbaijaniFigures(FigureSet figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        Private = Rates("private");
        State = Rates("state");
        Unemployment = figures.Number("unemployment.employee");
        UnemploymentEmployer = figures.Number("unemployment.employer");
        MinimumWage = figures.Optional("minimumWage");
        SickDays = (int)figures.Number("employerSickPay").Value;
        SickPart = figures.Number("employerSickPay", 1);
        Relief = figures.Number("incomeTax.relief");
        ReliefIncomeMax = figures.Number("incomeTax.relief", 1);

        AzerbaijaniRates Rates(string sector) => new(
            Bands.Of(figures, $"incomeTax.{sector}"),
            Bands.Of(figures, $"socialInsurance.{sector}.employee"),
            Bands.Of(figures, $"socialInsurance.{sector}.employer"),
            Bands.Of(figures, $"medical.{sector}"));
    }

    public AzerbaijaniRates Private { get; }

    /// <summary>Oil and gas as well.</summary>
    public AzerbaijaniRates State { get; }

    public Known Unemployment { get; }

    public Known UnemploymentEmployer { get; }

    /// <summary>A month; null where it is not known.</summary>
    public Known? MinimumWage { get; }

    /// <summary>Calendar days of an illness that the employer pays.</summary>
    public int SickDays { get; }

    /// <summary>Of earnings, for an insurance record of 8 to 12 years.</summary>
    public Known SickPart { get; }

    /// <summary>At the main workplace, a month.</summary>
    public Known Relief { get; }

    /// <summary>The highest monthly income with that relief.</summary>
    public Known ReliefIncomeMax { get; }
}

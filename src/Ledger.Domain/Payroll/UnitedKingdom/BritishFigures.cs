namespace Ledger.Domain.Payroll.UnitedKingdom;

/// <summary>A student loan's threshold: pay of a week, of a month and of a year that nothing is taken from.</summary>
public readonly record struct LoanThreshold(decimal Week, decimal Month, decimal Year, Figure Figure);

/// <summary>The figures of a day, as the formulas use them.</summary>
public sealed class BritishFigures
{
    private static readonly PayFrequency[] PensionOrder =
    [
        PayFrequency.Weekly, PayFrequency.TwoWeekly, PayFrequency.FourWeekly, PayFrequency.Monthly,
        PayFrequency.Quarterly, PayFrequency.HalfYearly, PayFrequency.Yearly,
    ];

    private readonly NiThresholds[] thresholds = new NiThresholds[(int)PayFrequency.Yearly + 1];
    private readonly NiRates[] rates;
    private readonly NiRates[] directorsRates;
    private readonly TaxTable[] tables;
    private readonly LoanThreshold?[] loans;
    private readonly Figure? pensionLower;
    private readonly Figure? pensionUpper;

    public BritishFigures(FigureSet figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        tables = [new(figures, "incomeTax.rest"), new(figures, "incomeTax.scotland"), new(figures, "incomeTax.wales")];
        MostOfPay = figures.Number("incomeTax.mostOfPay");
        thresholds[(int)PayFrequency.Weekly] = Published(figures, 0);
        thresholds[(int)PayFrequency.Monthly] = Published(figures, 1);
        thresholds[(int)PayFrequency.Yearly] = Published(figures, 2);
        thresholds[(int)PayFrequency.TwoWeekly] = OfWeeks(2, 26);
        thresholds[(int)PayFrequency.FourWeekly] = OfWeeks(4, 13);
        Directors = thresholds[(int)PayFrequency.Yearly] with
        {
            Primary = figures.Number("nationalInsurance.directorsPrimaryThreshold"),
        };
        rates = Rates(figures, "nationalInsurance.");
        directorsRates = figures.Find("nationalInsurance.directors.employer") is null
            ? rates : Rates(figures, "nationalInsurance.directors.");
        loans =
        [
            null, Loan(figures, "plan1"), Loan(figures, "plan2"), Loan(figures, "plan4"), Loan(figures, "plan5"),
        ];
        PostgraduateLoan = Loan(figures, "postgraduate");
        LoanRate = figures.Number("studentLoan.rate");
        PostgraduateLoanRate = figures.Number("studentLoan.postgraduateRate");
        (pensionLower, pensionUpper) = (figures.Find("pension.lower"), figures.Find("pension.upper"));
        BasicRateOfTax = figures.Optional("pension.basicRateOfTax");
    }

    /// <summary>The part of pay that tax may take at most.</summary>
    public Known MostOfPay { get; }

    /// <summary>A year, for directors.</summary>
    public NiThresholds Directors { get; }

    public LoanThreshold? PostgraduateLoan { get; }

    public Known LoanRate { get; }

    public Known PostgraduateLoanRate { get; }

    /// <summary>What a scheme with relief at source claims back; null where no figures of pensions are known.</summary>
    public Known? BasicRateOfTax { get; }

    public TaxTable Table(TaxRegime regime) => tables[(int)regime];

    public LoanThreshold? Loan(StudentLoanPlan plan) => loans[(int)plan];

    /// <summary>Null for a frequency whose thresholds are not published.</summary>
    public NiThresholds? Thresholds(PayFrequency frequency) =>
        thresholds[(int)frequency] is { UpperEarningsLimit: > 0 } known ? known : null;

    public NiRates Rates(NiCategory category, bool isDirector) =>
        (isDirector ? directorsRates : rates)[(int)category];

    /// <summary>Pay between the limits of qualifying earnings; null where they are not known.</summary>
    public decimal? QualifyingEarnings(decimal pay, PayFrequency frequency)
    {
        var place = Array.IndexOf(PensionOrder, frequency);
        return pensionLower is null || pensionUpper is null || place < 0
            ? null
            : Math.Max(Math.Min(pay, pensionUpper.Values[place]) - pensionLower.Values[place], 0);
    }

    private static NiThresholds Published(FigureSet figures, int place) => new(
        figures.Number("nationalInsurance.lowerEarningsLimit", place),
        figures.Number("nationalInsurance.primaryThreshold", place),
        figures.Number("nationalInsurance.secondaryThreshold", place),
        figures.Number("nationalInsurance.zoneUpperSecondaryThreshold", place),
        figures.Number("nationalInsurance.upperEarningsLimit", place));

    /// <summary>The lower limit is that of the weeks; the others are parts of the year's, up to a pound.</summary>
    private NiThresholds OfWeeks(int weeks, int perYear)
    {
        var year = thresholds[(int)PayFrequency.Yearly];
        return new(
            thresholds[(int)PayFrequency.Weekly].LowerEarningsLimit * weeks,
            decimal.Ceiling(year.Primary / perYear),
            decimal.Ceiling(year.Secondary / perYear),
            decimal.Ceiling(year.Zone / perYear),
            decimal.Ceiling(year.UpperEarningsLimit / perYear));
    }

    private static NiRates[] Rates(FigureSet figures, string prefix)
    {
        var employer = figures.Number(prefix + "employer");
        return Array.ConvertAll(Enum.GetValues<NiCategory>(), category =>
        {
            var employee = NationalInsurance.EmployeeOf(category);
            var name = $"{prefix}employee.{Texts.Camel(employee)}";
            return employee == NiEmployee.None
                ? new NiRates(default, default, employer, NationalInsurance.EmployerOf(category))
                : new(
                    figures.Number(name), figures.Number(name, 1), employer, NationalInsurance.EmployerOf(category));
        });
    }

    private static LoanThreshold? Loan(FigureSet figures, string plan) =>
        figures.Find($"studentLoan.{plan}") is { } figure
            ? new(figure.Values[0], figure.Values[1], figure.Values[2], figure)
            : null;
}

using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>From where the day is counted by which levies are remitted.</summary>
public enum RemittanceBasis
{
    /// <summary>The month after that in which the payslip's period ends.</summary>
    MonthOfPeriod,

    /// <summary>The month after that of the payment.</summary>
    MonthOfPayment,

    /// <summary>The month in which the tax month ends, from the 6th to the 5th.</summary>
    TaxMonthOfPayment,

    /// <summary>The month after the calendar quarter of the payment.</summary>
    QuarterOfPayment,

    /// <summary>By agreement, or by a law that is not known here.</summary>
    NotKnown,
}

/// <summary>What goes to one authority by one day.</summary>
/// <param name="Authority">By its own name.</param>
/// <param name="Figure">The pack's figure that says the day of the month; null where none is known.</param>
/// <param name="Codes">Of lines of payslips.</param>
public sealed record Remittance(
    string Authority, string? Figure, RemittanceBasis Basis, ValueList<string> Codes)
{
    /// <summary>What a pack's levies come to, authority by authority.</summary>
    public static IReadOnlyList<Remittance> Of(string pack) => pack switch
    {
        "az" => Azerbaijan,
        "bg" => Bulgaria,
        "gb" => UnitedKingdom,
        "us" => UnitedStates,
        _ => [],
    };

    /// <summary>Who gets a levy of which nothing else is said.</summary>
    public static Remittance Unknown { get; } = new("other", null, RemittanceBasis.NotKnown, []);

    /// <summary>
    /// The nominal day: what becomes of it where it is no working day differs from law to law, and is not followed
    /// here. Null where it is not known.
    /// </summary>
    /// <param name="pack">Whose figures say the day.</param>
    /// <param name="through">The last day of the payslip's period.</param>
    /// <param name="payDate">When it was paid.</param>
    /// <param name="figure">The figure behind it.</param>
    public LocalDate? DueOn(Pack pack, LocalDate through, LocalDate payDate, out Figure? figure)
    {
        ArgumentNullException.ThrowIfNull(pack);
        figure = Figure is null ? null : pack.Figures.On(payDate, null).Find(Figure);
        if (figure is null)
        {
            return null;
        }

        var month = Basis switch
        {
            RemittanceBasis.MonthOfPeriod => through.ToYearMonth().PlusMonths(1),
            RemittanceBasis.MonthOfPayment => payDate.ToYearMonth().PlusMonths(1),
            RemittanceBasis.TaxMonthOfPayment => payDate.PlusDays(-LastDayOfTaxMonth).ToYearMonth().PlusMonths(1),
            _ => new YearMonth(payDate.Year, ((payDate.Month - 1) / MonthsOfQuarter * MonthsOfQuarter) + 1)
                .PlusMonths(MonthsOfQuarter),
        };
        return month.OnDayOfMonth(Math.Min(
            (int)figure.Values[0], CalendarSystem.Iso.GetDaysInMonth(month.Year, month.Month)));
    }

    private const int LastDayOfTaxMonth = 5;
    private const int MonthsOfQuarter = 3;

    private static readonly Remittance[] Bulgaria =
    [
        new("National Revenue Agency, contributions", "remittance.contributions", RemittanceBasis.MonthOfPeriod,
        [
            "pensions", "universalPensionFund", "sicknessAndMaternity", "unemployment", "health", "pensionsEmployer",
            "universalPensionFundEmployer", "sicknessAndMaternityEmployer", "unemploymentEmployer", "healthEmployer",
            "workAccidentEmployer", "healthWhileIncapacitatedEmployer",
        ]),
        new("National Revenue Agency, tax", "remittance.tax", RemittanceBasis.MonthOfPayment, ["incomeTax"]),
    ];

    private static readonly Remittance[] Azerbaijan =
    [
        new("State Tax Service", "remittance.all", RemittanceBasis.MonthOfPayment,
        [
            "incomeTax", "socialInsurance", "unemployment", "medical", "socialInsuranceEmployer",
            "unemploymentEmployer", "medicalEmployer",
        ]),
    ];

    private static readonly Remittance[] UnitedKingdom =
    [
        new("HM Revenue & Customs", "remittance.paye", RemittanceBasis.TaxMonthOfPayment,
        [
            "incomeTax", "nationalInsurance", "nationalInsuranceEmployer", "studentLoan", "postgraduateLoan",
        ]),
        new("Pension scheme", null, RemittanceBasis.NotKnown, ["pension", "pensionBeforeTax", "pensionEmployer"]),
    ];

    private static readonly Remittance[] UnitedStates =
    [
        new("Internal Revenue Service, monthly depositor", "remittance.monthly", RemittanceBasis.MonthOfPayment,
        [
            "federalIncomeTax", "supplementalIncomeTax", "socialSecurity", "medicare", "additionalMedicare",
            "socialSecurityEmployer", "medicareEmployer",
        ]),
        new("Internal Revenue Service, FUTA", "remittance.futa", RemittanceBasis.QuarterOfPayment,
            ["unemploymentEmployer"]),
        new("State and local authorities", null, RemittanceBasis.NotKnown,
            ["stateTax", "localTax", "stateInsurance", "stateUnemploymentEmployer"]),
    ];
}

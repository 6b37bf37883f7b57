using NodaTime;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.UnitedKingdom;

/// <summary>
/// United Kingdom. Everything goes by the day of payment: income tax over the tax year to date, National Insurance and
/// student loans over the earnings period, those of directors over the year.
/// </summary>
public sealed class BritishPack : Pack<BritishFigures, BritishFacts, BritishToDate>
{
    private static readonly UnitCode Pound = new("GBP");

    private static readonly LineType StudentLoan = new(
        "studentLoan", LineKind.Deduction,
        "Student loan: earnings of the period above the plan's threshold × the rate, down to whole pounds");

    private static readonly LineType PostgraduateLoan = new(
        "postgraduateLoan", LineKind.Deduction,
        "Postgraduate loan: earnings of the period above the threshold × the rate, down to whole pounds");

    private static readonly LineType Pension = new(
        "pension", LineKind.Deduction, "Pension: pensionable pay × the employee's rate, less tax relief at source");

    private static readonly LineType PensionBeforeTax = new(
        "pensionBeforeTax", LineKind.Deduction,
        "Pension by a net pay arrangement: pensionable pay × the employee's rate, taken before tax");

    private static readonly LineType PensionEmployer = new(
        "pensionEmployer", LineKind.EmployerContribution, "Employer's pension: pensionable pay × the employer's rate");

    private BritishPack()
        : base("gb", "GB", 1, static set => new(set))
    {
    }

    public static BritishPack Instance { get; } = new();

    public override string Description =>
        "United Kingdom: PAYE by tax code, Class 1 National Insurance with directors, student loans, pensions.";

    public override IReadOnlyList<PayElement> Elements { get; } =
    [
        new("salary", Treatments.Ordinary, "Salary or wages"),
        new("overtime", Treatments.Ordinary, "Pay for overtime"),
        new("bonus", Treatments.Ordinary, "Bonuses and commission"),
        new("allowance", Treatments.Ordinary, "Allowances that are taxed as pay"),
        new("holidayPay", Treatments.Ordinary, "Pay for holidays"),
        new("statutorySickPay", Treatments.Ordinary, "Statutory sick pay"),
        new("statutoryMaternityPay", Treatments.Ordinary, "Statutory maternity pay, as the employer found it"),
        new("terminationPay", Treatments.Taxed | Treatments.PaidOut,
            "The part of a termination award that is taxed as pay and not liable to the employee's contributions"),
        new("benefitInKind", Treatments.Taxed, "A benefit in kind that is taxed through the payroll"),
        new("expenses", Treatments.PaidOut, "Expenses that are paid back free of tax"),
    ];

    public override IReadOnlyList<Fact> Facts => BritishFacts.Declared;

    public override IReadOnlyList<Fact> ToDate => BritishToDate.Declared;

    public override UnitCode CurrencyOn(LocalDate day) => Pound;

    public override Refusal? Read(FactSheet sheet, out BritishFacts facts)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        var read = BritishFacts.Of(sheet);
        facts = read!;
        return read is null
            ? PayrollRefusals.FactInvalid(BritishFacts.TaxCodeFact, new(sheet.Text(BritishFacts.TaxCodeFact)))
            : null;
    }

    public override BritishToDate ReadToDate(FactSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return BritishToDate.Of(sheet);
    }

    public override string? UnusedLeaveElement => "holidayPay";

    /// <summary>Weeks, each of five days, up to the most that the law grants.</summary>
    public override decimal LeaveDaysOf(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return Math.Min(figure.Values[0] * 5, figure.Values[1]);
    }

    /// <summary>Below the lowest rate of all, as the age is not known here; of apprentices theirs.</summary>
    public override bool IsBelowMinimumWage(WageTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return terms.PerHour is { } perHour
            && BritishWages.MinimumWageOn(terms.FirstDay, terms.LawKnownOn, out var law) is null
            && perHour < law.MinimumWage(0, terms.IsApprentice);
    }

    /// <summary>Statutory sick pay, for the days from Monday to Friday; those of each tax year by its own figures.
    /// </summary>
    public override Refusal? PayAbsence(SlipPay pay, AbsentDays days, out PayElement? element, out decimal amount)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(days);
        (element, amount) = (Element("statutorySickPay"), 0);
        for (var from = days.First; from <= days.Last;)
        {
            var through = LocalDate.Min(days.Last, TaxPeriod.StartOfYear(from).PlusYears(1).PlusDays(-1));
            if (BritishWages.SickPayOn(from, pay.LawKnownOn, out var law) is { } unknown)
            {
                return unknown;
            }

            amount += law.SickPay(
                days.WeeklyEarnings, 5, WorkingDays.Count(days.From, from.PlusDays(-1)),
                WorkingDays.Count(from, through));
            from = through.PlusDays(1);
        }

        return null;
    }

    public override Refusal? Levy(SlipPay pay, PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(lines);
        return new BritishPayment(this, pay, lines).Levy();
    }

    /// <summary>Null, and the law and the facts of a payment; or what is missing.</summary>
    internal Refusal? PaymentOf(SlipPay pay, LocalDate payDate, out BritishFigures law, out BritishFacts facts)
    {
        facts = null!;
        return Prepare(payDate, pay.LawKnownOn, pay.Frequency, out law) ?? FactsOn(pay, payDate, out facts);
    }

    internal Refusal? Pay(
        PayCalculation pay, BritishFigures law, BritishFacts facts, BritishToDate toDate, PayslipLines lines) =>
        Calculate(pay, law, facts, toDate, lines);

    protected override LocalDate LawOf(PayCalculation pay) => pay.PayDate;

    protected override bool Covers(PayFrequency frequency, BritishFigures law) =>
        law.Thresholds(frequency) is not null;

    protected override Refusal? Calculate(
        PayCalculation pay, BritishFigures law, BritishFacts facts, BritishToDate toDate, PayslipLines lines)
    {
        var period = TaxPeriod.Of(pay.Frequency, pay.PayDate, pay.Period)!.Value;
        var thresholds = law.Thresholds(pay.Frequency)!.Value;
        if (Check(facts, law, pay) is { } refusal)
        {
            return refusal;
        }

        var bases = PayBases.Of(pay.Earnings.Span, lines);
        var table = law.Table(facts.TaxCode.Regime);
        var pensionable = PensionablePay(facts, law, pay.Frequency, bases.Pensionable, toDate.PeriodPay);
        var pension = ToCents(pensionable * facts.PensionRate);
        var beforeTax = facts.Pension == PensionRelief.NetPay ? pension : 0;
        IncomeTax.Add(
            facts.TaxCode, table, period,
            new(bases.Taxed - beforeTax, bases.TaxedCash - beforeTax, toDate.TaxablePay, toDate.Tax),
            law.MostOfPay,
            lines);
        Insure(facts, law, period, thresholds, bases.Insured, toDate, pay.PayDate, lines);
        Lend(facts, law, period, bases.Insured, toDate, lines);
        AddPension(facts, law, pensionable, pension, lines);
        return null;
    }

    private Refusal? Check(BritishFacts facts, BritishFigures law, PayCalculation pay)
    {
        if (facts.TaxCode.Kind == TaxCodeKind.Flat
            && facts.TaxCode.Number >= law.Table(facts.TaxCode.Regime).BandCount)
        {
            return PayrollRefusals.FactInvalid(BritishFacts.TaxCodeFact, new(facts.TaxCode.Text));
        }

        if (!NationalInsurance.Exists(facts.Category, pay.PayDate))
        {
            return PayrollRefusals.FactInvalid(BritishFacts.CategoryFact, new(facts.Category.ToString()));
        }

        if (facts.StudentLoan != StudentLoanPlan.None && law.Loan(facts.StudentLoan) is null)
        {
            return PayrollRefusals.FigureUnknown(
                Name, $"studentLoan.{Texts.Camel(facts.StudentLoan)}", pay.PayDate);
        }

        return facts.Pension != PensionRelief.None
            && (law.BasicRateOfTax is null
                || (!facts.PensionOnAllPay && law.QualifyingEarnings(0, pay.Frequency) is null))
            ? PayrollRefusals.FigureUnknown(Name, "pension.lower", pay.PayDate)
            : null;
    }

    /// <summary>All earnings of the period together, or of a director's year.</summary>
    private static void Insure(
        BritishFacts facts, BritishFigures law, TaxPeriod period, NiThresholds thresholds, decimal earnings,
        BritishToDate toDate, LocalDate payDate, PayslipLines lines)
    {
        var isOfYear = facts.DirectorFrom is { } from && from <= payDate && (
            facts.DirectorMethod == DirectorMethod.Annual || (toDate.IsLastDirectorPayment ?? period.IsLast));
        if (isOfYear)
        {
            thresholds = law.Directors.For(WeeksOfYear(facts.DirectorFrom!.Value, payDate));
        }

        NationalInsurance.Add(
            earnings + (isOfYear ? toDate.DirectorPay : toDate.PeriodPay),
            isOfYear
                ? new(toDate.DirectorContributions, toDate.DirectorEmployerContributions, NiTaken.Year)
                : new(toDate.PeriodContributions, toDate.PeriodEmployerContributions, NiTaken.EarningsPeriod),
            thresholds,
            law.Rates(facts.Category, isOfYear),
            lines);
    }

    /// <summary>The weeks of the year from that of the appointment on, of 52.</summary>
    private static int WeeksOfYear(LocalDate directorFrom, LocalDate payDate) =>
        directorFrom <= TaxPeriod.StartOfYear(payDate) ? 52 : Math.Max(53 - TaxPeriod.WeekOf(directorFrom), 1);

    /// <remarks>Education (Student Loans) (Repayment) Regulations 2009, part 4.</remarks>
    private static void Lend(
        BritishFacts facts, BritishFigures law, TaxPeriod period, decimal earnings, BritishToDate toDate,
        PayslipLines lines)
    {
        var all = toDate.PeriodPay + earnings;
        if (law.Loan(facts.StudentLoan) is { } plan)
        {
            Add(StudentLoan, plan, law.LoanRate, toDate.PeriodStudentLoan);
        }

        if (facts.HasPostgraduateLoan && law.PostgraduateLoan is { } postgraduate)
        {
            Add(PostgraduateLoan, postgraduate, law.PostgraduateLoanRate, toDate.PeriodPostgraduateLoan);
        }

        void Add(LineType type, LoanThreshold threshold, Known rate, decimal before)
        {
            var free = period.Length == period.PerYear ? threshold.Year
                : (period.IsWeekly ? threshold.Week : threshold.Month) * period.Length;
            var above = Math.Max(all - free, 0);
            lines.Step("threshold of the period", free, threshold.Figure);
            lines.Add(type, decimal.Floor(above * rate) - before, above, rate);
        }
    }

    /// <summary>Qualifying earnings are those of the earnings period together, less those before.</summary>
    private static decimal PensionablePay(
        BritishFacts facts, BritishFigures law, PayFrequency frequency, decimal pay, decimal before) =>
        facts.Pension == PensionRelief.None ? 0
        : facts.PensionOnAllPay ? pay
        : (law.QualifyingEarnings(before + pay, frequency) - law.QualifyingEarnings(before, frequency)) ?? 0;

    /// <param name="whole">The employee's contribution with its tax relief.</param>
    /// <remarks>Pensions Act 2008, s. 13 and 20; Finance Act 2004, s. 192 and 193.</remarks>
    private static void AddPension(
        BritishFacts facts, BritishFigures law, decimal pensionable, decimal whole, PayslipLines lines)
    {
        if (facts.Pension == PensionRelief.None)
        {
            return;
        }

        var relief = facts.Pension == PensionRelief.AtSource ? ToCents(whole * law.BasicRateOfTax!.Value) : 0;
        lines.Step("contribution with its tax relief", whole);
        lines.Add(
            facts.Pension == PensionRelief.NetPay ? PensionBeforeTax : Pension, whole - relief, pensionable,
            new(facts.PensionRate, null));
        lines.Add(
            PensionEmployer, ToCents(pensionable * facts.PensionEmployerRate), pensionable,
            new(facts.PensionEmployerRate, null));
    }
}

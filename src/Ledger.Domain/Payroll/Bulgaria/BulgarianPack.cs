using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Domain.Payroll.Bulgaria;

/// <summary>
/// Bulgaria, third category of labour. Contributions are due on insurable income: insured pay of the month, at least
/// that of the post, at most the ceiling less what other employers insure; each fund is rounded to the cent by itself,
/// a half away from zero. Income tax is due on taxable pay less these contributions.
/// </summary>
/// <remarks>Social Insurance Code, art. 6 and 157; Health Insurance Act, art. 40; Taxes on Income of Natural Persons
/// Act, art. 24, 25, 42 and 48.</remarks>
public sealed class BulgarianPack : Pack<BulgarianFigures, BulgarianFacts, BulgarianToDate>
{
    private static readonly Fact KeepsMinimumWage = new(
        "garnishmentKeepsMinimumWage", FactKind.Choice, "Whether creditors always leave one whole minimum wage.")
    { Choices = ["yes", "no"], Example = "yes" };

    private const Treatments Salary = Treatments.Ordinary;

    private static readonly LocalDate FirstOfEuro = new(2026, 1, 1);
    private static readonly UnitCode Lev = new("BGN");
    private static readonly UnitCode Euro = new("EUR");

    private BulgarianPack()
        : base("bg", "BG", 1, static set => new(set))
    {
    }

    public static BulgarianPack Instance { get; } = new();

    public override string Description =>
        "Bulgaria: contributions by fund with floor and ceiling, flat income tax with reliefs; from 2025 on.";

    public override IReadOnlyList<PayElement> Elements { get; } =
    [
        new("salary", Salary, "Basic pay for the time worked, and paid leave"),
        new("seniority", Salary, "Supplement for seniority and experience (Labour Code, art. 66; 0.6 % a year)"),
        new("overtime", Salary, "Pay for overtime and for work on rest days and holidays (Labour Code, art. 262, 264)"),
        new("nightWork", Salary, "Supplement for night work (Ordinance on the structure of the salary, art. 8)"),
        new("bonus", Salary, "Bonuses and other additional pay"),
        new("allowance", Salary, "Allowances that are taxed as pay"),
        new("employerSickPay", Treatments.Insured | Treatments.PaidOut,
            "Sick pay from the employer: insured, not taxed (Social Insurance Code, art. 40 (5))"),
        new("noticeCompensation", Treatments.Taxed | Treatments.PaidOut,
            "Compensation instead of notice: taxed, not insured (Labour Code, art. 220)"),
        new("leaveCompensation", Treatments.Taxed | Treatments.PaidOut,
            "Compensation for leave not taken: taxed, not insured (Labour Code, art. 224)"),
        new("severance", Treatments.PaidOut,
            "Compensation at retirement or illness: neither (Labour Code, art. 222 (2) and (3))"),
        new("benefitInKind", Treatments.Insured | Treatments.Taxed, "Pay in kind: insured and taxed, not paid out"),
    ];

    public override IReadOnlyList<Fact> Facts => BulgarianFacts.Declared;

    public override IReadOnlyList<Fact> ToDate => BulgarianToDate.Declared;

    /// <summary>The currency of a month is that of the month in which it was earned.</summary>
    public override IReadOnlyList<Fact> Settings { get; } = [KeepsMinimumWage];

    public override UnitCode CurrencyOn(LocalDate day) => day < FirstOfEuro ? Lev : Euro;

    public override IEnumerable<decimal> TurningPoints(PayCalculation pay, FactSheet toDate)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(toDate);
        return FiguresOn(pay.EarnedOn, pay.LawKnownOn, out var law) is null
            ? [law.MaximumInsurableIncome - toDate.Amount(BulgarianToDate.InsuredPayFact)] : [];
    }

    public override Refusal? Read(FactSheet sheet, out BulgarianFacts facts)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        facts = BulgarianFacts.Of(sheet);
        return null;
    }

    public override BulgarianToDate ReadToDate(FactSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return BulgarianToDate.Of(sheet);
    }

    /// <summary>Leave is granted in working days, which public holidays are not.</summary>
    /// <remarks>Labour Code, art. 155 (4) and 154.</remarks>
    public override bool HolidaysTakeLeave => false;

    public override string? UnusedLeaveElement => "leaveCompensation";

    /// <summary>Twelve times the working days of the last month that had ended by then.</summary>
    /// <remarks>Labour Code, art. 177: the pay of a month divided by its working days.</remarks>
    public override decimal LeaveDaysOfYear(LocalDate day)
    {
        var month = day.PlusDays(1).ToYearMonth().PlusMonths(-1);
        return 12 * WorkingDays.Count(
            month.OnDayOfMonth(1), month.OnDayOfMonth(CalendarSystem.Iso.GetDaysInMonth(month.Year, month.Month)));
    }

    /// <summary>The first working days of an incapacity, whatever its cause.</summary>
    public override Refusal? PayAbsence(SlipPay pay, AbsentDays days, out PayElement? element, out decimal amount)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(days);
        (element, amount) = (Element("employerSickPay"), 0);
        if (BulgarianSupplements.On(days.From, pay.LawKnownOn, out var law) is { } unknown)
        {
            return unknown;
        }

        amount = law.EmployerSickPay(
            days.MonthlyPay, days.WorkingDaysOfPeriod, days.WorkingDaysBefore, days.WorkingDaysHere);
        return null;
    }

    public override HourRules HourRules { get; } = new(OvertimeAfter.Day, ByContract: true, true, true);

    public override IReadOnlyList<string> HourElements { get; } = ["overtime", "nightWork"];

    public override Refusal? PayHours(SlipPay pay, HoursToPay hours, HourPay due)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(due);
        if (BulgarianSupplements.On(hours.Day, pay.LawKnownOn, out var law) is { } unknown)
        {
            return unknown;
        }

        due.Add(PlaceOf(SalaryElement), hours.Minutes.Normal, hours.HourlyWage ?? 0, "normal hours");
        law.PayHours(
            hours, hours.OrdinaryHour(Holidays, pay.LawKnownOn), PlaceOf("overtime"), PlaceOf("nightWork"), due);
        return null;
    }

    public override bool IsBelowMinimumWage(WageTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return BulgarianSupplements.On(terms.FirstDay, terms.LawKnownOn, out var law) is null
            && (terms.HourlyPay is { } hourly
                ? hourly < law.MinimumHourlyWage
                : law.IsBelowMinimumWage(terms.YearlyPay / 12 ?? 0, terms.PartOfFullTime));
    }

    public override Refusal? Attachable(
        SlipPay pay, decimal disposable, decimal supported, bool isOfEmployer, out decimal attachable)
    {
        ArgumentNullException.ThrowIfNull(pay);
        attachable = 0;
        var keeps = pay.Settings.TryGetValue(KeepsMinimumWage.Name, out var said) ? said : isOfEmployer ? "yes" : "";
        if (keeps is not ("yes" or "no"))
        {
            return PayrollRefusals.SettingMissing(
                KeepsMinimumWage.Name, "whether creditors always leave one whole minimum wage", "yes or no");
        }

        if (BulgarianSupplements.On(pay.Through, pay.LawKnownOn, out var law) is { } unknown)
        {
            return unknown;
        }

        if (FactsOn(pay, pay.Through, out var facts) is { } missing)
        {
            return missing;
        }

        attachable = Math.Max(law.Attachable(disposable, facts.SupportsChildren, keeps == "yes") - supported, 0);
        return null;
    }

    public override Refusal? Levy(SlipPay pay, PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(lines);
        return new BulgarianMonths(this, pay, lines).Levy();
    }

    /// <summary>Null, and the law and the facts of a month; or what is missing.</summary>
    internal Refusal? MonthOf(SlipPay pay, LocalDate end, out BulgarianFigures law, out BulgarianFacts facts)
    {
        facts = null!;
        return Prepare(end, pay.LawKnownOn, pay.Frequency, out law) ?? FactsOn(pay, end, out facts);
    }

    protected override LocalDate LawOf(PayCalculation pay) => pay.EarnedOn;

    protected override bool Covers(PayFrequency frequency, BulgarianFigures law) => frequency == PayFrequency.Monthly;

    protected override Refusal? Calculate(
        PayCalculation pay, BulgarianFigures law, BulgarianFacts facts, BulgarianToDate toDate, PayslipLines lines)
    {
        if (BulgarianLevies.Check(facts, law, out var reliefs) is { } refusal)
        {
            return refusal;
        }

        var bases = PayBases.Of(pay.Earnings.Span, lines);
        var before = BulgarianLevies.Insurable(toDate.InsuredPay, facts.MinimumInsurableIncome, facts, law);
        var insurable = BulgarianLevies.Insurable(
            toDate.InsuredPay + bases.Insured, facts.MinimumInsurableIncome, facts, law);
        Span<decimal> taken = stackalloc decimal[BulgarianLevies.Contributions];
        BulgarianLevies.Taken(before, facts, law, taken);
        BulgarianLevies.Contribute(facts, law, insurable, before, taken, lines);
        BulgarianLevies.Tax(law, toDate, toDate.TaxedPay + bases.Taxed, reliefs, lines);
        return null;
    }
}

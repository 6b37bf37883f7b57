using Ledger.Domain.Leave;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Domain.Payroll.Azerbaijan;

/// <summary>
/// Azerbaijan. Each levy is on gross pay of the month, in bands; contributions do not reduce what is taxed. What is due
/// is that of the whole month less that of its earlier payslips. Amounts are rounded to the qəpik, a half away from
/// zero, which no source confirms.
/// </summary>
/// <remarks>Tax Code, art. 101 and 102; Law on Social Insurance, art. 14; Law on Unemployment Insurance; Law on Medical
/// Insurance.</remarks>
public sealed class AzerbaijaniPack : Pack<AzerbaijaniFigures, AzerbaijaniFacts, AzerbaijaniToDate>
{
    private static readonly UnitCode Manat = new("AZN");

    private AzerbaijaniPack()
        : base("az", "AZ", 1, static set => new(set))
    {
    }

    public static AzerbaijaniPack Instance { get; } = new();

    public override string Description =>
        "Azerbaijan: income tax, social, unemployment and medical insurance in bands, by sector.";

    public override IReadOnlyList<PayElement> Elements { get; } =
    [
        new("salary", Treatments.Ordinary, "Wages for the time worked"),
        new("overtime", Treatments.Ordinary, "Pay for overtime and for work on holidays"),
        new("bonus", Treatments.Ordinary, "Bonuses and other additional pay"),
        new("allowance", Treatments.Ordinary, "Allowances that are taxed as wages"),
        new("leavePay", Treatments.Ordinary, "Pay for leave, taxed with each month's wages"),
        new("employerSickPay", Treatments.Ordinary, "Sick pay from the employer, for the first 14 days"),
        new("benefitInKind", Treatments.Insured | Treatments.Taxed, "Pay in kind: insured and taxed, not paid out"),
    ];

    public override IReadOnlyList<Fact> Facts => AzerbaijaniFacts.Declared;

    public override IReadOnlyList<Fact> ToDate => AzerbaijaniToDate.Declared;

    public override IReadOnlyList<Fact> Settings { get; } =
    [
        AzerbaijaniMonths.LateTax, AzerbaijaniLeave.SickPayUnder8Years, AzerbaijaniLeave.SickPayOver12Years,
        AzerbaijaniHours.OvertimePremium, AzerbaijaniHours.RestDayPremium, AzerbaijaniHours.HolidayPremium,
    ];

    public override IReadOnlyList<Fact> LateSettings => Settings;

    public override UnitCode CurrencyOn(LocalDate day) => Manat;

    public override IEnumerable<decimal> TurningPoints(PayCalculation pay, FactSheet toDate)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(toDate);
        return FiguresOn(pay.EarnedOn, pay.LawKnownOn, out var law) is null
            ? [law.ReliefIncomeMax - toDate.Amount(AzerbaijaniToDate.TaxedPayFact)] : [];
    }

    public override Refusal? Read(FactSheet sheet, out AzerbaijaniFacts facts)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        facts = AzerbaijaniFacts.Of(sheet);
        return null;
    }

    public override AzerbaijaniToDate ReadToDate(FactSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return AzerbaijaniToDate.Of(sheet);
    }

    /// <summary>Leave has a pay of its own, by what was earned before.</summary>
    public override bool PaysSalaryDuringLeave => false;

    public override LeaveUnit LeaveUnit => LeaveUnit.CalendarDays;

    /// <summary>Twelve months of 30.4 days.</summary>
    /// <remarks>Labour Code, art. 140.</remarks>
    public override decimal LeaveDaysOfYear(LocalDate day) => 12 * AzerbaijaniLeave.DaysOfMonth;

    public override HourRules HourRules { get; } = new(OvertimeAfter.Day, ByContract: false, true, false);

    public override IReadOnlyList<string> HourElements { get; } = ["overtime"];

    public override Refusal? PayHours(SlipPay pay, HoursToPay hours, HourPay due)
    {
        ArgumentNullException.ThrowIfNull(pay);
        return AzerbaijaniHours.Pay(
            pay, hours, hours.OrdinaryHour(Holidays, pay.LawKnownOn), PlaceOf(SalaryElement), PlaceOf("overtime"), due);
    }

    public override bool IsBelowMinimumWage(WageTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return FiguresOn(terms.FirstDay, terms.LawKnownOn, out var law) is null && law.MinimumWage is { } wage
            && terms.YearlyPay / 12 < wage * terms.PartOfFullTime;
    }

    public override Refusal? PayAbsence(SlipPay pay, AbsentDays days, out PayElement? element, out decimal amount)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(days);
        (element, amount) = (Element(days.Reason == AbsenceReason.Leave ? "leavePay" : "employerSickPay"), 0);
        if (days.Reason == AbsenceReason.Leave)
        {
            amount = AzerbaijaniLeave.PayOf(days);
            return null;
        }

        if (MonthOf(pay, days.From, out var law, out var facts) is { } missing)
        {
            return missing;
        }

        if (AzerbaijaniLeave.SickPart(facts, law, pay.Settings, out var part) is { } refusal)
        {
            return refusal;
        }

        amount = AzerbaijaniLeave.SickPayOf(days, law, part);
        return null;
    }

    public override Refusal? Levy(SlipPay pay, PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(lines);
        return new AzerbaijaniMonths(this, pay, lines).Levy();
    }

    /// <summary>Null, and the law and the facts of a month; or what is missing.</summary>
    internal Refusal? MonthOf(SlipPay pay, LocalDate end, out AzerbaijaniFigures law, out AzerbaijaniFacts facts)
    {
        facts = null!;
        return Prepare(end, pay.LawKnownOn, pay.Frequency, out law) ?? FactsOn(pay, end, out facts);
    }

    protected override LocalDate LawOf(PayCalculation pay) => pay.EarnedOn;

    protected override bool Covers(PayFrequency frequency, AzerbaijaniFigures law) => frequency == PayFrequency.Monthly;

    protected override Refusal? Calculate(
        PayCalculation pay, AzerbaijaniFigures law, AzerbaijaniFacts facts, AzerbaijaniToDate toDate,
        PayslipLines lines)
    {
        var bases = PayBases.Of(pay.Earnings.Span, lines);
        Span<decimal> taken = stackalloc decimal[AzerbaijaniLevies.Count];
        AzerbaijaniLevies.Due(facts, law, toDate.InsuredPay, toDate.TaxedPay, taken);
        AzerbaijaniLevies.Add(
            facts, law, toDate.InsuredPay + bases.Insured, toDate.TaxedPay + bases.Taxed, taken, lines);
        return null;
    }
}

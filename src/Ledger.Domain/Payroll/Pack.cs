using System.Collections.Frozen;
using Ledger.Domain.Leave;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>
/// The payroll law of a jurisdiction: figures as dated data, and pure functions. A new year is new figures; a corrected
/// formula is a new engine version, so that an old payslip can always be derived again.
/// </summary>
/// <param name="name">How callers name it.</param>
/// <param name="country">ISO 3166, two letters.</param>
/// <param name="engineVersion">That of the formulas.</param>
public abstract class Pack(string name, string country, int engineVersion)
{
    /// <summary>The element that pays for ordinary time.</summary>
    public const string SalaryElement = "salary";

    private const int WorkingDaysOfYear = 52 * 5;

    private FrozenDictionary<string, int>? places;
    private Figure[]? annualLeave;

    public string Name { get; } = name;

    public string Country { get; } = country;

    public int EngineVersion { get; } = engineVersion;

    public FigureBook Figures { get; } = FigureBook.Of(name);

    /// <summary>What is covered, as a sentence.</summary>
    public abstract string Description { get; }

    public abstract IReadOnlyList<PayElement> Elements { get; }

    /// <summary>What must or may be known of an employee.</summary>
    public abstract IReadOnlyList<Fact> Facts { get; }

    /// <summary>What may have been paid and withheld before, in the statutory year or period.</summary>
    public abstract IReadOnlyList<Fact> ToDate { get; }

    /// <summary>What a pay group chooses where the law is not clear; all of it is sent as text.</summary>
    public virtual IReadOnlyList<Fact> Settings => [];

    /// <summary>Those of them by which months that were paid are found anew: what was said of them stays once runs
    /// were opened.</summary>
    public virtual IReadOnlyList<Fact> LateSettings => [];

    public abstract UnitCode CurrencyOn(LocalDate day);

    /// <summary>Gross pay at which net pay jumps, or rises at another rate, from the lowest on; what was paid before in
    /// the period leaves less.</summary>
    public virtual IEnumerable<decimal> TurningPoints(PayCalculation pay, FactSheet toDate) => [];

    public PayElement? Element(string code) => PlaceOf(code) is >= 0 and var place ? Elements[place] : null;

    /// <summary>The place of an element among all; negative where there is none.</summary>
    public int PlaceOf(string code)
    {
        places ??= Elements.Select((element, place) => (element.Code, place)).ToFrozenDictionary(
            each => each.Code, each => each.place, StringComparer.Ordinal);
        return places.TryGetValue(code, out var found) ? found : -1;
    }

    /// <summary>What contradicts the law in facts that hold to their declaration; null for nothing.</summary>
    public abstract Refusal? Check(FactSheet facts);

    /// <summary>Whether salary goes on during leave; else leave has a pay of its own.</summary>
    public virtual bool PaysSalaryDuringLeave => true;

    /// <summary>Days of leave are granted and counted in it.</summary>
    public virtual LeaveUnit LeaveUnit => LeaveUnit.WorkingDays;

    /// <summary>Whether a public holiday within leave is one of its days.</summary>
    public virtual bool HolidaysTakeLeave => true;

    /// <summary>The figures by which the law grants leave, from the earliest day on; empty where it grants none.
    /// </summary>
    public IReadOnlyList<Figure> AnnualLeave =>
        annualLeave ??= [.. Figures.All.Where(figure => figure.Name == "annualLeave")];

    /// <summary>The element by which leave is paid that was not taken when employment ends; null where the law here
    /// knows none.</summary>
    public virtual string? UnusedLeaveElement => null;

    /// <summary>Days a year that such a figure grants at least.</summary>
    public virtual decimal LeaveDaysOf(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure.Values[0];
    }

    /// <summary>By how many days regular pay of a year is divided to be that of a day of leave.</summary>
    public virtual decimal LeaveDaysOfYear(LocalDate day) => WorkingDaysOfYear;

    /// <summary>Null, and what the employer owes for days of absence in a period, as an element; null is nothing. Or
    /// why it is not known.</summary>
    public virtual Refusal? PayAbsence(SlipPay pay, AbsentDays days, out PayElement? element, out decimal amount)
    {
        (element, amount) = (null, 0);
        return null;
    }

    /// <summary>How hours that were worked are told apart.</summary>
    public virtual HourRules HourRules => HourRules.None;

    /// <summary>Public holidays of the country.</summary>
    public HolidayCalendar Holidays => HolidayCalendar.Of(Name);

    /// <summary>The keys of all that is dated: figures and public holidays.</summary>
    public IEnumerable<string> Keys => Figures.All.Select(figure => figure.Key).Concat(Holidays.Keys);

    /// <summary>Elements that are paid by hours whether or not there is an entry of pay for them.</summary>
    public virtual IReadOnlyList<string> HourElements => [];

    /// <summary>Null, and what is due for the hours of a day: every hour by the wage, where the law knows no more. Or
    /// why it is not known.</summary>
    public virtual Refusal? PayHours(SlipPay pay, HoursToPay hours, HourPay due)
    {
        ArgumentNullException.ThrowIfNull(due);
        due.Add(PlaceOf(SalaryElement), hours.Minutes.All, hours.HourlyWage ?? 0, "hours");
        return null;
    }

    /// <summary>Whether pay is below the least that the law allows, as far as its figures are known here.</summary>
    public virtual bool IsBelowMinimumWage(WageTerms terms) => false;

    /// <summary>Null, and the most that creditors other than for maintenance may take of pay of a period; or why it is
    /// not known. Where the law here knows no limit, it is all that is left.</summary>
    /// <param name="pay">Of the payslip.</param>
    /// <param name="disposable">Pay of the whole period less contributions and taxes.</param>
    /// <param name="supported">What support orders take of it.</param>
    /// <param name="isOfEmployer">The employer alone takes back what is owed to it, so that a choice that the law
    /// leaves open is made for the employee.</param>
    /// <param name="attachable">At most.</param>
    public virtual Refusal? Attachable(
        SlipPay pay, decimal disposable, decimal supported, bool isOfEmployer, out decimal attachable)
    {
        attachable = Math.Max(disposable - supported, 0);
        return null;
    }

    /// <summary>Null, and the lines of the payslip; or why there is none.</summary>
    public abstract Refusal? Calculate(PayCalculation pay, FactSheet facts, FactSheet toDate, PayslipLines lines);

    /// <summary>
    /// Null, and the lines of the payslip: its pay, and the levies as the jurisdiction has it, which are those of the
    /// whole statutory period less what earlier payslips took. Or why there is none.
    /// </summary>
    public abstract Refusal? Levy(SlipPay pay, PayslipLines lines);
}

/// <summary>A pack with facts of a type of its own, for callers who calculate many payslips.</summary>
/// <typeparam name="TFigures">The figures of a day, as the formulas use them.</typeparam>
/// <typeparam name="TFacts">What is known of an employee.</typeparam>
/// <typeparam name="TToDate">What was paid and withheld before.</typeparam>
public abstract class Pack<TFigures, TFacts, TToDate> : Pack
    where TFigures : class
    where TFacts : class
    where TToDate : class
{
    private readonly FigureCache<TFigures> figures;

    /// <param name="name">How callers name it.</param>
    /// <param name="country">ISO 3166, two letters.</param>
    /// <param name="engineVersion">That of the formulas.</param>
    /// <param name="make">The figures of a day.</param>
    protected Pack(string name, string country, int engineVersion, Func<FigureSet, TFigures> make)
        : base(name, country, engineVersion) => figures = new(name, Figures, make);

    /// <summary>The figures that hold on a day, or why they are not known.</summary>
    public Refusal? FiguresOn(LocalDate day, LawKnown known, out TFigures law) =>
        figures.Find(day, known, out law);

    /// <summary>Null, and the facts; or what contradicts the law in them.</summary>
    public abstract Refusal? Read(FactSheet sheet, out TFacts facts);

    public abstract TToDate ReadToDate(FactSheet sheet);

    /// <summary>Null, and the lines of the payslip; or why there is none.</summary>
    public Refusal? Calculate(PayCalculation pay, TFacts facts, TToDate toDate, PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(toDate);
        ArgumentNullException.ThrowIfNull(lines);
        return Prepare(LawOf(pay), pay.LawKnownOn, pay.Frequency, out var law)
            ?? Calculate(pay, law, facts, toDate, lines);
    }

    public sealed override Refusal? Check(FactSheet facts) => Read(facts, out _);

    public sealed override Refusal? Calculate(
        PayCalculation pay, FactSheet facts, FactSheet toDate, PayslipLines lines) =>
        Read(facts, out var read) is { } refusal ? refusal : Calculate(pay, read, ReadToDate(toDate), lines);

    /// <summary>The day whose law counts.</summary>
    protected abstract LocalDate LawOf(PayCalculation pay);

    /// <summary>Whether there are rules for pay of that frequency.</summary>
    protected abstract bool Covers(PayFrequency frequency, TFigures law);

    /// <summary>The same, once the figures are there.</summary>
    protected abstract Refusal? Calculate(
        PayCalculation pay, TFigures law, TFacts facts, TToDate toDate, PayslipLines lines);

    /// <summary>Null, and the law of a day; or why it has none for such pay.</summary>
    protected Refusal? Prepare(LocalDate day, LawKnown known, PayFrequency frequency, out TFigures law) =>
        FiguresOn(day, known, out law)
        ?? (Covers(frequency, law) ? null : PayrollRefusals.FrequencyNotCovered(Name, frequency));

    /// <summary>Null, and the facts that hold on a day; or which is missing.</summary>
    protected Refusal? FactsOn(SlipPay pay, LocalDate day, out TFacts facts)
    {
        ArgumentNullException.ThrowIfNull(pay);
        var sent = pay.FactsOn(day) ?? ValueMap<FactValue>.Empty;
        foreach (var (known, read) in pay.FactsRead)
        {
            if (ReferenceEquals(known, sent))
            {
                facts = (TFacts)read;
                return null;
            }
        }

        if (FactSheet.Read(Facts, sent, out var sheet) is { } refusal)
        {
            facts = null!;
            return refusal;
        }

        if (Read(sheet, out facts) is { } contradiction)
        {
            return contradiction;
        }

        pay.FactsRead.Add((sent, facts));
        return null;
    }
}

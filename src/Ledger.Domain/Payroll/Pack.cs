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

    public abstract UnitCode CurrencyOn(LocalDate day);

    /// <summary>Gross pay at which net pay jumps, or rises at another rate, from the lowest on; what was paid before in
    /// the period leaves less.</summary>
    public virtual IEnumerable<decimal> TurningPoints(PayCalculation pay, FactSheet toDate) => [];

    /// <summary>What contradicts the law in facts that hold to their declaration; null for nothing.</summary>
    public abstract Refusal? Check(FactSheet facts);

    public PayElement? Element(string code) => Elements.FirstOrDefault(element => element.Code == code);

    /// <summary>Null, and the lines of the payslip; or why there is none.</summary>
    public abstract Refusal? Calculate(PayCalculation pay, FactSheet facts, FactSheet toDate, PayslipLines lines);
}

/// <summary>A pack with facts of a type of its own, for callers who calculate many payslips.</summary>
/// <typeparam name="TFacts">What is known of an employee.</typeparam>
/// <typeparam name="TToDate">What was paid and withheld before.</typeparam>
public abstract class Pack<TFacts, TToDate>(string name, string country, int engineVersion)
    : Pack(name, country, engineVersion)
    where TFacts : class
    where TToDate : class
{
    /// <summary>Null, and the facts; or what contradicts the law in them.</summary>
    public abstract Refusal? Read(FactSheet sheet, out TFacts facts);

    public abstract TToDate ReadToDate(FactSheet sheet);

    /// <summary>Null, and the lines of the payslip; or why there is none.</summary>
    public abstract Refusal? Calculate(PayCalculation pay, TFacts facts, TToDate toDate, PayslipLines lines);

    public sealed override Refusal? Check(FactSheet facts) => Read(facts, out _);

    public sealed override Refusal? Calculate(
        PayCalculation pay, FactSheet facts, FactSheet toDate, PayslipLines lines) =>
        Read(facts, out var read) is { } refusal ? refusal : Calculate(pay, read, ReadToDate(toDate), lines);
}

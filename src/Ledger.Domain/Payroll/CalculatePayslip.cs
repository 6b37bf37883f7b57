using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>An amount of an element, as a caller names it.</summary>
public sealed record PayLine(string Element, decimal Amount);

/// <summary>A net pay that is wished for: the amount of the element is found that leads to it.</summary>
public sealed record NetTarget(string Element, decimal Net);

/// <summary>Calculates one payslip from what is sent with it. Nothing is recorded.</summary>
/// <param name="EarnedThrough">The last day of the period in which it was earned.</param>
/// <param name="Period">The number of the pay period in its tax year, where it is not found from the pay date.</param>
/// <param name="LawKnownOn">Only law that was known on that day.</param>
public sealed record CalculatePayslip(
    string Pack,
    LocalDate PayDate,
    PayFrequency Frequency,
    ValueList<PayLine> Earnings,
    ValueMap<FactValue> Facts,
    ValueMap<FactValue> ToDate,
    NetTarget? NetTarget = null,
    LocalDate? EarnedThrough = null,
    int? Period = null,
    LocalDate? LawKnownOn = null);

using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>What one payslip is calculated from, beside the facts: dates, pay, and the law that counts.</summary>
public sealed record PayCalculation
{
    /// <summary>The day on which it is paid.</summary>
    public required LocalDate PayDate { get; init; }

    public required PayFrequency Frequency { get; init; }

    /// <summary>The last day of the period in which it was earned; the day of payment by default.</summary>
    public LocalDate? EarnedThrough { get; init; }

    /// <summary>The number of the pay period in its tax year, from 1; null finds it from the pay date.</summary>
    public int? Period { get; init; }

    /// <summary>Only law that was known on that day; null takes all that is known now.</summary>
    public LawKnown LawKnownOn { get; init; }

    public ReadOnlyMemory<Earning> Earnings { get; init; }

    /// <summary>The day by which a law goes that looks at when pay was earned.</summary>
    public LocalDate EarnedOn => EarnedThrough ?? PayDate;
}

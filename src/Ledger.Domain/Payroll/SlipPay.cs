using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>A line of an earlier payslip, as far as levies look at it.</summary>
/// <param name="EarnedThrough">The last day of the earlier period that it is for; null is its payslip's own.</param>
/// <param name="Through">The last day of the payslip's period.</param>
/// <param name="IsOfGroup">Whether the group of the payslip at hand paid it; another may have had other periods.
/// </param>
public readonly record struct PaidLine(
    string Code, LineKind Kind, decimal Amount, decimal Base, LocalDate? EarnedThrough, LocalDate Through,
    LocalDate PayDate, bool IsOfGroup)
{
    /// <summary>The last day of the period that it is for.</summary>
    public LocalDate EarnedOn => EarnedThrough ?? Through;

    public bool IsPay => Kind is LineKind.Earning or LineKind.Benefit;
}

/// <summary>What was paid elsewhere before the first run here.</summary>
/// <param name="Through">The last day that it covers.</param>
/// <param name="ToDate">By the names of the pack.</param>
public readonly record struct PaidElsewhere(LocalDate Through, ValueMap<FactValue> ToDate);

/// <summary>Days on which somebody could not work.</summary>
/// <param name="IsIllness">The employer pays its first days; else it is motherhood.</param>
public readonly record struct Incapacity(LocalDate From, LocalDate Through, bool IsIllness);

/// <summary>
/// What one payslip pays and what was paid before: from it a pack finds the levies, of earlier periods as well. One
/// object serves one payslip after another.
/// </summary>
public sealed class SlipPay
{
    /// <summary>The day on which it is paid.</summary>
    public LocalDate PayDate { get; internal set; }

    public PayFrequency Frequency { get; internal set; }

    /// <summary>Only law that was known on that day; null takes all that is known now.</summary>
    public LawKnown LawKnownOn { get; internal set; }

    /// <summary>The last days of the periods that it may pay something for; the last is its own.</summary>
    public ReadOnlyMemory<LocalDate> Ends { get; internal set; }

    /// <summary>The first days of these periods.</summary>
    public ReadOnlyMemory<LocalDate> Starts { get; internal set; }

    /// <summary>Which part of each of these periods was worked or paid as if it were.</summary>
    internal decimal[] Parts { get; set; } = [];

    /// <summary>The last day of its own period.</summary>
    public LocalDate Through { get; internal set; }

    /// <summary>Whether anything is paid, or would be if it were more than nothing.</summary>
    public bool IsPayment { get; internal set; }

    /// <summary>Whether employment had ended before, and its last regular pay was paid.</summary>
    public bool HasLeft { get; internal set; }

    public ValueMap<string> Settings { get; internal set; } = ValueMap<string>.Empty;

    /// <summary>Its own, then those of earlier periods from the first on.</summary>
    public List<Earning> Earnings { get; } = [];

    /// <summary>Lines of earlier payslips, in the order in which they were paid.</summary>
    public List<PaidLine> Before { get; } = [];

    /// <summary>Days of illness and motherhood, within employment.</summary>
    public List<Incapacity> Incapacities { get; } = [];

    public List<PaidElsewhere> Elsewhere { get; } = [];

    /// <summary>What was recorded of the employee by pack, to hold on a day; null where nothing was.</summary>
    internal Func<LocalDate, ValueMap<FactValue>?> FactsOn { get; set; } = static _ => null;

    /// <summary>Facts that were read already.</summary>
    internal List<(ValueMap<FactValue> Sent, object Read)> FactsRead { get; } = [];

    /// <summary>The place of the period that ends on a day; negative where there is none.</summary>
    public int PeriodOf(LocalDate end) => Ends.Span.BinarySearch(end);
}

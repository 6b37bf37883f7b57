using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>How far a run is.</summary>
public enum PayRunStatus
{
    Opened,
    Calculating,
    Calculated,
    Approved,
    Posted,
    Paid,
    Reversed,
}

/// <summary>A payment file, and what became of its payments.</summary>
/// <param name="Returned">Employees whose payments came back.</param>
/// <param name="Confirmed">Employees who were paid by it, where they are named.</param>
/// <param name="AreOthersConfirmed">All whom neither list names were paid.</param>
public sealed record PaymentFile(
    PaymentFileIssued Issued, ValueList<string> Returned, ValueList<string> Confirmed, bool AreOthersConfirmed)
{
    /// <summary>Whether the employee's payment stands in the file, whatever became of it.</summary>
    public bool Holds(string employee) =>
        (Issued.Employees?.Contains(employee) ?? true) && Issued.Without?.Contains(employee) is not true;

    /// <summary>Somebody was paid by it.</summary>
    public bool HasPaid => Confirmed.Count > 0 || (AreOthersConfirmed && Returned.Count < Issued.Count);

    public bool IsReturned(string employee) => Returned.Contains(employee);

    public bool IsConfirmed(string employee) =>
        Holds(employee) && !IsReturned(employee) && (AreOthersConfirmed || Confirmed.Contains(employee));
}

/// <summary>One pay run as its decisions need it.</summary>
public sealed record PayRun
{
    /// <summary>The stream of a run has this before its id.</summary>
    public const string StreamPrefix = "pay-run/";

    /// <summary>The stream of a payslip has this before the ids of its run and its employee.</summary>
    public const string PayslipStreamPrefix = "payslip/";

    public static PayRun Initial { get; } = new();

    public long Version { get; private init; }

    public PayRunDetails? Details { get; private init; }

    /// <summary>The period's first day.</summary>
    public LocalDate From { get; private init; }

    /// <summary>The period's last day.</summary>
    public LocalDate Through { get; private init; }

    /// <summary>The last attempt that began.</summary>
    public PayRunCalculationStarted? Started { get; private init; }

    /// <summary>The last attempt, once it has ended.</summary>
    public PayRunCalculated? Calculated { get; private init; }

    public PayRunApproved? Approved { get; private init; }

    public PayRunPosted? Posted { get; private init; }

    public PayRunReversed? Reversed { get; private init; }

    public ValueList<PaymentFile> Files { get; private init; } = [];

    /// <summary>Entries that were made for payments.</summary>
    public int PaymentEntries { get; private init; }

    public bool Exists => Details is not null;

    /// <summary>What the run posts; its reversal has the id of an entry's reversal.</summary>
    public static string EntryOf(string run) => run + EntryIds.PayRunSuffix;

    /// <summary>What clears net pay when a bank confirms it, or opens it again: from 1.</summary>
    public static string PaymentEntryOf(string run, int number) =>
        FormattableString.Invariant($"{run}{EntryIds.PaymentSuffix}{number}");

    /// <summary>Whether its payslips count for what is paid later: they cannot change any more.</summary>
    public bool Counts => Approved is not null && Reversed is null;

    public PayRunStatus Status => Reversed is not null ? PayRunStatus.Reversed
        : Posted is not null ? Files.Any(file => file.HasPaid) ? PayRunStatus.Paid : PayRunStatus.Posted
        : Approved is not null ? PayRunStatus.Approved
        : Calculated is not null ? PayRunStatus.Calculated
        : Started is not null ? PayRunStatus.Calculating
        : PayRunStatus.Opened;

    /// <summary>A run that nobody opened, of the same group and period.</summary>
    public PayRun As(PayRunKind kind) =>
        Initial with { Details = Details! with { Kind = kind, Employees = null }, From = From, Through = Through };

    public static PayRun Evolve(PayRun state, PayRunEvent @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        var next = state with { Version = state.Version + 1 };
        return @event switch
        {
            PayRunOpened e => next with { Details = e.Details, From = e.From, Through = e.Through },
            PayRunCalculationStarted e => next with { Started = e, Calculated = null, Approved = null },
            PayRunCalculated e => next with { Calculated = e },
            PayRunApproved e => next with { Approved = e },
            PayRunPosted e => next with { Posted = e },
            PayRunReversed e => next with { Reversed = e },
            PaymentFileIssued e => next with { Files = [.. state.Files, new(e, [], [], false)] },
            PaymentsReturned e => (next with
            {
                PaymentEntries = state.PaymentEntries + (e.Entry is null ? 0 : 1),
            }).WithFile(e.Number, file => file with
            {
                Returned = [.. file.Returned, .. e.Employees],
                Confirmed = file.Confirmed.Except(e.Employees).ToValueList(),
            }),
            PaymentsConfirmed e => (next with { PaymentEntries = state.PaymentEntries + 1 }).WithFile(
                e.Number, file => file with
                {
                    AreOthersConfirmed = file.AreOthersConfirmed || e.Employees is null,
                    Confirmed = [.. file.Confirmed, .. e.Employees ?? []],
                }),
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a pay run's."),
        };
    }

    private PayRun WithFile(int number, Func<PaymentFile, PaymentFile> change) => this with
    {
        Files = Files.Select(file => file.Issued.Number == number ? change(file) : file).ToValueList(),
    };
}

using Ledger.Domain.Approvals;
using Ledger.Domain.Companies;
using Ledger.Domain.Keys;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>The rules of a run up to its approval.</summary>
public static class PayRunDecider
{
    public const int EmployeesMax = 1_000;

    /// <summary>Entries of a run have its id with something behind it.</summary>
    private const int IdLengthMax = 80;

    private static readonly Period BeforePeriod = Period.FromMonths(2);
    private static readonly Period AfterPeriod = Period.FromMonths(13);

    /// <param name="command">What is asked for.</param>
    /// <param name="run">The stream of this id as it is.</param>
    /// <param name="company">Whose run it is.</param>
    /// <param name="group">That the command names; null when there is none.</param>
    /// <param name="others">All runs of the company.</param>
    public static Decision<PayRunEvent> Decide(
        OpenPayRun command, PayRun run, Company company, PayGroup? group,
        IReadOnlyCollection<KeyValuePair<string, PayRun>> others)
    {
        var details = command.Details;
        if (run.Exists)
        {
            return run.Details == details ? Decision<PayRunEvent>.Nothing : PayRunRefusals.OtherContent(command.Id);
        }

        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (!Ids.IsValid(command.Id) || command.Id.Length > IdLengthMax
            || command.Id.Contains('~', StringComparison.Ordinal))
        {
            return PayRunRefusals.IdInvalid(command.Id);
        }

        if (group is null)
        {
            return PayGroupRefusals.Unknown(details.PayGroup);
        }

        if (group.IsArchived)
        {
            return PayGroupRefusals.Archived(details.PayGroup);
        }

        if (!IsInRange(details.Period))
        {
            return PayslipRefusals.PeriodInvalid(details.Period, "one of the years 1900 to 2199");
        }

        if (PayPeriods.Parse(group.Details, details.Period, out var period) is { } invalid)
        {
            return invalid;
        }

        if (CheckDates(details, group.Details, company, period) is { } date)
        {
            return date;
        }

        return CheckKind(command, period, others) is { } kind
            ? kind
            : new PayRunOpened(details, period.From, period.Through);
    }

    /// <summary>Begins the next attempt. Whoever asks while one of theirs is under way begins it anew.</summary>
    public static Decision<PayRunEvent> Decide(StartPayRunCalculation command, PayRun run) =>
        CheckOpen(command.Id, run) is { } refusal
            ? refusal
            : new PayRunCalculationStarted(
                (run.Started?.Attempt ?? 0) + 1, command.KnownAtSequence,
                LocalDate.Max(command.Today, run.Details!.PayDate), command.Holder);

    public static Decision<PayRunEvent> Decide(FinishPayRunCalculation command, PayRun run)
    {
        if (run.Started is not { } started)
        {
            return PayRunRefusals.NotCalculated(command.Id);
        }

        if (started.Attempt != command.Attempt)
        {
            return PayRunRefusals.OvertakenByAttempt(command.Attempt, started.Attempt);
        }

        var calculated = new PayRunCalculated(command.Attempt, command.Count, command.Failed, command.Sha256);
        return run.Calculated == calculated ? Decision<PayRunEvent>.Nothing
            : CheckOpen(command.Id, run) is { } refusal ? refusal
            : calculated;
    }

    /// <param name="command">Who agrees to what.</param>
    /// <param name="run">As it is.</param>
    /// <param name="changed">An employee of whom something was recorded since; null when nobody is.</param>
    /// <param name="hasAnother">Whether the company has somebody else who could agree.</param>
    /// <param name="isOutsider">Whether whoever agrees is none of the company's persons.</param>
    public static Decision<PayRunEvent> Decide(
        ApprovePayRun command, PayRun run, string? changed, bool hasAnother, bool isOutsider)
    {
        if (run.Approved is { } approved && approved.Sha256 == command.Sha256 && run.Reversed is null)
        {
            return Decision<PayRunEvent>.Nothing;
        }

        if (CheckOpen(command.Id, run) is { } refusal)
        {
            return refusal;
        }

        if (run.Calculated is not { } calculated)
        {
            return PayRunRefusals.NotCalculated(command.Id);
        }

        if (calculated.Sha256 != command.Sha256)
        {
            return PayRunRefusals.HashDiffers(calculated.Sha256);
        }

        if (changed is not null)
        {
            return PayRunRefusals.InputsChanged(changed);
        }

        // Whoever is alone does all of it, also an outsider, and that is recorded; but they agree to nothing of others.
        var isTheirs = Key.AreOne(run.Started!.Holder, command.Holder);
        if (isOutsider && !isTheirs)
        {
            return ApprovalRefusals.Outsider();
        }

        return hasAnother && isTheirs
            ? PayRunRefusals.ApprovedByCalculator()
            : new PayRunApproved(calculated.Attempt, calculated.Sha256);
    }

    /// <summary>Whether its payslips may still change.</summary>
    internal static Refusal? CheckOpen(string id, PayRun run) =>
        !run.Exists ? PayRunRefusals.Unknown(id)
        : run.Reversed is not null ? PayRunRefusals.Reversed(id)
        : run.Posted is not null ? PayRunRefusals.AlreadyPosted(id)
        : null;

    /// <summary>Beyond, days cannot be counted on.</summary>
    private static bool IsInRange(string period) =>
        period.Length >= 4 && period[..2] is "19" or "20" or "21" && char.IsAsciiDigit(period[2]);

    private static Refusal? CheckDates(
        PayRunDetails details, PayGroupDetails group, Company company, PayPeriod period)
    {
        var (earliest, latest) = (period.From - BeforePeriod, period.Through + AfterPeriod);
        if (details.PayDate < earliest || details.PayDate > latest)
        {
            return PayRunRefusals.PayDateOutside(details.PayDate, earliest, latest);
        }

        var currency = Packs.Find(group.Pack)!.CurrencyOn(period.Through);
        return currency == company.Currency ? null : PayRunRefusals.CurrencyDiffers(currency, company.Currency);
    }

    private static Refusal? CheckKind(
        OpenPayRun command, PayPeriod period, IReadOnlyCollection<KeyValuePair<string, PayRun>> others)
    {
        var details = command.Details;
        if (details.Employees?.Count > EmployeesMax)
        {
            return PayRunRefusals.TooManyEmployees(details.Employees.Count, EmployeesMax);
        }

        if (details.Employees?.FirstOrDefault(employee => !Ids.IsValid(employee)) is { } employee)
        {
            return TextRefusals.IdInvalid("employees", employee);
        }

        if (details.Kind == PayRunKind.Supplementary)
        {
            return null;
        }

        if (details.Employees is not null)
        {
            return PayRunRefusals.EmployeesOfRegular();
        }

        var regular = others.FirstOrDefault(each => each.Value is { Reversed: null, Details: { } other }
            && other.Kind == PayRunKind.Regular && other.PayGroup == details.PayGroup
            && each.Value.From <= period.Through && each.Value.Through >= period.From);
        return regular.Key is null ? null : PayRunRefusals.RegularExists(regular.Key, details.Period);
    }
}

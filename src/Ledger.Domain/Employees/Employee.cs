using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Domain.Employees;

/// <summary>Something that is recorded of an employee.</summary>
/// <param name="Version">That of the employee's stream at its last change: its ETag, and the event behind it.</param>
public sealed record Registered<TDetails>(TDetails Details, long Version);

/// <summary>The key of an element of pay.</summary>
public readonly record struct PayKey(string Element, LocalDate EffectiveFrom) : IComparable<PayKey>
{
    public int CompareTo(PayKey other) => string.CompareOrdinal(Element, other.Element) is var order and not 0
        ? order : EffectiveFrom.CompareTo(other.EffectiveFrom);
}

/// <summary>One employee, as far as decisions and payslips need to know.</summary>
public sealed record Employee
{
    /// <summary>The stream of an employee has this before its id.</summary>
    public const string StreamPrefix = "employee/";

    public static Employee Initial { get; } = new();

    /// <summary>How many events there are.</summary>
    public long Version { get; private init; }

    public Registered<EmployeeDetails>? Details { get; private init; }

    public bool Exists => Details is not null;

    public ImmutableSortedDictionary<string, Registered<ContractDetails>> Contracts { get; private init; } =
        ImmutableSortedDictionary.Create<string, Registered<ContractDetails>>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<PayKey, Registered<PayDetails>> Pay { get; private init; } =
        ImmutableSortedDictionary<PayKey, Registered<PayDetails>>.Empty;

    public ImmutableSortedDictionary<LocalDate, Registered<StatutoryDetails>> Statutory { get; private init; } =
        ImmutableSortedDictionary<LocalDate, Registered<StatutoryDetails>>.Empty;

    public ImmutableSortedDictionary<LocalDate, Registered<BankAccountDetails>> BankAccounts { get; private init; } =
        ImmutableSortedDictionary<LocalDate, Registered<BankAccountDetails>>.Empty;

    public ImmutableSortedDictionary<string, Registered<AbsenceDetails>> Absences { get; private init; } =
        ImmutableSortedDictionary.Create<string, Registered<AbsenceDetails>>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<LocalDate, Registered<LeaveEntitlementDetails>> LeaveEntitlements
    {
        get;
        private init;
    } = ImmutableSortedDictionary<LocalDate, Registered<LeaveEntitlementDetails>>.Empty;

    public ImmutableSortedDictionary<string, Registered<DeductionDetails>> Deductions { get; private init; } =
        ImmutableSortedDictionary.Create<string, Registered<DeductionDetails>>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<int, Registered<OpeningFigures>> Opening { get; private init; } =
        ImmutableSortedDictionary<int, Registered<OpeningFigures>>.Empty;

    public Registered<TerminationDetails>? Termination { get; private init; }

    public static Employee Evolve(Employee state, EmployeeEvent @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        var version = state.Version + 1;
        var next = state with { Version = version };
        return @event switch
        {
            EmployeeRegistered e => next with { Details = new(e.Details, version) },
            EmployeeChanged e => next with { Details = new(e.Details, version) },
            ContractRecorded e => next with
            {
                Contracts = state.Contracts.SetItem(e.Contract, new(e.Details, version)),
            },
            PayRecorded e => next with
            {
                Pay = state.Pay.SetItem(new(e.Element, e.EffectiveFrom), new(e.Details, version)),
            },
            StatutoryFactsRecorded e => next with
            {
                Statutory = state.Statutory.SetItem(e.EffectiveFrom, new(e.Details, version)),
            },
            BankAccountRecorded e => next with
            {
                BankAccounts = state.BankAccounts.SetItem(e.EffectiveFrom, new(e.Details, version)),
            },
            AbsenceRecorded e => next with { Absences = state.Absences.SetItem(e.Absence, new(e.Details, version)) },
            LeaveEntitlementRecorded e => next with
            {
                LeaveEntitlements = state.LeaveEntitlements.SetItem(e.EffectiveFrom, new(e.Details, version)),
            },
            DeductionRecorded e => next with
            {
                Deductions = state.Deductions.SetItem(e.Deduction, new(e.Details, version)),
            },
            OpeningFiguresRecorded e => next with { Opening = state.Opening.SetItem(e.Year, new(e.Figures, version)) },
            EmploymentTerminated e => next with { Termination = new(e.Details, version) },
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not an employee's."),
        };
    }

    /// <summary>The contract's last day, whichever ends first: the contract or the employment.</summary>
    public LocalDate? EndOf(ContractDetails contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return (contract.To, Termination?.Details.LastDay) switch
        {
            ({ } to, { } last) => LocalDate.Min(to, last),
            var (to, last) => to ?? last,
        };
    }

    /// <summary>The contract that holds on a day.</summary>
    public Registered<ContractDetails>? ContractOn(LocalDate day)
    {
        foreach (var contract in Contracts.Values)
        {
            if (Spans.Holds(contract.Details.From, EndOf(contract.Details), day))
            {
                return contract;
            }
        }

        return null;
    }

    /// <summary>The last contract that has begun by a day, whether or not it still holds then.</summary>
    public Registered<ContractDetails>? ContractBy(LocalDate day)
    {
        Registered<ContractDetails>? last = null;
        foreach (var contract in Contracts.Values)
        {
            if (contract.Details.From <= day && !(last?.Details.From > contract.Details.From))
            {
                last = contract;
            }
        }

        return last;
    }

    /// <summary>The facts that hold on a day.</summary>
    public Registered<StatutoryDetails>? StatutoryOn(LocalDate day) => LastBy(Statutory, day);

    /// <summary>The account to which is paid on a day.</summary>
    public Registered<BankAccountDetails>? BankAccountOn(LocalDate day) => LastBy(BankAccounts, day);

    /// <summary>
    /// Only what is in force on a day: contracts, absences and deductions that hold then, of each element of pay its
    /// last entry by then, and the facts and the account that count. What was paid elsewhere and the end stay.
    /// </summary>
    public Employee AsOf(LocalDate day) => this with
    {
        Contracts = Contracts.RemoveRange(
            Contracts.Where(each => !Spans.Holds(each.Value.Details.From, EndOf(each.Value.Details), day))
                .Select(each => each.Key)),
        Pay = Pay.RemoveRange(Pay.Keys.Where(key => !IsPaid(key, day))),
        Statutory = OnlyLast(Statutory, day),
        BankAccounts = OnlyLast(BankAccounts, day),
        Absences = Absences.RemoveRange(
            Absences.Where(each => !Spans.Holds(each.Value.Details.From, each.Value.Details.To, day))
                .Select(each => each.Key)),
        LeaveEntitlements = OnlyLast(LeaveEntitlements, day),
        Deductions = Deductions.RemoveRange(
            Deductions.Where(each => !Spans.Holds(each.Value.Details.From, each.Value.Details.To, day))
                .Select(each => each.Key)),
    };

    private bool IsPaid(PayKey key, LocalDate day)
    {
        var pay = Pay[key].Details;
        return pay.Per == PayPer.Once
            ? key.EffectiveFrom == day
            : Spans.Holds(key.EffectiveFrom, pay.To, day) && !Pay.Any(each => each.Key.Element == key.Element
                && each.Value.Details.Per != PayPer.Once
                && each.Key.EffectiveFrom > key.EffectiveFrom && each.Key.EffectiveFrom <= day);
    }

    private static ImmutableSortedDictionary<LocalDate, Registered<T>> OnlyLast<T>(
        ImmutableSortedDictionary<LocalDate, Registered<T>> all, LocalDate day)
    {
        var last = all.Keys.LastOrDefault(from => from <= day);
        return all.RemoveRange(all.Keys.Where(from => from > day || from != last));
    }

    private static Registered<T>? LastBy<T>(ImmutableSortedDictionary<LocalDate, Registered<T>> all, LocalDate day)
    {
        Registered<T>? last = null;
        foreach (var (from, each) in all)
        {
            if (from > day)
            {
                break;
            }

            last = each;
        }

        return last;
    }
}

using Ledger.Domain.Payroll;

namespace Ledger.Domain.PayGroups;

/// <summary>How a month is divided for those who join or leave within it, or are absent without pay.</summary>
public enum Proration
{
    /// <summary>By working days: Monday to Friday, public holidays included, which are paid.</summary>
    WorkingDays,

    /// <summary>By calendar days of the month.</summary>
    CalendarDays,
}

/// <summary>People who are paid together, by one law.</summary>
/// <param name="Pack">Of payroll law.</param>
/// <param name="PayDay">The day of the month after its last period on which it is usually paid; a remark for
/// people.</param>
/// <param name="PeriodEndDay">The day on which a monthly period ends, such as 25 for those from the 26th to the 25th; a
/// month's last by default.</param>
/// <param name="WeekStart">For weekly and two- and four-weekly groups, the first day of one of their periods.</param>
/// <param name="Accounts">Accounts by what is booked on them; the names are <see cref="PayAccounts"/>.</param>
public sealed record PayGroupDetails(
    string Pack,
    PayFrequency Frequency,
    ValueMap<AccountCode> Accounts,
    string? Name = null,
    int? PayDay = null,
    int? PeriodEndDay = null,
    NodaTime.LocalDate? WeekStart = null,
    Proration? Proration = null,
    ValueMap<string>? Settings = null,
    bool? Archived = null);

/// <summary>Stream <c>pay-groups</c>: all pay groups of a company.</summary>
public abstract record PayGroupEvent;

[EventName("pay_group_added")]
public sealed record PayGroupAdded(string Group, PayGroupDetails Details) : PayGroupEvent;

[EventName("pay_group_changed")]
public sealed record PayGroupChanged(string Group, PayGroupDetails Details) : PayGroupEvent;

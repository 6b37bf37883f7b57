using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>An earlier payslip that counts: approved or posted, and not reversed.</summary>
public sealed record EarlierSlip(string Run, PayRunKind Kind, Payslip Slip);

/// <summary>What one payslip is made from.</summary>
/// <param name="Earlier">All of this employee, in the order of pay date, then of recording.</param>
/// <param name="FirstPeriod">That of the group's first regular run that counts: what is owed is looked for from there
/// on. Null where this is the first.</param>
/// <param name="LawKnownOn">Only law that was known then.</param>
/// <param name="PayGroup">The id of the group: only contracts that name it count. Null counts all.</param>
/// <param name="Sheets">Time sheets of all months from a week before the first period through this one, in order; null
/// for somebody without any, so that pay by the hour is refused instead of being nothing.</param>
/// <param name="IsBeforeRegular">The regular run of the period is still to come. Until then a supplementary one pays of
/// the period only what is paid once, leave, and whoever leaves in it.</param>
public sealed record SlipRequest(
    Employee Employee,
    PayGroupDetails Group,
    PayPeriod Period,
    LocalDate PayDate,
    PayRunKind Kind,
    IReadOnlyList<EarlierSlip> Earlier,
    PayPeriod? FirstPeriod,
    LawKnown LawKnownOn,
    string? PayGroup = null,
    IReadOnlyList<SheetOfMonth>? Sheets = null,
    bool IsBeforeRegular = false);

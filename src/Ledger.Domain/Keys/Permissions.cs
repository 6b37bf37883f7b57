using System.Collections.Frozen;

namespace Ledger.Domain.Keys;

/// <summary>What somebody is to a company.</summary>
public enum Role
{
    /// <summary>Runs the company's ledger: settings, keys, approvals, and the books.</summary>
    Owner,

    /// <summary>Keeps the books.</summary>
    Accountant,

    /// <summary>Records facts of people: employees, contracts, pay.</summary>
    People,

    /// <summary>Calculates pay runs.</summary>
    Payroll,

    /// <summary>Releases payment files.</summary>
    Payer,

    /// <summary>Is the second pair of eyes.</summary>
    Approver,

    /// <summary>Reads everything and writes nothing.</summary>
    Auditor,

    /// <summary>A program that posts entries, and reads only its own.</summary>
    Integrator,

    /// <summary>A person who reads what is theirs.</summary>
    Employee,
}

/// <summary>What an operation needs. The names are part of the API.</summary>
public enum Permission
{
    ReadCompany,
    ChangeCompany,
    ReadChart,
    ChangeChart,
    ReadPeriods,
    ChangePeriods,
    PostEntries,
    ReadEntries,

    /// <summary>As <see cref="ReadEntries"/>, but only what the same actor recorded.</summary>
    ReadOwnEntries,
    ReadReports,
    ReadEvents,
    ReadAccessLog,

    /// <summary>Reads the hashes of the log over all companies' logs, which tell nothing of any.</summary>
    ReadLedgerLog,

    /// <summary>Destroys salts of the audit log, whose events nobody can prove by their bodies then.</summary>
    DeleteSalts,
    ReadKeys,
    ChangeKeys,

    /// <summary>To see oneself, and to change the secret of one's own key.</summary>
    UseOwnKey,
    ReadApprovals,
    Approve,
    ChangeFourEyes,

    /// <summary>Sees names of people where answers show them.</summary>
    OpenPersonalData,
    ExportPersonalData,

    /// <summary>As <see cref="ExportPersonalData"/>, but only of the person whose key it is.</summary>
    ExportOwnPersonalData,
    ErasePersonalData,

    /// <summary>Reads the payroll law.</summary>
    ReadPacks,

    /// <summary>Calculates payslips from what is sent; nothing is recorded.</summary>
    CalculatePay,
    ChangePayGroups,

    /// <summary>Opens and calculates pay runs, posts what was approved, and reverses.</summary>
    RunPay,

    /// <summary>Reads pay runs, with the pay of each person.</summary>
    ReadPayRuns,

    /// <summary>As <see cref="ReadPayRuns"/>, but only the payslips of the person whose key it is.</summary>
    ReadOwnPayslips,
    ApprovePayRuns,
    ReleasePayments,

    /// <summary>Reads pay groups, how far runs are, and what is to be paid to whom.</summary>
    ReadPayments,

    /// <summary>Records employees, their contracts, pay, facts, accounts, absences and deductions.</summary>
    RecordPeople,

    /// <summary>Reads what is recorded of each employee, with what they are paid.</summary>
    ReadPeople,

    /// <summary>As <see cref="ReadPeople"/>, but only of the person whose key it is.</summary>
    ReadOwnPeople,

    /// <summary>Reads what people cost in all, by dimension and month, and what is due to authorities.</summary>
    ReadPayCosts,

    /// <summary>Records the time that employees worked.</summary>
    RecordTime,
}

/// <summary>
/// The one table of who may do what. Nobody may both record an employee and release their pay: of each payment file of
/// whoever may record people, as the owner may, a second person sees all, and <see cref="Excluding"/> keeps the role
/// that pays unseen in other hands.
/// </summary>
public static class Permissions
{
    private static readonly FrozenDictionary<Permission, Role[]> Table = new Dictionary<Permission, Role[]>
    {
        [Permission.ReadCompany] =
        [
            Role.Owner, Role.Accountant, Role.People, Role.Payroll, Role.Payer, Role.Approver, Role.Auditor,
            Role.Integrator,
        ],
        [Permission.ChangeCompany] = [Role.Owner],
        [Permission.ReadChart] =
        [
            Role.Owner, Role.Accountant, Role.People, Role.Payroll, Role.Approver, Role.Auditor, Role.Integrator,
        ],
        [Permission.ChangeChart] = [Role.Owner, Role.Accountant],
        [Permission.ReadPeriods] =
        [
            Role.Owner, Role.Accountant, Role.Payroll, Role.Approver, Role.Auditor, Role.Integrator,
        ],
        [Permission.ChangePeriods] = [Role.Owner, Role.Accountant],
        [Permission.PostEntries] = [Role.Owner, Role.Accountant, Role.Integrator],
        [Permission.ReadEntries] = [Role.Owner, Role.Accountant, Role.Approver, Role.Auditor],
        [Permission.ReadOwnEntries] = [Role.Integrator],
        [Permission.ReadReports] = [Role.Owner, Role.Accountant, Role.Approver, Role.Auditor],
        [Permission.ReadEvents] = [Role.Owner, Role.Auditor],
        [Permission.ReadAccessLog] = [Role.Owner, Role.Auditor],
        [Permission.ReadLedgerLog] = Enum.GetValues<Role>(),
        [Permission.DeleteSalts] = [Role.Owner],
        [Permission.ReadKeys] = [Role.Owner, Role.Auditor],
        [Permission.ChangeKeys] = [Role.Owner],
        [Permission.UseOwnKey] = Enum.GetValues<Role>(),
        [Permission.ReadApprovals] = [Role.Owner, Role.Accountant, Role.Approver, Role.Auditor],
        [Permission.Approve] = [Role.Owner, Role.Approver],
        [Permission.ChangeFourEyes] = [Role.Owner],
        [Permission.OpenPersonalData] = [Role.Owner, Role.Accountant, Role.People, Role.Payroll, Role.Auditor],
        [Permission.ExportPersonalData] = [Role.Owner, Role.People],
        [Permission.ExportOwnPersonalData] = [Role.Employee],
        [Permission.ErasePersonalData] = [Role.Owner, Role.People],
        [Permission.ReadPacks] = Enum.GetValues<Role>(),
        [Permission.CalculatePay] = [Role.Owner, Role.People, Role.Payroll, Role.Approver, Role.Auditor],
        [Permission.ChangePayGroups] = [Role.Owner, Role.Payroll],
        [Permission.RunPay] = [Role.Owner, Role.Payroll],
        [Permission.ReadPayRuns] = [Role.Owner, Role.Payroll, Role.Approver, Role.Auditor],
        [Permission.ReadOwnPayslips] = [Role.Employee],
        [Permission.ApprovePayRuns] = [Role.Owner, Role.Approver],
        [Permission.ReleasePayments] = [Role.Owner, Role.Payer],
        [Permission.ReadPayments] = [Role.Owner, Role.Payroll, Role.Payer, Role.Approver, Role.Auditor],
        [Permission.RecordPeople] = [Role.Owner, Role.People],
        [Permission.ReadPeople] = [Role.Owner, Role.People, Role.Payroll, Role.Approver, Role.Auditor],
        [Permission.ReadOwnPeople] = [Role.Employee],
        [Permission.ReadPayCosts] = [Role.Owner, Role.Accountant, Role.Payroll, Role.Approver, Role.Auditor],
        [Permission.RecordTime] = [Role.Owner, Role.People, Role.Payroll, Role.Integrator],
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Role, PermissionSet> ByRole = Enum.GetValues<Role>().ToFrozenDictionary(
        role => role,
        role => Table.Where(row => row.Value.Contains(role)).Aggregate(
            PermissionSet.None, (set, row) => set.With(row.Key)));

    /// <summary>Pairs of roles that no person may hold at once, whatever keys they have: one records people, by which
    /// all that the person releases must be seen by another, and the other releases pay unseen.</summary>
    public static IReadOnlyList<(Role One, Role Other)> Excluding { get; } =
        [(Role.People, Role.Payer), (Role.Owner, Role.Payer)];

    /// <summary>What nobody may do by a secret that somebody else made, who knows it: to agree, to pay, and to do what
    /// others have to agree to.</summary>
    public static PermissionSet OfOwnSecret { get; } = PermissionSet.None.With(Permission.Approve)
        .With(Permission.RunPay).With(Permission.ApprovePayRuns).With(Permission.ReleasePayments);

    /// <summary>The first pair that no person may hold at once, if these roles are such a one.</summary>
    /// <param name="roles">All of a person.</param>
    /// <param name="asked">Only pairs with one of these; null is all.</param>
    public static (Role One, Role Other)? ExcludingAmong(
        IReadOnlyCollection<Role> roles, IReadOnlyCollection<Role>? asked = null)
    {
        ArgumentNullException.ThrowIfNull(roles);
        foreach (var pair in Excluding)
        {
            if (roles.Contains(pair.One) && roles.Contains(pair.Other)
                && (asked is null || asked.Contains(pair.One) || asked.Contains(pair.Other)))
            {
                return pair;
            }
        }

        return null;
    }

    /// <summary>The roles that have a permission, in the order in which roles are declared.</summary>
    public static IReadOnlyList<Role> RolesWith(Permission permission) => Table[permission];

    public static PermissionSet Of(Role role) => ByRole[role];

    /// <summary>What any of the roles may do.</summary>
    public static PermissionSet Of(IEnumerable<Role> roles)
    {
        ArgumentNullException.ThrowIfNull(roles);
        return roles.Aggregate(PermissionSet.None, (set, role) => set.With(ByRole[role]));
    }
}

/// <summary>A set of permissions.</summary>
public readonly record struct PermissionSet(ulong Bits)
{
    public static PermissionSet None { get; }

    public bool Has(Permission permission) => (Bits & (1UL << (int)permission)) != 0;

    public PermissionSet With(Permission permission) => new(Bits | (1UL << (int)permission));

    public PermissionSet Without(PermissionSet others) => new(Bits & ~others.Bits);

    public PermissionSet With(PermissionSet others) => new(Bits | others.Bits);

    /// <summary>Whether there is any in both.</summary>
    public bool HasAny(PermissionSet others) => (Bits & others.Bits) != 0;
}

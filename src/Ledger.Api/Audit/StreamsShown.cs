using System.Collections.Immutable;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Approvals;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Employees;
using Ledger.Domain.Keys;
using Ledger.Domain.PayGroups;
using Ledger.Domain.PayRuns;
using Ledger.Domain.TimeSheets;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Audit;

/// <summary>
/// States as auditors are shown them: all that decisions rest on, in the words of the events. Of secrets there is the
/// prefix alone; personal texts stay sealed.
/// </summary>
internal static class StreamsShown
{
    public static object Of(Company state) => new CompanyState(
        state.Version, state.Settings, state.TimeZone, state.FiscalYearStart, state.CountriesEver);

    public static object Of(Chart state) => new ChartState(
        state.Version, state.Accounts.OrderBy(account => account.Code.Value, StringComparer.Ordinal).ToValueList());

    public static object Of(DimensionCatalog state) => new DimensionsState(
        state.Version,
        state.Values.Select(each => new DimensionState(
            each.Dimension, each.Value, each.Current.Details, each.Current.Version)).ToValueList());

    public static object Of(KeyRing state) => new KeysState(state.Version, state.Keys.Select(Of).ToValueList());

    public static object Of(FourEyes state) => new ApprovalsState(
        state.Version, state.Settings, state.SettingsVersion, state.Open.ToValueList());

    public static object Of(PayGroupCatalog state) => new PayGroupsState(
        state.Version,
        state.Groups.Select(each => new PayGroupState(each.Key, each.Value.Details, each.Value.Version))
            .ToValueList());

    public static object Of(Employee state) => new EmployeeState(
        state.Version,
        state.Details,
        Map(state.Contracts, id => id),
        state.Pay.Select(each => new PayState(
            each.Key.Element, each.Key.EffectiveFrom, each.Value.Details, each.Value.Version)).ToValueList(),
        Map(state.Statutory, LocalDatePattern.Iso.Format),
        Map(state.BankAccounts, LocalDatePattern.Iso.Format),
        Map(state.Absences, id => id),
        Map(state.LeaveEntitlements, LocalDatePattern.Iso.Format),
        Map(state.Deductions, id => id),
        Map(state.Opening, year => year.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        state.Termination);

    public static object Of(PayRun state) => new PayRunState(
        state.Version, state.Status, state.Details, state.From, state.Through, state.Started, state.Calculated,
        state.Approved, state.Posted, state.Reversed, state.Files, state.PaymentEntries);

    public static object Of(TimeSheet state) => new TimeSheetState(state.Version, state.Entries.Values.ToValueList());

    private static KeyState Of(Key key) => new(
        key.Id, key.Actor, key.Holder, key.Details, key.ValidFrom, key.ValidUntil, key.IsRevoked,
        key.Secrets.Select(held => new SecretState(held.Secret.Prefix, held.Until, held.IsOwn)).ToValueList(),
        key.Version);

    private static ValueMap<T> Map<TKey, T>(ImmutableSortedDictionary<TKey, T> all, Func<TKey, string> name)
        where TKey : notnull =>
        ValueMap<T>.From(all.Select(each => KeyValuePair.Create(name(each.Key), each.Value)));

    private sealed record CompanyState(
        long Version,
        CompanySettings? Settings,
        string TimeZone,
        AnnualDate FiscalYearStart,
        ValueList<string> CountriesEver);

    private sealed record ChartState(long Version, ValueList<Account> Accounts);

    private sealed record DimensionState(string Dimension, string Value, DimensionValueDetails Details, long Version);

    private sealed record DimensionsState(long Version, ValueList<DimensionState> Values);

    private sealed record SecretState(string Prefix, Instant? Until, bool IsOwn);

    private sealed record KeyState(
        string Id,
        string Actor,
        string Holder,
        KeyDetails? Details,
        Instant? ValidFrom,
        Instant? ValidUntil,
        bool IsRevoked,
        ValueList<SecretState> Secrets,
        long Version);

    private sealed record KeysState(long Version, ValueList<KeyState> Keys);

    private sealed record ApprovalsState(
        long Version, FourEyesSettings Settings, long SettingsVersion, ValueList<Approval> Open);

    private sealed record PayGroupState(string Group, PayGroupDetails Details, long Version);

    private sealed record PayGroupsState(long Version, ValueList<PayGroupState> Groups);

    private sealed record PayState(string Element, LocalDate EffectiveFrom, PayDetails Details, long Version);

    private sealed record EmployeeState(
        long Version,
        Registered<EmployeeDetails>? Details,
        ValueMap<Registered<ContractDetails>> Contracts,
        ValueList<PayState> Pay,
        ValueMap<Registered<StatutoryDetails>> Statutory,
        ValueMap<Registered<BankAccountDetails>> BankAccounts,
        ValueMap<Registered<AbsenceDetails>> Absences,
        ValueMap<Registered<LeaveEntitlementDetails>> LeaveEntitlements,
        ValueMap<Registered<DeductionDetails>> Deductions,
        ValueMap<Registered<OpeningFigures>> Opening,
        Registered<TerminationDetails>? Termination);

    private sealed record PayRunState(
        long Version,
        PayRunStatus Status,
        PayRunDetails? Details,
        LocalDate From,
        LocalDate Through,
        PayRunCalculationStarted? Started,
        PayRunCalculated? Calculated,
        PayRunApproved? Approved,
        PayRunPosted? Posted,
        PayRunReversed? Reversed,
        ValueList<PaymentFile> Files,
        int PaymentEntries);

    private sealed record TimeSheetState(long Version, ValueList<TimeEntry> Entries);
}

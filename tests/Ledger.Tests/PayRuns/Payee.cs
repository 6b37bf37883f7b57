using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Tests.Payroll;
using Ledger.Tests.TimeSheets;
using NodaTime;

namespace Ledger.Tests.PayRuns;

/// <summary>One employee of a pay group: what is recorded of them, and the payslips that they were given.</summary>
internal sealed class Payee
{
    private readonly PayslipMaker maker = new();
    private readonly List<EarlierSlip> slips = [];
    private readonly RecordedTime time = new();
    private PayPeriod? first;

    public Payee(string pack, PayFrequency frequency = PayFrequency.Monthly) =>
        Group = new(pack, frequency, ValueMap<AccountCode>.Empty);

    public PayGroupDetails Group { get; set; }

    /// <summary>The id of the group, for contracts and runs from now on.</summary>
    public string GroupId { get; set; } = "staff";

    /// <summary>The regular run of the period is still to come.</summary>
    public bool IsBeforeRegular { get; set; }

    public Employee Employee { get; private set; } = Employee.Initial;

    public IReadOnlyList<EarlierSlip> Given => slips;

    /// <summary>Employed from a day on, with the facts of somebody ordinary.</summary>
    public static Payee Of(string pack, string from = "2026-01-01", PayFrequency frequency = PayFrequency.Monthly) =>
        new Payee(pack, frequency).Hired(from).With(Slips.Of(pack).Facts);

    /// <summary>Says that runs began with a period, although nobody here was paid by it.</summary>
    public Payee RunsSince(string period)
    {
        first = Period(period);
        return this;
    }

    public Payee Record(EmployeeEvent @event)
    {
        Employee = Employee.Evolve(Employee, @event);
        return this;
    }

    public Payee Hired(string from, string? to = null, string contract = "c1") => Record(new ContractRecorded(
        contract, new(GroupId, Slips.Day(from), ContractType.Permanent, "Clerk", 40, To: Day(to))));

    public Payee With(ValueMap<FactValue> facts, string from = "2020-01-01") =>
        Record(new StatutoryFactsRecorded(Slips.Day(from), new(Group.Pack, facts)));

    public Payee With(string fact, FactValue value, string from = "2020-01-01") =>
        With((Slips.Of(Group.Pack) with { Facts = Employee.StatutoryOn(Slips.Day(from))!.Details.Facts })
            .With(fact, value).Facts, from);

    public Payee With(string fact, string value) => With(fact, new FactValue(value));

    public Payee Paid(decimal amount, string from = "2026-01-01", string element = "salary", PayPer per = PayPer.Month,
        string? to = null) =>
        Record(new PayRecorded(element, Slips.Day(from), new(amount, per, Day(to))));

    public Payee Absent(AbsenceKind kind, string from, string to, string absence = "a1", bool? withdrawn = null) =>
        Record(new AbsenceRecorded(absence, new(kind, Slips.Day(from), Slips.Day(to), withdrawn)));

    public Payee Owing(
        string deduction, DeductionKind kind, decimal amount, string from = "2020-01-01", string? to = null,
        decimal? total = null) =>
        Record(new DeductionRecorded(deduction, new(kind, amount, Slips.Day(from), "creditor", Day(to), total)));

    public Payee Left(string lastDay) => Record(new EmploymentTerminated(new(Slips.Day(lastDay), "Notice")));

    public Payee Setting(string name, string value)
    {
        Group = Group with
        {
            Settings = ValueMap<string>.From((Group.Settings ?? ValueMap<string>.Empty)
                .Where(each => each.Key != name).Append(new(name, value))),
        };
        return this;
    }

    /// <summary>Time that was worked, or a correction of what stands under the same id.</summary>
    public Payee Worked(
        string from, string through, string? entry = null, string zone = "Europe/Sofia", bool? withdrawn = null)
    {
        Assert.Null(time.Record(entry ?? from.Replace(':', '.'), from, through, zone, withdrawn));
        return this;
    }

    public PayPeriod Period(string period)
    {
        Assert.Null(PayPeriods.Parse(Group, period, out var result));
        return result;
    }

    public SlipRequest Request(
        string period, PayRunKind kind = PayRunKind.Regular, string? payDate = null) => new(
        Employee, Group, Period(period), Day(payDate) ?? Period(period).Through, kind, [.. slips], first, null,
        GroupId, time.Sheets, IsBeforeRegular);

    /// <summary>Makes the payslip and gives it, if there is one.</summary>
    public Payslip? Run(string period, PayRunKind kind = PayRunKind.Regular, string? payDate = null)
    {
        var slip = Preview(period, kind, payDate);
        first ??= Period(period);
        if (slip is not null)
        {
            slips.Add(new($"run-{slips.Count + 1}", kind, slip));
        }

        return slip;
    }

    public Payslip? Preview(string period, PayRunKind kind = PayRunKind.Regular, string? payDate = null)
    {
        var request = Request(period, kind, payDate);
        Assert.Null(maker.Make(request, out var slip));
        return slip;
    }

    public Refusal? Refusal(string period, PayRunKind kind = PayRunKind.Regular, string? payDate = null) =>
        maker.Make(Request(period, kind, payDate), out _);

    /// <summary>A run that is reversed counts no longer.</summary>
    public Payee Reverse(string run)
    {
        Assert.Equal(1, slips.RemoveAll(each => each.Run == run));
        return this;
    }

    private static LocalDate? Day(string? text) => text is null ? null : Slips.Day(text);
}

internal static class PayslipTexts
{
    /// <summary>The lines of some kinds, each with its code, the month that it is for, and its amount.</summary>
    public static string Shown(this Payslip? slip, params LineKind[] kinds) => slip is null ? "none" : string.Join(
        ", ", slip.Lines.Where(line => kinds.Length == 0 || kinds.Contains(line.Kind)).Select(line =>
            FormattableString.Invariant(
                $"{line.Code}{(line.EarnedThrough is { } end ? $" {end:yyyy-MM}" : "")} {line.Amount:0.00}")));

    /// <summary>What is paid, each with the month that it is for.</summary>
    public static string Pay(this Payslip? slip) => slip.Shown(LineKind.Earning, LineKind.Benefit);

    public static decimal Sum(this Payslip slip, string code) =>
        slip.Lines.Where(line => line.Code == code).Sum(line => line.Amount);
}

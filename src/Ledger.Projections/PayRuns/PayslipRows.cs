using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;

namespace Ledger.Projections.PayRuns;

/// <summary>What an attempt came to for an employee, and the lines of the payslip.</summary>
internal static class PayslipRows
{
    /// <summary>Columns of a payslip behind its key, which are null where there is none.</summary>
    private const int Columns = 13;

    public static void Add(CopyBuffer payslips, CopyBuffer lines, in LoggedEvent at, PayslipEvent @event)
    {
        var (run, employee) = IdsOf(at);
        switch (@event)
        {
            case PayslipCalculated e:
                Begin(payslips, at, run, employee, e.Attempt);
                AddSlip(payslips, e.Slip);
                AddLines(lines, at, e.Slip);
                break;
            case PayslipFailed e:
                AddNone(payslips, at, run, employee, e.Attempt);
                break;
            case PayslipWithdrawn e:
                AddNone(payslips, at, run, employee, e.Attempt);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a payslip's.");
        }
    }

    private static void AddSlip(CopyBuffer payslips, Payslip slip)
    {
        var benefits = 0m;
        foreach (var line in slip.Lines.AsSpan())
        {
            benefits += line.Kind == LineKind.Benefit ? line.Amount : 0;
        }

        payslips
            .Text(slip.Contract).Text(slip.Pack).Int(slip.EngineVersion).Text(slip.Currency.Value)
            .Date(slip.From).Date(slip.Through).Date(slip.PayDate).Json(slip.Dimensions)
            .Numeric(slip.Gross()).Numeric(benefits).Numeric(slip.Deductions()).Numeric(slip.Net())
            .Numeric(slip.EmployerContributions());
    }

    private static void AddLines(CopyBuffer lines, in LoggedEvent at, Payslip slip)
    {
        var number = 0;
        foreach (var line in slip.Lines.AsSpan())
        {
            lines.Row(11)
                .Text(at.Company).Long(at.Position).Int(++number).Text(line.Code).Text(NameOf(line.Kind))
                .Numeric(line.Amount).Date(line.EarnedThrough);
            Add(lines, line.Base);
            Add(lines, line.Rate);
            lines.Text(line.Figure).Text(line.Deduction);
        }
    }

    private static void AddNone(CopyBuffer payslips, in LoggedEvent at, string run, string employee, int attempt)
    {
        Begin(payslips, at, run, employee, attempt);
        for (var i = 0; i < Columns; i++)
        {
            payslips.Null();
        }
    }

    private static void Begin(CopyBuffer payslips, in LoggedEvent at, string run, string employee, int attempt) =>
        payslips.Row(5 + Columns).Text(at.Company).Text(run).Text(employee).Long(at.Position).Int(attempt);

    private static void Add(CopyBuffer lines, decimal? number)
    {
        if (number is { } value)
        {
            lines.Numeric(value);
        }
        else
        {
            lines.Null();
        }
    }

    private static string NameOf(LineKind kind) => kind switch
    {
        LineKind.Earning => "earning",
        LineKind.Benefit => "benefit",
        LineKind.Contribution => "contribution",
        LineKind.Tax => "tax",
        LineKind.Deduction => "deduction",
        _ => "employerContribution",
    };

    private static (string Run, string Employee) IdsOf(in LoggedEvent at)
    {
        var prefix = PayRun.PayslipStreamPrefix.Length;
        var end = at.Stream.LastIndexOf('/');
        return at.Stream.StartsWith(PayRun.PayslipStreamPrefix, StringComparison.Ordinal) && end > prefix
            ? (at.Stream[prefix..end], at.Stream[(end + 1)..])
            : throw new FormatException(
                $"A payslip stands in the stream '{at.Stream}' instead of '{PayRun.PayslipStreamPrefix}RUN/EMPLOYEE'.");
    }
}

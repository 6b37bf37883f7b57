using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.PayRuns;
using NodaTime;

namespace Ledger.Api.PayRuns;

/// <param name="Sha256">As the run shows it: of exactly the payslips that are approved.</param>
public sealed record PayRunApproval(string Sha256);

/// <param name="BookedOn">Of the reversal.</param>
public sealed record PayRunReversal(LocalDate BookedOn, string Reason);

/// <param name="File">Its number.</param>
/// <param name="BookedOn">When the bank carried them out.</param>
/// <param name="Employees">Whose; null is all that did not come back.</param>
public sealed record PaymentConfirmation(int File, LocalDate BookedOn, ValueList<string>? Employees = null);

/// <param name="File">Its number.</param>
/// <param name="Employees">Whose payments came back.</param>
/// <param name="BookedOn">When.</param>
/// <param name="Reason">As the bank says.</param>
public sealed record PaymentReturn(int File, ValueList<string> Employees, LocalDate BookedOn, string Reason);

/// <summary>Reads what callers send of pay runs.</summary>
public static class PayRunJson
{
    private const int FileMax = 1_000_000;

    private static readonly Members Run = new("payGroup", "period", "payDate", "kind", "employees");
    private static readonly Members ApprovalOf = new("sha256");
    private static readonly Members ReversalOf = new("bookedOn", "reason");
    private static readonly Members OrderOf = new("account", "iban", "executeOn", "bic");
    private static readonly Members PaymentsOf = new("file", "employees", "bookedOn", "reason");
    private static readonly Members ConfirmedOf = new("file", "employees", "bookedOn");

    public static PayRunDetails Read(ref JsonInput input, int unused)
    {
        string? group = null, period = null;
        LocalDate? payDate = null;
        PayRunKind? kind = null;
        ValueList<string>? employees = null;
        var seen = input.Object();
        while (input.Next(Run, ref seen))
        {
            switch (Run[seen.Last])
            {
                case "payGroup":
                    group = input.Text();
                    break;
                case "period":
                    period = input.Text();
                    break;
                case "payDate":
                    payDate = input.Date();
                    break;
                case "kind":
                    kind = input.One(Choice<PayRunKind>.Instance);
                    break;
                case "employees":
                    employees = input.Null() ? null : input.Texts();
                    break;
            }
        }

        return new(
            group ?? throw input.Missing("payGroup"),
            period ?? throw input.Missing("period"),
            payDate ?? throw input.Missing("payDate"),
            kind ?? throw input.Missing("kind"),
            employees);
    }

    public static PayRunApproval ReadApproval(ref JsonInput input, int unused)
    {
        string? sha256 = null;
        var seen = input.Object();
        while (input.Next(ApprovalOf, ref seen))
        {
            sha256 = input.Text();
        }

        return new(sha256 ?? throw input.Missing("sha256"));
    }

    public static PayRunReversal ReadReversal(ref JsonInput input, int unused)
    {
        LocalDate? bookedOn = null;
        string? reason = null;
        var seen = input.Object();
        while (input.Next(ReversalOf, ref seen))
        {
            if (ReversalOf[seen.Last] == "bookedOn")
            {
                bookedOn = input.Date();
            }
            else
            {
                reason = input.Text();
            }
        }

        return new(bookedOn ?? throw input.Missing("bookedOn"), reason ?? throw input.Missing("reason"));
    }

    public static PaymentOrder ReadOrder(ref JsonInput input, int unused)
    {
        string? account = null, iban = null, bic = null;
        LocalDate? executeOn = null;
        var seen = input.Object();
        while (input.Next(OrderOf, ref seen))
        {
            switch (OrderOf[seen.Last])
            {
                case "account":
                    account = input.Text();
                    break;
                case "iban":
                    iban = input.Text();
                    break;
                case "executeOn":
                    executeOn = input.Date();
                    break;
                case "bic":
                    bic = input.Null() ? null : input.Text();
                    break;
            }
        }

        return new(
            new AccountCode(account ?? throw input.Missing("account")),
            Iban.Electronic(iban ?? throw input.Missing("iban")),
            executeOn ?? throw input.Missing("executeOn"),
            bic);
    }

    public static PaymentConfirmation ReadConfirmation(ref JsonInput input, int unused)
    {
        int? file = null;
        LocalDate? bookedOn = null;
        ValueList<string>? employees = null;
        var seen = input.Object();
        while (input.Next(ConfirmedOf, ref seen))
        {
            switch (ConfirmedOf[seen.Last])
            {
                case "file":
                    file = input.Integer(1, FileMax);
                    break;
                case "employees":
                    employees = input.Null() ? null : input.Texts();
                    break;
                case "bookedOn":
                    bookedOn = input.Date();
                    break;
            }
        }

        return new(file ?? throw input.Missing("file"), bookedOn ?? throw input.Missing("bookedOn"), employees);
    }

    public static PaymentReturn ReadReturn(ref JsonInput input, int unused)
    {
        int? file = null;
        LocalDate? bookedOn = null;
        string? reason = null;
        ValueList<string>? employees = null;
        var seen = input.Object();
        while (input.Next(PaymentsOf, ref seen))
        {
            switch (PaymentsOf[seen.Last])
            {
                case "file":
                    file = input.Integer(1, FileMax);
                    break;
                case "employees":
                    employees = input.Texts();
                    break;
                case "bookedOn":
                    bookedOn = input.Date();
                    break;
                case "reason":
                    reason = input.Text();
                    break;
            }
        }

        return new(
            file ?? throw input.Missing("file"), employees ?? throw input.Missing("employees"),
            bookedOn ?? throw input.Missing("bookedOn"), reason ?? throw input.Missing("reason"));
    }
}

using Ledger.Api.OpenApi;
using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Domain.PayRuns;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.PayRuns;

/// <summary>Payments of pay runs over HTTP: files for the bank, and what became of them.</summary>
public static class PaymentsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Post("/companies/{company}/pay-runs/{run}/payment", IssueAsync)
            .Needs(Permission.ReleasePayments)
            .Is(
                "issuePaymentFile", "Payments", "Makes a payment file for the bank",
                "It holds what is to be paid and is in no file yet, or came back; whoever has no bank account is left "
                + "out. `GET …/payments?file=1` gives it as `application/xml` (pain.001.001.09) or `text/csv`. Nobody "
                + "is paid by that: say what the bank carried out. For whoever may record employees, or once could, it "
                + "waits for a second person, where there is one.")
            .Reads<PaymentOrder>(
                """{"account": "503", "iban": "BG80BNBG96611020345678", "executeOn": "2026-04-05", "bic": null}""")
            .Writes<PayRunWritten>(Example)
            .MayWait()
            .Refuses(RequestProblems.DateMalformed, RequestProblems.DateOutOfRange)
            .Refuses(
                "pay-run-unknown", "pay-run-reversed", "pay-run-not-posted", "iban-malformed", "iban-length-wrong",
                "iban-check-digits-wrong", "bic-invalid", "payment-account-unusable", "payments-none");
        surface.Post("/companies/{company}/pay-runs/{run}/payment-confirmation", ConfirmAsync)
            .Needs(Permission.ReleasePayments)
            .Is(
                "confirmPayments", "Payments", "Says which payments the bank carried out",
                "Without `employees`, all of the file that did not come back. An entry clears the net pay that was "
                + "owed.")
            .Reads<PaymentConfirmation>("""{"file": 1, "bookedOn": "2026-04-05", "employees": null}""")
            .Writes<PayRunWritten>(Example)
            .Refuses(RequestProblems.DateMalformed, RequestProblems.DateOutOfRange, RequestProblems.IntegerMalformed)
            .Refuses(Refusals.Of("Line").Concat(["date-outside-books", "period-closed", "fiscal-year-final"]))
            .Refuses(
                "company-unknown", "pay-run-unknown", "pay-run-reversed", "pay-run-not-posted",
                "payment-file-unknown", "payment-not-in-file");
        surface.Post("/companies/{company}/pay-runs/{run}/payment-return", ReturnAsync)
            .Needs(Permission.ReleasePayments)
            .Is(
                "returnPayments", "Payments", "Says which payments the bank sent back",
                "`reason` is a code such as the bank gives, never a sentence. They go into the next "
                + "file. What was confirmed before is owed again, by an entry.")
            .Reads<PaymentReturn>(
                """{"file": 1, "employees": ["e-17"], "bookedOn": "2026-04-06", "reason": "AC04"}""")
            .Writes<PayRunWritten>(Example)
            .Refuses(RequestProblems.DateMalformed, RequestProblems.DateOutOfRange, RequestProblems.IntegerMalformed)
            .Refuses(Refusals.Of("Line").Concat(["date-outside-books", "period-closed", "fiscal-year-final"]))
            .Refuses(
                "company-unknown", "pay-run-unknown", "pay-run-reversed", "pay-run-not-posted",
                "payment-file-unknown", "payment-not-in-file");
        surface.Get("/companies/{company}/pay-runs/{run}/payments", ListAsync)
            .Needs(Permission.ReadPayments)
            .Is(
                "listPayments", "Payments", "Lists the payments of a run, or gives a payment file",
                "With `file`, and `Accept: application/xml` or `text/csv`, the file itself: for who may release "
                + "payments.")
            .Query("file", ParameterKind.Integer, "The number of a payment file.", "1")
            .Pages()
            .Answers<PaymentList>(StatusCodes.Status200OK, "Payments of the run, in the order of employees.", Rows)
            .Answers<string>(StatusCodes.Status200OK, "The file as CSV.", "employee,name,account", Http.Csv)
            .Answers<string>(
                StatusCodes.Status200OK, "The file as pain.001.001.09.", "<Document/>", CreditTransfer.ContentType)
            .Refuses(RequestProblems.ParameterMalformed, RequestProblems.NotAcceptable)
            .Refuses("company-unknown", "pay-run-unknown", "payment-file-unknown", "payment-account-erased")
            .Refuses(RequestProblems.PermissionMissing);
    }

    private const string Example = """
        {"run": "office-2026-03", "version": 6, "sequence": 431, "recorded": "2026-04-03T08:00:00.123456Z"}
        """;

    private const string Rows = """
        {"company": "acme", "run": "office-2026-03", "rows": [{"employee": "e-17", "amount": "1551.96",
        "status": "inFile", "file": 1, "hasBankAccount": true}], "next": null}
        """;

    private static async ValueTask IssueAsync(Call call)
    {
        var id = call.Id("run");
        var command = new IssuePaymentFile(id, await call.BodyAsync(PayRunJson.ReadOrder, 0));
        var payments = await PaymentsAsync(call, id, command.Order.ExecuteOn);
        await PayRunsApi.AnswerAsync(
            call,
            await call.TransactAsync(reading => PaymentWrites.IssueAsync(command, reading, payments, call.Doer)),
            id);
    }

    private static async ValueTask ConfirmAsync(Call call)
    {
        var id = call.Id("run");
        var body = await call.BodyAsync(PayRunJson.ReadConfirmation, 0);
        var payments = await PaymentsAsync(call, id);
        await PayRunsApi.AnswerAsync(
            call,
            await call.TransactAsync(reading => PaymentWrites.ConfirmAsync(
                new(id, body.File, body.BookedOn, body.Employees), reading, payments, call.Ledger.PayRuns, call.Doer)),
            id);
    }

    private static async ValueTask ReturnAsync(Call call)
    {
        var id = call.Id("run");
        var body = await call.BodyAsync(PayRunJson.ReadReturn, 0);
        var payments = await PaymentsAsync(call, id);
        await PayRunsApi.AnswerAsync(
            call,
            await call.TransactAsync(reading => PaymentWrites.ReturnAsync(
                new(id, body.File, body.Employees, body.Reason, body.BookedOn), reading, payments,
                call.Ledger.PayRuns, call.Doer)),
            id);
    }

    private static async ValueTask ListAsync(Call call)
    {
        var (id, run) = await PayRunQueriesApi.RunAsync(call);
        var number = call.Whole("file", 1, int.MaxValue);
        var type = number is null
            ? Accepted.Of(call.Context.Request, Http.Json)
            : Accepted.Of(call.Context.Request, Http.Json, Http.Csv, CreditTransfer.ContentType);
        var file = number is null ? null : run.Files.FirstOrDefault(each => each.Issued.Number == number)
            ?? throw new RequestException(Http.ProblemOf(PaymentRefusals.FileUnknown((int)number)));
        if (file is null || type == Http.Json)
        {
            await WritePageAsync(call, id, run, number);
            return;
        }

        if (!call.Caller.May(Permission.ReleasePayments))
        {
            throw Operation.Missing(call.Caller, Permission.ReleasePayments);
        }

        await call.Ledger.PayRuns.Questions.WritePaymentFileAsync(call, id, run, file, type);
    }

    private static async ValueTask WritePageAsync(Call call, string id, PayRun run, long? file)
    {
        var (cursor, limit) = (Cursor.Of(call, places: 1), call.Limit());
        var knownAt = cursor?.KnownAtSequence ?? await call.Ledger.Store.HeadAsync(call.Gone);
        var rows = run.Calculated is null ? [] : await call.Ledger.PayRuns.Reads
            .PaymentsAsync(call.Company, id, run.Details!.PayDate, cursor?.Place[0], knownAt, call.Gone)
            .Select(each => PaymentRow.Of(each, run)).Where(row => file is null || row.File == file)
            .Take(limit + 1).ToListAsync(call.Gone);
        var next = rows.Count > limit ? Cursor.Write(call, knownAt, rows[limit - 1].Employee) : null;
        call.NotePersonalDataRead(null);
        await Registers.WriteAsync(
            call, new PaymentList(call.Company, id, [.. rows.Take(limit)], next), run.Version);
    }

    /// <summary>What the payslips of the run pay; none while it is not calculated.</summary>
    /// <param name="call">The call.</param>
    /// <param name="id">The run's.</param>
    /// <param name="payOn">The day on which there must be an account; by default the run's pay date.</param>
    private static async Task<IReadOnlyList<Payment>> PaymentsAsync(Call call, string id, LocalDate? payOn = null)
    {
        var run = await Registers.ReadAsync(call, Streams.PayRun(id), Streams.PayRunFold);
        return run.State.Calculated is null
            ? [] : await call.Ledger.PayRuns.Reads.PaymentsAsync(
                call.Company, id, payOn ?? run.State.Details!.PayDate, ct: call.Gone).ToListAsync(call.Gone);
    }
}

/// <summary>What became of a payment.</summary>
public enum PaymentStatus
{
    /// <summary>Nothing is to be paid.</summary>
    None,
    Open,
    InFile,
    Confirmed,
    Returned,
}

/// <summary>A page of the payments of a run.</summary>
public sealed record PaymentList(string Company, string Run, IReadOnlyList<PaymentRow> Rows, string? Next);

/// <summary>The payment of one employee.</summary>
/// <param name="File">The number of the last file that it stands in.</param>
public sealed record PaymentRow(
    string Employee, Amount Amount, PaymentStatus Status, int? File, bool HasBankAccount)
{
    internal static PaymentRow Of(Payment payment, PayRun run)
    {
        var file = payment.Amount > 0 ? run.Files.LastOrDefault(each => each.Holds(payment.Employee)) : null;
        var status = payment.Amount <= 0 ? PaymentStatus.None
            : file is null ? PaymentStatus.Open
            : file.IsReturned(payment.Employee) ? PaymentStatus.Returned
            : file.IsConfirmed(payment.Employee) ? PaymentStatus.Confirmed
            : PaymentStatus.InFile;
        return new(
            payment.Employee, PayslipShown.Money(payment.Amount), status, file?.Issued.Number, payment.HasAccount);
    }
}

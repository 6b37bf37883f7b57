using Ledger.Api.OpenApi;
using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.PayRuns;

/// <summary>Pay runs over HTTP, what changes them.</summary>
public static class PayRunsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/pay-runs/{run}", PutAsync)
            .Needs(Permission.RunPay)
            .Is(
                "putPayRun", "Pay runs", "Opens a pay run and begins to calculate it",
                "One regular run pays all of a group for a period, and any number of supplementary ones pay what is "
                + "owed beside: to joiners who came too late, leavers, for bonuses and corrections. Payslips are made "
                + "in the background; `GET` says how far it is. The same again, after the service was stopped on the "
                + "way, begins to calculate anew.")
            .Reads<PayRunDetails>(Sent)
            .Answers<PayRunWritten>(StatusCodes.Status202Accepted, "Opened; payslips are being made.", Example)
            .Answers<PayRunWritten>(StatusCodes.Status200OK, "Opened before with the same content.", Example)
            .Refuses(
                "company-unknown", "pay-group-unknown", "pay-group-archived", "pay-period-invalid", "pay-run-exists",
                "pay-run-id-invalid", "pay-run-regular-exists", "pay-run-regular-names-employees",
                "pay-run-too-many-employees", "pay-currency-differs", "pay-date-outside")
            .Refuses(RequestProblems.DateMalformed, RequestProblems.DateOutOfRange);
        surface.Post("/companies/{company}/pay-runs:preview", PreviewAsync)
            .Needs(Permission.RunPay)
            .Is(
                "previewPayRun", "Pay runs", "Shows what a run would come to",
                "Nothing is recorded. The totals are of all its payslips, the rows the first of them.")
            .Query("limit", ParameterKind.Integer, "Rows: 1 to 1000, 200 by default.", "200")
            .Reads<PayRunDetails>(Sent)
            .Answers<PayRunPreview>(StatusCodes.Status200OK, "What it would come to now.", Preview)
            .Refuses(
                "company-unknown", "pay-group-unknown", "pay-group-archived", "pay-period-invalid",
                "pay-run-regular-exists", "pay-run-regular-names-employees", "pay-run-too-many-employees",
                "pay-currency-differs", "pay-date-outside")
            .Refuses(
                RequestProblems.DateMalformed, RequestProblems.DateOutOfRange, RequestProblems.ParameterMalformed,
                RequestProblems.NotAcceptable);
        surface.Post("/companies/{company}/pay-runs/{run}/calculation", CalculateAsync)
            .Needs(Permission.RunPay)
            .Is(
                "calculatePayRun", "Pay runs", "Calculates a pay run again, with what is known now",
                "Payslips that come to the same stay as they are, and what was approved has to be approved again. It "
                + "takes no body.")
            .Answers<PayRunWritten>(StatusCodes.Status202Accepted, "Payslips are being made.", Example)
            .Refuses(RequestProblems.BodyNotExpected)
            .Refuses("company-unknown", "pay-run-unknown", "pay-run-posted", "pay-run-reversed");
        surface.Post("/companies/{company}/pay-runs/{run}/approval", ApproveAsync)
            .Needs(Permission.ApprovePayRuns)
            .Is(
                "approvePayRun", "Pay runs", "Agrees to exactly the payslips of a run",
                "`sha256` is the one that the run shows. Whoever had it calculated does not approve it, unless nobody "
                + "else could; that is recorded then. Whoever holds the owner's key of the whole ledger approves no "
                + "run of others where the settings of four eyes say `withoutLedgerOwner`.")
            .Reads<PayRunApproval>($$"""{"sha256": "{{Hash}}"}""")
            .Writes<PayRunWritten>(Example)
            .Refuses(
                "pay-run-unknown", "pay-run-posted", "pay-run-reversed", "pay-run-not-calculated",
                "pay-run-hash-differs", "pay-run-inputs-changed", "approval-of-outsider",
                "pay-run-approved-by-calculator");
        surface.Post("/companies/{company}/pay-runs/{run}/posting", PostAsync)
            .Needs(Permission.RunPay)
            .Is(
                "postPayRun", "Pay runs", "Books what was approved",
                "One entry, by account and dimensions, on the last day of the period or in the first open month. It "
                + "is recorded together with the run, and names no person. It takes no body.")
            .Writes<PayRunWritten>(Example)
            .Refuses(RequestProblems.BodyNotExpected)
            .Refuses(Refusals.Of("Line").Concat(["date-outside-books", "period-closed", "fiscal-year-final"]))
            .Refuses(
                "company-unknown", "pay-run-unknown", "pay-run-posted", "pay-run-reversed", "pay-run-not-approved",
                "pay-run-inputs-changed", "pay-run-empty", "pay-run-too-many-lines", "pay-run-hash-differs",
                "sum-too-large");
        surface.Post("/companies/{company}/pay-runs/{run}/reversal", ReverseAsync)
            .Needs(Permission.RunPay)
            .Is(
                "reversePayRun", "Pay runs", "Takes a pay run back",
                "Its payslips count no longer, and its entry is reversed in the same request. Payments must have come "
                + "back before. Above the limit on reversals it waits for a second person.")
            .Reads<PayRunReversal>("""{"bookedOn": "2026-03-31", "reason": "Wrong period"}""")
            .Writes<PayRunWritten>(Example)
            .MayWait()
            .Refuses(RequestProblems.DateMalformed, RequestProblems.DateOutOfRange)
            .Refuses(
                "company-unknown", "pay-run-unknown", "pay-run-reversed", "text-empty", "text-too-long",
                "pay-run-has-payments", "reversal-before-entry", "date-outside-books", "period-closed",
                "fiscal-year-final");
    }

    internal const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private const string Sent = """
        {"payGroup": "office", "period": "2026-03", "payDate": "2026-04-05", "kind": "regular", "employees": null}
        """;

    private const string Example = """
        {"run": "office-2026-03", "version": 2, "sequence": 412, "recorded": "2026-04-01T08:00:00.123456Z"}
        """;

    private const string Preview = """
        {"company": "acme", "count": 1, "failed": 0, "gross": "2000.00", "net": "1551.96",
        "employerContributions": "378.40", "rows": [{"employee": "e-17", "currency": "EUR", "gross": "2000.00",
        "deductions": "448.04", "net": "1551.96", "employerContributions": "378.40", "failedCode": null,
        "failedBecause": null}]}
        """;

    private static async ValueTask PreviewAsync(Call call)
    {
        var details = await call.BodyAsync(PayRunJson.Read, 0);
        var outcome = await call.Ledger.PayRuns.Questions.PreviewAsync(call, details, call.Limit());
        if (outcome is not Transacted<PayRunPreview>.Done { Answer: var preview })
        {
            await Http.WriteAsync(call.Context, Http.ProblemOf(outcome)!);
            return;
        }

        call.NotePersonalDataRead(null);
        await call.WriteAsync((Answer<PayRunPreview>)preview);
    }

    private static async ValueTask PutAsync(Call call)
    {
        var id = call.Id("run");
        var command = new OpenPayRun(id, await call.BodyAsync(PayRunJson.Read, 0));
        var outcome = await call.TransactAsync(
            reading => PayRunWrites.OpenAsync(command, reading, call.Ledger.PayRunFacts));
        if (outcome is not Transacted<Written>.Done done)
        {
            await AnswerAsync(call, outcome, id);
            return;
        }

        var (run, _, _, _) = await Registers.ReadAsync(call, Streams.PayRun(id), Streams.PayRunFold);
        if (run is { Calculated: null, Reversed: null } && !call.Ledger.PayRuns.IsCalculating(call.Company, id))
        {
            await StartAsync(call, id);
            return;
        }

        await AnswerAsync(call, outcome, id, done.Appended ? StatusCodes.Status202Accepted : null);
    }

    private static async ValueTask CalculateAsync(Call call)
    {
        call.RequireNoBody();
        await StartAsync(call, call.Id("run"));
    }

    private static async ValueTask StartAsync(Call call, string id)
    {
        var started = await call.Ledger.PayRuns.StartAsync(
            call.Company, id, call.Doer, call.Metadata, call.StandsAsync);
        if (started is not Transacted<PayRun>.Done done)
        {
            await Http.WriteAsync(call.Context, Http.ProblemOf(started)!);
            return;
        }

        call.Ledger.PayRuns.RunInBackground(call.Company, id, done.Answer, call.Metadata);
        await AnswerAsync(
            call,
            new Transacted<Written>.Done(new(done.Answer.Version), done.Sequence, done.Recorded, done.Appended),
            id,
            StatusCodes.Status202Accepted);
    }

    private static async ValueTask ApproveAsync(Call call)
    {
        var id = call.Id("run");
        var approval = await call.BodyAsync(PayRunJson.ReadApproval, 0);
        var command = new ApprovePayRun(id, approval.Sha256, call.Caller.Holder);
        await AnswerAsync(
            call,
            await call.TransactAsync(
                reading => PayRunWrites.ApproveAsync(command, reading, call.Ledger.PayRunFacts, call.Doer)),
            id);
    }

    private static async ValueTask PostAsync(Call call)
    {
        call.RequireNoBody();
        var id = call.Id("run");
        var booking = await call.Ledger.PayRuns.BookingAsync(call.Company, id, call.Gone);
        await AnswerAsync(
            call,
            await call.TransactAsync(reading => PayRunWrites.PostAsync(
                new(id), reading, call.Ledger.PayRunFacts, booking, call.Doer)),
            id);
    }

    private static async ValueTask ReverseAsync(Call call)
    {
        var id = call.Id("run");
        var reversal = await call.BodyAsync(PayRunJson.ReadReversal, 0);
        await AnswerAsync(
            call,
            await call.TransactAsync(reading => PayRunWrites.ReverseAsync(
                new(id, reversal.BookedOn, reversal.Reason), reading, call.Doer)),
            id);
    }

    internal static ValueTask AnswerAsync(
        Call call, Transacted<Written> outcome, string run, int? status = null) => Writes.AnswerAsync(
        call, outcome, static (json, id) => json.WriteString("run"u8, id), run, status);
}

/// <param name="Version">Of the run.</param>
public sealed record PayRunWritten(string Run, long Version, long Sequence, Instant Recorded);

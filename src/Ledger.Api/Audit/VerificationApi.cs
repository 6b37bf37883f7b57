using Ledger.Api.Queries;
using Ledger.Domain.Keys;

namespace Ledger.Api.Audit;

/// <summary>The verification of the ledger over HTTP.</summary>
public static class VerificationApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/audit/verification", VerifyAsync)
            .Needs(Permission.ReadEvents)
            .Is(
                "verifyLedger", "Audit", "Verifies the ledger, and shows how far that is and what was found",
                "As `./run verify` does: order, balance, numbers, sums, tables against a rebuild, audit logs, "
                    + "payslips, certificates and witnesses. The first request begins a verification and answers at "
                    + "once; ask again to see how far it is, and what it came to, which stays until the next one. It "
                    + "goes through the whole ledger, one at a time for all who ask; findings are told that are the "
                    + "company's own or concern everybody.")
            .Query(
                "new", ParameterKind.Flag,
                "`true` begins another verification when none is running; after the last one there is a pause as long "
                    + "as it took, a minute at least.", "true")
            .Refuses(
                RequestProblems.ParameterMalformed, RequestProblems.VerificationTooSoon, RequestProblems.NotAcceptable,
                "company-unknown", "id-invalid")
            .Answers<VerificationShown>(StatusCodes.Status200OK, "The verification.", Example);
    }

    private static async ValueTask VerifyAsync(Call call)
    {
        var another = call.Query("new") switch
        {
            null or "false" => false,
            "true" => true,
            var other => throw Call.Malformed("new", other, "true or false"),
        };
        Accepted.Of(call.Context.Request, Http.Json);
        await Registers.RequireCompanyAsync(call);
        var run = call.Context.RequestServices.GetRequiredService<VerificationRuns>().Find(another);
        var shown = Shown(call.Company, run);
        if (shown.Result is { Findings.Count: > 0 })
        {
            // A row that differs may say what somebody is paid.
            call.NotePersonalDataRead(null);
        }

        await call.WriteAsync<VerificationShown>(shown);
    }

    private static VerificationShown Shown(string company, VerificationRun run)
    {
        if (run.Outcome is not { } outcome)
        {
            var at = run.Progress;
            return new(
                company, VerificationState.Running, run.Started, null,
                new(at.Step, at.Done == 0 && at.Total == 0 ? null : at.Done, at.Total == 0 ? null : at.Total),
                null, null, null);
        }

        if (outcome.Report is not { } report)
        {
            return new(
                company, VerificationState.Failed, run.Started, outcome.Ended, null, null, outcome.Failure, null);
        }

        var result = VerificationWalls.Of(company, report);
        return new(
            company, VerificationState.Ended, run.Started, outcome.Ended, null,
            result.Findings.Count > 0 ? false : result.Checks.All(check => check.IsWhole) ? true : null, null, result);
    }

    private const string Example = """
        {"company": "acme", "state": "ended", "started": "2026-04-02T08:15:00.123456Z", "ended":
        "2026-04-02T08:15:09.523456Z", "progress": null, "passed": false, "failure": null, "result": {"events": 120417,
        "milliseconds": 9400, "eventsPerSecond": 12810, "company": {"events": 5317, "entries": 5120, "lines": 15360,
        "checkpoints": 212, "unprovable": 0, "payslips": {"reproduced": 36, "engineMissing": 0}, "certificates":
        {"reproduced": 3, "engineMissing": 0}}, "witnessesAsked": 1, "witnessesSilent": [], "waiting": [], "checks":
        [{"check": "entries balance", "found": 1, "isWhole": true}], "findings": [{"check": "entries balance", "where":
        "journal_entry acme, 120, order-5512", "what":
        "debits 12.00, credits 13.00 in 2 lines; the entry says 12.00 in 2 lines"}]}}
        """;
}

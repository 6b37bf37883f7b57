using Ledger.Api.Payslips;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.Domain.PayRuns;
using Ledger.Projections.Queries;

namespace Ledger.Api.PayRuns;

/// <summary>Pay runs over HTTP, what reads them. All of it comes from the events themselves.</summary>
public static class PayRunQueriesApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/pay-runs", ListAsync)
            .Needs(Permission.ReadPayments)
            .Is("listPayRuns", "Pay runs", "Lists all pay runs", "In the order of their ids.")
            .Shows<PayRunList>($$"""{"company": "acme", "rows": [{{Run}}]}""")
            .Refuses("company-unknown");
        surface.Get("/companies/{company}/pay-runs/{run}", GetAsync)
            .Needs(Permission.ReadPayments)
            .Is(
                "getPayRun", "Pay runs", "Says how far a pay run is",
                "While payslips are being made, `progress` counts them. `sha256` is what an approver sends.")
            .Shows<PayRunShown>(Run)
            .Refuses("company-unknown", "pay-run-unknown");
        surface.Get("/companies/{company}/pay-runs/{run}/payslips", PayslipsAsync)
            .Needs(Permission.ReadPayRuns)
            .Is(
                "listPayslips", "Pay runs", "Lists the payslips of a run",
                "In the order of employees, with the reason where somebody has none.")
            .Pages()
            .AnswersTable<PayslipList, PayslipRow>(Rows)
            .AnswersZip()
            .Refuses(RequestProblems.NotAcceptable, RequestProblems.ParameterMalformed)
            .Refuses("company-unknown", "pay-run-unknown");
        surface.Get("/companies/{company}/pay-runs/{run}/payslips/{employee}", PayslipAsync)
            .Needs(Permission.ReadPayRuns)
            .Is("getPayslipOfRun", "Pay runs", "Reads one payslip of a run", "As it stands in the run now.")
            .Shows<PayslipShown>(Slip)
            .AnswersPdf()
            .Refuses("company-unknown", "pay-run-unknown", "payslip-unknown");
        surface.Get("/companies/{company}/pay-runs/{run}/variances", VariancesAsync)
            .Needs(Permission.ReadPayRuns)
            .Is(
                "listPayRunVariances", "Pay runs", "Compares each payslip with the employee's last one",
                "Line by line, with the reasons, and the versions of the employee's events that are new since. Joiners "
                + "have no earlier payslip, leavers none in this run. What must be seen before an approval is marked: "
                + "failed payslips, missing bank accounts, pay below the minimum wage.")
            .Pages()
            .AnswersTable<VarianceList, VarianceRow>(Variances)
            .Refuses(RequestProblems.NotAcceptable, RequestProblems.ParameterMalformed)
            .Refuses("company-unknown", "pay-run-unknown", "pay-run-not-calculated");
        surface.Get("/companies/{company}/pay-runs/{run}/journal", JournalAsync)
            .Needs(Permission.ReadPayRuns)
            .Is(
                "getPayRunJournal", "Pay runs", "Shows the entry of a run before it is posted",
                "By account and dimensions. Posting books exactly this.")
            .Shows<PayRunJournal>(Journal)
            .Refuses("company-unknown", "pay-run-unknown", "pay-run-not-calculated");
    }

    private const string Run = $$"""
        {"run": "office-2026-03", "status": "calculated", "payGroup": "office", "period": "2026-03",
        "kind": "regular", "from": "2026-03-01", "through": "2026-03-31", "payDate": "2026-04-05", "employees": null,
        "attempt": 1, "knownAtSequence": 411, "count": 12, "failed": 0, "sha256": "{{PayRunsApi.Hash}}",
        "entry": null, "bookedOn": null, "files": [], "progress": null}
        """;

    private const string Rows = """
        {"company": "acme", "run": "office-2026-03", "status": "calculated", "rows": [{"employee": "e-17",
        "currency": "EUR", "gross": "2000.00", "deductions": "448.04", "net": "1551.96",
        "employerContributions": "378.40", "failedCode": null, "failedBecause": null}], "next": null}
        """;

    internal const string Slip = """
        {"employee": "e-17", "run": "office-2026-03", "status": "calculated", "contract": "c1", "pack": "bg",
        "engineVersion": 1, "currency": "EUR", "from": "2026-03-01", "through": "2026-03-31", "payDate": "2026-04-05",
        "gross": "2000.00", "deductions": "448.04", "net": "1551.96", "employerContributions": "378.40",
        "dimensions": {"department": "sales"}, "lines": [{"line": 1, "code": "salary", "kind": "earning",
        "amount": "2000.00", "earnedThrough": null, "base": null, "rate": null, "figure": null, "deduction": null}]}
        """;

    private const string Variances = """
        {"company": "acme", "run": "office-2026-03", "rows": [{"employee": "e-17", "kind": "changed",
        "grossBefore": "1800.00", "gross": "2000.00", "netBefore": "1396.77", "net": "1551.96",
        "missingBankAccount": false, "because": null, "reasons": ["pay"], "remarks": ["belowMinimumWage"],
        "changes": [{"code": "salary", "before": "1800.00",
        "now": "2000.00", "earnedThrough": null}], "newEvents": [7]}], "next": null}
        """;

    private const string Journal = """
        {"run": "office-2026-03", "entry": "office-2026-03~pay", "lines": [{"account": "604", "side": "debit",
        "amount": "2000.00", "dimensions": {"department": "sales"}}]}
        """;

    private static async ValueTask ListAsync(Call call)
    {
        await Registers.RequireCompanyAsync(call);
        var runs = await call.Ledger.PayRunFacts.RunsAsync(call.Company, ct: call.Gone);
        var rows = runs.Select(each => PayRunShown.Of(
            each.Key, each.Value, call.Ledger.PayRuns.ProgressOf(call.Company, each.Key)));
        await Registers.WriteAsync(call, new PayRunList(call.Company, [.. rows]), runs.Sum(each => each.Value.Version));
    }

    private static async ValueTask GetAsync(Call call)
    {
        var (id, run) = await RunAsync(call);
        await Registers.WriteAsync(
            call, PayRunShown.Of(id, run, call.Ledger.PayRuns.ProgressOf(call.Company, id)), run.Version);
    }

    private static async ValueTask PayslipsAsync(Call call)
    {
        if (Accepted.Of(call.Context.Request, Http.Json, Http.Csv, PayslipFiles.Zip) == PayslipFiles.Zip)
        {
            var (zipped, calculated) = await CalculatedAsync(call);
            await PayslipFiles.WriteZipAsync(call, zipped, calculated);
            return;
        }

        var (id, run) = await RunAsync(call);
        var (cursor, limit) = (Cursor.Of(call, places: 1), call.Limit());
        var knownAt = cursor?.KnownAtSequence ?? await call.Ledger.Store.HeadAsync(call.Gone);
        var rows = new List<PayslipRow>();
        await foreach (var (employee, state) in call.Ledger.PayRuns.Reads.PayslipsAsync(
            call.Company, id, cursor?.Place[0], knownAt, call.Gone))
        {
            if (state.Slip is not null || state.Failed is not null)
            {
                rows.Add(PayslipRow.Of(
                    employee, state.Slip, state.Failed is { } failed ? new(failed.Code, failed.Message) : null));
            }

            if (rows.Count > limit)
            {
                break;
            }
        }

        var next = rows.Count > limit ? Cursor.Write(call, knownAt, rows[limit - 1].Employee) : null;
        call.NotePersonalDataRead(null);
        await call.WriteTableAsync(
            (Answer<PayslipList>)new PayslipList(call.Company, id, run.Status, [.. rows.Take(limit)], next),
            list => list.Rows, list => list.Next);
    }

    private static async ValueTask PayslipAsync(Call call)
    {
        var (id, run) = await RunAsync(call);
        var employee = call.Id("employee");
        await EmployeePayslipsApi.WriteAsync(call, id, run, employee);
    }

    private static async ValueTask VariancesAsync(Call call)
    {
        var (id, run) = await CalculatedAsync(call);
        var (cursor, limit) = (Cursor.Of(call, places: 1), call.Limit());
        var rows = await call.Ledger.PayRuns.Questions.VariancesAsync(
            call.Company, id, run, cursor?.Place[0], limit + 1, call.Gone);
        call.NotePersonalDataRead(null);
        await call.WriteTableAsync(
            (Answer<VarianceList>)new VarianceList(
                call.Company, id, [.. rows.Take(limit)],
                rows.Count > limit
                    ? Cursor.Write(call, run.Started!.KnownAtSequence, rows[limit - 1].Employee) : null),
            list => list.Rows, list => list.Next);
    }

    private static async ValueTask JournalAsync(Call call)
    {
        var (id, run) = await CalculatedAsync(call);
        var asKnown = await call.Ledger.PayRuns.AsKnownAsync(call.Company, id, run, call.Gone);
        var booking = await call.Ledger.PayRuns.Reads.BookingAsync(call.Company, id, asKnown.Group, call.Gone);
        await Registers.WriteAsync(
            call,
            new PayRunJournal(id, PayRun.EntryOf(id), [.. booking.Lines.Select(line => new PayRunJournalLine(
                line.Account, line.Side, PayslipShown.Money(line.Amount), line.Dimensions))]),
            run.Version);
    }

    /// <exception cref="RequestException">There is no such run.</exception>
    internal static async ValueTask<(string Id, PayRun Run)> RunAsync(Call call)
    {
        var id = call.Id("run");
        await Registers.RequireCompanyAsync(call);
        var run = await Registers.ReadAsync(call, Streams.PayRun(id), Streams.PayRunFold);
        return run.State.Exists
            ? (id, run.State) : throw new RequestException(Http.ProblemOf(PayRunRefusals.Unknown(id)));
    }

    /// <exception cref="RequestException">There is no such run, or it has no payslips yet.</exception>
    internal static async ValueTask<(string Id, PayRun Run)> CalculatedAsync(Call call)
    {
        var (id, run) = await RunAsync(call);
        return run.Calculated is not null
            ? (id, run) : throw new RequestException(Http.ProblemOf(PayRunRefusals.NotCalculated(id)));
    }
}

/// <summary>The entry of a run as it would be posted.</summary>
public sealed record PayRunJournal(string Run, string Entry, IReadOnlyList<PayRunJournalLine> Lines);

/// <summary>A line of the entry.</summary>
public sealed record PayRunJournalLine(AccountCode Account, Side Side, Amount Amount, ValueMap<string>? Dimensions);

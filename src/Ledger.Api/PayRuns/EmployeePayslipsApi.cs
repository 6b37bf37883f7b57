using Ledger.Api.Payslips;
using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Domain.PayRuns;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.PayRuns;

/// <summary>The payslips of one employee over HTTP, and what would be due to them. Employees see only their
/// own.</summary>
public static class EmployeePayslipsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/employees/{employee}/payslips", ListAsync)
            .Needs(Permission.ReadPayRuns, own: Permission.ReadOwnPayslips)
            .Is(
                "listPayslipsOfEmployee", "Payslips", "Lists the payslips of one employee",
                "By pay date, the latest first; as known at an instant or a sequence, where one is sent. Employees see "
                + "those that are approved.")
            .Knows()
            .AnswersTable<EmployeePayslipList, EmployeePayslipRow>(Rows)
            .Refuses(RequestProblems.NotAcceptable)
            .Refuses("company-unknown", "payslip-unknown");
        surface.Get("/companies/{company}/employees/{employee}/payslips/{run}", GetAsync)
            .Needs(Permission.ReadPayRuns, own: Permission.ReadOwnPayslips)
            .Is("getPayslip", "Payslips", "Reads a payslip", "With all its lines.")
            .Shows<PayslipShown>(PayRunQueriesApi.Slip)
            .AnswersPdf()
            .Refuses("company-unknown", "payslip-unknown");
        surface.Get("/companies/{company}/employees/{employee}/payslips/{run}/lines/{line}/explanation", ExplainAsync)
            .Needs(Permission.ReadPayRuns, own: Permission.ReadOwnPayslips)
            .Is(
                "explainPayslipLine", "Payslips", "Says why a line of a payslip is what it is",
                "The payslip is derived again from the events that were known then; `reproduced` says whether it came "
                + "out the same. `sentence` names the rule, the working and the source of the figures.")
            .Shows<LineExplanation>(Explanation)
            .Refuses("company-unknown", "payslip-unknown");
        surface.Get("/companies/{company}/employees/{employee}/arrears", ArrearsAsync)
            .Needs(Permission.ReadPayRuns, own: Permission.ReadOwnPayslips)
            .Is(
                "getArrears", "Payslips", "Says what would be due to an employee beyond what was paid",
                "For the periods of all runs that count, as known then: what a raise, an absence or another fact that "
                + "was recorded late changes. The next run pays it.")
            .Knows()
            .AnswersTable<ArrearsList, ArrearsRow>(Arrears)
            .Refuses(RequestProblems.NotAcceptable)
            .Refuses("company-unknown", "payslip-unknown");
    }

    private const string Arrears = """
        {"company": "acme", "employee": "e-17", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742,
        "rows": [{"element": "salary", "earnedThrough": "2026-01-31", "amount": "1000.00", "causes": [7]}],
        "total": "1000.00", "failedCode": null, "failedBecause": null}
        """;

    private const string Rows = """
        {"company": "acme", "employee": "e-17", "rows": [{"run": "office-2026-03", "status": "approved",
        "from": "2026-03-01", "through": "2026-03-31", "payDate": "2026-04-05", "currency": "EUR", "gross": "2000.00",
        "deductions": "448.04", "net": "1551.96"}]}
        """;

    private const string Explanation = """
        {"line": 2, "code": "pensions", "amount": "131.60", "sentence": "State pension contribution: income × rate",
        "reproduced": true, "events": [{"sequence": 17, "recorded": "2026-01-02T08:00:00.123456Z",
        "type": "pay_recorded"}]}
        """;

    private static async ValueTask ListAsync(Call call)
    {
        var employee = await EmployeeAsync(call);
        long? knownAt = null;
        if (call.KnownAt() is not KnownAt.Latest and var asked)
        {
            var knowledge = await call.AskAsync<Knowledge>(
                asked, snapshot => Task.FromResult<Answer<Knowledge>>(snapshot.Knowledge));
            if (knowledge.Refusal is { } unknown)
            {
                await Http.WriteAsync(call.Context, Http.ProblemOf(unknown));
                return;
            }

            knownAt = knowledge.Value!.Sequence;
        }

        var rows = new List<EmployeePayslipRow>();
        foreach (var (run, state, slip) in await call.Ledger.PayRuns.Reads.OfEmployeeAsync(
            call.Company, employee, knownAt, call.Gone))
        {
            if (MaySee(call, state))
            {
                rows.Add(EmployeePayslipRow.Of(run, state, slip));
            }
        }

        call.NotePersonalDataRead(employee);
        await call.WriteTableAsync(
            (Answer<EmployeePayslipList>)new EmployeePayslipList(
                call.Company, employee, [.. rows.OrderByDescending(each => each.PayDate)]),
            list => list.Rows);
    }

    private static async ValueTask GetAsync(Call call)
    {
        var employee = await EmployeeAsync(call);
        var id = call.Id("run");
        var run = await Registers.ReadAsync(call, Streams.PayRun(id), Streams.PayRunFold);
        if (!MaySee(call, run.State))
        {
            throw Unknown(id, employee);
        }

        await WriteAsync(call, id, run.State, employee);
    }

    private static async ValueTask ExplainAsync(Call call)
    {
        var employee = await EmployeeAsync(call);
        var id = call.Id("run");
        var (run, _, _, _) = await Registers.ReadAsync(call, Streams.PayRun(id), Streams.PayRunFold);
        var slip = await SlipAsync(call, id, employee);
        if (slip is null || !MaySee(call, run)
            || !int.TryParse(
                call.Route("line"), System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture, out var line)
            || line < 1 || line > slip.Lines.Count)
        {
            throw Unknown(id, employee);
        }

        call.NotePersonalDataRead(employee);
        await Registers.WriteAsync(
            call, await call.Ledger.PayRuns.Questions.ExplainAsync(call.Company, id, run, employee, line, call.Gone),
            run.Version);
    }

    private static async ValueTask ArrearsAsync(Call call)
    {
        var employee = await EmployeeAsync(call);
        var knowledge = await call.AskAsync<Knowledge>(
            call.KnownAt(), snapshot => Task.FromResult<Answer<Knowledge>>(snapshot.Knowledge));
        if (knowledge.Refusal is { } unknown)
        {
            await Http.WriteAsync(call.Context, Http.ProblemOf(unknown));
            return;
        }

        var known = knowledge.Value!;
        var (company, _, _, _) = await Registers.ReadAsync(call, Streams.Company, Streams.CompanyFold);
        var (lines, refusal) = await call.Ledger.PayRuns.Questions.ArrearsAsync(
            call.Company, employee, known.Sequence,
            Companies.CompanyWrites.TodayOf(company, call.Ledger.Clock), call.Gone);
        call.NotePersonalDataRead(employee);
        await call.WriteTableAsync(
            (Answer<ArrearsList>)new ArrearsList(
                call.Company, employee, known.Instant, known.Sequence,
                [
                    .. lines.Select(line => new ArrearsRow(
                        line.Code, line.EarnedThrough!.Value, PayslipShown.Money(line.Amount), line.Causes ?? [])),
                ],
                PayslipShown.Money(lines.Sum(line => line.Amount)), refusal?.Code, refusal?.Message),
            list => list.Rows);
    }

    /// <summary>The payslip as it stands in the run.</summary>
    internal static async ValueTask WriteAsync(Call call, string id, PayRun run, string employee)
    {
        var slip = await SlipAsync(call, id, employee) ?? throw Unknown(id, employee);
        call.NotePersonalDataRead(employee);
        call.Context.Response.Headers.Vary = "Accept";
        var language = PayslipFiles.LanguageOf(call);
        if (Accepted.Of(call.Context.Request, Http.Json, PayslipPdf.ContentType) == PayslipPdf.ContentType)
        {
            await PayslipFiles.WritePdfAsync(call, id, run, employee, language);
            return;
        }

        await Registers.WriteAsync(call, PayslipShown.Of(employee, id, run.Status, slip), run.Version);
    }

    private static async ValueTask<Payslip?> SlipAsync(Call call, string id, string employee) =>
        (await Registers.ReadAsync(call, Streams.Payslip(id, employee), Streams.PayslipFold)).State.Slip;

    /// <summary>Employees do not see what may still change.</summary>
    private static bool MaySee(Call call, PayRun run) =>
        call.Caller.May(Permission.ReadPayRuns) || run.Approved is not null;

    /// <exception cref="RequestException">The caller may see their own only, and it is another's.</exception>
    internal static async ValueTask<string> EmployeeAsync(Call call)
    {
        var employee = call.Id("employee");
        await Registers.RequireCompanyAsync(call);
        if (!call.Caller.May(Permission.ReadPayRuns) && call.Caller.Person != employee)
        {
            call.NoteDenied(employee);
            throw Unknown(null, employee);
        }

        return employee;
    }

    private static RequestException Unknown(string? run, string employee) =>
        new(Http.ProblemOf(PayRunRefusals.PayslipUnknown(run, employee)));
}

/// <summary>The payslips of an employee.</summary>
public sealed record EmployeePayslipList(string Company, string Employee, IReadOnlyList<EmployeePayslipRow> Rows);

/// <summary>A payslip in short.</summary>
/// <param name="Status">How far its run is.</param>
public sealed record EmployeePayslipRow(
    string Run,
    PayRunStatus Status,
    LocalDate From,
    LocalDate Through,
    LocalDate PayDate,
    Domain.UnitCode Currency,
    Amount Gross,
    Amount Deductions,
    Amount Net)
{
    internal static EmployeePayslipRow Of(string run, PayRun state, Payslip slip) => new(
        run, state.Status, slip.From, slip.Through, slip.PayDate, slip.Currency, PayslipShown.Money(slip.Gross()),
        PayslipShown.Money(slip.Deductions()), PayslipShown.Money(slip.Net()));
}

/// <summary>What would be due to an employee.</summary>
/// <param name="FailedCode">Why no payslip could be made; null where one could.</param>
/// <param name="FailedBecause">What to do about it.</param>
public sealed record ArrearsList(
    string Company,
    string Employee,
    Instant? KnownAt,
    long KnownAtSequence,
    IReadOnlyList<ArrearsRow> Rows,
    Amount Total,
    string? FailedCode,
    string? FailedBecause) : IKnown;

/// <summary>What would be due for a period; less than nothing where too much was paid.</summary>
/// <param name="Causes">Versions of the employee's stream: the events because of which it is due.</param>
public sealed record ArrearsRow(
    string Element, LocalDate EarnedThrough, Amount Amount, IReadOnlyList<long> Causes);

/// <summary>Why a line is what it is.</summary>
/// <param name="Sentence">Rule, working and source.</param>
/// <param name="Reproduced">Derived again from the events known then, the payslip came out the same.</param>
/// <param name="Events">Events of the employee, and of the time that they worked, behind it.</param>
public sealed record LineExplanation(
    int Line, string Code, Amount Amount, string? Sentence, bool Reproduced, IReadOnlyList<CauseShown> Events);

/// <summary>An event behind a line.</summary>
public sealed record CauseShown(long Sequence, Instant Recorded, string Type);

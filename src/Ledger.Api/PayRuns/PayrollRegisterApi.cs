using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Projections.PayRuns;
using Ledger.Projections.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.PayRuns;

/// <summary>The payroll register over HTTP.</summary>
public static class PayrollRegisterApi
{
    private const string All = "all";

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/reports/payroll-register", RegisterAsync)
            .Needs(Permission.ReadPayRuns)
            .Is(
                "getPayrollRegister", "Reports", "Lists payslips by day of payment, with their sums",
                "A payslip counts from the posting of its run until the reversal. `show=all` lists those that do not "
                + "count as well; `totals` are always of those that do, on whichever page they stand. `amounts` are "
                + "the sums of the lines by code, arrears included; in CSV each code is a column. `employerCost` is "
                + "what the run books as cost: pay and the employer's contributions, without benefits in kind.")
            .Query(
                "from", ParameterKind.Date, "The first day of payment; by default the fiscal year of `to` begins it.",
                "2026-01-01")
            .Query("to", ParameterKind.Date, "The last day of payment; today by default.", "2026-03-31")
            .Query("payGroup", ParameterKind.Text, "Only payslips of that pay group.", "sofia")
            .Query("run", ParameterKind.Text, "Only payslips of that run.", "sofia-2026-03")
            .QueryOneOf("show", "Also payslips that are not posted yet, or reversed.", All)
            .Pages()
            .Knows()
            .AnswersTable<PayrollRegister, PayrollRegisterRow>(Example, "salary", "incomeTax");
    }

    private static async ValueTask RegisterAsync(Call call)
    {
        var (cursor, limit, days) = (Cursor.Of(call, places: 5), call.Limit(), call.Days());
        if (call.Query("show") is { } show and not All)
        {
            throw Call.Malformed("show", show, All);
        }

        var after = cursor is null ? null : new PayslipPlace(cursor.Day(2), cursor.Place[3], cursor.Place[4]);
        IReadOnlyList<string> codes = [];
        var answer = await call.AskAsync<PayrollRegister>(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var (from, to) = cursor is null ? days.In(snapshot) : (cursor.Day(0), cursor.Day(1));
            var filter = new PayrollRegisterFilter(
                from, to, call.Query("payGroup"), call.Query("run"), call.Query("show") == All);
            var found = await PayrollRegisterQueries.PageAsync(snapshot, filter, after, limit + 1);
            codes = found.Codes;
            var known = snapshot.Knowledge;
            IReadOnlyList<PayrollRegisterRow> page = found.Rows.Count > limit
                ? [.. found.Rows.Take(limit)] : found.Rows;
            return new PayrollRegister(
                snapshot.Company.Code, from, to, known.Instant, known.Sequence, call.Asked(), page, found.Totals,
                found.Rows.Count > limit ? Cursor.Write(call, known.Sequence, Place(from, to, page[^1])) : null);
        });
        if (answer.Refusal is null)
        {
            call.NotePersonalDataRead(null);
        }

        await call.WriteTableAsync(answer, table => table.Rows, table => table.Next, _ => codes);
    }

    private static string[] Place(LocalDate from, LocalDate to, PayrollRegisterRow last) =>
        [Day(from), Day(to), Day(last.PayDate), last.Run, last.Employee];

    private static string Day(LocalDate day) => LocalDatePattern.Iso.Format(day);

    private const string Example = """
        {"company": "acme", "from": "2026-01-01", "to": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z",
        "knownAtSequence": 1742, "parameters": {}, "rows": [{"employee": "e-17", "run": "sofia-2026-03", "payGroup":
        "sofia", "kind": "regular", "status": "posted", "contract": "c1", "from": "2026-03-01", "through": "2026-03-31",
        "payDate": "2026-03-28", "currency": "EUR", "gross": "2000.00", "deductions": "448.04", "net": "1551.96",
        "employerContributions": "378.40", "employerCost": "2378.40", "amounts": {"incomeTax": "172.44", "salary":
        "2000.00"}}], "totals": [{"currency": "EUR", "payslips": 1, "gross": "2000.00", "deductions": "448.04", "net":
        "1551.96", "employerContributions": "378.40", "employerCost": "2378.40", "amounts": {"incomeTax": "172.44",
        "salary": "2000.00"}}], "next": null}
        """;
}

/// <summary>A page of the payroll register; <c>Parameters</c> repeats what was asked.</summary>
/// <param name="From">The first day of payment.</param>
/// <param name="To">The last.</param>
/// <param name="Totals">Of all pages, by currency.</param>
public sealed record PayrollRegister(
    string Company,
    LocalDate From,
    LocalDate To,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<PayrollRegisterRow> Rows,
    IReadOnlyList<PayrollTotal> Totals,
    string? Next) : IKnown;

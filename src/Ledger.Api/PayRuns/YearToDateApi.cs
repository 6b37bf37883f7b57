using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Domain.Payroll;
using Ledger.Projections.PayRuns;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.PayRuns;

/// <summary>Sums over a statutory year over HTTP, of one employee or of all.</summary>
public static class YearToDateApi
{
    private const string Sums =
        "By day of payment in the statutory year of the pack, which is called by the calendar year of its first day: "
        + "in the United Kingdom it begins on 6 April. Opening figures are beside what was paid here. A payslip counts "
        + "from the posting of its run until the reversal, so that one that was taken back leaves the year in which it "
        + "was paid; where that was recorded after the end of the year, it stands in `correctionsDue`. ";

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        Describe(
            surface.Get("/companies/{company}/employees/{employee}/year-to-date", OfEmployeeAsync)
                .Needs(Permission.ReadPayRuns, own: Permission.ReadOwnPayslips)
                .Is("getYearToDate", "Payslips", "Sums what an employee was paid in a year", Sums))
            .AnswersTable<EmployeeYearToDate, YearToDateLine>(OwnExample)
            .Refuses("payslip-unknown");
        Describe(
            surface.Get("/companies/{company}/reports/year-to-date", OfAllAsync)
                .Needs(Permission.ReadPayRuns)
                .Is(
                    "getYearToDateRegister", "Reports", "Sums what each employee was paid in a year",
                    Sums + "A row an employee and pack; `amounts` are the totals by code, in CSV a column each, and "
                    + "so may differ from page to page. `correctionsDue` are all, on each page."))
            .Pages()
            .AnswersTable<YearToDateRegister, YearToDateRow>(AllExample, "salary", "incomeTax");
    }

    private static Operation Describe(Operation operation) => operation
        .Query("year", ParameterKind.Integer, "The statutory year; that of today by default.", "2026")
        .Query("asOf", ParameterKind.Date, "The last day of payment that counts; the end of the year by default.",
            "2026-03-31")
        .Knows();

    /// <summary>The statutory year that holds today, by the law of the company's groups.</summary>
    private static async ValueTask<int> YearOfTodayAsync(Call call, Snapshot snapshot)
    {
        var today = snapshot.DayOf(call.Ledger.Clock.GetCurrentInstant());
        var (groups, _, _, _) = await Registers.ReadAsync(call, Streams.PayGroups, Streams.PayGroupsFold);
        return groups.Groups.Select(each => (int?)StatutoryYear.Of(each.Value.Details.Pack, today).Number)
            .FirstOrDefault() ?? today.Year;
    }

    private static async ValueTask OfEmployeeAsync(Call call)
    {
        var employee = await EmployeePayslipsApi.EmployeeAsync(call);
        var (year, asOf) = (YearOf(call), call.Day("asOf"));
        var answer = await call.AskAsync<EmployeeYearToDate>(call.KnownAt(), async snapshot =>
        {
            var asked = year ?? await YearOfTodayAsync(call, snapshot);
            var found = await YearToDateQueries.PageAsync(snapshot, new(asked, asOf, employee, "", 1));
            return new EmployeeYearToDate(
                snapshot.Company.Code, employee, asked, asOf, snapshot.Knowledge.Instant, snapshot.Knowledge.Sequence,
                found.Lines, found.CorrectionsDue);
        });
        if (answer.Refusal is null)
        {
            call.NotePersonalDataRead(employee);
        }

        await call.WriteTableAsync(answer, sums => sums.Rows);
    }

    private static async ValueTask OfAllAsync(Call call)
    {
        var (cursor, limit) = (Cursor.Of(call, places: 2), call.Limit());
        var (year, asOf) = (YearOf(call), call.Day("asOf"));
        IReadOnlyList<string> codes = [];
        var answer = await call.AskAsync<YearToDateRegister>(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var asked = (int?)cursor?.Number(1, YearMost) ?? year ?? await YearOfTodayAsync(call, snapshot);
            var found = await YearToDateQueries.PageAsync(
                snapshot, new(asked, asOf, null, cursor?.Place[0] ?? "", limit));
            codes = [.. found.Lines.OrderBy(line => line.Kind).Select(line => line.Code).Distinct()];
            var known = snapshot.Knowledge;
            return new YearToDateRegister(
                snapshot.Company.Code, asked, asOf, known.Instant, known.Sequence, call.Asked(),
                [
                    .. found.Lines.GroupBy(line => (line.Employee, line.Pack, line.Currency)).Select(
                        of => new YearToDateRow(
                            of.Key.Employee, of.Key.Pack, asked, of.Key.Currency, ValueMap<Amount>.From(
                                of.Select(line => KeyValuePair.Create(line.Code, line.Total))))),
                ],
                found.CorrectionsDue,
                found.Last is { } last
                    ? Cursor.Write(
                        call, known.Sequence, last,
                        asked.ToString(System.Globalization.CultureInfo.InvariantCulture))
                    : null);
        });
        if (answer.Refusal is null)
        {
            call.NotePersonalDataRead(null);
        }

        await call.WriteTableAsync(answer, table => table.Rows, table => table.Next, _ => codes);
    }

    private const int YearLeast = 1900;
    private const int YearMost = 2199;

    private static int? YearOf(Call call) => (int?)call.Whole("year", YearLeast, YearMost);

    private const string Correction = """
        {"run": "sofia-2026-03", "employee": "e-17", "pack": "bg", "year": 2026, "payDate": "2026-03-28", "reversed":
        "2027-02-01T08:15:00.123456Z", "sequence": 2741, "currency": "EUR", "amounts": {"salary": "2000.00"}}
        """;

    private const string OwnExample = $$"""
        {"company": "acme", "employee": "e-17", "year": 2026, "asOf": null, "knownAt": "2027-02-02T08:15:00.123456Z",
        "knownAtSequence": 2742, "rows": [{"employee": "e-17", "pack": "bg", "code": "salary", "kind": "earning",
        "currency": "EUR", "opening": "4000.00", "paid": "2000.00", "total": "6000.00"}],
        "correctionsDue": [{{Correction}}]}
        """;

    private const string AllExample = $$"""
        {"company": "acme", "year": 2026, "asOf": null, "knownAt": "2027-02-02T08:15:00.123456Z",
        "knownAtSequence": 2742, "parameters": {"year": "2026"}, "rows": [{"employee": "e-17", "pack": "bg", "year":
        2026, "currency": "EUR", "amounts": {"incomeTax": "517.32", "salary": "6000.00" } }],
        "correctionsDue": [{{Correction}}], "next": null}
        """;
}

/// <summary>What an employee was paid in a year.</summary>
/// <param name="AsOf">As asked; null is the end of the year.</param>
/// <param name="CorrectionsDue">Payslips that were taken back after the year had ended.</param>
public sealed record EmployeeYearToDate(
    string Company,
    string Employee,
    int Year,
    LocalDate? AsOf,
    Instant? KnownAt,
    long KnownAtSequence,
    IReadOnlyList<YearToDateLine> Rows,
    IReadOnlyList<CorrectionDue> CorrectionsDue) : IKnown;

/// <summary>A page of what each employee was paid in a year; <c>Parameters</c> repeats what was asked.</summary>
/// <param name="AsOf">As asked; null is the end of the year.</param>
/// <param name="CorrectionsDue">Payslips that were taken back after the year had ended.</param>
public sealed record YearToDateRegister(
    string Company,
    int Year,
    LocalDate? AsOf,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<YearToDateRow> Rows,
    IReadOnlyList<CorrectionDue> CorrectionsDue,
    string? Next) : IKnown;

/// <summary>What one employee was paid in a year, under one law.</summary>
/// <param name="Amounts">By code, opening figures included; in CSV a column each.</param>
public sealed record YearToDateRow(
    string Employee, string? Pack, int Year, string Currency, ValueMap<Amount> Amounts);

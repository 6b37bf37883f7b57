using System.Globalization;
using Ledger.Api.People;
using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Reports;

/// <summary>The general ledger over HTTP.</summary>
public static class GeneralLedgerApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/reports/general-ledger", LedgerAsync)
            .Needs(Permission.ReadReports)
            .Is(
                "getGeneralLedger", "Reports", "Gives the lines of accounts with their running balance",
                "Account by account: a row of kind `opening` for each unit, the lines in the order of their days with "
                + "the accounts on the other side of the entry, and a row of kind `closing` with the sums. Balances "
                + "are debit − credit of the unit; income and expense open at zero on `fiscalYear`, the start of the "
                + "fiscal year of `from`, and run on to `to` without a break. A page holds up to `limit` lines.")
            .Query("account", ParameterKind.Text, "Only this account; all by default.", "501")
            .Query(
                "from", ParameterKind.Date, "The first day; by default the fiscal year of `to` begins it.",
                "2026-01-01")
            .Query("to", ParameterKind.Date, "The last day; today by default.", "2026-03-31")
            .Query("dimension", ParameterKind.Text, "Only lines that carry all of these values.", "department:sales")
            .Pages()
            .Knows()
            .Refuses(RequestProblems.AccountNotKnownThen)
            .AnswersTable<GeneralLedger, LedgerRow>(Example);
    }

    private static async ValueTask LedgerAsync(Call call)
    {
        var (days, account, dimension, limit) = (call.Days(), call.Query("account"), call.Dimension(), call.Limit());
        if (dimension.By is not null)
        {
            throw Call.Malformed("dimension", call.Query("dimension")!, "values such as department:sales,project:x");
        }

        var cursor = Cursor.Of(call, places: 6);
        var began = cursor is null ? ((LocalDate, LocalDate)?)null : DaysIn(cursor);
        var after = cursor is null ? null : PlaceIn(cursor);
        var answer = await call.AskAsync<GeneralLedger>(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var (from, to) = began ?? days.In(snapshot);
            var request = new LedgerRequest(from, to, account, dimension, after, limit);
            var found = await GeneralLedgerQueries.PageAsync(snapshot, request);
            if (found.Refusal is { } refusal)
            {
                return refusal;
            }

            var known = snapshot.Knowledge;
            return new GeneralLedger(
                snapshot.Company.Code,
                from,
                to,
                known.Instant,
                known.Sequence,
                snapshot.Company.Currency,
                snapshot.Company.FiscalYearOf(from),
                account,
                call.Query("dimension"),
                found.Value!.Rows,
                found.Value.Last is { } last ? Cursor.Write(call, known.Sequence, Place(from, to, last)) : null);
        });
        answer = await call.WithNamesAsync(
            answer, async ledger => ledger with { Rows = await call.WithNamesAsync(ledger.Rows) });
        await call.WriteTableAsync(answer, ledger => ledger.Rows, ledger => ledger.Next);
    }

    private static string[] Place(LocalDate from, LocalDate to, LedgerPlace last) =>
    [
        LocalDatePattern.Iso.Format(from),
        LocalDatePattern.Iso.Format(to),
        last.Account,
        last.Line is { } line ? LocalDatePattern.Iso.Format(line.BookedOn) : "",
        last.Line is null ? "" : last.Line.Position.ToString(CultureInfo.InvariantCulture),
        last.Line is null ? "" : last.Line.Line.ToString(CultureInfo.InvariantCulture),
    ];

    private static (LocalDate From, LocalDate To) DaysIn(Cursor cursor) =>
        cursor.Day(0) <= cursor.Day(1) ? (cursor.Day(0), cursor.Day(1)) : throw Cursor.Malformed();

    private static LedgerPlace PlaceIn(Cursor cursor) => new(
        cursor.Place[2],
        cursor.Place[3].Length == 0
            ? null
            : new(cursor.Day(3), cursor.Number(4), (int)cursor.Number(5, int.MaxValue)));

    private const string Example = """
        {"company": "acme", "from": "2026-01-01", "to": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z",
        "knownAtSequence": 1742, "currency": "EUR", "fiscalYear": "2026-01-01", "account": "501", "dimension": null,
        "rows": [{"row": "line", "account": "501", "name": "Bank", "unit": "EUR", "bookedOn": "2026-03-31",
        "entry": "order-5512", "fiscalYear": 2026, "number": 17, "line": 1, "description": "Order 5512", "memo": null,
        "reference": null, "documentNumber": "INV-2026-0012", "counterparty": "customer-77", "contra": ["701", "4532"],
        "dimensions": {}, "debit": "119.00", "credit": "0.00", "balance": "1119.00", "baseDebit": "119.00",
        "baseCredit": "0.00", "baseBalance": "1119.00",
        "sequence": 1741, "recorded": "2026-04-02T08:15:00.123456Z", "counterpartyPerson":
        null}], "next": null}
        """;
}

/// <summary>A page of the general ledger.</summary>
/// <param name="FiscalYear">That of <paramref name="From"/>: income and expense open at zero on this day.</param>
/// <param name="Account">As asked; null for all.</param>
/// <param name="Dimension">As asked.</param>
public sealed record GeneralLedger(
    string Company,
    LocalDate From,
    LocalDate To,
    Instant? KnownAt,
    long KnownAtSequence,
    string Currency,
    LocalDate FiscalYear,
    string? Account,
    string? Dimension,
    IReadOnlyList<LedgerRow> Rows,
    string? Next) : IKnown;

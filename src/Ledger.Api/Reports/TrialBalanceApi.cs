using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Projections.Statements;

namespace Ledger.Api.Reports;

/// <summary>The trial balance over HTTP.</summary>
public static class TrialBalanceApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/reports/trial-balance", TrialBalanceAsync)
            .Needs(Permission.ReadReports)
            .Is(
                "getTrialBalance", "Reports",
                "Gives the trial balance: opening, debit, credit and closing of each account",
                "One row an account and unit, in the unit and in the functional currency (`base…`). `opening` and "
                + "`closing` are debit − credit, and `closing` is `opening` and what moved from `from` to `to`. Income "
                + "and expense open at zero on `fiscalYear`, the start of the fiscal year of `from`, and what years "
                + "before it left unclosed is one computed row (`account` null). `totals` are in the functional "
                + "currency; each pair is equal unless a dimension leaves lines out.")
            .Query("from", ParameterKind.Date, "The first day; by default the fiscal year of `to` begins it.",
                "2026-01-01")
            .Query("to", ParameterKind.Date, "The last day; today by default.", "2026-03-31")
            .QueryOneOf("before", "Leaves out the year's entries of kind closing, or of kinds adjustment and closing.",
                "closing", "adjustment")
            .Groups()
            .Knows()
            .AnswersTable<TrialBalance, TrialBalanceRow>(Example);
    }

    private static async ValueTask TrialBalanceAsync(Call call)
    {
        var (days, dimension, before) = (call.Days(), call.Dimension(), call.Before());
        var answer = await call.AskAsync(call.KnownAt(), snapshot =>
        {
            var (from, to) = days.In(snapshot);
            return TrialBalanceQueries.TrialBalanceAsync(snapshot, from, to, dimension, before);
        });
        await call.WriteTableAsync(answer, table => table.Rows);
    }

    private const string Example = """
        {"company": "acme", "from": "2026-01-01", "to": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z",
        "knownAtSequence": 1742, "currency": "EUR", "fiscalYear": "2026-01-01", "before": "nothing", "rows": [
        {"account": "501", "name": "Bank", "type": "asset", "unit": "EUR", "value": null, "valueName": null,
        "opening": "100.00", "debit": "1200.00", "credit": "200.00", "closing": "1100.00", "baseOpening": "100.00",
        "baseDebit": "1200.00", "baseCredit": "200.00", "baseClosing": "1100.00"}], "totals": {"openingDebit": "100.00",
        "openingCredit": "100.00", "debit": "1200.00", "credit": "1200.00", "closingDebit": "1100.00",
        "closingCredit": "1100.00"}}
        """;
}

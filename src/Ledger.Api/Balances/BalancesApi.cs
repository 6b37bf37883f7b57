using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Projections.Balances;

namespace Ledger.Api.Balances;

/// <summary>Balances over HTTP.</summary>
public static class BalancesApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/balances", BalancesAsync)
            .Needs(Permission.ReadReports)
            .Is(
                "getBalances", "Balances", "Lists the balances of accounts at the end of a day",
                "One row an account and unit (and value of the dimension asked for; lines without it come last, with "
                + "`value` null). `balance` is debit − credit, whatever the type of the account. Rows hold an "
                + "account's "
                + "own postings; subtotals stand in statements. Accounts without any turnover are left out.")
            .Query("asOf", ParameterKind.Date, "The last day that counts; today by default.", "2026-03-31")
            .Query("account", ParameterKind.Text, "Only this account.", "501")
            .Groups()
            .Knows()
            .Refuses(RequestProblems.AccountNotKnownThen)
            .AnswersTable<BalanceTable, BalanceRow>(Example);
    }

    private static async ValueTask BalancesAsync(Call call)
    {
        var (asOf, account, dimension) = (call.Day("asOf"), call.Query("account"), call.Dimension());
        var answer = await call.AskAsync(call.KnownAt(), snapshot => BalanceQueries.BalancesAsync(
            snapshot, asOf ?? snapshot.DayOf(call.Ledger.Clock.GetCurrentInstant()), account, dimension));
        await call.WriteTableAsync(answer, table => table.Rows);
    }

    private const string Example = """
        {"company": "acme", "asOf": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742,
        "currency": "EUR", "account": null, "rows": [{"account": "501", "name": "Bank", "type": "asset", "unit": "USD",
        "value": null, "valueName": null, "debit": "1200.00", "credit": "200.00", "balance": "1000.00",
        "baseDebit": "1080.00", "baseCredit": "180.00", "baseBalance": "900.00"}]}
        """;
}

using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Keys;
using Ledger.Projections.Accounts;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Accounts;

/// <summary>The chart of accounts over HTTP, what reads it.</summary>
public static class AccountQueriesApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/accounts", AccountsAsync)
            .Needs(Permission.ReadChart)
            .Is(
                "listAccounts", "Accounts", "Lists the chart of accounts",
                "By code, as known then. `version` is the account's ETag: send it as If-Match to change the account.")
            .QueryOneOf("type", "Only accounts of this type.",
                "asset", "liability", "equity", "income", "expense", "offBalance")
            .Pages()
            .Knows()
            .AnswersTable<AccountList, AccountThen>(Example);
    }

    private static async ValueTask AccountsAsync(Call call)
    {
        var (cursor, limit) = (Cursor.Of(call, places: 1), call.Limit());
        var type = call.Choice(
            "type", AccountType.Asset, AccountType.Liability, AccountType.Equity, AccountType.Income,
            AccountType.Expense,
            AccountType.OffBalance);
        var answer = await call.AskAsync<AccountList>(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var chart = await AccountQueries.ChartAsync(snapshot);
            var rows = chart.Accounts
                .Where(account => type is null || account.Type == type)
                .Where(account => cursor is null || string.CompareOrdinal(account.Code, cursor.Place[0]) > 0)
                .Take(limit + 1).ToArray();
            var known = snapshot.Knowledge;
            return new AccountList(
                snapshot.Company.Code,
                known.Instant,
                known.Sequence,
                call.Asked(),
                rows.Length > limit ? rows[..limit] : rows,
                rows.Length > limit ? Cursor.Write(call, known.Sequence, rows[limit - 1].Code) : null);
        });
        await call.WriteTableAsync(answer, list => list.Rows, list => list.Next);
    }

    private const string Example = """
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742, "parameters": {},
        "rows": [
        {"code": "501", "name": "Bank", "names": {"bg": "Банка"}, "type": "asset", "parent": "50", "currency": null,
        "postable": true, "archived": false, "requires": [], "bySign": false, "version": 12}], "next": null}
        """;
}

/// <summary>A page of accounts; <c>Parameters</c> repeats what was asked.</summary>
public sealed record AccountList(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<AccountThen> Rows,
    string? Next) : IKnown;

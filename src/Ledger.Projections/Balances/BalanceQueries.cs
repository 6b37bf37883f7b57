using Ledger.Domain.Accounts;
using Ledger.Projections.Accounts;
using Ledger.Projections.Dimensions;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Balances;

/// <summary>What accounts hold at the end of a day.</summary>
/// <param name="Value">Of the dimension that was asked for; null for lines without it, or when none was.</param>
/// <param name="Debit">Turnover since the beginning of the books, in the unit.</param>
/// <param name="Balance">Debit − credit, whatever the type of the account.</param>
/// <param name="BaseBalance">The same in the functional currency.</param>
public sealed record BalanceRow(
    string Account,
    string Name,
    AccountType Type,
    string Unit,
    string? Value,
    string? ValueName,
    Amount Debit,
    Amount Credit,
    Amount Balance,
    Amount BaseDebit,
    Amount BaseCredit,
    Amount BaseBalance);

/// <summary>All balances at the end of a day, one row an account and unit (and value of a dimension).</summary>
/// <param name="Currency">The functional currency.</param>
public sealed record BalanceTable(
    string Company,
    LocalDate AsOf,
    Instant? KnownAt,
    long KnownAtSequence,
    string Currency,
    string? Account,
    IReadOnlyList<BalanceRow> Rows) : IKnown;

public static class BalanceQueries
{
    /// <param name="account">Null for all.</param>
    public static async Task<Answer<BalanceTable>> BalancesAsync(
        Snapshot snapshot, LocalDate asOf, string? account, DimensionQuery dimension)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(dimension);
        Segment[] segments = [new(null, asOf, snapshot.Knowledge.Position)];
        var accounts = AccountQueries.Ask(snapshot);
        var names = DimensionQueries.Ask(snapshot, dimension.By);
        var sums = TurnoverQuery.Ask(snapshot, segments, account is null ? null : [account], dimension);
        await snapshot.SendAsync();
        var chart = accounts.Chart();
        if (account is not null && !chart.Has(account))
        {
            return QueryRefusals.AccountNotKnownThen(account);
        }

        var company = snapshot.Company;
        var rows = new List<BalanceRow>();
        foreach (var (key, turnovers) in sums.Turnovers().All)
        {
            var sum = turnovers[0];
            if (sum.IsZero)
            {
                continue;
            }

            var then = chart.Of(key.Account);
            rows.Add(new(
                key.Account,
                then.Name,
                then.Type,
                key.Unit,
                key.Value,
                names.NameOf(key.Value),
                company.In(key.Unit, sum.Debit),
                company.In(key.Unit, sum.Credit),
                company.In(key.Unit, sum.Balance),
                company.Base(sum.BaseDebit),
                company.Base(sum.BaseCredit),
                company.Base(sum.BaseBalance)));
        }

        return new BalanceTable(
            company.Code,
            asOf,
            snapshot.Knowledge.Instant,
            snapshot.Knowledge.Sequence,
            company.Currency,
            account,
            rows);
    }
}

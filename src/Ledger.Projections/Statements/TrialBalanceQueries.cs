using Ledger.Domain.Accounts;
using Ledger.Projections.Accounts;
using Ledger.Projections.Balances;
using Ledger.Projections.Dimensions;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Statements;

/// <summary>
/// An account and unit of a trial balance. Opening and closing are debit − credit; income and expense open at zero at
/// the start of the first day's fiscal year, and run on from there to the last day, whatever year it lies in.
/// </summary>
/// <param name="Account">Null for the computed row: the result of earlier years that no entry has closed.</param>
public sealed record TrialBalanceRow(
    string? Account,
    string Name,
    AccountType Type,
    string Unit,
    string? Value,
    string? ValueName,
    Amount Opening,
    Amount Debit,
    Amount Credit,
    Amount Closing,
    Amount BaseOpening,
    Amount BaseDebit,
    Amount BaseCredit,
    Amount BaseClosing);

/// <summary>Sums of all rows in the functional currency; in complete books each pair is equal.</summary>
public sealed record TrialBalanceTotals(
    Amount OpeningDebit, Amount OpeningCredit, Amount Debit, Amount Credit, Amount ClosingDebit, Amount ClosingCredit);

/// <param name="FiscalYear">That of <paramref name="From"/>: income and expense open at zero on this day.</param>
public sealed record TrialBalance(
    string Company,
    LocalDate From,
    LocalDate To,
    Instant? KnownAt,
    long KnownAtSequence,
    string Currency,
    LocalDate FiscalYear,
    BeforeKind Before,
    IReadOnlyList<TrialBalanceRow> Rows,
    TrialBalanceTotals Totals) : IKnown;

public static class TrialBalanceQueries
{
    public const string UnclosedName = "Unclosed result of earlier years";

    private const int EarlierYears = 0;
    private const int YearSoFar = 1;
    private const int Asked = 2;

    public static async Task<Answer<TrialBalance>> TrialBalanceAsync(
        Snapshot snapshot, LocalDate from, LocalDate to, DimensionQuery dimension, BeforeKind before)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(dimension);
        var company = snapshot.Company;
        var year = company.FiscalYearOf(from);
        var position = snapshot.Knowledge.Position;
        Segment[] segments =
        [
            new(null, year.PlusDays(-1), position),
            new(year, from.PlusDays(-1), position),
            new(from, to, position),
        ];
        var accounts = AccountQueries.Ask(snapshot);
        var names = DimensionQueries.Ask(snapshot, dimension.By);
        var sums = TurnoverQuery.Ask(snapshot, segments, null, dimension);
        await snapshot.SendAsync();

        var chart = accounts.Chart();
        var rows = new List<TrialBalanceRow>();
        var unclosed = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (key, turnovers) in sums.Turnovers(each =>
            each.Segment == EarlierYears || before.Counts(each.Kind)).All)
        {
            var account = chart.Of(key.Account);
            var opening = turnovers[YearSoFar];
            if (!account.IsResult)
            {
                opening += turnovers[EarlierYears];
            }
            else
            {
                var value = key.Value ?? "";
                unclosed[value] = Amount.Sum(
                    unclosed.GetValueOrDefault(value), turnovers[EarlierYears].BaseBalance);
            }

            if (!opening.IsZero || !turnovers[Asked].IsZero)
            {
                rows.Add(Row(company, account, key, names.NameOf(key.Value), opening, turnovers[Asked]));
            }
        }

        foreach (var (value, result) in unclosed.Where(each => each.Value != 0).OrderBy(each => each.Key.Length == 0))
        {
            var amount = company.Base(result);
            var nothing = company.Base(0);
            var valueOrNull = value.Length == 0 ? null : value;
            rows.Add(new(
                null, UnclosedName, AccountType.Equity, company.Currency, valueOrNull, names.NameOf(valueOrNull),
                amount, nothing, nothing, amount, amount, nothing, nothing, amount));
        }

        rows.RemoveAll(IsNothing);
        return new TrialBalance(
            company.Code,
            from,
            to,
            snapshot.Knowledge.Instant,
            snapshot.Knowledge.Sequence,
            company.Currency,
            year,
            before,
            rows,
            Totals(company, rows));
    }

    private static TrialBalanceRow Row(
        Companies.CompanyThen company,
        AccountThen account,
        TurnoverKey key,
        string? valueName,
        Turnover opening,
        Turnover asked)
    {
        var (start, baseStart) = (opening.Balance, opening.BaseBalance);
        return new(
            key.Account,
            account.Name,
            account.Type,
            key.Unit,
            key.Value,
            valueName,
            company.In(key.Unit, start),
            company.In(key.Unit, asked.Debit),
            company.In(key.Unit, asked.Credit),
            company.In(key.Unit, Amount.Sum(start, asked.Balance)),
            company.Base(baseStart),
            company.Base(asked.BaseDebit),
            company.Base(asked.BaseCredit),
            company.Base(Amount.Sum(baseStart, asked.BaseBalance)));
    }

    private static bool IsNothing(TrialBalanceRow row) => row is
    {
        Opening.Value: 0, Debit.Value: 0, Credit.Value: 0, BaseOpening.Value: 0, BaseDebit.Value: 0,
        BaseCredit.Value: 0,
    };

    private static TrialBalanceTotals Totals(Companies.CompanyThen company, List<TrialBalanceRow> rows)
    {
        Amount Total(Func<TrialBalanceRow, decimal> of) => company.Base(rows.Select(of).Aggregate(0m, Amount.Sum));
        return new(
            Total(row => Math.Max(row.BaseOpening.Value, 0)),
            Total(row => Math.Max(-row.BaseOpening.Value, 0)),
            Total(row => row.BaseDebit.Value),
            Total(row => row.BaseCredit.Value),
            Total(row => Math.Max(row.BaseClosing.Value, 0)),
            Total(row => Math.Max(-row.BaseClosing.Value, 0)));
    }
}

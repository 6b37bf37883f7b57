using Ledger.Domain;
using Ledger.Projections.Accounts;
using Ledger.Projections.Balances;
using Ledger.Projections.Queries;

namespace Ledger.Projections.Statements;

/// <summary>The general ledger, page by page. A page costs what it shows, however many lines lie before it.</summary>
public static class GeneralLedgerQueries
{
    /// <summary>How many accounts are looked through at once.</summary>
    private const int AccountsAtOnce = 8;

    public static async Task<Answer<LedgerPage>> PageAsync(Snapshot snapshot, LedgerRequest request)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(request);
        var chart = await AccountQueries.ChartAsync(snapshot);
        if (request.Account is { } one && !chart.Has(one))
        {
            return QueryRefusals.AccountNotKnownThen(one);
        }

        var accounts = chart.Accounts.Select(account => account.Code)
            .Where(code => request.Account is null || code == request.Account)
            .Where(code => IsBehind(code, request.After))
            .ToArray();
        var page = new Page(snapshot, request, chart, await SumsAsync(snapshot, request, accounts, chart));
        var taken = 0;
        foreach (var some in Some(accounts))
        {
            var inside = some[0] == request.After?.Account ? request.After.Line : null;
            var left = request.Limit - taken;
            var lines = await LedgerLines.OfAsync(snapshot, request, some, inside, left + 1);
            foreach (var account in some)
            {
                var own = lines.FindAll(line => line.Account == account);
                var isWhole = own.Count <= request.Limit - taken;
                var shown = own.GetRange(0, Math.Min(own.Count, request.Limit - taken));
                await page.AddAsync(account, shown, account == request.After?.Account ? inside : null, isWhole);
                taken += shown.Count;
                if (!isWhole)
                {
                    return new LedgerPage(page.Rows, new(account, shown.Count > 0 ? shown[^1].Place : inside));
                }

                if (taken == request.Limit || page.Rows.Count >= request.Limit)
                {
                    return new LedgerPage(page.Rows, account == accounts[^1] ? null : new(account, null));
                }
            }
        }

        return new LedgerPage(page.Rows, null);
    }

    private static bool IsBehind(string account, LedgerPlace? place) =>
        place is null || string.CompareOrdinal(account, place.Account) > 0
        || (account == place.Account && place.Line is not null);

    /// <summary>The first account, in which the page before may have ended, alone, and then some at once.</summary>
    private static IEnumerable<string[]> Some(string[] accounts) =>
        accounts.Length == 0 ? [] : new[] { accounts[..1] }.Concat(accounts.Skip(1).Chunk(AccountsAtOnce));

    /// <summary>
    /// By account and unit: what it opened with, and what the days of the request come to; without what holds nothing
    /// and does not move.
    /// </summary>
    private static async Task<ILookup<string, (string Unit, Turnover Opening, Turnover Asked)>> SumsAsync(
        Snapshot snapshot, LedgerRequest request, string[] accounts, ChartThen chart)
    {
        var (year, position) = (snapshot.Company.FiscalYearOf(request.From), snapshot.Knowledge.Position);
        Segment[] segments =
        [
            new(null, year.PlusDays(-1), position),
            new(year, request.From.PlusDays(-1), position),
            new(request.From, request.To, position),
        ];
        var sums = TurnoverQuery.Ask(snapshot, segments, accounts, request.Dimension);
        await snapshot.SendAsync();
        return sums.Turnovers().All
            .Select(each => (
                each.Key.Account,
                each.Key.Unit,
                Opening: chart.Of(each.Key.Account).IsResult ? each.Value[1] : each.Value[0] + each.Value[1],
                Asked: each.Value[2]))
            .Where(each => each.Opening is not { Balance: 0, BaseBalance: 0 } || !each.Asked.IsZero)
            .ToLookup(each => each.Account, each => (each.Unit, each.Opening, each.Asked));
    }

    /// <summary>The rows of a page while it is put together.</summary>
    private sealed class Page(
        Snapshot snapshot,
        LedgerRequest request,
        ChartThen chart,
        ILookup<string, (string Unit, Turnover Opening, Turnover Asked)> sums)
    {
        public List<LedgerRow> Rows { get; } = [];

        /// <param name="account">Whose lines they are.</param>
        /// <param name="lines">Behind <paramref name="after"/>, without a gap.</param>
        /// <param name="after">Where the page before ended in this account; null when it begins here.</param>
        /// <param name="isWhole">No line of it is left for another page.</param>
        public async Task AddAsync(string account, List<LedgerLine> lines, LedgerLinePlace? after, bool isWhole)
        {
            var units = sums[account].ToArray();
            if (units.Length == 0 && lines.Count == 0 && after is null)
            {
                return;
            }

            if (units.Length == 0)
            {
                units = [(snapshot.Company.Currency, default, default)];
            }

            var name = chart.Of(account).Name;
            if (after is null)
            {
                Rows.AddRange(units.Select(unit =>
                    Sum(LedgerRowKind.Opening, account, name, unit.Unit, default, unit.Opening)));
            }

            var running = await RunningAsync(account, units, after);
            var entries = lines.Count == 0 ? [] : await LedgerLines.EntriesAsync(snapshot, lines);
            foreach (var line in lines)
            {
                var balance = running[line.Unit] = running.GetValueOrDefault(line.Unit) + line.Turnover;
                Rows.Add(Row(name, line, entries[line.Place.Position], balance));
            }

            if (isWhole)
            {
                Rows.AddRange(units.Select(unit => Sum(
                    LedgerRowKind.Closing, account, name, unit.Unit, unit.Asked, unit.Opening + unit.Asked)));
            }
        }

        /// <summary>By unit, what the account holds where the page begins.</summary>
        private async Task<Dictionary<string, Turnover>> RunningAsync(
            string account, (string Unit, Turnover Opening, Turnover Asked)[] units, LedgerLinePlace? after)
        {
            var running = units.ToDictionary(unit => unit.Unit, unit => unit.Opening, StringComparer.Ordinal);
            if (after is null)
            {
                return running;
            }

            var before = TurnoverQuery.Ask(
                snapshot,
                [new(request.From, after.BookedOn.PlusDays(-1), snapshot.Knowledge.Position)],
                [account],
                request.Dimension);
            var day = LedgerLines.AskDay(snapshot, request, account, after);
            await snapshot.SendAsync();
            var earlier = before.Turnovers().All.Select(each => (each.Key.Unit, each.Value[0]));
            foreach (var (unit, turnover) in earlier.Concat(day))
            {
                running[unit] = running.GetValueOrDefault(unit) + turnover;
            }

            return running;
        }

        private LedgerRow Sum(
            LedgerRowKind kind, string account, string name, string unit, Turnover asked, Turnover balance)
        {
            var company = snapshot.Company;
            return new(
                kind, account, name, unit, kind == LedgerRowKind.Opening ? request.From : request.To,
                null, null, null, null, null, null, null, null, null, [], ValueMap<string>.Empty,
                company.In(unit, asked.Debit), company.In(unit, asked.Credit), company.In(unit, balance.Balance),
                company.Base(asked.BaseDebit), company.Base(asked.BaseCredit), company.Base(balance.BaseBalance),
                null, null, null);
        }

        private LedgerRow Row(string name, LedgerLine line, LedgerEntry entry, Turnover balance)
        {
            var (company, sums) = (snapshot.Company, line.Turnover);
            return new(
                LedgerRowKind.Line, line.Account, name, line.Unit, line.Place.BookedOn,
                entry.Id, entry.FiscalYear, entry.Number, line.Place.Line, entry.Description, line.Memo,
                entry.Reference, entry.DocumentNumber, entry.Counterparty, entry.ContraOf(line),
                LedgerLines.DimensionsOf(line),
                company.In(line.Unit, sums.Debit), company.In(line.Unit, sums.Credit),
                company.In(line.Unit, balance.Balance), company.Base(sums.BaseDebit), company.Base(sums.BaseCredit),
                company.Base(balance.BaseBalance), entry.Sequence, entry.Recorded,
                entry.CounterpartyPerson);
        }
    }
}

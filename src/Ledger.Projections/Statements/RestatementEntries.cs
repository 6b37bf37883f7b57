using Ledger.Domain.Accounts;
using Ledger.Projections.Accounts;
using Ledger.Projections.Journals;
using Ledger.Projections.Periods;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Statements;

/// <summary>Where entries lie in the recording of a company, by its positions.</summary>
/// <param name="Ended">The last one of the period's last day.</param>
/// <param name="FirstClosed">The first closing; the greatest number when there is none.</param>
/// <param name="Known">The last one that "as closed" knows.</param>
internal sealed record RestatementTimes(long Ended, long FirstClosed, long Known)
{
    public RestatementKind KindOf(long position) =>
        position > FirstClosed ? RestatementKind.Restating
        : position > Ended ? RestatementKind.Late
        : RestatementKind.InTime;

    public RestatementPart PartOf(long position) =>
        position > Known ? RestatementPart.Change : RestatementPart.AsClosed;
}

/// <summary>
/// Finds the entries booked in a period or before that were recorded behind its end, or behind what is compared.
/// </summary>
internal static class RestatementEntries
{
    /// <param name="snapshot">What is known.</param>
    /// <param name="request">Which page.</param>
    /// <param name="times">Tells kinds, and which entries there are.</param>
    /// <param name="chart">Tells types.</param>
    /// <param name="changes">What was closed and reopened.</param>
    public static async Task<(List<RestatementEntry> Entries, JournalPlace? Last)> PageAsync(
        Snapshot snapshot,
        RestatementsRequest request,
        RestatementTimes times,
        ChartThen chart,
        IReadOnlyList<PeriodChangeThen> changes)
    {
        // A look-up for each day: however many entries there are, only those behind the end of the period are read.
        const string sql = $$"""
            select {{JournalRow.Columns}}
            from (
                select k.position
                from (select d::date as day from generate_series(
                    (select b.booked_on from ledger_read.journal_entry_{v} b where b.company = $1
                        order by b.booked_on limit 1), $4::date, interval '1 day') d) d
                cross join lateral (
                    select e.position from ledger_read.journal_entry_{v} e
                    where e.company = $1 and e.booked_on = d.day and e.position > $3 and e.position <= $2 offset 0) k
                order by k.position
                limit $5) k
            cross join lateral (
                select * from ledger_read.journal_entry_{v} e
                where e.company = $1 and e.position = k.position offset 0) e
            order by e.position
            """;
        var company = snapshot.Company;
        var last = request.Period.OnDayOfMonth(1).PlusMonths(1).PlusDays(-1);
        var rows = snapshot.Ask(
            sql,
            row => JournalRow.Read(row, company),
            company.Code,
            snapshot.Knowledge.Position,
            Math.Max(Math.Min(times.Ended, times.Known), request.After?.Position ?? 0),
            last.ToDateOnly(),
            request.Limit + 1);
        await snapshot.SendAsync();
        var more = rows.Count > request.Limit;
        if (more)
        {
            rows.RemoveAt(request.Limit);
        }

        var effects = await EffectsAsync(snapshot, rows, chart);
        var month = request.Period.OnDayOfMonth(1);
        return ([.. rows.Select(Entry)], more ? new(rows[^1].BookedOn, rows[^1].Position) : null);

        RestatementEntry Entry(JournalRow row)
        {
            var (result, equity) = effects.GetValueOrDefault(row.Position);
            var reopening = PeriodQueries.LastReopening(
                changes, row.BookedOn.With(DateAdjusters.StartOfMonth), row.Position);
            return new(
                times.KindOf(row.Position),
                times.PartOf(row.Position),
                row.Id,
                row.FiscalYear,
                row.Number,
                row.BookedOn,
                row.Description,
                row.Reference,
                row.DocumentType,
                row.DocumentNumber,
                row.DocumentDate,
                row.Counterparty,
                row.Corrects,
                row.Reverses,
                row.Reason,
                row.Total,
                company.Base(row.BookedOn >= month && row.Kind != Domain.Journals.EntryKind.Closing ? result : 0),
                company.Base(equity),
                row.Actor,
                row.Recorded,
                row.Sequence,
                reopening?.Recorded,
                reopening?.Actor,
                reopening?.Reason,
                row.CounterpartyPerson);
        }
    }

    /// <summary>By position: credit − debit of income and expense; debit − credit of assets and liabilities.</summary>
    private static async Task<Dictionary<long, (decimal Result, decimal Equity)>> EffectsAsync(
        Snapshot snapshot, List<JournalRow> rows, ChartThen chart)
    {
        const string sql = """
            select l.position, l.account, sum(l.base_debit) - sum(l.base_credit)
            from unnest($2) p (position)
            cross join lateral (
                select l.position, l.account, l.base_debit, l.base_credit from ledger_read.journal_line_{v} l
                where l.company = $1 and l.position = p.position offset 0) l
            group by l.position, l.account
            """;
        var balances = snapshot.Ask(
            sql,
            row => (Position: row.GetInt64(0), Account: row.GetString(1), Balance: row.GetSum(2)),
            snapshot.Company.Code,
            rows.Select(row => row.Position).ToArray());
        await snapshot.SendAsync();
        var effects = new Dictionary<long, (decimal Result, decimal Equity)>();
        foreach (var (position, account, balance) in balances)
        {
            var (result, equity) = effects.GetValueOrDefault(position);
            effects[position] = chart.Of(account).Type switch
            {
                AccountType.Income or AccountType.Expense => (Amount.Difference(result, balance), equity),
                AccountType.Asset or AccountType.Liability => (result, Amount.Sum(equity, balance)),
                _ => (result, equity),
            };
        }

        return effects;
    }
}

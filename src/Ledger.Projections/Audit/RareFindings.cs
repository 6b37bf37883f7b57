using System.Globalization;
using Ledger.Projections.Queries;

namespace Ledger.Projections.Audit;

/// <summary>Entries of those who hardly ever record any, and entries between accounts that hardly ever meet.</summary>
public static class RareFindings
{
    /// <summary>Lines of an entry up to which its pairs are looked at: longer ones pair everything with everything.
    /// </summary>
    public const int LinesMax = 20;

    /// <summary>Entries of actors who recorded no more than so many of those that are tested.</summary>
    public static async Task<FindingsThen> OfSeldomActorsAsync(Snapshot snapshot, JournalScope scope, int most)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(scope);
        var all = await FindingSelect.OfAsync(snapshot, scope, paged: false);
        var select = await FindingSelect.OfAsync(snapshot, scope);
        var counts = await all.SumsAsync(
            $$"""
            select e.actor, count(*) from ledger_read.journal_entry_{v} e
            where {{all.Where}} and e.actor is not null group by e.actor having count(*) <= {{all.Add(most)}}
            """,
            row => (Actor: row.GetString(0), Count: row.GetInt64(1)));
        if (counts.Count == 0)
        {
            return new([], null, []);
        }

        var byActor = counts.ToDictionary(each => each.Actor, each => each.Count, StringComparer.Ordinal);
        return await select.PageAsync(
            $"select {FindingSelect.OfEntry}, null::bigint as mark "
                + $"where e.actor = any ({select.Add(byActor.Keys.ToArray())})",
            (finding, _) => string.Create(
                CultureInfo.InvariantCulture,
                $"{finding.Actor} recorded {byActor[finding.Actor!]} of the entries that are tested"));
    }

    /// <summary>Entries that debit one account and credit another, as no more than so many entries do. Reversals, which
    /// turn pairs round, are none.</summary>
    public static async Task<FindingsThen> OfRarePairsAsync(Snapshot snapshot, JournalScope scope, int most)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(scope);
        var select = await FindingSelect.OfAsync(snapshot, scope, paged: false);
        var after = scope.After ?? new(0, 0);
        return await select.SendAsync(
            $$"""
            select {{JournalFinding.Columns}}, 0::bigint
            from (
                select m.position, (array_agg(p.debited order by p.debited, p.credited))[1] as account,
                    (array_agg(p.credited order by p.debited, p.credited))[1] as contra,
                    null::numeric as amount, null::text as unit, null::text as related,
                    (array_agg(p.entries order by p.debited, p.credited))[1] as mark
                from (
                    select d.account as debited, c.account as credited, count(distinct e.position) as entries,
                        array_agg(distinct e.position) as positions
                    from ledger_read.journal_entry_{v} e
                    cross join lateral (
                        select l.account from ledger_read.journal_line_{v} l
                        where l.company = $1 and l.position = e.position and l.debit <> 0 offset 0) d
                    cross join lateral (
                        select l.account from ledger_read.journal_line_{v} l
                        where l.company = $1 and l.position = e.position and l.credit <> 0 offset 0) c
                    where {{select.Where}} and e.reverses is null and e.lines <= {{select.Add(LinesMax)}}
                        and d.account <> c.account
                    group by d.account, c.account
                    having count(distinct e.position) <= {{select.Add(most)}}) p
                cross join lateral unnest(p.positions) m (position)
                where m.position > {{select.Add(after.Position)}}
                group by m.position
                order by m.position
                limit {{select.Add(scope.Limit + 1)}}) f
            cross join lateral (
                select * from ledger_read.journal_entry_{v} e
                where e.company = $1 and e.position = f.position offset 0) e
            order by f.position
            """,
            (finding, entries) => string.Create(
                CultureInfo.InvariantCulture,
                $"{finding.Account} is debited and {finding.Contra} credited by {entries} of the tested entries"),
            []);
    }
}

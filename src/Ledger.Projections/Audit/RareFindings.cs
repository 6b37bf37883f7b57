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
        var rarely = select.Add(most);
        var actor = scope.Actor is null ? "" : $$"""
             and l.position in (select e.position from ledger_read.journal_entry_{v} e where {{select.Where}})
            """;
        snapshot.Set(("enable_hashjoin", "on"), ("work_mem", FindingSelect.WorkMemory));

        // Lines are read once, in the order of positions. Books know few shapes of entries, so that pairs are made of
        // shapes and not of each entry; an account counts where it stands first, and positions only of what is rare.
        return await select.SendAsync(
            $$"""
            with shapes as materialized (
                select x.debited, x.credited, min(x.position) as shape, count(*) as entries,
                    case when count(*) <= {{rarely}} then array_agg(x.position) end as positions
                from (
                    select l.position, array_agg(l.account) filter (where l.debit <> 0) as debited,
                        array_agg(l.account) filter (where l.credit <> 0) as credited
                    from ledger_read.journal_line_{v} l
                    where {{select.WhereLines}}{{actor}} and l.position not in (
                        select e.position from ledger_read.journal_entry_{v} e
                        where e.company = $1 and e.reverses is not null)
                    group by l.position having count(*) <= {{select.Add(LinesMax)}}) x
                group by x.debited, x.credited),
            pairs as (
                select s.debited[s.d] as account, s.credited[s.c] as contra, sum(s.entries)::bigint as entries,
                    array_agg(s.shape) as shapes
                from (
                    select s.*, generate_subscripts(s.credited, 1) as c
                    from (select s.*, generate_subscripts(s.debited, 1) as d from shapes s) s) s
                where s.debited[s.d] <> s.credited[s.c]
                    and array_position(s.debited, s.debited[s.d]) = s.d
                    and array_position(s.credited, s.credited[s.c]) = s.c
                group by 1, 2 having sum(s.entries) <= {{rarely}})
            select {{JournalFinding.Columns}}, 0::bigint
            from (
                select distinct on (m.position) m.position, p.account, p.contra, null::numeric as amount,
                    null::text as unit, null::text as related, p.entries as mark
                from (select account, contra, entries, unnest(shapes) as shape from pairs) p
                join shapes s on s.shape = p.shape
                cross join lateral unnest(s.positions) m (position)
                where m.position > {{select.Add(after.Position)}}
                order by m.position, p.account, p.contra
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

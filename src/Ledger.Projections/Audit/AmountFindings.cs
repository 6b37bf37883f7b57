using System.Globalization;
using Ledger.Projections.Queries;

namespace Ledger.Projections.Audit;

/// <summary>Entries whose amounts are round, or just below what a second person must see.</summary>
public static class AmountFindings
{
    /// <summary>Entries with a line whose amount, in its unit, is a multiple; the first such line is told.</summary>
    /// <param name="multiple">Above zero.</param>
    public static async Task<FindingsThen> RoundAsync(Snapshot snapshot, JournalScope scope, decimal multiple)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(scope);
        var select = await FindingSelect.OfAsync(snapshot, scope);
        var by = select.Add(multiple);

        // Lines stand in the order of positions, so that they are read once, up to the end of the page.
        return await select.SendAsync(
            $$"""
            select {{JournalFinding.Columns}}, 0::bigint
            from (
                select distinct on (l.position) l.position, l.account, null::text as contra,
                    l.debit + l.credit as amount, l.unit, null::text as related,
                    case when l.debit <> 0 then 1 else 0 end::bigint as mark
                from ledger_read.journal_line_{v} l
                where {{select.WhereLines}} and mod(l.debit + l.credit, {{by}}) = 0 and l.debit + l.credit <> 0
                order by l.position, l.line) f
            cross join lateral (
                select * from ledger_read.journal_entry_{v} e
                where {{select.Where}} and e.position = f.position offset 0) e
            order by f.position
            limit {{select.Add(scope.Limit + 1)}}
            """,
            (finding, debit) => string.Create(
                CultureInfo.InvariantCulture,
                $"{finding.Amount} {finding.Unit} {(debit == 1 ? "to the debit" : "to the credit")} of "
                    + $"{finding.Account} is a multiple of {multiple}"),
            []);
    }

    /// <summary>
    /// Entries that come to no more than the limit above which a second person must see them, and to no less than so
    /// many percent of it below. The limit is the one that was known when the entry was recorded.
    /// </summary>
    /// <param name="percent">0–100.</param>
    /// <param name="limit">A limit of one's own instead of those of four eyes; null for these.</param>
    public static async Task<FindingsThen> BelowLimitAsync(
        Snapshot snapshot, JournalScope scope, decimal percent, decimal? limit)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(scope);
        IReadOnlyList<LimitThen> limits = limit is null ? await LimitsAsync(snapshot) : [new(0, limit, limit)];
        if (limits.Count == 0)
        {
            return new([], null, ["No limit was ever set: send one as limit"]);
        }

        var select = await FindingSelect.OfAsync(snapshot, scope);
        var since = select.Add(limits.Select(each => each.Position).ToArray());
        var (entries, reversals) = (
            select.Add(limits.Select(each => each.EntryAbove).ToArray()),
            select.Add(limits.Select(each => each.ReversalAbove).ToArray()));
        return await select.PageAsync(
            $"""
            select null::text as account, null::text as contra, c.most as amount, e.currency as unit,
                null::text as related, null::bigint as mark
            from (select (case when e.reverses is null then {entries}::numeric[] else {reversals}::numeric[] end)
                [width_bucket(e.position, {since}::bigint[])] as most) c
            where abs(e.total) <= c.most and abs(e.total) >= c.most * (100 - {select.Add(percent)}) / 100
                and e.total <> 0
            """,
            (finding, _) => string.Create(
                CultureInfo.InvariantCulture,
                $"{finding.Total} is at most {percent} percent below {finding.Amount}, the limit of one person"));
    }

    /// <summary>The limits of four eyes, each from the position at which it was set.</summary>
    private static async Task<IReadOnlyList<LimitThen>> LimitsAsync(Snapshot snapshot)
    {
        var limits = snapshot.Ask(
            """
            select l.position, (e.data->'settings'->>'entryAbove')::numeric,
                (e.data->'settings'->>'reversalAbove')::numeric
            from public.mt_events e
            cross join lateral (
                select l.position from ledger.log l where l.sequence = e.seq_id and l.company = $1 offset 0) l
            where e.tenant_id = $1 and e.stream_id = 'approvals' and e.type = 'four_eyes_changed' and e.seq_id <= $2
            order by e.version
            """,
            row => new LimitThen(
                row.GetInt64(0),
                row.IsDBNull(1) ? null : row.GetDecimal(1),
                row.IsDBNull(2) ? null : row.GetDecimal(2)),
            snapshot.Company.Code,
            snapshot.Knowledge.Sequence);
        await snapshot.SendAsync();
        return limits;
    }

    private readonly record struct LimitThen(long Position, decimal? EntryAbove, decimal? ReversalAbove);
}

using Ledger.Projections.Queries;

namespace Ledger.Projections.Audit;

/// <summary>By what entries are the same.</summary>
public enum DuplicatesBy
{
    /// <summary>Account, side, amount, unit and booked day of a line.</summary>
    Amount,

    /// <summary>Type and number of the document, and the counterparty.</summary>
    Document,

    /// <summary>The reference and the counterparty.</summary>
    Reference,
}

/// <summary>
/// Entries that may have been recorded twice. What was taken back, and what took it back, are none. Each group is told
/// with its first entry, and once for each entry however many lines are the same.
/// </summary>
public static class DuplicateFindings
{
    /// <param name="account">Only lines on this account, where amounts are compared.</param>
    public static async Task<FindingsThen> FindAsync(
        Snapshot snapshot, JournalScope scope, DuplicatesBy by, string? account)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(scope);
        var select = await FindingSelect.OfAsync(snapshot, scope, paged: false);
        var taken = select.Add(await TakenBackAsync(snapshot));
        var groups = by == DuplicatesBy.Amount
            ? OfLines(select, scope, taken, account)
            : OfEntries(select, taken, by);
        var after = scope.After ?? new(0, 0);
        return await select.SendAsync(
            $$"""
            select {{JournalFinding.Columns}}, f."group"
            from (
                select g.first as "group", m.position, null::text as contra,
                    (array_agg(g.account order by g.account, g.amount))[1] as account,
                    (array_agg(g.amount order by g.account, g.amount))[1] as amount,
                    (array_agg(g.unit order by g.account, g.amount))[1] as unit,
                    (array_agg(g.entries order by g.account, g.amount))[1] as mark,
                    (select o.id from ledger_read.journal_entry_{v} o
                     where o.company = $1 and o.position = g.first) as related
                from ({{groups}}) g
                cross join lateral unnest(g.positions) m (position)
                where (g.first, m.position) > ({{select.Add(after.Group)}}, {{select.Add(after.Position)}})
                group by g.first, m.position
                order by g.first, m.position
                limit {{select.Add(scope.Limit + 1)}}) f
            cross join lateral (
                select * from ledger_read.journal_entry_{v} e
                where e.company = $1 and e.position = f.position offset 0) e
            order by f."group", f.position
            """,
            (finding, entries) => Sentence(finding, entries, by),
            []);
    }

    private static string OfLines(FindingSelect select, JournalScope scope, string taken, string? account)
    {
        var where = (scope.From is { } from ? $" and l.booked_on >= {select.Add(from.ToDateOnly())}" : "")
            + (scope.To is { } to ? $" and l.booked_on <= {select.Add(to.ToDateOnly())}" : "")
            + (account is null ? "" : $" and l.account = {select.Add(account)}");
        return $$"""
            select min(l.position) as first, array_agg(distinct l.position) as positions, l.account,
                l.debit + l.credit as amount, l.unit, count(distinct l.position) as entries
            from ledger_read.journal_line_{v} l
            where l.company = $1 and l.position > $2 and l.position <= $3 and l.debit + l.credit <> 0
                and l.position <> all ({{taken}}::bigint[]){{where}}
            group by l.booked_on, l.account, l.unit, l.debit, l.credit
            having min(l.position) <> max(l.position)
            """;
    }

    private static string OfEntries(FindingSelect select, string taken, DuplicatesBy by)
    {
        var key = by == DuplicatesBy.Document ? "e.document_type, e.document_number" : "e.reference";
        var named = by == DuplicatesBy.Document ? "e.document_number" : "e.reference";
        return $$"""
            select min(e.position) as first, array_agg(e.position) as positions, null::text as account,
                null::numeric as amount, null::text as unit, count(*) as entries
            from ledger_read.journal_entry_{v} e
            where {{select.Where}} and {{named}} is not null and e.position <> all ({{taken}}::bigint[])
            group by {{key}}, e.counterparty, e.counterparty_person
            having count(*) > 1
            """;
    }

    /// <summary>The positions of entries that reverse, and of those that were reversed, as known then.</summary>
    private static async Task<long[]> TakenBackAsync(Snapshot snapshot)
    {
        var found = snapshot.Ask(
            """
            select r.position, o.position from (
                select * from ledger_read.journal_entry_{v} r
                where r.company = $1 and r.reverses is not null and r.position <= $2 offset 0) r
            cross join lateral (
                select o.position from ledger_read.journal_entry_{v} o
                where o.company = $1 and o.id = r.reverses offset 0) o
            """,
            row => (Reversal: row.GetInt64(0), Reversed: row.GetInt64(1)),
            snapshot.Company.Code,
            snapshot.Knowledge.Position);
        await snapshot.SendAsync();
        return [.. found.Select(each => each.Reversal), .. found.Select(each => each.Reversed)];
    }

    private static string Sentence(JournalFinding finding, long entries, DuplicatesBy by) => by switch
    {
        DuplicatesBy.Amount =>
            $"{entries.Text()} entries of that day have {finding.Amount} {finding.Unit} on the same side of "
            + $"{finding.Account}; the first is {finding.Related}",
        DuplicatesBy.Document =>
            $"{entries.Text()} entries name the same document and counterparty; the first is {finding.Related}",
        _ => $"{entries.Text()} entries name the same reference and counterparty; the first is {finding.Related}",
    };
}

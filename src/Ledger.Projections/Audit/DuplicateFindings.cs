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
        var taken = $"(select unnest({select.Add(await TakenBackAsync(snapshot))}::bigint[]))";
        var after = scope.After ?? new(0, 0);
        var (group, position) = (select.Add(after.Group), select.Add(after.Position));
        var limit = select.Add(scope.Limit + 1);
        if (by == DuplicatesBy.Amount)
        {
            select.SortAll();
        }

        return await select.SendAsync(
            $$"""
            select {{JournalFinding.Columns}}, f."group"
            from (
                select g.*, null::text as contra,
                    (select o.id from ledger_read.journal_entry_{v} o
                     where o.company = $1 and o.position = g."group") as related
                from ({{(by == DuplicatesBy.Amount ? OfLines() : OfEntries())}}) g) f
            cross join lateral (
                select * from ledger_read.journal_entry_{v} e
                where e.company = $1 and e.position = f.position offset 0) e
            order by f."group", f.position
            """,
            (finding, entries) => Sentence(finding, entries, by),
            []);

        // Sorted by a hash first, most comparisons are of two numbers. What is the same is found without its positions;
        // they are looked up for so many first entries as fill the page, since each group has two at least.
        string OfLines()
        {
            var lines = $"{select.WhereLines} and l.position not in {taken}"
                + (account is null ? "" : $" and l.account = {select.Add(account)}");
            return $$"""
                select distinct on (r.first, m.position) r.first as "group", m.position, r.account,
                    r.debit + r.credit as amount, r.unit, m.entries as mark
                from (
                    select r.*, dense_rank() over (order by r.first) as place
                    from (
                        select min(l.position) as first, l.booked_on, l.unit, l.debit, l.credit, l.account
                        from ledger_read.journal_line_{v} l
                        where {{lines}}
                        group by hashtextextended(
                            l.account, hash_numeric_extended(l.debit - l.credit, l.booked_on - date '2000-01-01')),
                            l.booked_on, l.unit, l.debit, l.credit, l.account
                        having min(l.position) <> max(l.position) and l.debit + l.credit <> 0) r
                    where r.first >= {{group}}) r
                cross join lateral (
                    select l.position, count(*) over () as entries
                    from ledger_read.journal_line_{v} l
                    where {{lines}} and l.account = r.account and l.booked_on = r.booked_on
                        and l.unit = r.unit and l.debit = r.debit and l.credit = r.credit
                    group by l.position offset 0) m
                where r.place <= {{limit}} and (r.first, m.position) > ({{group}}, {{position}})
                order by r.first, m.position, r.account, r.debit + r.credit, r.unit, r.debit
                limit {{limit}}
                """;
        }

        string OfEntries()
        {
            var key = by == DuplicatesBy.Document ? "e.document_type, e.document_number" : "e.reference";
            var named = by == DuplicatesBy.Document ? "e.document_number" : "e.reference";
            return $$"""
                select r.first as "group", m.position, null::text as account, null::numeric as amount,
                    null::text as unit, r.entries as mark
                from (
                    select min(e.position) as first, array_agg(e.position) as positions, count(*) as entries
                    from ledger_read.journal_entry_{v} e
                    where {{select.Where}} and {{named}} is not null and e.position not in {{taken}}
                    group by {{key}}, e.counterparty, e.counterparty_person
                    having count(*) > 1) r
                cross join lateral unnest(r.positions) m (position)
                where (r.first, m.position) > ({{group}}, {{position}})
                order by r.first, m.position
                limit {{limit}}
                """;
        }
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

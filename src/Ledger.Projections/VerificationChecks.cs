using System.Globalization;
using Ledger.Domain.Journals;

namespace Ledger.Projections;

/// <summary>A rule over the tables: SQL that answers where it is broken, and how.</summary>
internal sealed record VerificationCheck(string Name, string Sql);

/// <summary>The rules that <see cref="Verification"/> looks into. Each row of an answer is (where, what, company); the
/// company is null for what concerns all of them.</summary>
internal static class VerificationChecks
{
    private const string Sums =
        "sum(debit) as debit, sum(credit) as credit, sum(base_debit) as base_debit, sum(base_credit) as base_credit";

    /// <summary>Two multiranges of sequences: those without an event before the last one, and those of which a row in
    /// mt_high_water_skips, ours or Marten's, accounts for a hole.</summary>
    private const string Holes = """
        with hole as (
            select coalesce(range_agg(int8range(g.before + 1, g.seq_id)), '{}') as ranges
            from (select seq_id, lag(seq_id, 1, 0::bigint) over (order by seq_id) as before from public.mt_events) g
            where g.seq_id > g.before + 1
        ), skip as (
            select coalesce(range_agg(int8range(starting_sequence, ending_sequence + 1)), '{}') as ranges
            from public.mt_high_water_skips
        )
        """;

    /// <summary>How many holes are accounted for: only numbers that really have no event count.</summary>
    public const string CountOfHoles = Holes + """

        select coalesce(sum(upper(r) - lower(r)), 0)::bigint from hole, skip, unnest(hole.ranges * skip.ranges) r
        """;

    // Marten numbers the events of its failed appends, in the stream mt_tombstone, by their sequences. Its daemon
    // accounts for a hole by the mark before it and the one behind it, where events may be; we name the hole itself.

    /// <summary>Of the events and their positions.</summary>
    public static readonly IReadOnlyList<VerificationCheck> OfEvents =
    [
        new("sequences without gaps", Holes + """

            select 'events ' || lower(r) || '–' || upper(r) - 1, 'missing, and not in mt_high_water_skips', null::text
            from hole, skip, unnest(hole.ranges - skip.ranges) r
            union all
            select 'mt_high_water_skips ' || s.starting_sequence || '–' || s.ending_sequence,
                'says that there is no event, but event ' || e.seq_id || ' is there', null
            from public.mt_high_water_skips s
            cross join lateral (
                select seq_id from public.mt_events
                where seq_id between s.starting_sequence and s.ending_sequence order by seq_id limit 1) e
            where not (
                (s.starting_sequence = 0
                    or exists (select from public.mt_events b where b.seq_id = s.starting_sequence))
                and exists (select from public.mt_events b where b.seq_id = s.ending_sequence))
            """),
        new("versions without gaps", """
            select 'event ' || seq_id, 'version ' || version || ' of stream ' || tenant_id || ' / ' || stream_id
                || ', expected ' || expected, tenant_id
            from (
                select seq_id, tenant_id, stream_id, version,
                    row_number() over (partition by tenant_id, stream_id order by seq_id) as expected
                from public.mt_events) e
            where version <> expected and stream_id is distinct from 'mt_tombstone'
            """),
        new("streams as their events say", """
            select 'stream ' || coalesce(s.tenant_id, e.tenant_id) || ' / ' || coalesce(s.id, e.stream_id),
                'has version ' || coalesce(s.version::text, 'none')
                    || ', its last event ' || coalesce(e.version::text, 'none'),
                coalesce(s.tenant_id, e.tenant_id)
            from public.mt_streams s
            full join (
                select tenant_id, stream_id, max(version) as version from public.mt_events group by 1, 2) e
                on e.tenant_id = s.tenant_id and e.stream_id = s.id
            where s.version is distinct from e.version and coalesce(s.id, e.stream_id) is distinct from 'mt_tombstone'
            """),
        new("nothing archived", """
            select kind || ' ' || what,
                case when is_archived then 'is archived' else 'is_archived is null' end
                    || ': a Marten application does not read it, and the books count it', tenant_id
            from (
                select 'event' as kind, seq_id::text as what, is_archived, stream_id, tenant_id from public.mt_events
                where is_archived is distinct from false
                union all
                select 'stream', concat_ws(' / ', tenant_id, id), is_archived, id, tenant_id from public.mt_streams
                where is_archived is distinct from false) a
            where stream_id is distinct from 'mt_tombstone'
            """),
        new("log as the events", """
            select case when l.sequence is null then 'event ' || e.sequence
                    else 'ledger.log (' || l.company || ', ' || l.position || ')' end,
                case when l.sequence is null then 'has no position'
                    when e.sequence is null then 'there is no event ' || l.sequence
                    else 'says ' || concat_ws(', ', l.sequence, l.recorded)
                        || ', expected position ' || concat_ws(', ', e.position, e.sequence, e.recorded) end,
                coalesce(l.company, e.company)
            from (
                select seq_id as sequence, coalesce(tenant_id, '*DEFAULT*') as company,
                    row_number() over (partition by coalesce(tenant_id, '*DEFAULT*') order by seq_id) as position,
                    max(timestamp) over (order by seq_id) as recorded
                from public.mt_events
                where seq_id <= (select last_seq_id from public.mt_event_progression where name = 'log:All')) e
            full join ledger.log l on l.sequence = e.sequence
            where (e.company, e.position, e.recorded) is distinct from (l.company, l.position, l.recorded)
            """),
    ];

    /// <summary>Of one version of the tables.</summary>
    public static IEnumerable<VerificationCheck> OfBooks(int version, int blockSize)
    {
        var (entry, line, cell, state) = (
            Table("journal_entry"), Table("journal_line"), CellsOf(Table("movement_cell")), Table("books_state"));
        yield return new("entries balance", $"""
            select 'journal_entry ' || concat_ws(', ', e.company, e.position, e.id),
                case when l.lines is null then 'has no lines'
                    else 'debits ' || l.debit || ', credits ' || l.credit || ' in ' || l.lines
                        || ' lines; the entry says ' || e.total || ' in ' || e.lines || ' lines'
                        || case when l.off_balance = 0 then '' else '; off-balance lines off by ' || l.off_balance end
                        || case when l.unit_balance = 0 then '' else '; in its unit off by ' || l.unit_balance end end,
                e.company
            from {entry} e
            left join (
                select company, position, sum(lines)::bigint as lines, sum(debit) as debit, sum(credit) as credit,
                    sum(abs(unit_balance)) as unit_balance,
                    coalesce(sum(debit - credit) filter (where is_off_balance), 0) as off_balance
                from (
                    select l.company, l.position, coalesce(a.type = 'offBalance', false) as is_off_balance,
                        count(*) as lines,
                        sum(l.base_debit) as debit, sum(l.base_credit) as credit,
                        case when min(l.unit) = max(l.unit) then sum(l.debit) - sum(l.credit) else 0 end as unit_balance
                    from {line} l
                    left join (
                        select distinct on (company, code) company, code, type
                        from {Table("account_history")} order by company, code, position desc) a
                        on a.company = l.company and a.code = l.account
                    group by 1, 2, 3) p
                group by company, position) l
                on l.company = e.company and l.position = e.position
            where (l.debit, l.credit, l.lines, l.off_balance, l.unit_balance)
                is distinct from (e.total, e.total, e.lines::bigint, 0::numeric, 0::numeric)
            """);
        yield return new("reversals name each other", $"""
            select 'event ' || e.seq_id, 'says that ' || e.tenant_id || ' / ' || e.stream_id
                || ' is reversed, and no entry says that it does so', e.tenant_id
            from public.mt_events e
            where e.type = 'journal_entry_reversed'
                and e.seq_id <= (select last_seq_id from public.mt_event_progression where name = 'books:All')
                and not exists (
                    select from {entry} r where r.company = e.tenant_id
                        and r.reverses = substr(e.stream_id, length('{EntryIds.StreamPrefix}') + 1))
            """);
        yield return new("lines belong to entries", $"""
            select 'journal_line ' || concat_ws(', ', l.company, l.position, l.line), 'there is no such entry',
                l.company
            from {line} l
            left join {entry} e on e.company = l.company and e.position = l.position
            where e.position is null
            """);
        yield return new("entry numbers without gaps", $"""
            select 'journal_entry ' || concat_ws(', ', company, position, id),
                'has number ' || number || ' of ' || fiscal_year || ', expected ' || expected, company
            from (
                select company, position, id, fiscal_year, number,
                    row_number() over (partition by company, fiscal_year order by position) as expected
                from {entry}) e
            where number <> expected
            """);
        yield return Cells("cells of days as the lines", cell, "recorded_level = 1 and booked_level = 0", $"""
            select p.company, 1::smallint as recorded_level, p.dimension, 0::smallint as booked_level,
                (p.position - 1) / {Text(blockSize)} as block, p.booked_on as period, p.account, p.value, p.unit,
                p.kind, {Sums}
            from (
                select l.company, l.position, '' as dimension, '' as value, booked_on, account, unit, kind,
                    debit, credit, base_debit, base_credit
                from {line} l join {state} s on s.company = l.company and l.position <= s.covered
                union all
                select l.company, l.position, d.key, d.value, booked_on, account, unit, kind,
                    debit, credit, base_debit, base_credit
                from {line} l join {state} s on s.company = l.company and l.position <= s.covered
                cross join lateral jsonb_each_text(l.dimensions) d) p
            group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
            """);
        foreach (var (name, level, span) in new[] { ("months", 1, "month"), ("years", 2, "year") })
        {
            yield return Cells($"cells of {name} as those below", cell,
                $"recorded_level = 1 and booked_level = {Text(level)}", $"""
                select company, recorded_level, dimension, {Text(level)}::smallint as booked_level, block,
                    date_trunc('{span}', period::timestamp)::date as period, account, value, unit, kind, {Sums}
                from {cell} where recorded_level = 1 and booked_level = {Text(level - 1)}
                group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
                """);
        }

        var fanout = Text(Books.MovementBlocks.Fanout);
        yield return Cells("cells of higher blocks as those below", cell, "recorded_level > 1", $"""
            select company, recorded_level + 1::smallint as recorded_level, dimension, booked_level,
                block / {fanout} as block, period, account, value, unit, kind, {Sums}
            from {cell} join {state} s using (company)
            where (block / {fanout} + 1) * {Text(blockSize)} * {fanout}::numeric ^ recorded_level <= s.covered
            group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
            """);

        string Table(string name) => $"ledger_read.{name}_{Text(version)}";
    }

    private static VerificationCheck Cells(string name, string cell, string which, string expected) => new(name, $"""
        select 'movement_cell ' || concat_ws(', ', company, recorded_level, dimension, booked_level, block, period,
                account, value, unit, kind),
            'says ' || coalesce(concat_ws(' / ', c.debit, c.credit, c.base_debit, c.base_credit), 'nothing')
                || ', expected '
                || coalesce(concat_ws(' / ', e.debit, e.credit, e.base_debit, e.base_credit), 'nothing'),
            company
        from (
            select company, recorded_level, dimension, booked_level, block, period, account, value, unit, kind, {Sums}
            from {cell} where {which} group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) c
        full join ({expected}) e
            using (company, recorded_level, dimension, booked_level, block, period, account, value, unit, kind)
        where (c.debit, c.credit, c.base_debit, c.base_credit)
            is distinct from (e.debit, e.credit, e.base_debit, e.base_credit)
        """);

    private static string CellsOf(string table) => $"""
        (select c.*, a.account, a.debit, a.credit, coalesce(a.base_debit, a.debit) as base_debit,
            coalesce(a.base_credit, a.credit) as base_credit
        from {table} c
        cross join lateral unnest(c.accounts, c.debits, c.credits, c.base_debits, c.base_credits)
            a (account, debit, credit, base_debit, base_credit)) cells
        """;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

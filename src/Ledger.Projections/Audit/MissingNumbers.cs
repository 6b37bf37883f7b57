using Ledger.Projections.Queries;

namespace Ledger.Projections.Audit;

/// <summary>Numbers that a series leaves out.</summary>
/// <param name="Series">
/// The fiscal year of numbers of entries; what stands before the number of a document, such as <c>INV-2026-</c>.
/// </param>
/// <param name="First">The first number that is missing.</param>
/// <param name="Last">The last number of the gap.</param>
/// <param name="Missing">How many numbers the gap has.</param>
/// <param name="Before">The id of the entry with the number before the gap.</param>
/// <param name="After">The id of the entry with the number behind the gap.</param>
public sealed record NumberGap(
    string? DocumentType, string Series, long First, long Last, long Missing, string? Before, string After);

/// <summary>The place of a gap among all.</summary>
public sealed record GapPlace(string DocumentType, string Series, long First);

/// <summary>A page of gaps; <c>Last</c> is the place of its last one, and null on the last page.</summary>
public sealed record GapsThen(IReadOnlyList<NumberGap> Rows, GapPlace? Last);

/// <summary>Finds numbers that are missing among entries and documents.</summary>
public static class MissingNumbers
{
    /// <summary>
    /// Numbers of entries that no entry of the fiscal year has. They are given by the program from 1 on, so one that is
    /// missing tells of a program or table at fault.
    /// </summary>
    public static async Task<GapsThen> OfEntriesAsync(Snapshot snapshot, GapPlace? after, int limit)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var found = snapshot.Ask(
            """
            select null::text, g.series, g.before + 1, g.number - 1, g.number - g.before - 1, g.before_id, g.id from (
                select e.fiscal_year::text as series, e.number, e.id,
                    coalesce(lag(e.number) over w, 0) as before, lag(e.id) over w as before_id
                from ledger_read.journal_entry_{v} e
                where e.company = $1 and e.position <= $2
                window w as (partition by e.company, e.fiscal_year order by e.number)) g
            where g.number > g.before + 1 and (g.series, g.before + 1) > ($3, $4)
            order by g.series, g.before limit $5
            """,
            Read,
            snapshot.Company.Code,
            snapshot.Knowledge.Position,
            after?.Series ?? "",
            after?.First ?? 0,
            limit + 1);
        await snapshot.SendAsync();
        return Page(found, limit);
    }

    /// <summary>
    /// Numbers that the documents of a series leave out between its first and its last one. A series is a type of
    /// document, and the text before the last digits of its numbers.
    /// </summary>
    /// <param name="series">Only series whose text begins so.</param>
    /// <param name="type">Only documents of this type.</param>
    /// <param name="least">Only series of at least so many numbers: a few are no series.</param>
    public static async Task<GapsThen> OfDocumentsAsync(
        Snapshot snapshot, JournalScope scope, string series, string? type, int least, GapPlace? after)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(scope);
        var select = await FindingSelect.OfAsync(snapshot, scope, paged: false);
        var of = select.Add(series);
        var where = type is null ? "" : $" and e.document_type = {select.Add(type)}";
        var (place, first) = (
            $"{select.Add(after?.DocumentType ?? "")}, {select.Add(after?.Series ?? "")}",
            select.Add(after?.First ?? -1));
        select.SortAll();

        // At most 18 digits are a number that fits; those before them belong to the series. All is in the order of
        // type, series and number, so that the numbers are sorted once.
        var found = await select.SumsAsync(
            $$"""
            select nullif(g.type, ''), g.series, g.before + 1, g.number - 1, g.number - g.before - 1, b.id, a.id from (
                select * from (
                    select n.*, lag(n.number) over w as before, lag(n.position) over w as before_position,
                        count(*) over (partition by n.type, n.series) as numbers
                    from (
                        select distinct on (1, 2, 3) d.type, d.series,
                            substr(d.document_number, length(d.series) + 1)::bigint as number, d.position
                        from (
                            select coalesce(e.document_type, '') collate "C" as type,
                                left(e.document_number, greatest(
                                    length(rtrim(e.document_number, '0123456789')), length(e.document_number) - 18))
                                    collate "C" as series,
                                e.document_number, e.position
                            from ledger_read.journal_entry_{v} e
                            where {{select.Where}} and starts_with(e.document_number, {{of}}){{where}} offset 0) d
                        where length(d.series) < length(d.document_number) and (d.type, d.series) >= ({{place}})
                        order by 1, 2, 3, 4) n
                    window w as (partition by n.type, n.series order by n.number)) g
                where g.number > g.before + 1 and g.numbers >= {{select.Add(least)}}
                    and (g.type, g.series, g.before + 1) > ({{place}}, {{first}})
                order by g.type, g.series, g.before limit {{select.Add(scope.Limit + 1)}}) g
            cross join lateral (
                select e.id from ledger_read.journal_entry_{v} e
                where e.company = $1 and e.position = g.before_position offset 0) b
            cross join lateral (
                select e.id from ledger_read.journal_entry_{v} e
                where e.company = $1 and e.position = g.position offset 0) a
            order by g.type, g.series, g.before
            """,
            Read);
        return Page(found, scope.Limit);
    }

    private static NumberGap Read(Npgsql.NpgsqlDataReader row) => new(
        row.GetText(0),
        row.GetString(1),
        row.GetInt64(2),
        row.GetInt64(3),
        row.GetInt64(4),
        row.GetText(5),
        row.GetString(6));

    private static GapsThen Page(List<NumberGap> found, int limit)
    {
        if (found.Count <= limit)
        {
            return new(found, null);
        }

        var last = found[limit - 1];
        return new([.. found.Take(limit)], new(last.DocumentType ?? "", last.Series, last.First));
    }
}

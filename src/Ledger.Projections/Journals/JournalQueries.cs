using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Domain.Journals;
using Ledger.Projections.Accounts;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Journals;

/// <summary>A page of entries.</summary>
/// <param name="Last">The place of the last row when there are more; null at the end.</param>
public sealed record JournalEntriesThen(IReadOnlyList<JournalRow> Rows, JournalPlace? Last);

/// <summary>One entry whole.</summary>
public sealed record JournalEntryThen(JournalRow Entry, IReadOnlyList<JournalLineRow> Lines);

/// <summary>Finds entries, as known then.</summary>
public static class JournalQueries
{
    public static async Task<Answer<JournalEntriesThen>> EntriesAsync(
        Snapshot snapshot, JournalFilter filter, JournalPage page)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(page);
        var few = await JournalFinds.FewAsync(snapshot, filter);
        var select = new Select(snapshot, filter, page, few);
        var rows = snapshot.Ask(select.Sql, row => JournalRow.Read(row, snapshot.Company), [.. select.Parameters]);
        await snapshot.SendAsync();
        if (rows.Count <= page.Limit)
        {
            return new JournalEntriesThen(rows, null);
        }

        rows.RemoveAt(page.Limit);
        return new JournalEntriesThen(rows, new(rows[^1].BookedOn, rows[^1].Position));
    }

    /// <summary>The entry with that id.</summary>
    public static async Task<Answer<JournalEntryThen>> EntryAsync(Snapshot snapshot, string id)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        const string entrySql = $$"""
            select {{JournalRow.Columns}}
            from ledger_read.journal_entry_{v} e
            where e.company = $1 and e.position <= $2 and e.id = $3
            """;
        const string lineSql = $$"""
            select {{JournalLineRow.Columns}}
            from ledger_read.journal_entry_{v} e
            cross join lateral (
                select l.* from ledger_read.journal_line_{v} l
                where l.company = e.company and l.position = e.position offset 0) l
            where e.company = $1 and e.position <= $2 and e.id = $3
            order by l.line
            """;
        var (company, position) = (snapshot.Company, snapshot.Knowledge.Position);
        var chart = new Lazy<ChartThen>(AccountQueries.Ask(snapshot).Chart);
        var entries = snapshot.Ask(entrySql, row => JournalRow.Read(row, company), company.Code, position, id);
        var lines = snapshot.Ask(
            lineSql,
            row => JournalLineRow.Read(row, 0, company, company.Currency, code => chart.Value.Of(code).Name),
            company.Code,
            position,
            id);
        await snapshot.SendAsync();
        return entries.Count == 0
            ? ReversalRefusals.EntryUnknown(id)
            : new JournalEntryThen(entries[0], lines);
    }

    /// <summary>The statement of a page, put together from what is asked.</summary>
    private sealed class Select
    {
        private readonly StringBuilder where = new("e.company = $1 and e.position <= $2");
        private readonly Snapshot snapshot;

        /// <param name="few">The positions among which those that fit are; null when they may be anywhere.</param>
        public Select(Snapshot snapshot, JournalFilter filter, JournalPage page, long[]? few)
        {
            var byLines = filter.Account is not null && few is null;
            this.snapshot = snapshot;
            Parameters = [snapshot.Company.Code, snapshot.Knowledge.Position];
            AddEntry(filter);
            AddLines(filter, byLines);
            var direction = page.Descending ? "desc" : "asc";
            var key = page.Order == JournalOrder.BookedOn ? "booked_on, e.position" : "position";
            var keyed = byLines ? "k" : "e";
            var order = page.Order == JournalOrder.BookedOn
                ? $"{keyed}.booked_on {direction}, {keyed}.position {direction}"
                : $"e.position {direction}";
            var from = few is not null ? OfFew(few) : byLines ? OfAccount(filter, page) : Table(filter);
            if (page.After is { } after && (!byLines || page.Order == JournalOrder.Recorded))
            {
                var values = page.Order == JournalOrder.BookedOn
                    ? $"{Parameter(after.BookedOn.ToDateOnly())}, {Parameter(after.Position)}"
                    : Parameter(after.Position);
                where.Append(
                    CultureInfo.InvariantCulture, $" and (e.{key}) {(page.Descending ? "<" : ">")} ({values})");
            }

            Sql = $$"""
                select {{JournalRow.Columns}}
                from {{from}}
                where {{where}}
                order by {{order}}
                limit {{Parameter(page.Limit + 1)}}
                """;
        }

        public List<object> Parameters { get; }

        public string Sql { get; }

        /// <summary>Read first and then put in order: the order must not be what they are looked for by.</summary>
        private string OfFew(long[] few) => $$"""
            (select * from ledger_read.journal_entry_{v} e
             where e.company = $1 and e.position = any ({{Parameter(few)}}) offset 0) e
            """;

        private string Table(JournalFilter filter)
        {
            if (filter.Number is null || filter.FiscalYear is not null)
            {
                return "ledger_read.journal_entry_{v} e";
            }

            // One look-up a fiscal year, because an index finds a number only within its year.
            return $$"""
                (select y from generate_series(
                    (select min(fiscal_year) from ledger_read.journal_entry_{v} where company = $1),
                    (select max(fiscal_year) from ledger_read.journal_entry_{v} where company = $1)) y) y
                cross join lateral (
                    select * from ledger_read.journal_entry_{v} e
                    where e.company = $1 and e.fiscal_year = y.y and e.number = {{Parameter(filter.Number.Value)}}
                    offset 0) e
                """;
        }

        /// <summary>The entries of an account through its lines, day by day, so that a page ends early.</summary>
        private string OfAccount(JournalFilter filter, JournalPage page)
        {
            var lines = new StringBuilder();
            if (filter.From is { } from)
            {
                lines.Append(" and l.booked_on >= ").Append(Parameter(from.ToDateOnly()));
            }

            if (filter.To is { } to)
            {
                lines.Append(" and l.booked_on <= ").Append(Parameter(to.ToDateOnly()));
            }

            if (page is { After: { } after, Order: JournalOrder.BookedOn })
            {
                lines.Append(" and (l.booked_on, l.position) ").Append(page.Descending ? '<' : '>')
                    .Append(CultureInfo.InvariantCulture,
                        $" ({Parameter(after.BookedOn.ToDateOnly())}, {Parameter(after.Position)})");
            }

            return $$"""
                (select l.booked_on, l.position from ledger_read.journal_line_{v} l
                 where l.company = $1 and l.account = {{Parameter(filter.Account!)}} and l.position <= $2{{lines}}
                    and l.line = (
                        select min(m.line) from ledger_read.journal_line_{v} m
                        where m.company = $1 and m.position = l.position and m.account = l.account)) k
                cross join lateral (
                    select * from ledger_read.journal_entry_{v} e
                    where e.company = $1 and e.position = k.position offset 0) e
                """;
        }

        private void AddEntry(JournalFilter filter)
        {
            And("e.booked_on >= {0}", filter.From?.ToDateOnly());
            And("e.booked_on <= {0}", filter.To?.ToDateOnly());
            And("e.fiscal_year = {0}", filter.FiscalYear);
            And("e.number = {0}", filter.Number);
            And("e.kind = {0}", (short?)filter.Kind);
            And("e.reference = {0}", filter.Reference);
            And("e.document_number = {0}", filter.Document);
            And("e.counterparty_person = {0}", filter.Person);
            AddCounterparty(filter);
            And("e.actor = {0}", filter.Actor);
            And("e.position > (select ledger_read.position_at($1, {0}))", Before(filter.RecordedFrom));
            And("e.position <= (select ledger_read.position_at($1, {0}))", At(filter.RecordedTo));
        }

        /// <summary>It may be the name of a natural person, so the database is not shown it, only a hash.</summary>
        private void AddCounterparty(JournalFilter filter)
        {
            if (filter.Counterparty is { } name)
            {
                where.Append(CultureInfo.InvariantCulture, $"""
                     and ({JournalFinds.CounterpartyHash} = {Parameter(JournalFinds.HashOf(name))}
                        or e.counterparty_person = any ({Parameter(filter.CounterpartyPersons ?? [])}))
                    """);
            }
        }

        private void AddLines(JournalFilter filter, bool byLines)
        {
            const string some =
                " and exists (select from ledger_read.journal_line_{v} l where l.company = $1 and l.position = "
                    + "e.position and ";
            if (filter.Account is { } account && !byLines)
            {
                where.Append(some).Append("l.account = ").Append(Parameter(account)).Append(')');
            }

            if (filter.Dimensions is { Count: > 0 } dimensions)
            {
                var map = dimensions.ToDictionary(each => each.Dimension, each => each.Value, StringComparer.Ordinal);
                var json = new NpgsqlParameter
                {
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                    Value = JsonSerializer.Serialize(map)
                };
                where.Append(some).Append("l.dimensions @> ").Append(Parameter(json)).Append(')');
            }

            if (filter.AmountFrom is not null || filter.AmountTo is not null)
            {
                var low = Parameter(filter.AmountFrom ?? decimal.MinValue);
                var high = Parameter(filter.AmountTo ?? decimal.MaxValue);
                where.Append(some).Append(CultureInfo.InvariantCulture, $"""
                    (l.debit + l.credit between {low} and {high}
                        or l.base_debit + l.base_credit between {low} and {high}))
                    """);
            }

            if (filter.Text is { } text)
            {
                // The database's own locale may know no letters but ASCII's, so the root collation of ICU is named.
                const string lower = "lower({0} collate \"und-x-icu\")";
                var like = Parameter(
                    "%" + text.Replace(@"\", @"\\", StringComparison.Ordinal)
                        .Replace("%", @"\%", StringComparison.Ordinal)
                        .Replace("_", @"\_", StringComparison.Ordinal) + "%");
                var pattern = string.Format(CultureInfo.InvariantCulture, lower, like + "::text");
                var fields = string.Join(" or ", new[]
                {
                    "e.description", "e.reference", "e.counterparty", "e.document_number",
                }.Select(field => string.Format(CultureInfo.InvariantCulture, lower, field) + " like " + pattern));
                where.Append(CultureInfo.InvariantCulture, $" and ({fields} or (true{some}")
                    .AppendFormat(CultureInfo.InvariantCulture, lower, "l.memo").Append(" like ").Append(pattern)
                    .Append(")))");
            }
        }

        private void And(string condition, object? value)
        {
            if (value is not null)
            {
                where.Append(" and ").AppendFormat(CultureInfo.InvariantCulture, condition, Parameter(value));
            }
        }

        private string Parameter(object value)
        {
            Parameters.Add(value);
            return string.Create(CultureInfo.InvariantCulture, $"${Parameters.Count}");
        }

        private object? At(KnownAt? knownAt) => knownAt is null ? null
            : snapshot.InstantOf(knownAt)!.Value.ToDateTimeUtc();

        /// <summary>Just before the instant, or before the beginning of the day.</summary>
        private object? Before(KnownAt? knownAt) => knownAt switch
        {
            null => null,
            KnownAt.EndOf end => At(new KnownAt.EndOf(end.Day.PlusDays(-1))),
            _ => (snapshot.InstantOf(knownAt)!.Value - Duration.FromTicks(10)).ToDateTimeUtc(),
        };
    }
}

using System.Globalization;
using Ledger.Projections.Books;
using Npgsql;

namespace Ledger.Projections;

/// <summary>Counts what a verification looked at, by company.</summary>
internal static class VerificationFigures
{
    public static IReadOnlyDictionary<string, CompanyFigures> None { get; } =
        new Dictionary<string, CompanyFigures>(StringComparer.Ordinal);

    /// <param name="connection">In the snapshot that was looked at.</param>
    /// <param name="live">The tables in use.</param>
    public static async Task<IReadOnlyDictionary<string, CompanyFigures>> ReadAsync(
        NpgsqlConnection connection, BooksVersion live, CancellationToken ct)
    {
        var entries = string.Create(CultureInfo.InvariantCulture, $"ledger_read.journal_entry_{live.Version}");
        await using var command = new NpgsqlCommand($"""
            select l.company, l.events, coalesce(e.entries, 0), coalesce(e.lines, 0), coalesce(c.checkpoints, 0),
                coalesce(u.unprovable, 0)
            from (select company, count(*) as events from ledger.log group by company) l
            left join (
                select company, count(*) as checkpoints from ledger.checkpoint group by company) c using (company)
            left join (
                select company, count(*) as unprovable from ledger.leaf where salt is null group by company) u
                using (company)
            left join (
                select company, count(*) as entries, sum(lines)::bigint as lines
                from {entries} group by company) e using (company)
            """, connection) { CommandTimeout = 0 };
        var companies = new Dictionary<string, CompanyFigures>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            companies.Add(rows.GetString(0), new(
                rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5)));
        }

        return companies;
    }
}

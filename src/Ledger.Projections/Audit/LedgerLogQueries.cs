using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Audit;

/// <summary>A company in the log over all logs.</summary>
/// <param name="Size">Leaves that its newest checkpoint there covers.</param>
/// <param name="Index">Of the leaf that this checkpoint is, from 0.</param>
public sealed record LoggedCompany(string Company, string Size, string Index);

/// <summary>Reads the log over all logs as it is now.</summary>
public static class LedgerLogQueries
{
    /// <summary>The newest checkpoint of the log over all logs, with the signatures of its witnesses that are there by
    /// now; null before the first.</summary>
    public static async Task<StoredCheckpoint?> NewestAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await ProofQueries.NewestAsync(connection, LedgerLogWriter.Company, ct) is not { } newest)
        {
            return null;
        }

        await using var command = new NpgsqlCommand(
            "select coalesce(string_agg(line, '' order by witness), '') from ledger.cosignature where size = $1",
            connection);
        command.Parameters.Add(new() { Value = newest.Size });
        return newest with { Note = newest.Note + (string)(await command.ExecuteScalarAsync(ct))! };
    }

    /// <summary>The companies in the log over all logs, in order.</summary>
    /// <param name="company">Only this one; null for all.</param>
    /// <param name="after">Only those behind it.</param>
    public static async Task<IReadOnlyList<LoggedCompany>> CompaniesAsync(
        NpgsqlConnection connection, string? company, string after, int rowsMax, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            with recursive company (company) as (
                (select g.company from ledger.logged_checkpoint g
                    where g.company > $2 and g.company = coalesce($1, g.company) order by g.company limit 1)
                union all
                select (
                    select g.company from ledger.logged_checkpoint g
                    where g.company > c.company and $1 is null order by g.company limit 1)
                from company c where c.company is not null
            )
            select c.company, l.size, l.position
            from (select * from company where company is not null limit $3) c
            cross join lateral (
                select g.size, g.position from ledger.logged_checkpoint g
                where g.company = c.company order by g.size desc limit 1) l
            order by c.company
            """, connection);
        command.Parameters.Add(
            new() { NpgsqlDbType = NpgsqlDbType.Text, Value = company is null ? DBNull.Value : company });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = rowsMax });
        var companies = new List<LoggedCompany>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            companies.Add(new(
                rows.GetString(0),
                ProofQueries.Text(rows.GetInt64(1)),
                ProofQueries.Text(rows.GetInt64(2) - 1)));
        }

        return companies;
    }
}

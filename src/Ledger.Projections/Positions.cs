using NodaTime;
using Npgsql;

namespace Ledger.Projections;

/// <summary>A place in a company's own log.</summary>
/// <param name="Position">Its number in the company, from 1; 0 before the first event.</param>
/// <param name="Sequence">Its number in the whole store; 0 before the first event.</param>
/// <param name="Recorded">When it was recorded; null before the first event.</param>
public sealed record LogPosition(long Position, long Sequence, Instant? Recorded);

/// <summary>
/// What was known when: turns an instant or a sequence into a position of a company, by binary search over
/// <c>ledger.log</c>. "Known at P" is then <c>position &lt;= P</c> everywhere.
/// </summary>
public static class Positions
{
    /// <summary>The company's last event that the log knows.</summary>
    public static Task<LogPosition> HeadAsync(
        NpgsqlDataSource database, string company, CancellationToken ct = default) =>
        FindAsync(database, """
            select l.position, l.sequence, l.recorded from ledger.log l
            where l.company = $1 order by l.position desc limit 1
            """, company, null, ct);

    /// <summary>The company's last event that was recorded at or before the instant.</summary>
    public static Task<LogPosition> AtAsync(
        NpgsqlDataSource database, string company, Instant instant, CancellationToken ct = default) =>
        FindAsync(database, """
            select l.position, l.sequence, l.recorded from ledger.log l
            where l.company = $1 and l.position = ledger_read.position_at($1, $2)
            """, company, instant.ToDateTimeUtc(), ct);

    /// <summary>The company's last event at or before a sequence of the whole store.</summary>
    public static Task<LogPosition> AtSequenceAsync(
        NpgsqlDataSource database, string company, long sequence, CancellationToken ct = default) =>
        FindAsync(database, """
            select l.position, l.sequence, l.recorded from ledger.log l
            where l.company = $1 and l.position = ledger_read.position_at_sequence($1, $2)
            """, company, sequence, ct);

    /// <summary>The sequence up to which the tables of the books hold everything, of all companies.</summary>
    public static async Task<long> BooksSequenceAsync(NpgsqlDataSource database, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var command = database.CreateCommand(
            "select last_seq_id from public.mt_event_progression where name = 'books:All'");
        return await command.ExecuteScalarAsync(ct) is long sequence ? sequence : 0;
    }

    private static async Task<LogPosition> FindAsync(
        NpgsqlDataSource database, string sql, string company, object? upTo, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = company });
        if (upTo is not null)
        {
            command.Parameters.Add(new() { Value = upTo });
        }

        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct)
            ? new(rows.GetInt64(0), rows.GetInt64(1), Instant.FromDateTimeUtc(rows.GetDateTime(2)))
            : new(0, 0, null);
    }
}

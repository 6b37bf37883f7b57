using System.Globalization;
using Ledger.Projections.Companies;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.Queries;

/// <summary>The tables in use, how far they are filled, and how far the events go.</summary>
/// <param name="Version">0 when there are no tables yet.</param>
/// <param name="Reached">Events up to here are in the tables, over all companies.</param>
/// <param name="ReachedAt">When the event <paramref name="Reached"/> was recorded.</param>
/// <param name="Head">The last event there is.</param>
/// <param name="Now">What the database's clock shows, which gives events their instants.</param>
internal sealed record Tables(
    int Version, int BlockSize, long Reached, Instant ReachedAt, long Head, Instant HeadAt, Instant Now)
{
    private const string ReachedSql = """
        select v.version, v.block_size, p.last_seq_id, l.recorded
        from ledger_read.version v
        join public.mt_event_progression p on p.name = 'books:All'
        left join ledger.log l on l.sequence = p.last_seq_id
        where v.projection = 'books' and v.state = 'live'
        """;

    private const string HeadSql = """
        select seq_id, timestamp, clock_timestamp() from public.mt_events order by seq_id desc limit 1
        """;

    public static async Task<Tables> FindAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var tables = new Tables(0, 0, 0, Instant.MinValue, 0, Instant.MinValue, Instant.MinValue);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(ReachedSql), new(HeadSql) } };
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        if (await row.ReadAsync(cancellation))
        {
            tables = tables with
            {
                Version = row.GetInt32(0),
                BlockSize = row.GetInt32(1),
                Reached = row.GetInt64(2),
                ReachedAt = row.IsDBNull(3) ? Instant.MinValue : Instant.FromDateTimeUtc(row.GetDateTime(3)),
            };
        }

        await row.NextResultAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? tables with
            {
                Head = row.GetInt64(0),
                HeadAt = Instant.FromDateTimeUtc(row.GetDateTime(1)),
                Now = Instant.FromDateTimeUtc(row.GetDateTime(2)),
            }
            : tables;
    }
}

/// <summary>A company in the tables, and the knowledge that was asked for.</summary>
/// <param name="Position">The last position of the company in the tables.</param>
/// <param name="Covered">The last position that the movement cells cover.</param>
/// <param name="Zone">The company's present time zone.</param>
/// <param name="Known">The last event of the company that counts; its instant is the recorded one.</param>
/// <param name="Company">Its settings as known then; null when it was not registered.</param>
internal sealed record Look(long Position, long Covered, DateTimeZone Zone, Knowledge Known, CompanyThen? Company)
{
    /// <summary>Null for a company that no event registered.</summary>
    public static async Task<Look?> AtAsync(
        NpgsqlConnection connection, Tables tables, string company, KnownAt knownAt, CancellationToken cancellation)
    {
        var (position, parameter) = knownAt switch
        {
            KnownAt.OfSequence of => ("ledger_read.position_at_sequence($1, $2)", (object)of.Sequence),
            KnownAt.OfInstant of => ("ledger_read.position_at($1, $2)", of.Instant.ToDateTimeUtc()),
            _ => ("$2", long.MaxValue),
        };
        await using var command = new NpgsqlCommand(Sql(tables.Version, position), connection)
        {
            Parameters = { new() { Value = company }, new() { Value = parameter } },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new(
                row.GetInt64(0),
                row.GetInt64(1),
                CompanyQueries.Zone(row.GetString(2)),
                row.IsDBNull(3)
                    ? new(0, 0, null)
                    : new(row.GetInt64(3), row.GetInt64(4), Instant.FromDateTimeUtc(row.GetDateTime(5))),
                row.IsDBNull(6) ? null : CompanyQueries.Read(row, 6))
            : null;
    }

    private static string Sql(int version, string position) => string.Create(CultureInfo.InvariantCulture, $"""
        select s.position, s.covered, z.time_zone, l.position, l.sequence, l.recorded, c.*
        from ledger_read.books_state_{version} s
        cross join lateral (
            select h.time_zone from ledger_read.company_history_{version} h
            where h.company = s.company order by h.position desc limit 1) z
        left join lateral (
            select l.position, l.sequence, l.recorded from ledger.log l
            where l.company = s.company and l.position = (select least(s.position, {position})) offset 0) l on true
        left join lateral (
            select {CompanyQueries.Columns} from ledger_read.company_history_{version} h
            where h.company = s.company and h.position <= l.position order by h.position desc limit 1) c on true
        where s.company = $1
        """);
}

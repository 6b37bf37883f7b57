using System.Globalization;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using Ledger.Projections.Books;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Audit;

/// <summary>An event as it is recorded, and who caused it.</summary>
/// <param name="Position">Its number among the events of the company: 1, 2, 3 …</param>
/// <param name="Sequence">Its number among the events of all companies.</param>
/// <param name="Version">Its number in its stream.</param>
/// <param name="Data">As it is stored.</param>
public sealed record EventRow(
    long Position,
    long Sequence,
    Instant Recorded,
    string Stream,
    long Version,
    string Type,
    Guid Id,
    JsonElement Data,
    string? Actor,
    string? Correlation,
    string? Causation,
    JsonElement? Headers);

/// <summary>Which events are asked for.</summary>
/// <param name="After">The position behind which they begin; 0 for the first.</param>
/// <param name="Type">Only of this name; null for all.</param>
/// <param name="Stream">Only of this stream; null for all.</param>
/// <param name="KnownAtSequence">Only up to this sequence; null for everything.</param>
/// <param name="Actor">Only by this actor; null for all.</param>
/// <param name="Correlation">Only of the requests with this correlation; null for all.</param>
/// <param name="RecordedFrom">Recorded at or after it, or on the day; null for no bound.</param>
/// <param name="RecordedTo">Recorded at or before it, or on the day; null for no bound.</param>
public sealed record EventFilter(
    long After,
    string? Type,
    string? Stream,
    long? KnownAtSequence = null,
    string? Actor = null,
    string? Correlation = null,
    KnownAt? RecordedFrom = null,
    KnownAt? RecordedTo = null);

/// <summary>Events, and the last event of the company that was looked at.</summary>
public sealed record EventsThen(EventRow[] Rows, Instant KnownAt, long KnownAtSequence);

/// <summary>Reads the log of a company for auditors. It needs no tables of any projection, only the log.</summary>
public static class EventQueries
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Up to <paramref name="limit"/> events in order.</summary>
    /// <param name="reader">Whose connections are used.</param>
    /// <param name="company">Whose log.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="atLeast">The log must have reached this sequence: waits up to two seconds for it.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Answer<EventsThen>> EventsAsync(
        LedgerReader reader,
        string company,
        EventFilter filter,
        int limit,
        long atLeast,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(filter);
        await using var connection = await reader.Source.OpenConnectionAsync(cancellation);
        if (await WaitAsync(connection, atLeast, cancellation) is { } behind)
        {
            return behind;
        }

        try
        {
            // The end is found first, so that all that is answered lies before it.
            var known = filter.KnownAtSequence ?? long.MaxValue;
            if (await LastAsync(connection, company, known, cancellation) is not { } last)
            {
                return CompanyRefusals.Unknown();
            }

            var (after, through) = await EventSpans.PositionsAsync(connection, company, filter, cancellation);
            return new EventsThen(
                await ReadAsync(
                    connection, company, filter with { After = Math.Max(filter.After, after) },
                    Math.Min(last.Position, through), limit, cancellation),
                last.Recorded,
                last.Sequence);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            cancellation.ThrowIfCancellationRequested();
            return QueryRefusals.TooLong;
        }
    }

    private static async Task<Refusal?> WaitAsync(
        NpgsqlConnection connection, long atLeast, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (atLeast > 0)
        {
            await using var command = new NpgsqlCommand(
                "select last_seq_id from public.mt_event_progression where name = 'log:All'", connection);
            var reached = await command.ExecuteScalarAsync(cancellation) as long? ?? 0;
            if (reached >= atLeast)
            {
                break;
            }

            if (TimeProvider.System.GetElapsedTime(started) >= LedgerReader.WaitMax)
            {
                return QueryRefusals.ProjectionBehind(atLeast, reached);
            }

            await Task.Delay(Pause, cancellation);
        }

        return null;
    }

    private static async Task<(long Position, long Sequence, Instant Recorded)?> LastAsync(
        NpgsqlConnection connection, string company, long known, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select position, sequence, recorded from ledger.log
            where company = $1 and position <= ledger_read.position_at_sequence($1, $2)
            order by position desc limit 1
            """,
            connection);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = known });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? (row.GetInt64(0), row.GetInt64(1), row.GetInstant(2)) : null;
    }

    private const string Columns = """
        e.stream_id, e.version, e.type, e.id, e.data::text, e.user_name, e.correlation_id, e.causation_id,
        e.headers::text
        """;

    /// <summary>Where the log has an event of the company; joined to each, so that its sequence finds it.</summary>
    private const string Place = """
        cross join lateral (
            select l.position, l.sequence, l.recorded from ledger.log l
            where l.sequence = e.seq_id and l.company = $1 and l.position > $2 and l.position <= $6 offset 0) l
        """;

    private const string All = $"""
        select l.position, l.sequence, l.recorded, e.*
        from ledger.log l
        cross join lateral (
            select {Columns} from public.mt_events e where e.seq_id = l.sequence offset 0) e
        where l.company = $1 and l.position > $2 and l.position <= $6 and ($3::text is null or e.type = $3)
            and $4::text is null
            and ($7::text is null or e.user_name = $7) and ($8::text is null or e.correlation_id = $8)
        order by l.position
        limit $5
        """;

    private const string OfStream = $"""
        select l.position, l.sequence, l.recorded, {Columns}
        from public.mt_events e
        {Place}
        where e.tenant_id = $1 and e.stream_id = $4 and ($3::text is null or e.type = $3)
            and ($7::text is null or e.user_name = $7) and ($8::text is null or e.correlation_id = $8)
        order by e.version
        limit $5
        """;

    /// <summary>Nearly all streams are entries', and nothing else is in them: all others are few enough to be
    /// sorted.</summary>
    private const string OutsideEntries = $"""
        select l.position, l.sequence, l.recorded, {Columns}
        from (
            (select * from public.mt_events e
             where e.tenant_id = $1 and e.stream_id < '{EntryIds.StreamPrefix}' and e.type = $3 offset 0)
            union all
            (select * from public.mt_events e
             where e.tenant_id = $1 and e.stream_id >= 'journal-entry0' and e.type = $3 offset 0)) e
        {Place}
        where $4::text is null
            and ($7::text is null or e.user_name = $7) and ($8::text is null or e.correlation_id = $8)
        order by l.position
        limit $5
        """;

    /// <summary>
    /// Reversed entries are named by the entries that reverse them, which the books have. What these have not read yet
    /// is looked through, and as much before it as one append may have recorded at once. An event that no entry in the
    /// books answers to would be missing here: `verify` names it.
    /// </summary>
    private static readonly string Reversed = string.Create(CultureInfo.InvariantCulture, $"""
        with books as materialized (
            select greatest(coalesce(max(last_seq_id), 0) - {AppendRequest.EventsMax}, 0) as reached
            from public.mt_event_progression where name = '{BooksSchema.LiveCheckpoint}')
        select l.position, l.sequence, l.recorded, {Columns}
        from (
            (select e.* from (
                select distinct j.reverses from views.journal_entry j
                where j.company = $1 and j.reverses is not null offset 0) r
             cross join lateral (
                select * from public.mt_events e
                where e.tenant_id = $1 and e.stream_id = '{EntryIds.StreamPrefix}' || r.reverses and e.type = $3
                    and e.seq_id <= (select reached from books) offset 0) e)
            union all
            (select e.* from ledger.log f
             cross join lateral (
                select * from public.mt_events e where e.seq_id = f.sequence and e.type = $3 offset 0) e
             where f.company = $1
                and f.position > ledger_read.position_at_sequence($1, (select reached from books)) offset 0)) e
        {Place}
        where $4::text is null
            and ($7::text is null or e.user_name = $7) and ($8::text is null or e.correlation_id = $8)
        order by l.position
        limit $5
        """);

    private static string SqlFor(EventFilter filter) =>
        filter.Stream is not null ? OfStream
        : filter.Type == EventCatalog.Ledger.NameOf(typeof(JournalEntryReversed)) ? Reversed
        : filter.Type is { } type && EventCatalog.Ledger.Knows(type)
            && !EventCatalog.Ledger.TypeOf(type).IsAssignableTo(typeof(JournalEvent)) ? OutsideEntries
        : All;

    internal static async Task<EventRow[]> ReadAsync(
        NpgsqlConnection connection,
        string company,
        EventFilter filter,
        long last,
        int limit,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(SqlFor(filter), connection)
        {
            Parameters =
            {
                new() { Value = company },
                new() { Value = filter.After },
                new() { Value = (object?)filter.Type ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)filter.Stream ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = limit },
                new() { Value = last },
                new() { Value = (object?)filter.Actor ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = (object?)filter.Correlation ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<EventRow>();
        while (await row.ReadAsync(cancellation))
        {
            rows.Add(StreamQueries.Read(row));
        }

        return [.. rows];
    }
}

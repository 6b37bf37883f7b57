using Ledger.Domain.Periods;
using Ledger.EventStore;
using Ledger.Projections.Audit;
using Ledger.Projections.Books;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.Periods;

/// <summary>The event of a closing.</summary>
public sealed record RecordedClosing(string Company, long Sequence, Guid Id);

/// <summary>A closing without a certificate that the audit log and the tables of the books have passed.</summary>
/// <param name="Period">As the event says it.</param>
/// <param name="IsPassedBy">Later closings were certified, or it counts as certified: nobody will come back for
/// it.</param>
public sealed record UncertifiedClosing(
    string Company, long Sequence, string Period, Instant Recorded, bool IsPassedBy);

/// <summary>Reads what certificates are made from, and keeps how far closings are certified.</summary>
public static class CertificateQueries
{
    /// <summary>How far closings are certified, in <c>mt_event_progression</c>.</summary>
    public const string Progress = "certificates:All";

    private static readonly string PeriodClosed = EventCatalog.Ledger.NameOf(typeof(PeriodClosed));

    /// <summary>The sequence that both the audit logs and the tables of the books have reached.</summary>
    public static async Task<long> ReachedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select case when count(*) = 2 then min(last_seq_id) else 0 end
            from public.mt_event_progression where name in ($1, $2)
            """, connection);
        command.Parameters.Add(new() { Value = AuditLoop.Progress });
        command.Parameters.Add(new() { Value = BooksSchema.LiveCheckpoint });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Every closing up to here is certified; 0 at first.</summary>
    public static async Task<long> CheckpointAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select last_seq_id from public.mt_event_progression where name = $1", connection);
        command.Parameters.Add(new() { Value = Progress });
        return await command.ExecuteScalarAsync(ct) as long? ?? 0;
    }

    /// <summary>Keeps that every closing up to here is certified. Of several services the last says it.</summary>
    public static async Task KeepCheckpointAsync(NpgsqlConnection connection, long sequence, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into public.mt_event_progression (name, last_seq_id) values ($1, $2)
            on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = clock_timestamp()
            """, connection);
        command.Parameters.Add(new() { Value = Progress });
        command.Parameters.Add(new() { Value = sequence });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The closings of all companies between two sequences, in order.</summary>
    /// <param name="after">Behind this one.</param>
    /// <param name="upTo">This one is the last.</param>
    public static async Task<IReadOnlyList<RecordedClosing>> ClosingsAsync(
        NpgsqlConnection connection, long after, long upTo, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select tenant_id, seq_id, id from public.mt_events
            where seq_id > $1 and seq_id <= $2 and type = $3 order by seq_id
            """, connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = PeriodClosed });
        var closings = new List<RecordedClosing>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            closings.Add(new(rows.GetString(0), rows.GetInt64(1), rows.GetGuid(2)));
        }

        return closings;
    }

    /// <summary>Closings without a certificate, the passed by first.</summary>
    /// <param name="patience">Only such as were recorded longer ago.</param>
    /// <param name="most">So many.</param>
    public static async Task<IReadOnlyList<UncertifiedClosing>> UncertifiedAsync(
        NpgsqlConnection connection, TimeSpan patience, int most, CancellationToken ct)
    {
        var reached = await ReachedAsync(connection, ct);
        await using var command = new NpgsqlCommand(
            """
            with certified as (
                select e.tenant_id, e.data ->> 'closing' as closing,
                    case when e.data ->> 'closingSequence' ~ '^[0-9]{1,18}$'
                        then (e.data ->> 'closingSequence')::bigint end as sequence
                from public.mt_streams s
                join public.mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id
                where starts_with(s.id, $1) and e.type = $2)
            select e.tenant_id, e.seq_id, coalesce(e.data ->> 'period', ''), e.timestamp,
                e.seq_id < coalesce((select max(sequence) from certified), 0)
                    or e.seq_id <= coalesce(
                        (select last_seq_id from public.mt_event_progression where name = $3), 0) as is_passed_by
            from public.mt_streams s
            join public.mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id
            where s.id = $4 and e.type = $5 and e.seq_id <= $6 and e.timestamp <= clock_timestamp() - $7
                and not exists (
                    select from certified c where c.tenant_id = e.tenant_id and c.closing = e.id::text)
            order by is_passed_by desc, e.seq_id
            limit $8
            """, connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = PeriodCertificateEvent.StreamPrefix });
        command.Parameters.Add(new() { Value = EventCatalog.Ledger.NameOf(typeof(PeriodCertified)) });
        command.Parameters.Add(new() { Value = Progress });
        command.Parameters.Add(new() { Value = "periods" });
        command.Parameters.Add(new() { Value = PeriodClosed });
        command.Parameters.Add(new() { Value = reached });
        command.Parameters.Add(new() { Value = patience });
        command.Parameters.Add(new() { Value = most });
        var closings = new List<UncertifiedClosing>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            closings.Add(new(
                rows.GetString(0), rows.GetInt64(1), rows.GetString(2),
                Instant.FromDateTimeUtc(rows.GetFieldValue<DateTime>(3)), rows.GetBoolean(4)));
        }

        return closings;
    }

    /// <summary>The position of an event in its company; null before it has one.</summary>
    public static async Task<long?> PositionAsync(
        NpgsqlConnection connection, string company, long sequence, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select position from ledger.log where sequence = $2 and company = $1", connection);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = sequence });
        return await command.ExecuteScalarAsync(ct) as long?;
    }

    /// <summary>The sequence of an entry that is booked up to a day and was recorded between two positions; null where
    /// there is none.</summary>
    /// <param name="after">Behind this position.</param>
    /// <param name="upTo">This position is the last.</param>
    public static async Task<long?> EntryBetweenAsync(
        NpgsqlConnection connection, string company, LocalDate bookedUpTo, long after, long upTo, CancellationToken ct)
    {
        await using var command = await CommandAsync(
            connection,
            """
            select min(sequence) from ledger_read.journal_entry_{v}
            where company = $1 and position <= $2 and booked_on <= $3 and position > $4
            """,
            company, upTo, bookedUpTo, ct);
        command.Parameters.Add(new() { Value = after });
        return await command.ExecuteScalarAsync(ct) as long?;
    }

    /// <summary>What was booked up to a day, as known with an event of the company.</summary>
    /// <param name="position">Of that event.</param>
    public static async Task<PostedMonths> PostedAsync(
        NpgsqlConnection connection, string company, long position, LocalDate upTo, CancellationToken ct)
    {
        var posted = new PostedMonths();
        await using (var command = await CommandAsync(
            connection,
            """
            select date_trunc('month', booked_on)::date, account, unit, sum(debit)::text, sum(credit)::text,
                sum(base_debit)::text, sum(base_credit)::text
            from ledger_read.journal_line_{v}
            where company = $1 and position <= $2 and booked_on <= $3
            group by 1, 2, 3
            """,
            company, position, upTo, ct))
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                posted.Add(
                    rows.GetDay(0).ToYearMonth(), rows.GetString(1), rows.GetString(2),
                    new(Exact(rows, 3), Exact(rows, 4), Exact(rows, 5), Exact(rows, 6)));
            }
        }

        await using (var command = await CommandAsync(
            connection,
            """
            select date_trunc('month', booked_on)::date, min(booked_on), fiscal_year, count(*), min(number), max(number)
            from ledger_read.journal_entry_{v}
            where company = $1 and position <= $2 and booked_on <= $3
            group by 1, 3
            """,
            company, position, upTo, ct))
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                posted.Add(
                    rows.GetDay(0).ToYearMonth(),
                    new PostedEntries(
                        rows.GetDay(1), rows.GetInt32(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5)));
            }
        }

        return posted;
    }

    private static ExactAmount Exact(NpgsqlDataReader row, int column) => ExactAmount.Parse(row.GetString(column));

    private static async Task<NpgsqlCommand> CommandAsync(
        NpgsqlConnection connection, string sql, string company, long position, LocalDate upTo, CancellationToken ct)
    {
        var live = await BooksSchema.LiveAsync(connection, ct)
            ?? throw new ProjectionException("There are no tables of the books: run './run migrate'.");
        return new(sql.Replace("{v}", ((long)live.Version).Text(), StringComparison.Ordinal), connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new() { Value = company },
                new() { Value = position },
                new() { Value = upTo.ToDateOnly() },
            },
        };
    }
}

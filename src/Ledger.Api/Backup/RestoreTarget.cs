using System.Globalization;
using Ledger.Domain.Approvals;
using Ledger.Domain.Audit;
using Ledger.Domain.People;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>What stands where a backup is to be restored.</summary>
/// <param name="Database">Its name.</param>
/// <param name="HasLedger">Whether there is anything that would be lost.</param>
/// <param name="Sequence">Of the last event; 0 without any.</param>
/// <param name="LastEvent">Its id.</param>
/// <param name="Recorded">When it was recorded.</param>
/// <param name="Newer">How many events the backup does not have, but for those by which a restore was asked
/// for.</param>
/// <param name="Unfinished">The seal of the backup whose rows are here, and whose restore did not come to its
/// end.</param>
internal sealed record RestoreTarget(
    string Database,
    bool HasLedger,
    long Sequence,
    Guid? LastEvent,
    DateTimeOffset? Recorded,
    long Newer = 0,
    string? Unfinished = null)
{
    /// <summary>Stands on the events from the moment they count until all that follows of them is there.</summary>
    private const string Mark = "A restore has yet to come to its end: run it again. Of the backup ";

    /// <summary>Of an event <c>e</c>: whether somebody asked by it for a restore, or answered that.</summary>
    public static readonly string IsOfRestore = $"""
        (e.stream_id = '{Streams.Approvals}' and exists (
            select from public.mt_events asked
            where asked.data ->> 'id' = e.data ->> 'id'
                and asked.tenant_id = e.tenant_id and asked.stream_id = '{Streams.Approvals}'
                and asked.type = '{EventCatalog.Ledger.NameOf(typeof(ApprovalRequested))}'
                and asked.data ->> 'kind' = 'restore'))
        """;

    /// <param name="connection">To the database.</param>
    /// <param name="sequence">Of the last event in the backup.</param>
    /// <param name="cancellation">Leaves all as it is.</param>
    public static async Task<RestoreTarget> LookAsync(
        NpgsqlConnection connection, long sequence, CancellationToken cancellation)
    {
        var nothing = new RestoreTarget(connection.Database, false, 0, null, null);
        var target = !await IsThereAsync(connection, "public.mt_events", cancellation)
            ? nothing
            : await LastAsync(connection, nothing, cancellation);
        if (target.Sequence > sequence)
        {
            target = target with
            {
                Newer = (long)(await AskAsync(
                    connection,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"select count(*) from public.mt_events e where seq_id > {sequence} and not {IsOfRestore}"),
                    cancellation))!,
            };
        }

        foreach (var table in new[] { "public.mt_streams", "ledger.readers", "ledger.person_key" })
        {
            target = target with
            {
                HasLedger = target.HasLedger
                    || (await IsThereAsync(connection, table, cancellation)
                        && await AskAsync(connection, $"select exists (select from {table})", cancellation) is true),
            };
        }

        var note = await AskAsync(
            connection, "select obj_description(to_regclass('public.mt_events'), 'pg_class')", cancellation) as string;
        return note?.StartsWith(Mark, StringComparison.Ordinal) is true
            ? target with { Unfinished = note[Mark.Length..] }
            : target;
    }

    /// <param name="seal">In hexadecimal digits.</param>
    public static string MarkUnfinished(string seal) => $"comment on table public.mt_events is '{Mark}{seal}'";

    public static async Task MarkFinishedAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        await AskAsync(connection, "comment on table public.mt_events is null", cancellation);

    /// <summary>A database without a ledger is cleared before the rows come, so there may be nothing of somebody
    /// else's in it.</summary>
    /// <exception cref="SetUpException">There is: the message names it.</exception>
    public static async Task RefuseOthersAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await AskAsync(
            connection,
            """
            select string_agg(what, ', ' order by what) from (
                select format('the schema %s', nspname) as what from pg_namespace
                where nspname in ('views', 'ledger_read', 'ledger')
                union all
                select format('the table public.%s', relname) from pg_class c
                where relnamespace = to_regnamespace('public') and relkind in ('r', 'p', 'f', 'm')
                    and not exists (
                        select from pg_depend
                        where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e')) found
            where to_regclass('ledger.schema_version') is null
            """, cancellation) is string found)
        {
            throw new SetUpException(
                $"The database '{connection.Database}' holds what is not this program's: {found}. Nothing was "
                + "changed: restore into a database that is empty (--connection).");
        }
    }

    /// <summary>Why the backup is refused, which has less than what stands there, or something else.</summary>
    /// <param name="manifest">Of the backup.</param>
    /// <param name="common">The event in the backup at the last number that both have.</param>
    /// <param name="ownCommon">The event of the target at the same number.</param>
    public string? WhyOlder(BackupManifest manifest, Guid? common, Guid? ownCommon)
    {
        if (common != ownCommon)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The backup is not of what stands in the database '{Database}': event "
                    + $"{Math.Min(Sequence, manifest.Sequence):#,0} is another one. All that was recorded since they "
                    + $"parted would be missing. If that is meant, say --older.");
        }

        return Newer == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The backup is older than what stands in the database '{Database}': it ends with event "
                + $"{manifest.Sequence:#,0}, and there are events up to {Sequence:#,0} of {Recorded:u}. The "
                + $"{Newer:#,0} between would be missing. If that is meant, say --older.");
    }

    /// <summary>The companies that the ledger has, in ordinal order.</summary>
    public static Task<IReadOnlyList<string>> CompaniesAsync(
        NpgsqlConnection connection, CancellationToken cancellation) => ListAsync(
        connection,
        $"select tenant_id from public.mt_streams where id = '{Streams.Company}' order by tenant_id collate \"C\"",
        cancellation);

    /// <summary>All erasures of the personal data of somebody: the id of each event, and whose.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ErasuresAsync(
        NpgsqlConnection connection, CancellationToken cancellation) => (await ListAsync(
        connection,
        $"""
        select id || ' ' || tenant_id || ' ' || stream_id from public.mt_events
        where type in (
            '{EventCatalog.Ledger.NameOf(typeof(PersonalDataErased))}',
            '{EventCatalog.Ledger.NameOf(typeof(SaltsDeleted))}')
        """,
        cancellation)).Select(each => each.Split(' ', 2)).ToDictionary(each => each[0], each => each[1]);

    /// <summary>Who has it among their events already that this backup was restored behind its last event.</summary>
    public static async Task<IReadOnlySet<string>> RecordedAsync(
        NpgsqlConnection connection, BackupFile backup, CancellationToken cancellation) => (await ListAsync(
        connection,
        string.Create(CultureInfo.InvariantCulture, $"""
            select tenant_id from public.mt_events
            where seq_id > {backup.Manifest.Sequence} and stream_id = '{Streams.Restores}'
                and data ->> 'backup' = '{backup.Seal}'
            """),
        cancellation)).ToHashSet(StringComparer.Ordinal);

    public static async Task<Guid?> EventAtAsync(
        NpgsqlConnection connection, long sequence, CancellationToken cancellation) => (Guid?)await AskAsync(
        connection,
        string.Create(CultureInfo.InvariantCulture, $"select id from public.mt_events where seq_id = {sequence}"),
        cancellation);

    private static async Task<RestoreTarget> LastAsync(
        NpgsqlConnection connection, RestoreTarget nothing, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select seq_id, id, timestamp from public.mt_events order by seq_id desc limit 1", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation)
            ? new(
                nothing.Database, true, rows.GetInt64(0), rows.GetGuid(1), rows.GetFieldValue<DateTimeOffset>(2))
            : nothing;
    }

    private static async Task<bool> IsThereAsync(
        NpgsqlConnection connection, string table, CancellationToken cancellation) =>
        await AskAsync(connection, $"select to_regclass('{table}') is not null", cancellation) is true;

    private static async Task<object?> AskAsync(
        NpgsqlConnection connection, string question, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(question, connection);
        return await command.ExecuteScalarAsync(cancellation) is { } answer and not DBNull ? answer : null;
    }

    private static async Task<IReadOnlyList<string>> ListAsync(
        NpgsqlConnection connection, string question, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(question, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var all = new List<string>();
        while (await rows.ReadAsync(cancellation))
        {
            all.Add(rows.GetString(0));
        }

        return all;
    }
}

using System.Globalization;
using Ledger.EventStore;
using Ledger.Projections;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>
/// Brings the rows of a backup into a database that has no ledger: into tables that are made anew, in one transaction
/// that ends only when the same rows come out of them again.
/// </summary>
internal static class RestoreLoad
{
    /// <summary>The database has no ledger, so nothing is lost by this.</summary>
    private const string Clear = """
        do $$
        begin
            if to_regclass('public.mt_events') is not null then
                lock table public.mt_events in access exclusive mode;
                if exists (select from public.mt_events) then
                    raise exception 'events were recorded here meanwhile: stop the service, then restore again';
                end if;
            end if;
        end
        $$;
        drop schema if exists views, ledger_read, ledger cascade;
        drop table if exists public.mt_streams, public.mt_events, public.mt_event_progression,
            public.mt_high_water_skips, public.mt_doc_deadletterevent cascade
        """;

    /// <param name="connectionString">Of an administrator of the database.</param>
    /// <param name="backup">Found whole.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="check">Looks at what was loaded before that counts.</param>
    /// <param name="cancellation">Leaves the database empty.</param>
    /// <exception cref="SetUpException">Something is not as the manifest says; the database is empty then.</exception>
    public static async Task RunAsync(
        string connectionString,
        BackupFile backup,
        IProgress<ProjectionProgress> progress,
        Func<NpgsqlConnection, Task> check,
        CancellationToken cancellation)
    {
        await using var connection = await BackupRun.OpenAsync(connectionString, cancellation);
        await ExecuteAsync(connection, Clear, cancellation);
        await using (var source = AdministratorDatabase.SourceOf(connectionString))
        {
            // In the schema that the rows are of; the steps since then are taken with them.
            await Migrations.EventStore.RunAsync(source, backup.Manifest.Schema, cancellation);
        }

        await using var load = await connection.BeginTransactionAsync(cancellation);
        await ActAsOwnerAsync(connection, cancellation);
        await RefuseOtherTablesAsync(connection, backup.Manifest, cancellation);
        var sums = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in backup.Manifest.Tables)
        {
            sums[table.Name] = await LoadAsync(connection, backup, table, progress, cancellation);
        }

        foreach (var table in backup.Manifest.Tables)
        {
            await CompareAsync(connection, table, sums[table.Name], progress, cancellation);
            await ExecuteAsync(connection, $"analyze {table.Name}", cancellation);
        }

        await RefuseOtherEventsAsync(connection, backup.Manifest, cancellation);
        await SetSequencesAsync(connection, backup.Manifest, cancellation);
        await check(connection);
        await ExecuteAsync(connection, RestoreTarget.MarkUnfinished(backup.Seal), cancellation);
        await load.CommitAsync(cancellation);
    }

    /// <summary>Before the roles came, the tables are of whoever made them.</summary>
    private static async Task ActAsOwnerAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select format('set local role %I', pg_get_userbyid(relowner))
            from pg_class where oid = 'public.mt_events'::regclass
            """, connection);
        await ExecuteAsync(connection, (string)(await command.ExecuteScalarAsync(cancellation))!, cancellation);
    }

    /// <summary>Each table of the schema is in the file, whole and once: one that is left out would be taken for
    /// empty.</summary>
    private static async Task RefuseOtherTablesAsync(
        NpgsqlConnection connection, BackupManifest manifest, CancellationToken cancellation)
    {
        foreach (var table in manifest.Tables)
        {
            if (BackupTables.Find(table.Name) is null)
            {
                throw Differs(table.Name, "which this program does not know");
            }
        }

        foreach (var known in BackupTables.All)
        {
            var columns = await TableCopy.ColumnsAsync(connection, known.Name, cancellation);
            var held = manifest.Tables.Where(table => table.Name == known.Name).ToList();
            if (held.Count != (columns.Count > 0 ? 1 : 0))
            {
                throw new SetUpException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The backup says that its rows are of version {manifest.Schema} of the schema, and has the table "
                        + $"{known.Name} {held.Count} times in it: rows were left out of it or added. Nothing was "
                        + $"restored: take another backup."));
            }

            if (held is [var only] && !only.Columns.Order(StringComparer.Ordinal)
                .SequenceEqual(columns.Order(StringComparer.Ordinal), StringComparer.Ordinal))
            {
                throw Differs(known.Name, "with other columns than that version of the schema has");
            }
        }
    }

    /// <returns>What its rows come to.</returns>
    private static async Task<string> LoadAsync(
        NpgsqlConnection connection,
        BackupFile backup,
        BackedUpTable table,
        IProgress<ProjectionProgress> progress,
        CancellationToken cancellation)
    {
        await using var rows = await backup.OpenAsync(table, cancellation);
        var pumped = await TableCopy.InAsync(
            connection, table.Name, table.Columns, rows,
            bytes => progress.Report(new($"loading {table.Name}, bytes", bytes, table.Bytes)), cancellation);
        return (pumped.Bytes, pumped.Sha256, pumped.Rows) == (table.Bytes, table.Sha256, table.Rows)
            ? pumped.RowSum
            : throw Differs(table.Name, "of which the file holds other rows than it says");
    }

    /// <summary>The same rows, in whatever order: a short row is put where a longer one found no room.</summary>
    private static async Task CompareAsync(
        NpgsqlConnection connection,
        BackedUpTable table,
        string sum,
        IProgress<ProjectionProgress> progress,
        CancellationToken cancellation)
    {
        var pumped = await TableCopy.OutAsync(
            connection, BackupTables.Find(table.Name)!, table.Columns, Stream.Null,
            bytes => progress.Report(new($"comparing {table.Name}, bytes", bytes, table.Bytes)), cancellation);
        if ((pumped.Bytes, pumped.Rows, pumped.RowSum) != (table.Bytes, table.Rows, sum))
        {
            throw Differs(table.Name, "of which other rows come out of the database than went in");
        }
    }

    /// <summary>What the manifest says of the events is what they are.</summary>
    private static async Task RefuseOtherEventsAsync(
        NpgsqlConnection connection, BackupManifest manifest, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select (select id from public.mt_events order by seq_id limit 1),
                (select seq_id from public.mt_events order by seq_id desc limit 1),
                (select id from public.mt_events order by seq_id desc limit 1)
            """, connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        if ((IdAt(row, 0), row.IsDBNull(1) ? 0 : row.GetInt64(1), IdAt(row, 2))
            != (manifest.Ledger, manifest.Sequence, manifest.LastEvent))
        {
            throw Differs("public.mt_events", "of which the first or last event is another than its manifest says");
        }
    }

    private static Guid? IdAt(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    private static async Task SetSequencesAsync(
        NpgsqlConnection connection, BackupManifest manifest, CancellationToken cancellation)
    {
        if (manifest.Sequence > 0)
        {
            await ExecuteAsync(
                connection,
                string.Create(
                    CultureInfo.InvariantCulture, $"select setval('public.mt_events_sequence', {manifest.Sequence})"),
                cancellation);
        }

        // Columns that number their rows themselves, such as those of the access log.
        await ExecuteAsync(
            connection,
            """
            do $$
            declare
                each record;
            begin
                for each in
                    select a.attrelid::regclass::text as in_table, a.attname as in_column
                    from pg_attribute a join pg_class c on c.oid = a.attrelid
                    where a.attidentity <> '' and c.relnamespace = 'ledger'::regnamespace and c.relkind = 'r'
                loop
                    execute format(
                        'select setval(pg_get_serial_sequence(%L, %L), max(%I)) from %s having max(%I) is not null',
                        each.in_table, each.in_column, each.in_column, each.in_table, each.in_column);
                end loop;
            end
            $$
            """, cancellation);
    }

    private static SetUpException Differs(string table, string how) => new(
        $"The backup holds {table}, {how}. Nothing was restored: take another backup, or another program.");

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

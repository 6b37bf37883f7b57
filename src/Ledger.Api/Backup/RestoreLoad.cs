using System.Globalization;
using Ledger.EventStore;
using Ledger.Projections;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>
/// Brings the rows of a backup into a database that has no ledger: into tables that are made anew, in one transaction
/// that ends only when the same bytes come out of them again.
/// </summary>
internal static class RestoreLoad
{
    /// <summary>The database has no ledger, so nothing is lost by this; and rows lie in new tables as they
    /// came.</summary>
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
        await ExecuteAsync(connection, $"set local role {DatabaseRoles.Owner}", cancellation);
        foreach (var table in backup.Manifest.Tables)
        {
            await LoadAsync(connection, backup, table, progress, cancellation);
        }

        foreach (var table in backup.Manifest.Tables)
        {
            await CompareAsync(connection, table, progress, cancellation);
            await ExecuteAsync(connection, $"analyze {table.Name}", cancellation);
        }

        await SetSequencesAsync(connection, backup.Manifest, cancellation);
        await check(connection);
        await load.CommitAsync(cancellation);
    }

    private static async Task LoadAsync(
        NpgsqlConnection connection,
        BackupFile backup,
        BackedUpTable table,
        IProgress<ProjectionProgress> progress,
        CancellationToken cancellation)
    {
        if (BackupTables.Find(table.Name) is null)
        {
            throw Differs(table, "which this program does not know");
        }

        await using var rows = await backup.OpenAsync(table, cancellation);
        var pumped = await TableCopy.InAsync(
            connection, table.Name, table.Columns, rows,
            bytes => progress.Report(new($"loading {table.Name}, bytes", bytes, table.Bytes)), cancellation);
        if (pumped != new Pumped(table.Bytes, table.Sha256))
        {
            throw Differs(table, "of which the file holds other rows than it says");
        }
    }

    private static async Task CompareAsync(
        NpgsqlConnection connection,
        BackedUpTable table,
        IProgress<ProjectionProgress> progress,
        CancellationToken cancellation)
    {
        var known = BackupTables.Find(table.Name)!;
        var pumped = await TableCopy.OutAsync(
            connection, known, table.Columns, Stream.Null,
            bytes => progress.Report(new($"comparing {table.Name}, bytes", bytes, table.Bytes)), cancellation);
        if (pumped != new Pumped(table.Bytes, table.Sha256)
            || await TableCopy.CountAsync(connection, known, cancellation) != table.Rows)
        {
            throw Differs(table, "of which other rows come out of the database than went in");
        }
    }

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

    private static SetUpException Differs(BackedUpTable table, string how) => new(
        $"The backup holds {table.Name}, {how}. Nothing was restored: take another backup, or another program.");

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

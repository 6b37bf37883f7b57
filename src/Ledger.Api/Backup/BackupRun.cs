using System.Data;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Ledger.EventStore;
using Ledger.Projections;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>
/// Writes the ledger into one file, as of one snapshot, while services append: nothing waits for it. The file has its
/// name only when it is whole and on the disk.
/// </summary>
internal static class BackupRun
{
    private const long SaidEvery = 256L << 20;

    private const string Introduction = """
        A backup of a BackOffice ledger, as of one moment: events, their order and proofs, wrapped keys of persons,
        readers, access log. Bring it back with './run restore FILE', which checks all of it first.

        Not in it: the master key of personal data, the owner's key, the key that signs checkpoints. Keep them apart.

        By hand, where that program is not at hand: NAME.copy is what PostgreSQL's COPY … TO STDOUT (FORMAT BINARY)
        wrote of the table NAME, with the columns that manifest.json names.

        """;

    /// <param name="connectionString">As the service, or as an administrator.</param>
    /// <param name="path">Must not exist.</param>
    /// <param name="progress">Is told what is being written.</param>
    /// <param name="cancellation">Leaves no file.</param>
    /// <exception cref="SetUpException">There is no ledger, or the file cannot be written.</exception>
    public static async Task<BackupMade> RunAsync(
        string connectionString,
        string path,
        IProgress<ProjectionProgress> progress,
        CancellationToken cancellation)
    {
        if (Path.Exists(path))
        {
            throw IsThere(path);
        }

        var part = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.part";
        try
        {
            await using var connection = await OpenAsync(connectionString, cancellation);
            await using var snapshot = await connection.BeginTransactionAsync(
                IsolationLevel.RepeatableRead, cancellation);
            await using var file = OwnFile.Create(part);
            await using var sealing = new SealingStream(file);
            var manifest = await WriteAsync(connection, sealing, progress, cancellation);
            var made = new BackupMade(
                manifest, sealing.Seal(), file.Length, await MastersAsync(connection, cancellation));
            if (!OwnFile.TryName(part, path))
            {
                throw IsThere(path);
            }

            OwnFile.KeepName(path);
            return made;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"'{path}' cannot be written: {problem.Message}", problem);
        }
        finally
        {
            // Gone already when all went well.
            if (File.Exists(part))
            {
                File.Delete(part);
            }
        }
    }

    private static SetUpException IsThere(string path) => new($"'{path}' is there already: name another file.");

    /// <summary>A connection on which nothing ends by a time-out.</summary>
    internal static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            CommandTimeout = 0,
        }.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var settings = new NpgsqlCommand(
            """
            set statement_timeout = 0;
            set idle_in_transaction_session_timeout = 0;
            set synchronize_seqscans = off
            """, connection);
        await settings.ExecuteNonQueryAsync(cancellation);
        return connection;
    }

    private static async Task<BackupManifest> WriteAsync(
        NpgsqlConnection connection,
        SealingStream to,
        IProgress<ProjectionProgress> progress,
        CancellationToken cancellation)
    {
        await using var archive = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true)
        {
            Comment = SealingStream.Placeholder,
        };
        await WriteAsync(archive, "README.txt", Encoding.UTF8.GetBytes(Introduction), cancellation);
        var manifest = await BeginAsync(connection, cancellation);
        await RefuseHiddenRowsAsync(connection, cancellation);
        var tables = new List<BackedUpTable>();
        foreach (var table in BackupTables.All)
        {
            // One that the schema does not have yet: a newer program makes the backup before it migrates.
            if (await TableCopy.ColumnsAsync(connection, table.Name, cancellation) is { Count: > 0 } columns)
            {
                tables.Add(await WriteAsync(connection, archive, table, columns, progress, cancellation));
            }
        }

        manifest = manifest with
        {
            Tables = tables,
            Checkpoint = await CheckpointAsync(connection, cancellation),
        };
        await WriteAsync(archive, BackupManifest.EntryName, manifest.Write(), cancellation);
        return manifest;
    }

    private static async Task<BackedUpTable> WriteAsync(
        NpgsqlConnection connection,
        ZipArchive archive,
        BackupTable table,
        IReadOnlyList<string> columns,
        IProgress<ProjectionProgress> progress,
        CancellationToken cancellation)
    {
        var rows = await TableCopy.CountAsync(connection, table, cancellation);
        var step = string.Create(CultureInfo.InvariantCulture, $"writing {table.Name}, {rows:#,0} rows");
        progress.Report(new(step, 0, 0));
        var entry = archive.CreateEntry(BackedUpTable.EntryOf(table.Name), CompressionLevel.Fastest);
        await using var packed = await entry.OpenAsync(cancellation);
        var said = 0L;
        var pumped = await TableCopy.OutAsync(connection, table, columns, packed, bytes =>
        {
            if (bytes - said >= SaidEvery)
            {
                said = bytes;
                progress.Report(new(
                    string.Create(CultureInfo.InvariantCulture, $"{step}: {bytes >> 20:#,0} MiB"), 0, 0));
            }
        }, cancellation);
        return new(table.Name, columns, rows, pumped.Bytes, pumped.Sha256);
    }

    private static async Task WriteAsync(
        ZipArchive archive, string name, byte[] content, CancellationToken cancellation)
    {
        await using var entry = await archive.CreateEntry(name).OpenAsync(cancellation);
        await entry.WriteAsync(content, cancellation);
    }

    private static async Task<BackupManifest> BeginAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var version = await Migrations.EventStore.KnownVersionAsync(connection, cancellation);
        if (version == 0)
        {
            throw new SetUpException(
                "There is no ledger in this database: name the right one (--data, --connection).");
        }

        await using var command = new NpgsqlCommand(
            """
            select transaction_timestamp(), first.id, last.seq_id, last.id, last.timestamp, (
                select data ->> 'ledger' from public.mt_events
                where tenant_id = '*DEFAULT*' and stream_id = 'audit-keys' and version = 1)
            from (select) one
            left join (select id from public.mt_events order by seq_id limit 1) first on true
            left join (select seq_id, id, timestamp from public.mt_events order by seq_id desc limit 1) last on true
            """, connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(
            BackupManifest.CurrentFormat,
            version,
            row.GetFieldValue<DateTimeOffset>(0),
            connection.PostgreSqlVersion.ToString(),
            row.IsDBNull(1) ? null : row.GetGuid(1),
            row.IsDBNull(2) ? 0 : row.GetInt64(2),
            row.IsDBNull(3) ? null : row.GetGuid(3),
            row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
            row.IsDBNull(5) ? null : row.GetString(5),
            null,
            []);
    }

    /// <summary>A policy that somebody added may hide rows from this login, and the file would be sealed as
    /// whole.</summary>
    private static async Task RefuseHiddenRowsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select string_agg(name, ', ') from unnest($1::text[]) name
            where row_security_active(to_regclass(name)) and (
                select bool_or(polpermissive and shows) and bool_and(polpermissive or shows)
                from pg_policy, lateral (select pg_get_expr(polqual, polrelid) = 'true' as shows) of
                where polrelid = to_regclass(name) and polcmd in ('r', '*') and exists (
                    select from unnest(polroles) each where each = 0 or pg_has_role(each, 'usage'))) is not true
            """, connection);
        command.Parameters.Add(new() { Value = BackupTables.All.Select(table => table.Name).ToArray() });
        if (await command.ExecuteScalarAsync(cancellation) is string hidden)
        {
            throw new SetUpException(
                $"A policy of row-level security may hide rows of {hidden} from this login, so the backup might not be "
                + "whole: run it as an administrator of the database (--connection), or drop the policy.");
        }
    }

    /// <summary>By which master keys the keys of persons are wrapped.</summary>
    private static async Task<IReadOnlyList<string>> MastersAsync(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await TableCopy.ColumnsAsync(connection, "ledger.person_key", cancellation) is { Count: 0 })
        {
            return [];
        }

        await using var command = new NpgsqlCommand(
            "select coalesce(array_agg(distinct master order by master), '{}') from ledger.person_key", connection);
        return (string[])(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<string?> CheckpointAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await TableCopy.ColumnsAsync(connection, "ledger.checkpoint", cancellation) is { Count: 0 })
        {
            return null;
        }

        await using var command = new NpgsqlCommand(
            "select note from ledger.checkpoint where company = '' order by size desc, made desc limit 1", connection);
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }
}

/// <summary>A backup that is on the disk.</summary>
/// <param name="Manifest">What is in it.</param>
/// <param name="Seal">The SHA-256 of all of it.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Masters">The fingerprints of the master keys without which nobody reads the names of persons in
/// it.</param>
internal sealed record BackupMade(BackupManifest Manifest, string Seal, long Bytes, IReadOnlyList<string> Masters);

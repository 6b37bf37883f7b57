using System.Data;
using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.EventStore;

/// <summary>One step of a schema: SQL that is run once, in a transaction of its own.</summary>
public sealed record Migration(string Name, string Sql);

/// <summary>
/// The steps by which one part of the schema comes to be, in order. Steps that were released never change; a new one is
/// added at the end. Which steps a database has is written in <c>ledger.schema_version</c>.
/// </summary>
public sealed class Migrations(string part, IReadOnlyList<Migration> steps)
{
    private const long MigrationLock = 7305804402566423142;

    /// <summary>The event tables, the append and the log of positions.</summary>
    public static Migrations EventStore { get; } = FromResources(
        "store", typeof(Migrations).Assembly, "001-events.sql", "002-append-only.sql", "003-append.sql",
        "004-rights.sql", "005-roles.sql", "006-personal-keys.sql", "007-access-log.sql",
        "008-access-log-of-strangers.sql", "009-readers-of-pay.sql", "010-audit-log.sql");

    public string Part { get; } = part;

    public int Latest => steps.Count;

    /// <summary>Takes the steps from an assembly's embedded SQL files, named without folders.</summary>
    public static Migrations FromResources(string part, Assembly assembly, params string[] files)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return new(part, [.. files.Select(file => new Migration(file, ReadResource(assembly, file)))]);
    }

    /// <summary>
    /// Runs the steps that are missing. Several processes may do so at once: one works, the others wait.
    /// </summary>
    /// <returns>How many steps were run.</returns>
    /// <exception cref="SchemaVersionException">The database is newer than this program.</exception>
    public Task<int> RunAsync(NpgsqlDataSource database, CancellationToken ct = default) =>
        RunAsync(database, Latest, ct);

    /// <summary>The same up to a version that was once the latest: for rows that are of it.</summary>
    public async Task<int> RunAsync(NpgsqlDataSource database, int upTo, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(upTo, Latest);
        await using var connection = await database.OpenConnectionAsync(ct);
        await ExecuteAsync(connection, $"select pg_advisory_lock({MigrationLock})", ct);
        try
        {
            await ExecuteAsync(connection, ReadResource(typeof(Migrations).Assembly, "000-ledger.sql"), ct);
            var version = await VersionAsync(connection, ct);
            RefuseNewer(version);
            for (var next = version; next < upTo; next++)
            {
                await using var transaction = await connection.BeginTransactionAsync(ct);
                await ExecuteAsync(connection, steps[next].Sql, ct);

                // A step may act as the role that is to own what it makes.
                await ExecuteAsync(connection, "set local role none", ct);
                await using var note = new NpgsqlCommand(
                    "insert into ledger.schema_version (part, version, name) values ($1, $2, $3)", connection);
                note.Parameters.Add(new() { Value = Part });
                note.Parameters.Add(new() { Value = next + 1 });
                note.Parameters.Add(new() { Value = steps[next].Name });
                await note.ExecuteNonQueryAsync(ct);
                await transaction.CommitAsync(ct);
            }

            return Math.Max(0, upTo - version);
        }
        finally
        {
            // A pooled connection would keep the lock; one that broke has lost it.
            if (connection.State == ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"select pg_advisory_unlock({MigrationLock})", CancellationToken.None);
            }
        }
    }

    /// <summary>Passes when the database has exactly the steps of this program.</summary>
    /// <exception cref="SchemaVersionException">It has fewer or more; the message says what to type.</exception>
    public async Task CheckAsync(NpgsqlDataSource database, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(ct);
        int version;
        try
        {
            version = await VersionAsync(connection, ct);
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // As before the roles, when all was its owner's alone.
            throw new SchemaVersionException(
                $"The schema is not the login's to read ({denied.MessageText}): "
                + "run './run migrate' as an administrator of the database.");
        }

        RefuseNewer(version);
        if (version < steps.Count)
        {
            throw new SchemaVersionException(
                $"The database has version {version} of the schema '{Part}', this program needs {steps.Count}: "
                + "run './run migrate' as an administrator of the database.");
        }
    }

    private static string ReadResource(Assembly assembly, string file)
    {
        using var stream = assembly.GetManifestResourceStream(file)
            ?? throw new ArgumentException($"{assembly.GetName().Name} embeds no '{file}'.", nameof(file));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>How many of the steps a database has; 0 where there is none of it.</summary>
    /// <exception cref="SchemaVersionException">It has more than this program knows.</exception>
    public async Task<int> KnownVersionAsync(NpgsqlConnection connection, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var version = await VersionAsync(connection, ct);
        RefuseNewer(version);
        return version;
    }

    private async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var exists = new NpgsqlCommand(
            "select to_regclass('ledger.schema_version') is not null", connection);
        if (await exists.ExecuteScalarAsync(ct) is not true)
        {
            return 0;
        }

        await using var command = new NpgsqlCommand(
            "select coalesce(max(version), 0) from ledger.schema_version where part = $1", connection);
        command.Parameters.Add(new() { Value = Part, NpgsqlDbType = NpgsqlDbType.Text });
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    private void RefuseNewer(int version)
    {
        if (version > steps.Count)
        {
            throw new SchemaVersionException(
                $"The database has version {version} of the schema '{Part}', but this program knows only "
                + $"{steps.Count}: start a newer program.");
        }
    }
}

/// <summary>The database's schema is not the one that this program works with; the message says what to do.</summary>
public sealed class SchemaVersionException(string message) : Exception(message);

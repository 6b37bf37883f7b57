using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Ledger.Projections.Books;

/// <summary>One version of the tables of the books, as <c>ledger_read.version</c> knows it.</summary>
/// <param name="Definition">Which tables and which folding; another one asks for a rebuild.</param>
internal sealed record BooksVersion(int Version, string State, string Definition, int BlockSize)
{
    public string Checkpoint => State == "live" ? BooksSchema.LiveCheckpoint : BooksSchema.BuildingCheckpoint(Version);
}

/// <summary>Creates, finds and drops versions of the tables of the books, and points the views at one.</summary>
internal static class BooksSchema
{
    public const string LiveCheckpoint = "books:All";

    /// <summary>Raise it when the same events come to other rows in the same tables.</summary>
    private const int Folding = 1;

    private static readonly string Tables = ProjectionSchema.ReadResource("books.sql");
    private static readonly string Views = ProjectionSchema.ReadResource("books-views.sql");

    public static string Definition { get; } = HashOf(Tables + Folding.ToString(CultureInfo.InvariantCulture));

    private static string ViewsDefinition { get; } = HashOf(Views);

    public static string BuildingCheckpoint(int version) =>
        string.Create(CultureInfo.InvariantCulture, $"books.{version}:All");

    public static async Task<BooksVersion?> LiveAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select version, state, definition, block_size from ledger_read.version
            where projection = 'books' and state = 'live'
            """, connection);
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct)
            ? new(rows.GetInt32(0), rows.GetString(1), rows.GetString(2), rows.GetInt32(3))
            : null;
    }

    /// <summary>Makes the first version where there is none, and brings the views up to date.</summary>
    public static async Task MigrateAsync(NpgsqlConnection connection, int blockSize, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, "lock table ledger_read.version in share row exclusive mode", ct);
        if (await LiveAsync(connection, ct) is not { } live)
        {
            var first = await CreateAsync(connection, 1, blockSize, ct);
            await ExecuteAsync(connection, $"""
                insert into public.mt_event_progression (name, last_seq_id) values ('{LiveCheckpoint}', 0)
                on conflict (name) do update set last_seq_id = 0
                """, ct);
            await UseAsync(connection, first, ct);
        }
        else if (live.Definition == Definition && !await HasViewsAsync(connection, live, ct))
        {
            await PointViewsAsync(connection, live, ct);
        }

        await transaction.CommitAsync(ct);
    }

    /// <summary>Creates empty tables and registers them as being built.</summary>
    public static async Task<BooksVersion> CreateAsync(
        NpgsqlConnection connection, int version, int blockSize, CancellationToken ct)
    {
        var created = new BooksVersion(version, "building", Definition, blockSize);
        await ExecuteAsync(connection, For(created, Tables), ct);
        await using var register = new NpgsqlCommand("""
            insert into ledger_read.version (projection, version, state, definition, views, block_size)
            values ('books', $1, 'building', $2, '', $3)
            """, connection);
        register.Parameters.Add(new() { Value = version });
        register.Parameters.Add(new() { Value = Definition });
        register.Parameters.Add(new() { Value = blockSize });
        await register.ExecuteNonQueryAsync(ct);
        return created;
    }

    /// <summary>Turns a version that is being built into the one in use; the caller's transaction moves the
    /// checkpoint.</summary>
    public static async Task UseAsync(NpgsqlConnection connection, BooksVersion version, CancellationToken ct)
    {
        await ExecuteAsync(connection, $"""
            update ledger_read.version set state = 'retired' where projection = 'books' and state = 'live';
            update ledger_read.version set state = 'live'
            where projection = 'books' and version = {version.Version.ToString(CultureInfo.InvariantCulture)}
            """, ct);
        await PointViewsAsync(connection, version, ct);
    }

    private static async Task PointViewsAsync(NpgsqlConnection connection, BooksVersion version, CancellationToken ct)
    {
        await ExecuteAsync(connection, For(version, Views), ct);
        await using var note = new NpgsqlCommand(
            "update ledger_read.version set views = $1 where projection = 'books' and version = $2", connection);
        note.Parameters.Add(new() { Value = ViewsDefinition });
        note.Parameters.Add(new() { Value = version.Version });
        await note.ExecuteNonQueryAsync(ct);
    }

    private static async Task<bool> HasViewsAsync(NpgsqlConnection connection, BooksVersion live, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select views = $1 from ledger_read.version where projection = 'books' and version = $2", connection);
        command.Parameters.Add(new() { Value = ViewsDefinition });
        command.Parameters.Add(new() { Value = live.Version });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    private static string For(BooksVersion version, string sql) => sql
        .Replace("{v}", version.Version.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{block_size}", version.BlockSize.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private static string HashOf(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.EventStore;
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

    /// <summary>The tables of a version, without its number.</summary>
    public static readonly IReadOnlyList<string> TableNames =
    [
        "journal_entry", "journal_line", "movement_cell", "account_history", "company_history",
        "dimension_value_history", "period_history", "employee_history", "contract_history", "termination_history",
        "opening_figure_history", "personal_data", "pay_run_history", "payslip_history", "payslip_line", "books_state",
    ];

    /// <summary>Those that say what each person is paid: readers see them only with leave to.</summary>
    private static readonly string[] TablesOfPay = ["opening_figure_history", "payslip_history", "payslip_line"];

    private static readonly string Tables = ProjectionSchema.ReadResource("books.sql");
    private static readonly string Views =
        ProjectionSchema.ReadResource("books-views.sql") + ProjectionSchema.ReadResource("pay-views.sql")
        + ProjectionSchema.ReadResource("finance-views.sql");

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
        await ActAsServiceAsync(connection, ct);
        await ExecuteAsync(connection, "lock table ledger_read.version in share row exclusive mode", ct);
        if (await LiveAsync(connection, ct) is not { } live)
        {
            await UseAsync(connection, await CreateAsync(connection, blockSize, ct), 0, ct);
        }
        else if (live.Definition == Definition && !await HasViewsAsync(connection, live, ct))
        {
            await PointViewsAsync(connection, live, ct);
        }

        await transaction.CommitAsync(ct);
    }

    /// <summary>
    /// Creates the empty tables of a new version, to be built beside the one in use, with walls between companies for
    /// readers.
    /// </summary>
    public static async Task<BooksVersion> CreateAsync(NpgsqlConnection connection, int blockSize, CancellationToken ct)
    {
        await ActAsServiceAsync(connection, ct);
        await using var next = new NpgsqlCommand(
            "select coalesce(max(version), 0) + 1 from ledger_read.version where projection = 'books'", connection);
        var created = new BooksVersion((int)(await next.ExecuteScalarAsync(ct))!, "building", Definition, blockSize);
        await ExecuteAsync(connection, For(created, Tables), ct);
        foreach (var table in TableNames)
        {
            await ExecuteAsync(
                connection, "select ledger_read.wall_in($1)", ct,
                string.Create(CultureInfo.InvariantCulture, $"{table}_{created.Version}"));
        }

        foreach (var table in TablesOfPay)
        {
            await ExecuteAsync(
                connection, "select ledger_read.wall_in_pay($1)", ct,
                string.Create(CultureInfo.InvariantCulture, $"{table}_{created.Version}"));
        }

        await ExecuteAsync(connection, """
            insert into ledger_read.version (projection, version, state, definition, views, block_size)
            values ('books', $1, 'building', $2, '', $3)
            """, ct, created.Version, Definition, blockSize);
        await ExecuteAsync(connection, """
            insert into public.mt_event_progression (name, last_seq_id) values ($1, 0)
            on conflict (name) do update set last_seq_id = 0
            """, ct, created.Checkpoint);
        return created;
    }

    /// <summary>
    /// Puts a version that was built up to a sequence in use: views, registry and checkpoint turn in the caller's
    /// transaction. The tables in use before stay until <see cref="DropUnusedAsync"/>.
    /// </summary>
    public static async Task UseAsync(
        NpgsqlConnection connection, BooksVersion built, long sequence, CancellationToken ct)
    {
        await ExecuteAsync(connection, """
            update ledger_read.version set state = 'retired' where projection = 'books' and state = 'live'
            """, ct);
        await ExecuteAsync(connection, """
            update ledger_read.version set state = 'live' where projection = 'books' and version = $1
            """, ct, built.Version);
        await ExecuteAsync(
            connection, "delete from public.mt_event_progression where name = $1", ct,
            BuildingCheckpoint(built.Version));
        await ExecuteAsync(connection, """
            insert into public.mt_event_progression (name, last_seq_id, last_updated) values ($1, $2, clock_timestamp())
            on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated
            """, ct, LiveCheckpoint, sequence);
        await PointViewsAsync(connection, built with { State = "live" }, ct);
    }

    /// <summary>Drops every version that is not in use: what a swap left, and what a crash left half-built.</summary>
    public static async Task DropUnusedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var unused = new List<int>();
        await using (var find = new NpgsqlCommand(
            "select version from ledger_read.version where projection = 'books' and state <> 'live'", connection))
        await using (var rows = await find.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                unused.Add(rows.GetInt32(0));
            }
        }

        foreach (var version in unused)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var tables = TableNames.Select(
                table => string.Create(CultureInfo.InvariantCulture, $"ledger_read.{table}_{version}"));
            await ExecuteAsync(connection, "drop table if exists " + string.Join(", ", tables), ct);
            await ExecuteAsync(
                connection, "delete from ledger_read.version where projection = 'books' and version = $1", ct, version);
            await ExecuteAsync(
                connection, "delete from public.mt_event_progression where name = $1", ct, BuildingCheckpoint(version));
            await transaction.CommitAsync(ct);
        }
    }

    /// <summary>Makes the filters of what was written since, which the server else does by itself after a
    /// while.</summary>
    public static async Task SummarizeAsync(NpgsqlConnection connection, BooksVersion version, CancellationToken ct)
    {
        foreach (var index in (string[])["reference", "document", "counterparty"])
        {
            await ExecuteAsync(
                connection, "select brin_summarize_new_values($1::text::regclass)", ct,
                string.Create(CultureInfo.InvariantCulture, $"ledger_read.journal_entry_{version.Version}_{index}"));
        }
    }

    private static async Task PointViewsAsync(NpgsqlConnection connection, BooksVersion version, CancellationToken ct)
    {
        await ActAsServiceAsync(connection, ct);
        await ExecuteAsync(connection, For(version, Views), ct);
        await ExecuteAsync(
            connection, "update ledger_read.version set views = $1 where projection = 'books' and version = $2", ct,
            ViewsDefinition, version.Version);
    }

    /// <summary>
    /// Until the end of the transaction: what is made belongs to the role of the service, whichever of its members or
    /// administrators made it, and so can be replaced and dropped by every one of them.
    /// </summary>
    private static Task ActAsServiceAsync(NpgsqlConnection connection, CancellationToken ct) =>
        ExecuteAsync(connection, $"set local role {DatabaseRoles.Service}", ct);

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

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        await command.ExecuteNonQueryAsync(ct);
    }
}

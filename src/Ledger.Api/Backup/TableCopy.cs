using System.Security.Cryptography;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>Takes the rows of tables out of a database, and brings them into one.</summary>
internal static class TableCopy
{
    /// <summary>Its columns in their order; none where there is no such table.</summary>
    public static async Task<IReadOnlyList<string>> ColumnsAsync(
        NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select a.attname::text from pg_attribute a
            where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            order by a.attnum
            """, connection);
        command.Parameters.Add(new() { Value = table });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var columns = new List<string>();
        while (await rows.ReadAsync(cancellation))
        {
            columns.Add(rows.GetString(0));
        }

        return columns;
    }

    public static async Task<long> CountAsync(
        NpgsqlConnection connection, BackupTable table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select count(*) from {table.Name} where {table.Where ?? "true"}", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>All rows in the order in which they lie in the table.</summary>
    public static async Task<Pumped> OutAsync(
        NpgsqlConnection connection,
        BackupTable table,
        IReadOnlyList<string> columns,
        Stream to,
        Action<long> report,
        CancellationToken cancellation)
    {
        var names = NamesOf(columns);
        var what = table.Where is null
            ? $"{table.Name} ({names})"
            : $"(select {names} from {table.Name} where {table.Where})";
        await using var rows = await connection.BeginRawBinaryCopyAsync(
            $"copy {what} to stdout (format binary)", cancellation);
        return await PumpAsync(rows, to, report, cancellation);
    }

    /// <exception cref="SetUpException">They are no rows.</exception>
    public static async Task<Pumped> InAsync(
        NpgsqlConnection connection,
        string table,
        IReadOnlyList<string> columns,
        Stream from,
        Action<long> report,
        CancellationToken cancellation)
    {
        await using var rows = await connection.BeginRawBinaryCopyAsync(
            $"copy {table} ({NamesOf(columns)}) from stdin (format binary)", cancellation);
        try
        {
            return await PumpAsync(from, rows, report, cancellation);
        }
        catch (InvalidDataException none)
        {
            throw new SetUpException(
                $"What the backup holds as {table} cannot be read: {none.Message} Nothing was restored: take another "
                + "backup.", none);
        }
    }

    private static string NamesOf(IReadOnlyList<string> columns) => string.Join(
        ", ", columns.Select(column => $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));

    private static async Task<Pumped> PumpAsync(
        Stream from, Stream to, Action<long> report, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var rows = new RowSum();
        var buffer = new byte[128 * 1024];
        var bytes = 0L;
        while (await from.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            hash.AppendData(buffer, 0, read);
            rows.Add(buffer.AsSpan(0, read));
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
            bytes += read;
            report(bytes);
        }

        rows.MustHaveEnded();
        return new(bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), rows.Rows, rows.Text);
    }
}

/// <summary>What went through.</summary>
/// <param name="Bytes">How many.</param>
/// <param name="Sha256">Of them.</param>
/// <param name="Rows">How many.</param>
/// <param name="RowSum">The same for the same rows in another order.</param>
internal sealed record Pumped(long Bytes, string Sha256, long Rows, string RowSum);

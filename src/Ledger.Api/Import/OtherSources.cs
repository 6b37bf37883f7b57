using Npgsql;
using NpgsqlTypes;

namespace Ledger.Api.Import;

/// <summary>
/// Finds out whether books hold what a file brings under other names: without a source, or of another one. Ids come
/// from the content with the source before it, so the same file imported once with and once without <c>--source</c>
/// would be in the books twice.
/// </summary>
internal static class OtherSources
{
    /// <summary>What to tell whoever imports; null when none of the ids is there under another name.</summary>
    /// <param name="source">Of this import; null for none.</param>
    /// <param name="ids">Some of the file's, without the source.</param>
    public static async Task<string?> WarningAsync(
        NpgsqlDataSource database, string company, string? source, string[] ids, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select count(*), min(substr(id, length($4) + 1))
            from public.mt_streams
            where tenant_id = $1 and starts_with(id, $4) and (
                ($2::text is not null and substr(id, length($4) + 1) = any ($3))
                or (position('~' in id) > 0 and substr(id, position('~' in id) + 1) = any ($3)
                    and ($2::text is null or not starts_with(id, $4 || $2 || '~'))))
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = ids });
        command.Parameters.Add(new() { Value = Streams.Entry("") });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        if (rows.GetInt64(0) is 0)
        {
            return null;
        }

        var (count, example) = (rows.GetInt64(0), rows.GetString(1));
        var other = example.IndexOf('~', StringComparison.Ordinal) is > 0 and var end
            ? $"of the source {example[..end]}"
            : "imported without a source";
        return $"Warning: of the first {ImportReport.Count(ids.Length, "entry", "entries")} of the file, "
            + $"{ImportReport.Number(count)} {(count == 1 ? "is" : "are")} in these books already, {other} "
            + $"({example}). They go in again, because another source is another name. If it is the same file, reverse "
            + "them, and import with the same --source as before.";
    }
}

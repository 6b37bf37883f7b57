using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>A checkpoint that the ledger which is there had signed before the backup was made.</summary>
/// <param name="Company">Whose log; empty for the log over all logs.</param>
/// <param name="Size">In leaves.</param>
/// <param name="Note">As it was signed.</param>
internal sealed record SignedThere(string Company, long Size, string Note)
{
    /// <summary>From the instant that it is called after, until others see it.</summary>
    private static readonly TimeSpan SeenWithin = TimeSpan.FromMinutes(1);

    /// <summary>The largest of each log; none where there are no audit logs.</summary>
    public static async Task<IReadOnlyList<SignedThere>> OfAsync(
        NpgsqlConnection target, BackupManifest backup, CancellationToken cancellation)
    {
        var all = new List<SignedThere>();
        if ((await TableCopy.ColumnsAsync(target, "ledger.checkpoint", cancellation)).Count == 0)
        {
            return all;
        }

        var until = backup.Recorded > backup.Made ? backup.Recorded.Value : backup.Made;
        await using var command = new NpgsqlCommand(
            """
            select distinct on (company) company, size, note from ledger.checkpoint where made < $1
            order by company, size desc
            """, target);
        command.Parameters.Add(new() { Value = (until - SeenWithin).ToUniversalTime() });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            all.Add(new(rows.GetString(0), rows.GetInt64(1), rows.GetString(2)));
        }

        return all;
    }
}

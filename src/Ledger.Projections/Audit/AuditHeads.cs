using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>Reads how far the audit logs are.</summary>
internal static class AuditHeads
{
    /// <summary>How many leaves the logs of companies have.</summary>
    public static async Task<List<(string Company, long Size)>> SizesAsync(
        NpgsqlConnection connection, string[] companies, CancellationToken ct)
    {
        var sizes = new List<(string, long)>();
        if (companies.Length == 0)
        {
            return sizes;
        }

        await using var command = new NpgsqlCommand("""
            select c.company, coalesce((select max(l.position) from ledger.leaf l where l.company = c.company), 0)
            from unnest($1) c (company)
            """, connection);
        command.Parameters.Add(new() { Value = companies });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            sizes.Add((rows.GetString(0), rows.GetInt64(1)));
        }

        return sizes;
    }

    /// <summary>Up to which sequence all events are in their logs.</summary>
    public static async Task<long> SequenceAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select last_seq_id from public.mt_event_progression where name = '{AuditLoop.Progress}'", connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Up to which sequence all events are in their logs, and which logs grew behind their last
    /// checkpoint.</summary>
    public static async Task<(long Sequence, IReadOnlyList<string> Companies)> UnsignedAsync(
        NpgsqlConnection connection, CancellationToken ct)
    {
        var (sequence, behind) = (0L, new List<string>());
        await using var command = new NpgsqlCommand($"""
            with recursive company (company) as (
                (select l.company from ledger.leaf l where l.company > '' order by l.company limit 1)
                union all
                select (
                    select l.company from ledger.leaf l where l.company > c.company order by l.company limit 1)
                from company c where c.company is not null
            )
            select c.company, p.last_seq_id
            from (select last_seq_id from public.mt_event_progression where name = '{AuditLoop.Progress}') p
            left join company c on c.company is not null and (
                select l.position from ledger.leaf l where l.company = c.company order by l.position desc limit 1
            ) is distinct from (
                select k.size from ledger.checkpoint k where k.company = c.company order by k.size desc limit 1)
            """, connection);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            sequence = rows.GetInt64(1);
            if (!rows.IsDBNull(0))
            {
                behind.Add(rows.GetString(0));
            }
        }

        return (sequence, behind);
    }
}

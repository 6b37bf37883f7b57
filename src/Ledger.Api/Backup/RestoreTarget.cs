using System.Globalization;
using Ledger.Domain.People;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>What stands where a backup is to be restored.</summary>
/// <param name="Database">Its name.</param>
/// <param name="HasLedger">Whether there is anything that would be lost.</param>
/// <param name="Sequence">Of the last event; 0 without any.</param>
/// <param name="LastEvent">Its id.</param>
/// <param name="Recorded">When it was recorded.</param>
internal sealed record RestoreTarget(
    string Database, bool HasLedger, long Sequence, Guid? LastEvent, DateTimeOffset? Recorded)
{
    public static async Task<RestoreTarget> LookAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var nothing = new RestoreTarget(connection.Database, false, 0, null, null);
        var target = !await IsThereAsync(connection, "public.mt_events", cancellation)
            ? nothing
            : await LastAsync(connection, nothing, cancellation);
        foreach (var table in new[] { "public.mt_streams", "ledger.readers", "ledger.person_key" })
        {
            target = target with
            {
                HasLedger = target.HasLedger
                    || (await IsThereAsync(connection, table, cancellation)
                        && await AskAsync(connection, $"select exists (select from {table})", cancellation) is true),
            };
        }

        return target;
    }

    /// <summary>Why the backup is refused, which has less than what stands there, or something else.</summary>
    /// <param name="manifest">Of the backup.</param>
    /// <param name="common">The event in the backup at the last number that both have.</param>
    /// <param name="ownCommon">The event of the target at the same number.</param>
    public string? WhyOlder(BackupManifest manifest, Guid? common, Guid? ownCommon)
    {
        if (common != ownCommon)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The backup is not of what stands in the database '{Database}': event "
                    + $"{Math.Min(Sequence, manifest.Sequence):#,0} is another one. All that was recorded since they "
                    + $"parted would be missing. If that is meant, say --older.");
        }

        return Sequence <= manifest.Sequence ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The backup is older than what stands in the database '{Database}': it ends with event "
                + $"{manifest.Sequence:#,0}, and there are events up to {Sequence:#,0} of {Recorded:u}. The "
                + $"{Sequence - manifest.Sequence:#,0} between would be missing. If that is meant, say --older.");
    }

    /// <summary>The companies that the ledger has, in ordinal order.</summary>
    public static Task<IReadOnlyList<string>> CompaniesAsync(
        NpgsqlConnection connection, CancellationToken cancellation) => ListAsync(
        connection,
        $"select tenant_id from public.mt_streams where id = '{Streams.Company}' order by tenant_id collate \"C\"",
        cancellation);

    /// <summary>Persons whose data was erased after a number: a backup from before brings it back.</summary>
    public static Task<IReadOnlyList<string>> ErasedAfterAsync(
        NpgsqlConnection connection, long sequence, CancellationToken cancellation) => ListAsync(
        connection,
        string.Create(CultureInfo.InvariantCulture, $"""
            select distinct tenant_id || ' ' || stream_id from public.mt_events
            where seq_id > {sequence} and type = '{EventCatalog.Ledger.NameOf(typeof(PersonalDataErased))}' order by 1
            """),
        cancellation);

    public static async Task<Guid?> EventAtAsync(
        NpgsqlConnection connection, long sequence, CancellationToken cancellation) => (Guid?)await AskAsync(
        connection,
        string.Create(CultureInfo.InvariantCulture, $"select id from public.mt_events where seq_id = {sequence}"),
        cancellation);

    private static async Task<RestoreTarget> LastAsync(
        NpgsqlConnection connection, RestoreTarget nothing, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select seq_id, id, timestamp from public.mt_events order by seq_id desc limit 1", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation)
            ? new(
                nothing.Database, true, rows.GetInt64(0), rows.GetGuid(1), rows.GetFieldValue<DateTimeOffset>(2))
            : nothing;
    }

    private static async Task<bool> IsThereAsync(
        NpgsqlConnection connection, string table, CancellationToken cancellation) =>
        await AskAsync(connection, $"select to_regclass('{table}') is not null", cancellation) is true;

    private static async Task<object?> AskAsync(
        NpgsqlConnection connection, string question, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(question, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }

    private static async Task<IReadOnlyList<string>> ListAsync(
        NpgsqlConnection connection, string question, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(question, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var all = new List<string>();
        while (await rows.ReadAsync(cancellation))
        {
            all.Add(rows.GetString(0));
        }

        return all;
    }
}

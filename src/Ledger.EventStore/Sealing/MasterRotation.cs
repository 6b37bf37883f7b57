using Npgsql;

namespace Ledger.EventStore.Sealing;

/// <summary>Which master key a database is sealed under, and its exchange for another.</summary>
public static class MasterRotation
{
    private const int KeysAtOnce = 500;

    /// <summary>
    /// Makes sure that everything in the database can be unwrapped by these. A database without keys takes the first.
    /// </summary>
    /// <exception cref="MasterKeyException">Keys are wrapped under a master key that is not among them.</exception>
    public static async Task CheckAsync(
        NpgsqlDataSource database, MasterKeys masters, string own, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(masters);
        await using var command = database.CreateCommand(
            """
            select master from ledger.person_key where master <> all ($1) limit 1
            """);
        command.Parameters.Add(new() { Value = masters.Fingerprints.ToArray() });
        if (await command.ExecuteScalarAsync(ct) is string missing)
        {
            throw new MasterKeyException($"Personal data is sealed under the master key {missing}.", null);
        }

        // Only a name that is not among them is replaced: an exchange that was cut off stays where it is.
        await using var name = database.CreateCommand(
            """
            insert into ledger.master_key (current) values ($1)
            on conflict (singleton) do update set current = excluded.current
            where master_key.current <> all ($2)
            """);
        name.Parameters.Add(new() { Value = own });
        name.Parameters.Add(new() { Value = masters.Fingerprints.ToArray() });
        await name.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Wraps every key under another master key. New keys are wrapped under it from the beginning; being cut off, it is
    /// run again and goes on. Returns how many keys were wrapped anew.
    /// </summary>
    /// <param name="masters">Both, the old and the new.</param>
    /// <param name="next">The fingerprint of the new one.</param>
    public static async Task<long> RunAsync(
        NpgsqlDataSource database, MasterKeys masters, string next, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(masters);
        await using (var name = database.CreateCommand("update ledger.master_key set current = $1"))
        {
            // Waits for those who wrap a key right now, so that theirs is found below.
            name.Parameters.Add(new() { Value = next });
            await name.ExecuteNonQueryAsync(ct);
        }

        for (var wrapped = 0L; ;)
        {
            var count = await WrapSomeAsync(database, masters, next, ct);
            if (count == 0)
            {
                return wrapped;
            }

            wrapped += count;
        }
    }

    private static async Task<int> WrapSomeAsync(
        NpgsqlDataSource database, MasterKeys masters, string next, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var keys = new List<(string Company, string Person, string Purpose, byte[] Wrapped)>();
        await using (var read = new NpgsqlCommand(
            """
            select company, person, purpose, wrapped, master from ledger.person_key
            where master <> $1 order by company, person, purpose limit $2 for update
            """,
            connection))
        {
            read.Parameters.Add(new() { Value = next });
            read.Parameters.Add(new() { Value = KeysAtOnce });
            await using var rows = await read.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                var key = masters.Unwrap(rows.GetString(4), rows.GetFieldValue<byte[]>(3));
                keys.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2), masters.Wrap(next, key)));
            }
        }

        await using var write = new NpgsqlCommand(
            """
            update ledger.person_key k set wrapped = n.wrapped, master = $5
            from unnest($1, $2, $3, $4) n (company, person, purpose, wrapped)
            where k.company = n.company and k.person = n.person and k.purpose = n.purpose
            """,
            connection);
        write.Parameters.Add(new() { Value = keys.Select(key => key.Company).ToArray() });
        write.Parameters.Add(new() { Value = keys.Select(key => key.Person).ToArray() });
        write.Parameters.Add(new() { Value = keys.Select(key => key.Purpose).ToArray() });
        write.Parameters.Add(new() { Value = keys.Select(key => key.Wrapped).ToArray() });
        write.Parameters.Add(new() { Value = next });
        await write.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return keys.Count;
    }
}

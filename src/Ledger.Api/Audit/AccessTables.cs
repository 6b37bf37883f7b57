using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Api.Audit;

/// <summary>
/// The tables of the log of accesses and of the use of keys: one set-based statement a table and batch. Rows are taken
/// in order, so that two processes never wait for each other in a circle.
/// </summary>
internal sealed class AccessTables(NpgsqlDataSource database)
{
    private const int DeletedAtOnce = 10_000;

    /// <summary>Adds the counts to those that are there. A company that a stranger names must exist to be
    /// noted.</summary>
    public async Task AddAsync(IReadOnlyDictionary<Access, long> rows, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            insert into ledger.access_log (second, company, actor, method, route, code, person, address, count)
            select to_timestamp(new.second), case when new.stranger then known.tenant_id else new.company end company,
                new.actor, new.method, new.route, new.code, new.person, new.address, sum(new.count)::bigint
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                as new (second, company, actor, method, route, code, person, address, count, stranger)
            left join public.mt_streams known
                on new.stranger and known.tenant_id = new.company and known.id = 'company'
            group by 1, 2, 3, 4, 5, 6, 7, 8
            order by 2, 1, 6, 5, 4, 3, 7, 8
            on conflict (company, second, code, route, method, actor, person, address)
            do update set count = access_log.count + excluded.count
            """);
        var keys = rows.Keys.ToArray();
        Add(command, NpgsqlDbType.Bigint, keys.Select(each => each.Second));
        Add(command, NpgsqlDbType.Text, keys.Select(each => each.Company));
        Add(command, NpgsqlDbType.Text, keys.Select(each => each.Actor));
        Add(command, NpgsqlDbType.Text, keys.Select(each => each.Method));
        Add(command, NpgsqlDbType.Text, keys.Select(each => each.Route));
        Add(command, NpgsqlDbType.Text, keys.Select(each => each.Code));
        Add(command, NpgsqlDbType.Text, keys.Select(each => each.Person));
        Add(command, NpgsqlDbType.Text, keys.Select(each => each.Address));
        Add(command, NpgsqlDbType.Bigint, rows.Values);
        Add(command, NpgsqlDbType.Boolean, keys.Select(each => each.IsOfStranger));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Raises when keys were last used.</summary>
    public async Task UseAsync(IReadOnlyDictionary<UsedKey, Instant> uses, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            insert into ledger.key_use (company, key, last_used)
            select company, key, to_timestamp(used) from unnest($1, $2, $3) as new (company, key, used)
            order by company, key
            on conflict (company, key) do update set last_used = greatest(key_use.last_used, excluded.last_used)
            """);
        Add(command, NpgsqlDbType.Text, uses.Keys.Select(each => each.Company));
        Add(command, NpgsqlDbType.Text, uses.Keys.Select(each => each.Key));
        Add(command, NpgsqlDbType.Bigint, uses.Values.Select(each => each.ToUnixTimeSeconds()));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Deletes what is older, some thousands of rows at a time, so that nobody waits for it.</summary>
    /// <returns>How many rows were deleted.</returns>
    public async Task<int> DeleteAsync(Instant before, CancellationToken cancellation)
    {
        for (var deleted = 0; ;)
        {
            await using var command = database.CreateCommand($"""
                delete from ledger.access_log where ctid = any(array(
                    select ctid from ledger.access_log where second < to_timestamp($1) limit {DeletedAtOnce}))
                """);
            command.Parameters.Add(new() { Value = before.ToUnixTimeSeconds() });
            var now = await command.ExecuteNonQueryAsync(cancellation);
            deleted += now;
            if (now < DeletedAtOnce)
            {
                return deleted;
            }
        }
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
}

/// <summary>A key of a company, by its prefix.</summary>
internal readonly record struct UsedKey(string Company, string Key);

using Ledger.Domain.People;
using Npgsql;

namespace Ledger.EventStore.Sealing;

/// <summary>The statements on <c>ledger.person_key</c> and <c>ledger.person_index</c>. None holds a plain
/// text.</summary>
internal sealed class VaultTables(NpgsqlDataSource database)
{
    public async Task<List<(KeyName Name, byte[] Wrapped, string Master)>> ReadAsync(
        string company, IReadOnlyList<KeyName> names)
    {
        await using var command = database.CreateCommand(
            """
            select k.person, k.purpose, k.wrapped, k.master
            from unnest($2, $3) n (person, purpose)
            join ledger.person_key k on k.company = $1 and k.person = n.person and k.purpose = n.purpose
            """);
        Add(command, company, names);
        var found = new List<(KeyName, byte[], string)>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            found.Add((
                new(company, rows.GetString(0), rows.GetString(1)), rows.GetFieldValue<byte[]>(2), rows.GetString(3)));
        }

        return found;
    }

    /// <summary>Creates those that are missing, unless another master key is the current one by now.</summary>
    public async Task CreateAsync(string company, string master, IReadOnlyList<(KeyName Name, byte[] Wrapped)> keys)
    {
        await using var command = database.CreateCommand(
            """
            with current as (select from ledger.master_key where current = $5 for share)
            insert into ledger.person_key (company, person, purpose, wrapped, master)
            select $1, n.person, n.purpose, n.wrapped, $5
            from current cross join unnest($2, $3, $4) n (person, purpose, wrapped)
            order by n.person, n.purpose
            on conflict do nothing
            """);
        Add(command, company, [.. keys.Select(key => key.Name)]);
        command.Parameters.Add(new() { Value = keys.Select(key => key.Wrapped).ToArray() });
        command.Parameters.Add(new() { Value = master });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Lets persons be found whose keys there are, and stay until that is committed.</summary>
    public async Task IndexAsync(string company, IReadOnlyList<(KeyName Name, byte[] Token)> tokens)
    {
        await using var command = database.CreateCommand(
            """
            insert into ledger.person_index (company, token, person, purpose)
            select k.company, n.token, k.person, k.purpose
            from (select distinct person, purpose, token from unnest($2, $3, $4) u (person, purpose, token)) n
            join ledger.person_key k on k.company = $1 and k.person = n.person and k.purpose = n.purpose
            order by 2, 3, 4
            for key share of k
            on conflict do nothing
            """);
        Add(command, company, [.. tokens.Select(each => each.Name)]);
        command.Parameters.Add(new() { Value = tokens.Select(each => each.Token).ToArray() });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<string[]> PersonsAsync(string company, string purpose, byte[] token)
    {
        await using var command = database.CreateCommand(
            """
            select array(
                select person from ledger.person_index where company = $1 and token = $2 and purpose = $3)
            """);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = token });
        command.Parameters.Add(new() { Value = purpose });
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    /// <summary>
    /// All or nothing, in two statements: the second sees what was indexed by those whom the first one waited for.
    /// </summary>
    public async Task DestroyAsync(string company, string person, string[] purposes)
    {
        await using var batch = database.CreateBatch();
        foreach (var table in (string[])["person_key", "person_index"])
        {
            var delete = batch.CreateBatchCommand();
            delete.CommandText =
                $"delete from ledger.{table} where company = $1 and person = $2 and purpose = any ($3)";
            delete.Parameters.Add(new NpgsqlParameter { Value = company });
            delete.Parameters.Add(new NpgsqlParameter { Value = person });
            delete.Parameters.Add(new NpgsqlParameter { Value = purposes });
            batch.BatchCommands.Add(delete);
        }

        await batch.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<KeptPerson>> PersonsToEraseAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            select k.company, k.person, array_agg(k.purpose)
            from (
                select company, person, purpose from ledger.person_key
                union select company, person, purpose from ledger.person_index) k
            join public.mt_streams s on s.tenant_id = k.company and s.id = $1 || k.person
            where k.person <> ''
            group by k.company, k.person
            order by k.company, k.person
            """);
        command.Parameters.Add(new() { Value = Person.StreamPrefix });
        var persons = new List<KeptPerson>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            persons.Add(new(
                rows.GetString(0),
                rows.GetString(1),
                [.. rows.GetFieldValue<string[]>(2).Select(text => Enum.Parse<Purpose>(text, ignoreCase: true))]));
        }

        return persons;
    }

    /// <exception cref="MasterKeyException">There is none.</exception>
    public async Task<string> CurrentMasterAsync()
    {
        await using var command = database.CreateCommand("select current from ledger.master_key");
        return await command.ExecuteScalarAsync() as string
            ?? throw new MasterKeyException("The database names no master key: start the program again.", null);
    }

    private static void Add(NpgsqlCommand command, string company, IReadOnlyList<KeyName> names)
    {
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = names.Select(name => name.Person).ToArray() });
        command.Parameters.Add(new() { Value = names.Select(name => name.Purpose).ToArray() });
    }
}

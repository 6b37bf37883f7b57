using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>
/// What one step adds to the tables of the audit logs. It is sent with one statement, which takes the lock once the
/// server has all of it: a process that freezes while it sends holds nothing. (A COPY would hold the lock, and no
/// time-out ends one that waits for its client.)
/// </summary>
internal sealed class AuditBatch
{
    private readonly (List<string> Company, List<long> Position, List<byte[]> Hash, List<byte[]?> Salt) leaves =
        ([], [], [], []);

    private readonly (List<string> Company, List<short> Level, List<long> Index, List<byte[]> Hash) subtrees =
        ([], [], [], []);

    private readonly (List<string> Company, List<long> Size, List<string> Note) notes = ([], [], []);
    private readonly (List<long> Position, List<string> Company, List<long> Size) logged = ([], [], []);
    private readonly HashSet<(string Company, long Size)> signed = [];

    /// <summary>Whose logs are signed.</summary>
    public IEnumerable<string> Signed => notes.Company;

    /// <summary>The note that was added last.</summary>
    public string LastNote => notes.Note[^1];

    public void Clear()
    {
        leaves.Company.Clear();
        leaves.Position.Clear();
        leaves.Hash.Clear();
        leaves.Salt.Clear();
        subtrees.Company.Clear();
        subtrees.Level.Clear();
        subtrees.Index.Clear();
        subtrees.Hash.Clear();
        notes.Company.Clear();
        notes.Size.Clear();
        notes.Note.Clear();
        logged.Position.Clear();
        logged.Company.Clear();
        logged.Size.Clear();
        signed.Clear();
    }

    /// <summary>Adds a leaf to a log's tree, and what it completes.</summary>
    public void Add(string company, GrowingTree tree, byte[] hash, byte[]? salt)
    {
        tree.Add(hash, (node, over) =>
        {
            subtrees.Company.Add(company);
            subtrees.Level.Add((short)(node.Level / GrowingTree.LevelsOfTile));
            subtrees.Index.Add(node.Index);
            subtrees.Hash.Add(over);
        });
        leaves.Company.Add(company);
        leaves.Position.Add(tree.Size);
        leaves.Hash.Add(hash);
        leaves.Salt.Add(salt);
    }

    /// <summary>The leaf that was added last to the log over all logs is this checkpoint of a company's log.</summary>
    public void Log(string company, long size)
    {
        logged.Position.Add(leaves.Position[^1]);
        logged.Company.Add(company);
        logged.Size.Add(size);
    }

    /// <summary>Signs a log, once at each size.</summary>
    public void Sign(AuditSigner signer, string company, long size, byte[] root)
    {
        if (signed.Add((company, size)))
        {
            notes.Company.Add(company);
            notes.Size.Add(size);
            notes.Note.Add(signer.Sign(company, size, root));
        }
    }

    /// <param name="turn">Gives a row where it is this process's turn to write, and takes the lock. Its parameters are
    /// $15 and on.</param>
    /// <returns>Whether it was.</returns>
    public async Task<bool> WriteAsync(
        NpgsqlConnection connection, string turn, IEnumerable<object> parameters, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            with turn as materialized ({turn}),
            leaf as (
                insert into ledger.leaf (company, position, hash, salt)
                select n.* from turn, unnest($1::text[], $2::bigint[], $3::bytea[], $4::bytea[]) n),
            subtree as (
                insert into ledger.subtree (company, level, index, hash)
                select n.* from turn, unnest($5::text[], $6::smallint[], $7::bigint[], $8::bytea[]) n),
            note as (
                insert into ledger.checkpoint (company, size, note, made)
                select n.*, greatest(clock_timestamp(), (
                    select max(k.made) + interval '1 microsecond' from ledger.checkpoint k
                    where k.company = n.company and k.size = n.size))
                from turn, unnest($9::text[], $10::bigint[], $11::text[]) n (company, size, note)
                on conflict do nothing),
            logged as (
                insert into ledger.logged_checkpoint (position, company, size)
                select n.* from turn, unnest($12::bigint[], $13::text[], $14::bigint[]) n)
            select count(*) from turn
            """, connection) { CommandTimeout = 0 };
        object[] rows =
        [
            leaves.Company.ToArray(), leaves.Position.ToArray(), leaves.Hash.ToArray(), leaves.Salt.ToArray(),
            subtrees.Company.ToArray(), subtrees.Level.ToArray(), subtrees.Index.ToArray(), subtrees.Hash.ToArray(),
            notes.Company.ToArray(), notes.Size.ToArray(), notes.Note.ToArray(),
            logged.Position.ToArray(), logged.Company.ToArray(), logged.Size.ToArray(),
        ];
        foreach (var value in rows.Concat(parameters))
        {
            command.Parameters.Add(new() { Value = value });
        }

        return (long)(await command.ExecuteScalarAsync(ct))! > 0;
    }
}

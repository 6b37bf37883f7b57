using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Domain.Periods;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>
/// Adds leaves to the audit logs and signs checkpoints, a batch a transaction: leaves, the subtrees that they complete,
/// the checkpoints, and how far it came. Of several processes one writes; the others find that it moved, and forget
/// what they knew.
/// </summary>
internal sealed class AuditWriter : IAsyncDisposable
{
    public const int EventsMax = 8_192;
    private const int CompaniesMax = 50_000;
    private static readonly TimeSpan SignAfter = TimeSpan.FromSeconds(1);
    internal const long AuditLock = 7305804402566423155;
    private static readonly string PeriodClosed = EventCatalog.Ledger.NameOf(typeof(PeriodClosed));

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlConnection reading;
    private readonly LeafReader reader;
    private readonly Func<AuditSigner?> signers;
    private AuditSigner? signer;
    private readonly Dictionary<string, GrowingTree> trees = new(StringComparer.Ordinal);
    private readonly HashSet<string> unsigned = new(StringComparer.Ordinal);
    private readonly CopyBuffer leafRows = new();
    private readonly CopyBuffer subtreeRows = new();
    private readonly List<(string Company, long Size, string Note)> notes = [];
    private Task<List<NewLeaf>>? readAhead;
    private bool isStale = true;
    private long signed = TimeProvider.System.GetTimestamp();

    private AuditWriter(NpgsqlConnection connection, NpgsqlConnection reading, Func<AuditSigner?> signers)
    {
        this.connection = connection;
        this.reading = reading;
        this.signers = signers;
        reader = new(reading);
        LedgerLog = new(connection, signers);
    }

    /// <summary>Writes the log over all logs on the same connection.</summary>
    public LedgerLogWriter LedgerLog { get; }

    /// <summary>Every event up to here is in its company's log.</summary>
    public long Sequence { get; private set; }

    public static async Task<AuditWriter> OpenAsync(
        NpgsqlDataSource database, Func<AuditSigner?> signers, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        NpgsqlConnection? reading = null;
        try
        {
            reading = await database.OpenConnectionAsync(ct);
            await Session.PrepareAsync(reading, ct);
            await Session.PrepareAsync(connection, ct);

            // A checkpoint that was served must never be taken back by a crash. A process that freezes while it holds
            // the lock is put out, so that another goes on.
            await ExecuteAsync(
                connection, "set synchronous_commit = on; set idle_in_transaction_session_timeout = '30s'", ct);
            await ExecuteAsync(
                connection,
                $"""
                insert into public.mt_event_progression (name, last_seq_id) values ('{AuditLoop.Progress}', 0)
                on conflict (name) do nothing
                """,
                ct);
            return new(connection, reading, signers);
        }
        catch
        {
            await connection.DisposeAsync();
            await (reading?.DisposeAsync() ?? default);
            throw;
        }
    }

    /// <summary>Adds what was recorded since, up to a number of events; signs where all is added, and each second
    /// until then.</summary>
    /// <returns>How many leaves were added; null when another process is at it, or was faster, or when no key is
    /// here.</returns>
    public async Task<int?> AdvanceAsync(CancellationToken ct)
    {
        signer = signers();
        if (signer is null)
        {
            return null;
        }

        if (isStale)
        {
            await ReloadAsync(ct);
        }

        var leaves = await (readAhead ?? ReadAsync(Sequence, ct));
        readAhead = null;
        if (leaves.Count == 0 && unsigned.Count == 0)
        {
            isStale = false;
            return 0;
        }

        isStale = true;
        if (!await GrowAsync(leaves, ct))
        {
            return null;
        }

        var signs = leaves.Count < EventsMax || TimeProvider.System.GetElapsedTime(signed) > SignAfter;
        if (signs)
        {
            signed = TimeProvider.System.GetTimestamp();
            foreach (var company in unsigned)
            {
                Sign(company);
            }
        }

        // While one batch is written, the next is read and hashed.
        readAhead = leaves.Count == EventsMax ? Task.Run(() => ReadAsync(leaves[^1].Sequence, ct), ct) : null;
        if (!await WriteAsync(leaves, ct))
        {
            return null;
        }

        if (signs)
        {
            unsigned.Clear();
        }

        isStale = false;
        return leaves.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await EndReadingAsync();
        await reading.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task<List<NewLeaf>> ReadAsync(long after, CancellationToken ct)
    {
        await ExecuteAsync(reading, $"select ledger_read.extend_log({EventsMax})", ct);
        return await reader.ReadAsync(after, EventsMax, ct);
    }

    private async Task EndReadingAsync()
    {
        if (readAhead is { } begun)
        {
            readAhead = null;
            await ((Task)begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>False when another process added these leaves since.</returns>
    private async Task<bool> GrowAsync(List<NewLeaf> leaves, CancellationToken ct)
    {
        leafRows.Clear();
        subtreeRows.Clear();
        notes.Clear();
        await LoadAsync(leaves, ct);
        foreach (var leaf in leaves)
        {
            var tree = trees[leaf.Company];
            if (leaf.Position != tree.Size + 1)
            {
                if (await AuditHeads.SequenceAsync(connection, ct) != Sequence)
                {
                    return false;
                }

                throw new InvalidDataException(
                    $"The audit log of '{leaf.Company}' has {tree.Size} leaves, and the next event has position "
                    + $"{leaf.Position}: run './run verify'.");
            }

            tree.Add(leaf.Hash, (node, hash) => subtreeRows.Row(4).Text(leaf.Company)
                .Short((short)(node.Level / GrowingTree.LevelsOfTile)).Long(node.Index).Bytes(hash));
            leafRows.Row(4).Text(leaf.Company).Long(leaf.Position).Bytes(leaf.Hash).Bytes(leaf.Salt);
            unsigned.Add(leaf.Company);
            if (leaf.Type == PeriodClosed)
            {
                Sign(leaf.Company);
            }
        }

        return true;
    }

    private void Sign(string company)
    {
        var tree = trees[company];
        if (notes.Count == 0 || notes[^1].Company != company || notes[^1].Size != tree.Size)
        {
            notes.Add((company, tree.Size, signer!.Sign(company, tree.Size, tree.Root())));
        }
    }

    private async Task<bool> WriteAsync(List<NewLeaf> leaves, CancellationToken ct)
    {
        var upTo = leaves.Count == 0 ? Sequence : leaves[^1].Sequence;
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var move = new NpgsqlCommand(
            $"""
            update public.mt_event_progression set last_seq_id = $2, last_updated = clock_timestamp()
            where name = '{AuditLoop.Progress}' and last_seq_id = $1 and pg_try_advisory_xact_lock({AuditLock})
            """,
            connection))
        {
            move.Parameters.Add(new() { Value = Sequence });
            move.Parameters.Add(new() { Value = upTo });
            if (await move.ExecuteNonQueryAsync(ct) == 0)
            {
                return false;
            }
        }

        await leafRows.SendAsync(connection, "ledger.leaf (company, position, hash, salt)", ct);
        await subtreeRows.SendAsync(connection, "ledger.subtree (company, level, index, hash)", ct);
        foreach (var deletion in leaves.Where(leaf => leaf.Type == SaltRemoval.DeletedType))
        {
            await SaltRemoval.RunAsync(connection, deletion.Company, deletion.Sequence, ct);
        }

        if (notes.Count > 0)
        {
            await using var add = new NpgsqlCommand(
                "insert into ledger.checkpoint (company, size, note) select * from unnest($1, $2, $3)", connection);
            add.Parameters.Add(new() { Value = notes.Select(note => note.Company).ToArray() });
            add.Parameters.Add(new() { Value = notes.Select(note => note.Size).ToArray() });
            add.Parameters.Add(new() { Value = notes.Select(note => note.Note).ToArray() });
            await add.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        Sequence = upTo;
        LedgerLog.Hear(notes.Select(note => note.Company));
        return true;
    }

    private async Task LoadAsync(List<NewLeaf> leaves, CancellationToken ct)
    {
        if (trees.Count > CompaniesMax)
        {
            foreach (var company in trees.Keys.Where(each => !unsigned.Contains(each)).ToArray())
            {
                trees.Remove(company);
            }
        }

        var missing = leaves.Select(leaf => leaf.Company).Concat(unsigned).Distinct()
            .Where(company => !trees.ContainsKey(company)).ToArray();
        foreach (var (company, size) in await AuditHeads.SizesAsync(connection, missing, ct))
        {
            trees[company] = await AuditTrees.TreeAsync(connection, company, size, ct);
        }
    }

    /// <summary>Goes on from what is written, and finds which logs grew behind their last checkpoint.</summary>
    private async Task ReloadAsync(CancellationToken ct)
    {
        await EndReadingAsync();
        trees.Clear();
        unsigned.Clear();
        LedgerLog.HearOfOthers();
        (Sequence, var behind) = await AuditHeads.UnsignedAsync(connection, ct);
        unsigned.UnionWith(behind);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}

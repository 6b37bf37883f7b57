using Ledger.Domain.Periods;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>
/// Adds leaves to the audit logs and signs checkpoints, a batch a transaction: leaves, the subtrees that they complete,
/// the checkpoints, and how far it came. Of several processes one writes; the others find that it moved, and forget
/// what they knew. What it reads of a log is held against what was signed before it signs on.
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
    private readonly AuditSigning signing;
    private readonly SignedBefore before;
    private readonly SignatureRenewal renewal;
    private readonly AuditBatch batch = new();
    private AuditSigner? signer;
    private readonly Dictionary<string, GrowingTree> trees = new(StringComparer.Ordinal);
    private readonly HashSet<string> unsigned = new(StringComparer.Ordinal);
    private Task<List<NewLeaf>>? readAhead;
    private bool isStale = true;
    private long signed = TimeProvider.System.GetTimestamp();

    private AuditWriter(NpgsqlConnection connection, NpgsqlConnection reading, AuditSigning signing)
    {
        this.connection = connection;
        this.reading = reading;
        this.signing = signing;
        before = new(connection, signing);
        renewal = new(connection);
        reader = new(reading);
        LedgerLog = new(connection, signing);
    }

    /// <summary>Writes the log over all logs on the same connection.</summary>
    public LedgerLogWriter LedgerLog { get; }

    /// <summary>Every event up to here is in its company's log.</summary>
    public long Sequence { get; private set; }

    public static async Task<AuditWriter> OpenAsync(
        NpgsqlDataSource database, AuditSigning signing, CancellationToken ct)
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
            return new(connection, reading, signing);
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
    /// <exception cref="AuditLogException">What is stored is not what was signed.</exception>
    public async Task<AuditStep> AdvanceAsync(CancellationToken ct)
    {
        signer = await signing.SignerAsync(ct);
        if (signer is null)
        {
            return AuditStep.NoKey;
        }

        if (isStale)
        {
            await ReloadAsync(ct);
        }

        var renewed = renewal.IsDue(signer) ? await renewal.FindAsync(signer, ct) : [];
        var leaves = await (readAhead ?? ReadAsync(Sequence, ct));
        readAhead = null;
        if (leaves.Count == 0 && unsigned.Count == 0 && renewed.Count == 0)
        {
            isStale = false;
            renewal.Done(signer, 0);
            return new(0);
        }

        isStale = true;
        if (!await GrowAsync(leaves, renewed, ct))
        {
            return AuditStep.Busy;
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
            return AuditStep.Busy;
        }

        if (signs)
        {
            unsigned.Clear();
        }

        renewal.Done(signer, renewed.Count);
        isStale = false;
        return new(leaves.Count, Renewed: renewed.Count);
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

    /// <returns>False when another process wrote since.</returns>
    private async Task<bool> GrowAsync(
        List<NewLeaf> leaves, List<(string Company, Checkpoint Text)> renewed, CancellationToken ct)
    {
        batch.Clear();
        if (await LoadAsync(leaves, renewed, ct) is { } problem)
        {
            return await IsWrittenByOtherAsync(problem, ct);
        }

        foreach (var (company, text) in renewed)
        {
            batch.Sign(signer!, company, text.Size, text.Root);
        }

        foreach (var leaf in leaves)
        {
            var tree = trees[leaf.Company];
            if (leaf.Position != tree.Size + 1)
            {
                return await IsWrittenByOtherAsync(
                    $"The audit log of '{leaf.Company}' has {tree.Size} leaves, and the next event has position "
                    + $"{leaf.Position}: run './run verify'.", ct);
            }

            batch.Add(leaf.Company, tree, leaf.Hash, leaf.Salt);
            unsigned.Add(leaf.Company);
            if (leaf.Type == PeriodClosed)
            {
                Sign(leaf.Company);
            }
        }

        return true;
    }

    /// <summary>What looks wrong may be what another process wrote meanwhile.</summary>
    /// <returns>False where it is.</returns>
    private async Task<bool> IsWrittenByOtherAsync(string problem, CancellationToken ct) =>
        await AuditHeads.SequenceAsync(connection, ct) != Sequence ? false : throw new AuditLogException(problem);

    private void Sign(string company) =>
        batch.Sign(signer!, company, trees[company].Size, trees[company].Root());

    private async Task<bool> WriteAsync(List<NewLeaf> leaves, CancellationToken ct)
    {
        var upTo = leaves.Count == 0 ? Sequence : leaves[^1].Sequence;
        List<NewLeaf> deletions = [.. leaves.Where(leaf => leaf.Type == SaltDeletions.Type)];
        await using var transaction = deletions.Count > 0 ? await connection.BeginTransactionAsync(ct) : null;
        if (!await batch.WriteAsync(
            connection,
            $"""
            update public.mt_event_progression set last_seq_id = $16, last_updated = clock_timestamp()
            where name = '{AuditLoop.Progress}' and last_seq_id = $15 and pg_try_advisory_xact_lock({AuditLock})
            returning 1
            """,
            [Sequence, upTo],
            ct))
        {
            return false;
        }

        await SaltRemoval.RunAsync(connection, deletions, ct);
        await (transaction?.CommitAsync(ct) ?? Task.CompletedTask);
        Sequence = upTo;
        LedgerLog.Hear(batch.Signed.Where(company => company != LedgerLogWriter.Company));
        return true;
    }

    /// <returns>Why what is loaded must not be signed; null where it may.</returns>
    private async Task<string?> LoadAsync(
        List<NewLeaf> leaves, List<(string Company, Checkpoint Text)> renewed, CancellationToken ct)
    {
        if (trees.Count > CompaniesMax)
        {
            foreach (var company in trees.Keys.Where(each => !unsigned.Contains(each)).ToArray())
            {
                trees.Remove(company);
            }
        }

        var missing = leaves.Select(leaf => leaf.Company).Concat(renewed.Select(each => each.Company)).Concat(unsigned)
            .Distinct().Where(each => each != LedgerLogWriter.Company && !trees.ContainsKey(each)).ToArray();
        var loaded = new Dictionary<string, GrowingTree>(StringComparer.Ordinal);
        foreach (var (company, size) in await AuditHeads.SizesAsync(connection, missing, ct))
        {
            loaded[company] = await AuditTrees.TreeAsync(connection, company, size, ct);
        }

        var (problem, last) = missing.Length + renewed.Count > 0
            ? await before.LookAsync(signer!, missing, loaded, ct) : (null, null);
        if (problem is not null)
        {
            return problem;
        }

        foreach (var (company, tree) in loaded)
        {
            trees[company] = tree;
        }

        foreach (var (company, text) in renewed)
        {
            problem ??= await before.LookAsync(company, text, trees.GetValueOrDefault(company), last, ct);
        }

        return problem;
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

using System.Globalization;
using Ledger.Domain.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>
/// Computes the audit logs anew, from events and salts alone, and holds them against signed checkpoints: so it is known
/// that what was brought here is what was signed.
/// </summary>
public static class LeafRecount
{
    /// <summary>Looks at all leaves, at the newest checkpoint of each log, and at others that are named.</summary>
    /// <param name="connection">Its transaction is used.</param>
    /// <param name="others">Signed notes that somebody kept: the logs must have come past them.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <returns>What is wrong, for a person; null where nothing is.</returns>
    public static async Task<RecountFinding?> RunAsync(
        NpgsqlConnection connection,
        IReadOnlyList<string> others,
        IProgress<ProjectionProgress> progress,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(progress);
        var (ledger, keys) = await KeysAsync(connection, ct);
        var expected = new List<Expected>();
        foreach (var note in (await NewestAsync(connection, ct)).Concat(others))
        {
            if (Expected.Of(note, ledger, keys) is not { } checkpoint)
            {
                return new(
                    $"a checkpoint is not signed by a key of this ledger, or is none: {note.Split('\n')[0]}", false);
            }

            expected.Add(checkpoint);
        }

        var logs = expected.GroupBy(each => each.Company, StringComparer.Ordinal).ToDictionary(
            log => log.Key, log => new Log([.. log.OrderBy(each => each.Size)]), StringComparer.Ordinal);
        return await EventsAsync(connection, logs, progress, ct)
            ?? await LogOfLogsAsync(connection, logs, ct)
            ?? logs.Values.Select(log => log.Missing()).FirstOrDefault(finding => finding is not null);
    }

    private static async Task<RecountFinding?> EventsAsync(
        NpgsqlConnection connection,
        Dictionary<string, Log> logs,
        IProgress<ProjectionProgress> progress,
        CancellationToken ct)
    {
        var total = await CountAsync(connection, ct);
        await using var command = new NpgsqlCommand($"""
            select {LeafReader.Columns}, f.hash, f.salt, f.body
            from public.mt_events e
            join ledger.log l on l.sequence = e.seq_id
            join ledger.leaf f on f.company = l.company and f.position = l.position
            order by e.seq_id
            """, connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(ct);
        for (var done = 1L; await rows.ReadAsync(ct); done++)
        {
            var (company, position) = (rows.GetString(0), rows.GetInt64(1));
            if (!logs.TryGetValue(company, out var log))
            {
                logs[company] = log = new([]);
            }

            var envelope = rows.IsDBNull(14)
                ? LeafReader.EnvelopeOf(rows, Convert.ToBase64String(rows.GetFieldValue<byte[]>(15)))
                : LeafReader.EnvelopeOf(rows, rows.GetFieldValue<byte[]>(14));
            var stored = rows.GetFieldValue<byte[]>(13);
            if (position != log.Tree.Size + 1 || !stored.AsSpan().SequenceEqual(envelope.Hash()))
            {
                return new(string.Create(
                    CultureInfo.InvariantCulture,
                    $"event {rows.GetInt64(2)} of {company}, position {position}, is not what its leaf says"), false);
            }

            if (log.Add(stored) is { } finding)
            {
                return finding;
            }

            if (done % 10_000 == 0 || done == total)
            {
                progress.Report(new("computing the audit logs anew, leaves", done, total));
            }
        }

        return null;
    }

    private static async Task<RecountFinding?> LogOfLogsAsync(
        NpgsqlConnection connection, Dictionary<string, Log> logs, CancellationToken ct)
    {
        if (!logs.TryGetValue("", out var log))
        {
            return null;
        }

        await using var command = new NpgsqlCommand(
            "select hash from ledger.leaf where company = '' order by position", connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            if (log.Add(rows.GetFieldValue<byte[]>(0)) is { } finding)
            {
                return finding;
            }
        }

        return null;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select count(*) from ledger.leaf where company <> ''", connection) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<List<string>> NewestAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select distinct on (company) note from ledger.checkpoint order by company, size desc, made desc",
            connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(ct);
        var notes = new List<string>();
        while (await rows.ReadAsync(ct))
        {
            notes.Add(rows.GetString(0));
        }

        return notes;
    }

    /// <summary>The ledger's name, and every key that it ever published.</summary>
    private static async Task<(string Ledger, IReadOnlyList<byte[]> Keys)> KeysAsync(
        NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select data ->> 'ledger', data ->> 'publicKey' from public.mt_events
            where tenant_id = '*DEFAULT*' and stream_id = '{AuditKeys.Stream}'
                and type = '{EventCatalog.Ledger.NameOf(typeof(AuditKeyPublished))}'
            order by version
            """, connection);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var (ledger, keys) = ("", new List<byte[]>());
        while (await rows.ReadAsync(ct))
        {
            ledger = rows.GetString(0);
            keys.Add(Convert.FromBase64String(rows.GetString(1)));
        }

        return (ledger, keys);
    }

    /// <summary>A checkpoint that is signed.</summary>
    private sealed record Expected(string Company, long Size, byte[] Root)
    {
        public static Expected? Of(string note, string ledger, IReadOnlyList<byte[]> keys)
        {
            if (SignedNote.Parse(note) is not { } signed || Checkpoint.Parse(signed.Text) is not { } checkpoint
                || !keys.Any(key => signed.IsSignedBy(new(checkpoint.Origin, SignatureKind.Log, key))))
            {
                return null;
            }

            return checkpoint.Origin == ledger ? new("", checkpoint.Size, checkpoint.Root)
                : checkpoint.Origin.StartsWith(ledger + "/", StringComparison.Ordinal)
                    ? new(checkpoint.Origin[(ledger.Length + 1)..], checkpoint.Size, checkpoint.Root) : null;
        }
    }

    /// <summary>A log that grows past its checkpoints.</summary>
    private sealed class Log(IReadOnlyList<Expected> expected)
    {
        private int next;

        public GrowingTree Tree { get; } = new();

        public RecountFinding? Add(byte[] leaf)
        {
            Tree.Add(leaf);
            for (; next < expected.Count && expected[next].Size == Tree.Size; next++)
            {
                if (!expected[next].Root.AsSpan().SequenceEqual(Tree.Root()))
                {
                    return new(
                        $"the audit log of '{expected[next].Company}' has another root at {Tree.Size} leaves than a "
                        + "signed checkpoint", false);
                }
            }

            return null;
        }

        public RecountFinding? Missing() => expected.Skip(next).LastOrDefault(each => each.Size > 0) is not { } more
            ? null
            : new(
                $"the audit log of '{more.Company}' has {Tree.Size} leaves, and there is a signed checkpoint of "
                + $"{more.Size}", true);
    }
}

/// <summary>What does not fit a signed checkpoint.</summary>
/// <param name="What">For a person.</param>
/// <param name="IsShort">All is as signed, but there was more.</param>
public sealed record RecountFinding(string What, bool IsShort);

using System.Globalization;
using Ledger.EventStore.Audit;
using Ledger.Projections;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Api.Witnesses;

/// <summary>What asking the witnesses came to.</summary>
/// <param name="Cosigned">Those who stand by the log as it is.</param>
/// <param name="NotAsked">Those who could not be asked: nothing is known of them.</param>
public sealed record WitnessReport(
    int Cosigned, IReadOnlyList<SilentWitness> NotAsked, IReadOnlyList<VerificationFinding> Findings);

/// <summary>A witness who could not be asked.</summary>
/// <param name="Why">In words for whoever runs the program: it may name a machine.</param>
public sealed record SilentWitness(string Name, string Why)
{
    public override string ToString() => $"{Name}: {Why}";
}

/// <summary>
/// Asks each witness whether the log over all logs goes on from what it saw: the one check that finds a database that
/// was set back as a whole, since everything in it agrees with itself. It shows them the newest checkpoint, as the
/// service does.
/// </summary>
public static class WitnessVerification
{
    public const string Check = "the log goes on from what witnesses saw";

    public static async Task<WitnessReport> RunAsync(LedgerHost host, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(host);
        var findings = new List<VerificationFinding>();
        var (cosigned, silent) = (0, new List<SilentWitness>());
        foreach (var witness in host.Witnesses)
        {
            // The service shows them checkpoints by its own.
            var push = new WitnessPush(host.Database, witness.Witness);
            var name = $"witness {push.Witness.Key.Name} ({push.Witness.Owner})";
            if (await StoredFaultAsync(host.Database, push.Witness.Key, ct) is { } fault)
            {
                findings.Add(new(Check, name, fault, null));
            }

            var status = await push.PushAsync(always: true, ct);
            if (status.IsContradiction)
            {
                findings.Add(new(Check, name, status.Why, null));
            }
            else if (status.State == WitnessState.Cosigned)
            {
                cosigned++;
            }
            else
            {
                silent.Add(new(
                    name, status.State == WitnessState.NotAsked ? "there is no checkpoint" : status.Why));
            }
        }

        return new(cosigned, silent, findings);
    }

    /// <summary>Holds the last stored signature against the tree as it is.</summary>
    private static async Task<string?> StoredFaultAsync(
        NpgsqlDataSource database, VerifierKey key, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (await LastAsync(connection, key.Name, ct) is not var (size, line, note) || note is null)
        {
            return null;
        }

        var newest = await ProofQueries.NewestAsync(connection, "", ct);
        if (newest is null || newest.Size < size)
        {
            return Invariant($"its stored signature is of {size} leaves, and here are {newest?.Size ?? 0}");
        }

        if (SignedNote.Parse(note + line) is not { } signed || signed.CosignedBy(key) is null
            || Checkpoint.Parse(signed.Text) is not { } checkpoint)
        {
            return Invariant($"its stored signature of {size} leaves does not fit their checkpoint");
        }

        var root = await AuditTrees.RootAsync(connection, "", size, ct);
        return root.SequenceEqual(checkpoint.Root)
            ? null : Invariant($"it signed another root of {size} leaves than they have now");
    }

    private static async Task<(long Size, string Line, string? Note)?> LastAsync(
        NpgsqlConnection connection, string witness, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select c.size, c.line, (
                select k.note from ledger.checkpoint k
                where k.company = '' and k.size = c.size order by k.made desc limit 1)
            from ledger.cosignature c where c.witness = $1 order by c.size desc limit 1
            """, connection);
        command.Parameters.Add(new() { Value = witness });
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct)
            ? (rows.GetInt64(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2)) : null;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Api.Witnesses;

/// <summary>How it stands between the log over all logs and one of its witnesses.</summary>
public enum WitnessState
{
    /// <summary>Nothing was to be shown to it yet.</summary>
    NotAsked,

    /// <summary>It cosigned the newest checkpoint.</summary>
    Cosigned,

    /// <summary>It cannot be reached, or does not answer as a witness does.</summary>
    Unusable,

    /// <summary>It saw more leaves than there are: the log was set back.</summary>
    SawMore,

    /// <summary>It saw other leaves than there are: the log was changed.</summary>
    Contradicts,
}

/// <param name="Size">Leaves of the log over all logs here; 0 before the first checkpoint.</param>
/// <param name="Seen">Leaves that the witness saw last, as far as is known.</param>
/// <param name="Why">What is wrong, in words for the log of the service; empty where nothing is.</param>
public sealed record WitnessStatus(WitnessState State, long Size, long Seen, string Why)
{
    /// <summary>Whether the witness shows that the database is not what it was.</summary>
    public bool IsContradiction => State is WitnessState.SawMore or WitnessState.Contradicts;
}

/// <summary>Shows the newest checkpoint of the log over all logs to a witness, and stores its signature.</summary>
public sealed class WitnessPush(NpgsqlDataSource database, WitnessSettings witness)
{
    /// <summary>Between two answers another process may have shown it more.</summary>
    private const int AttemptsMax = 5;

    private const string LedgerLog = "";

    /// <summary>The last size whose signature is stored; null until that was looked up.</summary>
    private long? cosigned;

    private long seen;

    public WitnessSettings Witness { get; } = witness;

    public WitnessStatus Status { get; private set; } = new(WitnessState.NotAsked, 0, 0, "");

    /// <param name="always">Also where it cosigned the newest before, to hear whether it still stands by that.</param>
    public async Task<WitnessStatus> PushAsync(bool always, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (status, isLast) = await AttemptAsync(always, ct);
            if (isLast || attempt == AttemptsMax)
            {
                return Status = status;
            }
        }
    }

    private async Task<(WitnessStatus Status, bool IsLast)> AttemptAsync(bool always, CancellationToken ct)
    {
        StoredCheckpoint newest;
        AddCheckpoint request;
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            if (await ProofQueries.NewestAsync(connection, LedgerLog, ct) is not { } found)
            {
                return (Status, true);
            }

            newest = found;
            if (cosigned is null)
            {
                cosigned = seen = await StoredAsync(connection, ct);
            }

            if (!always && cosigned == newest.Size)
            {
                return (new(WitnessState.Cosigned, newest.Size, newest.Size, ""), true);
            }

            // No connection is held while the witness thinks.
            var old = Math.Min(seen, newest.Size);
            request = new(
                old, await AuditTrees.ConsistencyAsync(connection, LedgerLog, old, newest.Size, ct), newest.Note);
        }

        var size = newest.Size;
        switch (await WitnessClient.AddAsync(Witness, request, ct))
        {
            case WitnessReply.Cosigned signature:
                await StoreAsync(size, signature.Line, ct);
                cosigned = seen = size;
                return (new(WitnessState.Cosigned, size, size, ""), true);
            case WitnessReply.OtherSize other:
                seen = other.Size;
                if (other.Size <= size)
                {
                    return (new(WitnessState.Unusable, size, other.Size, "the log grew too fast for it"), false);
                }

                // Another process may have grown the log and shown it since.
                await using (var connection = await database.OpenConnectionAsync(ct))
                {
                    var now = await ProofQueries.NewestAsync(connection, LedgerLog, ct);
                    return (
                        new(
                            WitnessState.SawMore, size, other.Size,
                            $"it has seen {other.Size} leaves, and here are {size}: the database was set back"),
                        now?.Size < other.Size);
                }

            case WitnessReply.Inconsistent:
                return (
                    new(
                        WitnessState.Contradicts, size, request.Old,
                        $"the {size} leaves here do not go on from the {request.Old} that it has seen: the database "
                            + "was changed, or set back and used on"),
                    true);
            case WitnessReply.Unusable unusable:
                return (new(WitnessState.Unusable, size, seen, unusable.Why), true);
            default:
                throw new InvalidOperationException("A witness replied what nobody knows.");
        }
    }

    private async Task<long> StoredAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select coalesce(max(size), 0) from ledger.cosignature where witness = $1", connection);
        command.Parameters.Add(new() { Value = Witness.Key.Name });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task StoreAsync(long size, string line, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            insert into ledger.cosignature (size, witness, line) values ($1, $2, $3)
            on conflict (size, witness) do nothing
            """);
        command.Parameters.Add(new() { Value = size });
        command.Parameters.Add(new() { Value = Witness.Key.Name });
        command.Parameters.Add(new() { Value = line });
        await command.ExecuteNonQueryAsync(ct);
    }
}

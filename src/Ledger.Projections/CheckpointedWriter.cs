using Ledger.Projections.Books;
using Npgsql;

namespace Ledger.Projections;

/// <summary>What became of a batch.</summary>
internal enum WriteResult
{
    /// <summary>Rows and checkpoint are committed together.</summary>
    Written,

    /// <summary>Another process holds the lock or has moved the checkpoint; nothing was written.</summary>
    Outrun,

    /// <summary>These tables are no longer the ones to be filled; nothing was written.</summary>
    Replaced,

    /// <summary>The database refuses the content of the rows; nothing was written.</summary>
    Refused,
}

/// <summary>Writes batches together with the checkpoint of their tables, on a connection of its own.</summary>
internal sealed class CheckpointedWriter : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly BooksTables tables;
    private readonly string checkpoint;

    private CheckpointedWriter(NpgsqlConnection connection, BooksTables tables, string checkpoint)
    {
        this.connection = connection;
        this.tables = tables;
        this.checkpoint = checkpoint;
    }

    /// <summary>Everything up to here is committed.</summary>
    public long Checkpoint { get; private set; }

    /// <summary>What the database said when it last refused a batch.</summary>
    public string? Refusal { get; private set; }

    public static async Task<CheckpointedWriter> OpenAsync(
        NpgsqlDataSource database, BooksTables tables, string checkpoint, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        var writer = new CheckpointedWriter(connection, tables, checkpoint);
        try
        {
            await Session.PrepareAsync(connection, ct);
            await writer.ReloadAsync(ct);
            return writer;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task ReloadAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select last_seq_id from public.mt_event_progression where name = $1", connection);
        command.Parameters.Add(new() { Value = checkpoint });
        Checkpoint = await command.ExecuteScalarAsync(ct) is long sequence ? sequence : 0;
    }

    public async Task<WriteResult> WriteAsync(BooksBatch batch, CancellationToken ct)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var moved = await MoveAsync(batch.LastSequence, ct);
            if (moved != WriteResult.Written)
            {
                return moved;
            }

            await tables.WriteAsync(connection, batch, ct);
            await transaction.CommitAsync(ct);
        }
        catch (PostgresException e) when (
            e.SqlState.StartsWith("22", StringComparison.Ordinal)
                || e.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            // Its message may quote a value.
            Refusal = e.ConstraintName is { } broken
                ? $"The database refuses it: {e.SqlState} ({broken})."
                : $"The database refuses it: {e.SqlState}.";
            return WriteResult.Refused;
        }

        Checkpoint = batch.LastSequence;
        return WriteResult.Written;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<WriteResult> MoveAsync(long to, CancellationToken ct)
    {
        await using var command =
            new NpgsqlCommand("select ledger_read.move_checkpoint('books', $1, $2, $3, $4)", connection);
        command.Parameters.Add(new() { Value = tables.Version });
        command.Parameters.Add(new() { Value = checkpoint });
        command.Parameters.Add(new() { Value = Checkpoint });
        command.Parameters.Add(new() { Value = to });
        return (string?)await command.ExecuteScalarAsync(ct) switch
        {
            "ok" => WriteResult.Written,
            "version" => WriteResult.Replaced,
            _ => WriteResult.Outrun,
        };
    }
}

using System.Buffers;
using System.Text.Json;
using Ledger.EventStore;

namespace Ledger.Api.Batches;

/// <summary>
/// Writes the results of a batch: for each item, in order, its position and key, and the status and members that it
/// would have been answered with alone.
/// </summary>
public sealed class BatchResults<TCommand> : IAsyncDisposable
    where TCommand : class
{
    private readonly ArrayBufferWriter<byte> buffer = new(64 * 1024);
    private readonly Utf8JsonWriter json;
    private readonly BatchKind<TCommand> kind;
    private readonly string positionName;
    private readonly bool isList;
    private bool isFirst = true;

    public BatchResults(BatchItems<TCommand> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        kind = items.Kind;
        positionName = items.PositionName;
        isList = items.ContentType == Http.Json;
        json = new(buffer, Http.JsonOptions);
    }

    /// <summary>What was written since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.WrittenSpan;

    public void Clear() => buffer.ResetWrittenCount();

    public void Write(BatchItem<TCommand> item, Transacted<Written>? outcome)
    {
        if (isList)
        {
            buffer.Write(isFirst ? "["u8 : ",\n"u8);
        }

        isFirst = false;
        json.Reset();
        json.WriteStartObject();
        json.WriteNumber(positionName, item.Position);
        if (item.Command is { } command)
        {
            kind.WriteKey(json, command);
        }

        if (outcome is Transacted<Written>.Done done)
        {
            json.WriteNumber("status"u8, Writes.StatusOf(done));
            if (done.Answer.Approval is null)
            {
                kind.WriteDone?.Invoke(json, item.Command!);
            }

            Writes.WriteMembers(json, done);
        }
        else
        {
            Http.WriteMembers(json, item.Problem ?? Http.ProblemOf(outcome!)!);
        }

        json.WriteEndObject();
        json.Flush();
        if (!isList)
        {
            buffer.Write("\n"u8);
        }
    }

    public void End()
    {
        if (isList)
        {
            buffer.Write(isFirst ? "[]"u8 : "]"u8);
        }
    }

    public ValueTask DisposeAsync() => json.DisposeAsync();
}

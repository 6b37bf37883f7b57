using System.Buffers;
using System.Text.Json;
using Ledger.Domain.Journals;
using Ledger.EventStore;

namespace Ledger.Api.Journals;

/// <summary>
/// Writes the results of a batch: for each entry, in order, its position and id, and the status and members that it
/// would have been answered with alone.
/// </summary>
public sealed class BatchResults : IAsyncDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(64 * 1024);
    private readonly Utf8JsonWriter json;
    private readonly string positionName;
    private readonly bool isList;
    private bool isFirst = true;

    public BatchResults(BatchItems items)
    {
        ArgumentNullException.ThrowIfNull(items);
        positionName = items.PositionName;
        isList = items.ContentType == Http.Json;
        json = new(buffer, Http.JsonOptions);
    }

    /// <summary>What was written since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.WrittenSpan;

    public void Clear() => buffer.ResetWrittenCount();

    public void Write(BatchItem item, Transacted<Written>? outcome)
    {
        if (isList)
        {
            buffer.Write(isFirst ? "["u8 : ",\n"u8);
        }

        isFirst = false;
        json.Reset();
        json.WriteStartObject();
        json.WriteNumber(positionName, item.Position);
        if (item.Entry is { } entry)
        {
            json.WriteString("id"u8, entry.Id);
        }

        if (outcome is Transacted<Written>.Done done)
        {
            json.WriteNumber("status"u8, Writes.StatusOf(done));
            if (item.Entry is { ReverseOn: not null } accrual && done.Answer.Approval is null)
            {
                json.WriteString("reversal"u8, EntryIds.ReversalOf(accrual.Id));
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

using System.Buffers;
using System.IO.Pipelines;

namespace Ledger.Api.Batches;

/// <summary>One a line; empty lines are passed over.</summary>
public abstract class LineItems<TCommand>(BatchKind<TCommand> kind, PipeReader body, long bytesMax)
    : BatchItems<TCommand>(kind, body, bytesMax)
    where TCommand : class
{
    private long line;
    private bool hasAny;
    private bool skipping;

    public override string PositionName => "line";

    /// <summary>Results are JSON, whatever the lines are.</summary>
    public override string ContentType => Http.NdJson;

    /// <summary>What a line says; null for one that is no item, such as a header.</summary>
    protected abstract BatchItem<TCommand>? ReadLine(long line, ReadOnlySequence<byte> text);

    protected override void Take(
        ref ReadOnlySequence<byte> buffer, bool isLast, List<BatchItem<TCommand>> items, int itemsMax)
    {
        while (items.Count < itemsMax && !buffer.IsEmpty)
        {
            var end = buffer.PositionOf((byte)'\n');
            if (end is null && !isLast)
            {
                if (skipping || buffer.Length > ItemBytesMax)
                {
                    Skip(items);
                    skipping = true;
                    buffer = buffer.Slice(buffer.End);
                }

                return;
            }

            var text = end is { } at ? buffer.Slice(0, at) : buffer;
            buffer = end is { } newline ? buffer.Slice(buffer.GetPosition(1, newline)) : buffer.Slice(buffer.End);
            if (!skipping)
            {
                line++;
                Add(items, text);
            }

            skipping = false;
        }

        hasAny |= items.Count > 0;
        if (isLast && !hasAny)
        {
            Refuse(RequestProblems.Of(RequestProblems.BodyMissing, $"There is no body. Send one {Kind.One} a line."));
        }
    }

    private void Add(List<BatchItem<TCommand>> items, ReadOnlySequence<byte> text)
    {
        if (text.Length > ItemBytesMax)
        {
            items.Add(new(line, null, TooLarge()));
        }
        else if (!IsBlank(text) && ReadLine(line, text) is { } item)
        {
            items.Add(item);
        }
    }

    private void Skip(List<BatchItem<TCommand>> items)
    {
        if (!skipping)
        {
            line++;
            hasAny = true;
            items.Add(new(line, null, TooLarge()));
        }
    }
}

/// <summary>A JSON object a line.</summary>
public sealed class NdJsonItems<TCommand>(
    BatchKind<TCommand> kind, PipeReader body, long bytesMax = long.MaxValue)
    : LineItems<TCommand>(kind, body, bytesMax)
    where TCommand : class
{
    protected override BatchItem<TCommand>? ReadLine(long line, ReadOnlySequence<byte> text) => Parse(line, text);
}

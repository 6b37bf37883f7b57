using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Ledger.Api.Json;

namespace Ledger.Api.Batches;

/// <summary>The items of one JSON list. Where the list itself is broken, nothing behind can be read.</summary>
public sealed class JsonListItems<TCommand>(
    BatchKind<TCommand> kind, PipeReader body, long bytesMax = long.MaxValue)
    : BatchItems<TCommand>(kind, body, bytesMax)
    where TCommand : class
{
    /// <summary>Nothing that is sent is nested like this; the item itself is bounded more tightly.</summary>
    private const int DepthMax = 64;

    private JsonReaderState state = new(new() { MaxDepth = DepthMax });
    private long index;

    // Offsets in what is kept of the body: up to where it was read, and where the unfinished value starts, if there is
    // one.
    private long scanned;
    private long valueStart = -1;
    private bool begun;
    private bool inList;
    private bool isDone;

    private string NoList => $"The body is no list. Send a list […] of {Kind.Many}.";

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public override string PositionName => "index";

    public override string ContentType => Http.Json;

    protected override void Take(
        ref ReadOnlySequence<byte> buffer, bool isLast, List<BatchItem<TCommand>> items, int itemsMax)
    {
        if (!begun && !Begin(ref buffer, isLast))
        {
            return;
        }

        var depth = 0;
        try
        {
            Read(ref buffer, items, itemsMax, ref depth);
        }
        catch (JsonException e)
        {
            var (code, detail) = depth >= DepthMax - 1
                ? (RequestProblems.JsonTooDeep, $"The JSON is nested more than {DepthMax} levels deep.")
                : (RequestProblems.JsonMalformed, $"The list is broken here: {JsonInput.Told(e)}");
            Stop(items, code, detail);
            return;
        }

        if (buffer.Length > ItemBytesMax)
        {
            Stop(items, RequestProblems.BodyTooLarge, TooLarge().Detail);
        }
        else if (isLast && !isDone && items.Count < itemsMax)
        {
            var (code, detail) = inList
                ? (RequestProblems.JsonIncomplete, "The list ends before its ']'. Was it cut off?")
                : IsBlank(buffer)
                ? (RequestProblems.BodyMissing, $"There is no body. Send a list of {Kind.Many}.")
                : (RequestProblems.ValueOfWrongType, NoList);
            Stop(items, code, detail);
        }
    }

    /// <summary>Passes over a byte order mark; false where more must come to know whether there is one.</summary>
    private bool Begin(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        Span<byte> first = stackalloc byte[ByteOrderMark.Length];
        var length = (int)Math.Min(first.Length, buffer.Length);
        buffer.Slice(0, length).CopyTo(first);
        if (length < first.Length)
        {
            return begun = isLast || !ByteOrderMark.StartsWith(first[..length]);
        }

        if (first.SequenceEqual(ByteOrderMark))
        {
            buffer = buffer.Slice(first.Length);
        }

        return begun = true;
    }

    /// <param name="depth">Of the last value that was read, also when it throws.</param>
    private void Read(ref ReadOnlySequence<byte> buffer, List<BatchItem<TCommand>> items, int itemsMax, ref int depth)
    {
        var reader = new Utf8JsonReader(buffer.Slice(scanned), isFinalBlock: false, state);
        while (items.Count < itemsMax && reader.Read())
        {
            depth = reader.CurrentDepth;
            if (!inList)
            {
                if (reader.TokenType != JsonTokenType.StartArray)
                {
                    Stop(items, RequestProblems.ValueOfWrongType, NoList);
                    return;
                }

                inList = true;
                continue;
            }

            if (reader.CurrentDepth == 0)
            {
                isDone = true;
                continue;
            }

            var isStart = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            valueStart = valueStart < 0 ? scanned + reader.TokenStartIndex : valueStart;
            if (reader.CurrentDepth == 1 && !isStart)
            {
                var length = scanned + reader.BytesConsumed - valueStart;
                items.Add(Parse(index++, buffer.Slice(valueStart, length)));
                valueStart = -1;
            }
        }

        state = reader.CurrentState;
        var upTo = scanned + reader.BytesConsumed;
        var from = valueStart < 0 ? upTo : valueStart;
        buffer = buffer.Slice(from);
        scanned = upTo - from;
        valueStart = valueStart < 0 ? -1 : 0;
    }

    private void Stop(List<BatchItem<TCommand>> items, string code, string detail)
    {
        if (index == 0)
        {
            Refuse(RequestProblems.Of(code, detail));
        }
        else
        {
            items.Add(new(index, null, RequestProblems.Of(code, detail + " What follows was not read.")));
        }

        isDone = true;
        End();
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Ledger.Api.Journals;

/// <summary>The entries of one JSON list. Where the list itself is broken, nothing behind can be read.</summary>
public sealed class JsonListItems(PipeReader body, long bytesMax = long.MaxValue) : BatchItems(body, bytesMax)
{
    private JsonReaderState state;
    private long index;

    // Offsets in what is kept of the body: up to where it was read, and where the unfinished value starts, if there is
    // one.
    private long scanned;
    private long valueStart = -1;
    private bool inList;
    private bool isDone;

    public override string PositionName => "index";

    public override string ContentType => Http.Json;

    protected override void Take(
        ref ReadOnlySequence<byte> buffer, bool isLast, List<BatchItem> items, int itemsMax)
    {
        try
        {
            Read(ref buffer, items, itemsMax);
        }
        catch (JsonException e)
        {
            Stop(items, RequestProblems.JsonMalformed, $"The list is broken here: {e.Message.Split(" LineNumber")[0]}");
            return;
        }

        if (buffer.Length > EntryBytesMax)
        {
            Stop(items, RequestProblems.BodyTooLarge, TooLarge().Detail);
        }
        else if (isLast && !isDone && items.Count < itemsMax)
        {
            Stop(
                items,
                inList ? RequestProblems.JsonIncomplete : RequestProblems.BodyMissing,
                inList ? "The list ends before its ']'. Was it cut off?" : "There is no body. Send a list of entries.");
        }
    }

    private void Read(ref ReadOnlySequence<byte> buffer, List<BatchItem> items, int itemsMax)
    {
        var reader = new Utf8JsonReader(buffer.Slice(scanned), isFinalBlock: false, state);
        while (items.Count < itemsMax && reader.Read())
        {
            if (!inList)
            {
                inList = reader.TokenType == JsonTokenType.StartArray
                    ? true
                    : throw new JsonException("a list of entries […] is expected.");
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

    private void Stop(List<BatchItem> items, string code, string detail)
    {
        items.Add(new(index, null, RequestProblems.Of(code, detail + " What follows was not read.")));
        isDone = true;
        End();
    }
}

using System.Buffers;
using System.IO.Pipelines;
using Ledger.Api.Json;
using Ledger.Domain.Journals;

namespace Ledger.Api.Journals;

/// <summary>One entry of a batch, or why it could not be read.</summary>
/// <param name="Position">The line from 1 (NDJSON), or the index from 0 (JSON list).</param>
public readonly record struct BatchItem(long Position, PostJournalEntry? Entry, Problem? Problem);

/// <summary>Reads the entries of a batch one after the other, while the body still comes in.</summary>
/// <param name="body">The body.</param>
/// <param name="bytesMax">Bytes of the whole batch.</param>
public abstract class BatchItems(PipeReader body, long bytesMax)
{
    /// <summary>Bytes of one entry; a longer one is refused alone.</summary>
    public const int EntryBytesMax = Call.BodyBytesMax;

    private bool ended;
    private long taken;
    private Problem? unreadable;

    /// <summary>What the position of an item is called in results.</summary>
    public abstract string PositionName { get; }

    /// <summary>The media type of the results.</summary>
    public abstract string ContentType { get; }

    /// <summary>
    /// Waits for the next entry, and takes what is there besides, up to <paramref name="itemsMax"/>; none at the end.
    /// </summary>
    /// <exception cref="RequestException">The body is no batch, or too large a one.</exception>
    public async ValueTask<List<BatchItem>> ReadAsync(int itemsMax)
    {
        var items = new List<BatchItem>();
        while (!ended && items.Count < itemsMax)
        {
            if (!body.TryRead(out var result))
            {
                if (items.Count > 0)
                {
                    break;
                }

                result = await body.ReadAsync();
            }

            var buffer = result.Buffer;
            Take(ref buffer, result.IsCompleted, items, itemsMax);
            taken += result.Buffer.Length - buffer.Length;
            if (taken + buffer.Length > bytesMax)
            {
                body.AdvanceTo(buffer.End);
                throw RequestProblems.Fail(
                    RequestProblems.BodyTooLarge,
                    $"The batch is larger than {bytesMax >> 20} MiB. Send several, or leave out ?atomic=true.");
            }

            var isFull = items.Count == itemsMax;
            ended = ended || (result.IsCompleted && !isFull);
            body.AdvanceTo(buffer.Start, isFull ? buffer.Start : buffer.End);
            if (unreadable is not null)
            {
                throw new RequestException(unreadable);
            }
        }

        return items;
    }

    /// <summary>Takes whole entries off the front of the buffer; at the end of the body also the last one.</summary>
    protected abstract void Take(
        ref ReadOnlySequence<byte> buffer, bool isLast, List<BatchItem> items, int itemsMax);

    /// <summary>Nothing behind this can be read.</summary>
    protected void End() => ended = true;

    /// <summary>The body is no batch at all: there is no entry whose result could say so.</summary>
    protected void Refuse(Problem problem) => unreadable = problem;

    protected static bool IsBlank(ReadOnlySequence<byte> text)
    {
        foreach (var segment in text)
        {
            if (segment.Span.ContainsAnyExcept(" \t\r\n"u8))
            {
                return false;
            }
        }

        return true;
    }

    protected static BatchItem Parse(long position, ReadOnlySequence<byte> json)
    {
        try
        {
            var entry = json.IsSingleSegment
                ? JsonBody.Read(json.FirstSpan, JournalJson.ReadEntryWithId, 0)
                : JsonBody.Read(json.ToArray(), JournalJson.ReadEntryWithId, 0);
            return new(position, entry, null);
        }
        catch (RequestException refused)
        {
            return new(position, null, refused.Problem);
        }
    }

    protected static Problem TooLarge() => RequestProblems.Of(
        RequestProblems.BodyTooLarge,
        $"The entry is larger than {EntryBytesMax >> 20} MiB. It has at most 1,000 lines: send more as several "
            + "entries.");
}

/// <summary>An entry a line; empty lines are passed over.</summary>
public sealed class NdJsonItems(PipeReader body, long bytesMax = long.MaxValue) : BatchItems(body, bytesMax)
{
    private long line;
    private bool hasAny;
    private bool skipping;

    public override string PositionName => "line";

    public override string ContentType => Http.NdJson;

    protected override void Take(
        ref ReadOnlySequence<byte> buffer, bool isLast, List<BatchItem> items, int itemsMax)
    {
        while (items.Count < itemsMax && !buffer.IsEmpty)
        {
            var end = buffer.PositionOf((byte)'\n');
            if (end is null && !isLast)
            {
                if (skipping || buffer.Length > EntryBytesMax)
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
            Refuse(RequestProblems.Of(RequestProblems.BodyMissing, "There is no body. Send an entry a line."));
        }
    }

    private void Add(List<BatchItem> items, ReadOnlySequence<byte> text)
    {
        if (text.Length > EntryBytesMax)
        {
            items.Add(new(line, null, TooLarge()));
        }
        else if (!IsBlank(text))
        {
            items.Add(Parse(line, text));
        }
    }

    private void Skip(List<BatchItem> items)
    {
        if (!skipping)
        {
            line++;
            hasAny = true;
            items.Add(new(line, null, TooLarge()));
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using Ledger.Api.Json;

namespace Ledger.Api.Batches;

/// <summary>One command of a batch, or why it could not be read.</summary>
/// <param name="Position">The line from 1 (NDJSON, CSV), or the index from 0 (JSON list).</param>
public readonly record struct BatchItem<TCommand>(long Position, TCommand? Command, Problem? Problem)
    where TCommand : class;

/// <summary>What a batch is made of, and how each of it is read and named.</summary>
/// <param name="One">What one of them is called, such as <c>entry</c>.</param>
/// <param name="Many">What several are called.</param>
/// <param name="Smaller">What to do about one that is too large; a sentence.</param>
/// <param name="Read">Reads one.</param>
/// <param name="WriteKey">Writes to a result what it was sent under.</param>
/// <param name="WriteDone">Writes to a result what else there is once it is done; null for nothing.</param>
public sealed record BatchKind<TCommand>(
    string One,
    string Many,
    string Smaller,
    JsonRead<int, TCommand> Read,
    OwnMembers<TCommand> WriteKey,
    OwnMembers<TCommand>? WriteDone = null);

/// <summary>Limits of what a batch is made of.</summary>
public static class BatchItems
{
    /// <summary>Bytes of one item; a longer one is refused alone.</summary>
    public const int ItemBytesMax = Call.BodyBytesMax;
}

/// <summary>Reads the commands of a batch one after the other, while the body still comes in.</summary>
/// <param name="kind">What it is made of.</param>
/// <param name="body">The body.</param>
/// <param name="bytesMax">Bytes of the whole batch.</param>
public abstract class BatchItems<TCommand>(BatchKind<TCommand> kind, PipeReader body, long bytesMax)
    where TCommand : class
{
    protected const int ItemBytesMax = BatchItems.ItemBytesMax;

    private bool ended;
    private long taken;
    private Problem? unreadable;

    public BatchKind<TCommand> Kind { get; } = kind;

    /// <summary>What the position of an item is called in results.</summary>
    public abstract string PositionName { get; }

    /// <summary>The media type of the results.</summary>
    public abstract string ContentType { get; }

    /// <summary>
    /// Waits for the next item, and takes what is there besides, up to <paramref name="itemsMax"/>; none at the end.
    /// </summary>
    /// <exception cref="RequestException">The body is no batch, or too large a one.</exception>
    public async ValueTask<List<BatchItem<TCommand>>> ReadAsync(int itemsMax)
    {
        var items = new List<BatchItem<TCommand>>();
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

    /// <summary>Takes whole items off the front of the buffer; at the end of the body also the last one.</summary>
    protected abstract void Take(
        ref ReadOnlySequence<byte> buffer, bool isLast, List<BatchItem<TCommand>> items, int itemsMax);

    /// <summary>Nothing behind this can be read.</summary>
    protected void End() => ended = true;

    /// <summary>The body is no batch at all: there is no item whose result could say so.</summary>
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

    protected BatchItem<TCommand> Parse(long position, ReadOnlySequence<byte> json)
    {
        try
        {
            var command = json.IsSingleSegment
                ? JsonBody.Read(json.FirstSpan, Kind.Read, 0)
                : JsonBody.Read(json.ToArray(), Kind.Read, 0);
            return new(position, command, null);
        }
        catch (RequestException refused)
        {
            return new(position, null, refused.Problem);
        }
    }

    protected Problem TooLarge() => RequestProblems.Of(
        RequestProblems.BodyTooLarge, $"The {Kind.One} is larger than {ItemBytesMax >> 20} MiB. {Kind.Smaller}");
}

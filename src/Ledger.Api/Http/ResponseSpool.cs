using System.IO.Pipelines;
using System.Threading.Channels;

namespace Ledger.Api;

/// <summary>
/// Stands between what makes an answer and a caller who may read it only after sending everything. What is made is
/// not held up: it waits in memory, and beyond a bound in a file of the owner's without a name, so that nobody waits
/// for the other and memory stays flat. What would make that file larger than its bound waits until all of it was sent.
/// One writes, one task sends.
/// </summary>
public sealed class ResponseSpool : IAsyncDisposable
{
    /// <summary>Bytes that wait in memory; more go to the file.</summary>
    public const int MemoryMax = 1 << 20;

    /// <summary>Bytes of the file; whoever makes more waits for the reader.</summary>
    public const long FileMax = 1L << 30;

    private readonly long fileMax;
    private readonly Lock gate = new();
    private readonly Queue<byte[]> chunks = new();
    private readonly Channel<bool> more = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Task sending;
    private long inMemory;
    private FileStream? file;
    private long written;
    private long sent;
    private long pieces;
    private TaskCompletionSource? emptied;

    public ResponseSpool(PipeWriter response, long fileMax = FileMax)
    {
        this.fileMax = fileMax;
        sending = SendAsync(response);
    }

    /// <summary>True once the file was needed.</summary>
    public bool HasFile => file is not null;

    /// <summary>Takes a copy.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            // What is in the file goes before what comes now; so the file is filled until it has been sent.
            if (written > sent || inMemory + bytes.Length > MemoryMax)
            {
                file ??= MakeFile();
                RandomAccess.Write(file.SafeFileHandle, bytes, written);
                written += bytes.Length;
            }
            else
            {
                chunks.Enqueue(bytes.ToArray());
                inMemory += bytes.Length;
            }
        }

        more.Writer.TryWrite(true);
    }

    /// <summary>Waits until there is room for more, or nobody is there to read it.</summary>
    /// <param name="patience">How long it may be that nothing is read at all.</param>
    /// <returns>False when that was longer: whoever waits to be read on while they read nothing would wait for
    /// ever.</returns>
    public ValueTask<bool> RoomAsync(TimeSpan patience)
    {
        lock (gate)
        {
            if (written < fileMax)
            {
                return new(true);
            }

            emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return new(IsReadAsync(Task.WhenAny(emptied.Task, sending), patience));
        }
    }

    /// <summary>Sends what is left, or gives up when the caller is gone.</summary>
    /// <param name="patience">How long it may be that nothing is read at all.</param>
    /// <returns>False when that was longer, and something is left.</returns>
    public async Task<bool> CompleteAsync(TimeSpan patience)
    {
        more.Writer.TryComplete();
        if (!await IsReadAsync(sending, patience))
        {
            return false;
        }

        await sending;
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        more.Writer.TryComplete();
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (file is not null)
        {
            await file.DisposeAsync();
        }
    }

    private async Task<bool> IsReadAsync(Task end, TimeSpan patience)
    {
        for (var before = -1L; !end.IsCompleted;)
        {
            var now = Interlocked.Read(ref pieces);
            if (now == before)
            {
                return false;
            }

            before = now;
            await Task.WhenAny(end, Task.Delay(patience));
        }

        return true;
    }

    private static FileStream MakeFile() => OwnFile.CreateNameless(
        Path.Combine(Path.GetTempPath(), $"backoffice-spool-{Guid.NewGuid():N}"));

    private async Task SendAsync(PipeWriter response)
    {
        while (await more.Reader.WaitToReadAsync())
        {
            more.Reader.TryRead(out _);
            while (Next() is { Length: > 0 } bytes)
            {
                var result = await response.WriteAsync(bytes);
                Interlocked.Increment(ref pieces);
                if (result.IsCompleted || result.IsCanceled)
                {
                    return;
                }
            }
        }
    }

    private byte[] Next()
    {
        lock (gate)
        {
            if (chunks.TryDequeue(out var chunk))
            {
                inMemory -= chunk.Length;
                return chunk;
            }

            var length = (int)Math.Min(written - sent, 1 << 16);
            if (length == 0)
            {
                return [];
            }

            var bytes = new byte[length];
            var read = RandomAccess.Read(file!.SafeFileHandle, bytes, sent);
            sent += read;
            if (sent == written)
            {
                RandomAccess.SetLength(file.SafeFileHandle, 0);
                (sent, written) = (0, 0);
                emptied?.TrySetResult();
            }

            return bytes[..read];
        }
    }
}

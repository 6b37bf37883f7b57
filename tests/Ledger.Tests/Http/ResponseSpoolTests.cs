using System.Buffers;
using System.IO.Pipelines;
using Ledger.Api;

namespace Ledger.Tests.Http;

public sealed class ResponseSpoolTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Everything_arrives_in_order_though_nobody_reads_before_the_end()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1024, resumeWriterThreshold: 512));
        await using var spool = new ResponseSpool(pipe.Writer);
        var chunks = Enumerable.Range(0, 300).Select(i => Enumerable.Repeat((byte)(i % 251), 20_000).ToArray())
            .ToArray();

        foreach (var chunk in chunks)
        {
            spool.Write(chunk);
        }

        Assert.True(spool.HasFile);
        var ending = spool.CompleteAsync(Patience).ContinueWith(_ => pipe.Writer.Complete(), TaskScheduler.Default);
        Assert.Equal(chunks.SelectMany(chunk => chunk), await ReadToEndAsync(pipe.Reader));
        await ending;
    }

    [Fact]
    public async Task No_file_is_made_for_a_reader_who_keeps_up()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await using var spool = new ResponseSpool(pipe.Writer);

        spool.Write("one "u8);
        spool.Write("two"u8);
        await spool.CompleteAsync(Patience);
        await pipe.Writer.CompleteAsync();

        Assert.Equal("one two"u8.ToArray(), await ReadToEndAsync(pipe.Reader));
        Assert.False(spool.HasFile);
    }

    [Fact]
    public async Task A_reader_who_leaves_ends_it()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1024, resumeWriterThreshold: 512));
        await using var spool = new ResponseSpool(pipe.Writer);
        spool.Write(new byte[4 * ResponseSpool.MemoryMax]);

        await pipe.Reader.CompleteAsync();

        await spool.CompleteAsync(Patience);
    }

    [Fact]
    public async Task Beyond_its_bound_whoever_writes_waits_until_all_of_it_was_read_or_nobody_reads()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1024, resumeWriterThreshold: 512));
        await using var spool = new ResponseSpool(pipe.Writer, fileMax: 3 << 20);
        var waits = new List<bool>();
        spool.Write(new byte[2 << 20]);
        waits.Add(!spool.RoomAsync(Patience).IsCompleted);
        spool.Write(new byte[2 << 20]);
        var room = spool.RoomAsync(Patience).AsTask();
        waits.Add(!room.IsCompleted);
        for (var read = 0L; read < 4 << 20;)
        {
            var result = await pipe.Reader.ReadAsync();
            read += result.Buffer.Length;
            pipe.Reader.AdvanceTo(result.Buffer.End);
        }

        await room.WaitAsync(TimeSpan.FromSeconds(10));
        waits.Add(!spool.RoomAsync(Patience).IsCompleted);
        spool.Write(new byte[5 << 20]);
        room = spool.RoomAsync(Patience).AsTask();
        waits.Add(!room.IsCompleted);
        await pipe.Reader.CompleteAsync();
        await room.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal([false, true, false, true], waits);
    }

    [Fact]
    public async Task A_reader_who_reads_nothing_at_all_is_not_waited_for()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1024, resumeWriterThreshold: 512));
        await using var spool = new ResponseSpool(pipe.Writer, fileMax: 1 << 20);
        var impatience = TimeSpan.FromMilliseconds(50);
        spool.Write(new byte[2 << 20]);
        Assert.False(await spool.RoomAsync(impatience));
        Assert.False(await spool.CompleteAsync(impatience));

        // Slowly is not nothing.
        var room = spool.RoomAsync(TimeSpan.FromSeconds(10)).AsTask();
        for (var read = 0L; read < 2 << 20;)
        {
            var result = await pipe.Reader.ReadAsync();
            read += result.Buffer.Length;
            pipe.Reader.AdvanceTo(result.Buffer.End);
        }

        Assert.True(await room);
        Assert.True(await spool.CompleteAsync(Patience));
    }

    [Fact]
    public async Task What_waits_in_the_file_can_be_found_by_nobody_else()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1024, resumeWriterThreshold: 512));
        await using var spool = new ResponseSpool(pipe.Writer);
        spool.Write(new byte[(3 << 20) + 17]);

        var isFound = Directory.EnumerateFiles(Path.GetTempPath(), "backoffice-*")
            .Any(path => new FileInfo(path) is { Exists: true, Length: (3 << 20) + 17 });
        await pipe.Reader.CompleteAsync();

        Assert.True(spool.HasFile);
        Assert.True(OperatingSystem.IsWindows() || !isFound);
    }

    private static async Task<byte[]> ReadToEndAsync(PipeReader reader)
    {
        var bytes = new List<byte>();
        while (true)
        {
            var result = await reader.ReadAsync();
            bytes.AddRange(result.Buffer.ToArray());
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return [.. bytes];
            }
        }
    }
}

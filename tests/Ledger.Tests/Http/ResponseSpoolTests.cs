using System.Buffers;
using System.IO.Pipelines;
using Ledger.Api;

namespace Ledger.Tests.Http;

public sealed class ResponseSpoolTests
{
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
        var ending = spool.CompleteAsync().ContinueWith(_ => pipe.Writer.Complete(), TaskScheduler.Default);
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
        await spool.CompleteAsync();
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

        await spool.CompleteAsync();
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

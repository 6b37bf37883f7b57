using System.IO.Pipelines;
using System.Text;
using Ledger.Api;
using Ledger.Api.Batches;
using Ledger.Api.Journals;
using Ledger.Domain.Journals;

namespace Ledger.Tests.Journals;

public sealed class BatchItemsTests
{
    private const string One = """{"id":"a","bookedOn":"2026-01-31","description":"é \n [{","lines":[]}""";
    private const string Two =
        """{"id":"b","bookedOn":"2026-02-28","description":"}",""" +
        "\"lines\":" + """[{"account":"1","side":"debit","amount":"1"}]}""";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(4096)]
    public async Task Lines_are_read_the_same_however_the_body_is_cut(int bytes)
    {
        var items = await ReadAsync(Lines, $"{One}\n\n  \r\n{Two}\r\nnonsense\n{One}", bytes);

        Assert.Equal(
            [(1, "a", null), (4, "b", null), (5, null, "json-malformed"), (6, "a", null)],
            items);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(4096)]
    public async Task A_list_is_read_the_same_however_the_body_is_cut(int bytes)
    {
        var items = await ReadAsync(
            List, $" [ {One} ,\n{Two}, 7, \"x\", [[{{}}]], {One} ] \n", bytes);

        Assert.Equal(
            [
                (0, "a", null), (1, "b", null), (2, null, "value-of-wrong-type"), (3, null, "value-of-wrong-type"),
                (4, null, "value-of-wrong-type"), (5, "a", null),
            ],
            items);
    }

    [Theory]
    [InlineData("", "body-missing")]
    [InlineData("  ", "body-missing")]
    [InlineData("{}", "value-of-wrong-type")]
    [InlineData("7", "value-of-wrong-type")]
    [InlineData("\uFEFF", "body-missing")]
    [InlineData("\uFEFF[", "json-incomplete")]
    [InlineData("[", "json-incomplete")]
    [InlineData("[{\"id\":", "json-incomplete")]
    [InlineData("[1x", "json-malformed")]
    [InlineData("[]]", "json-malformed")]
    [InlineData("[NaN]", "json-malformed")]
    public async Task What_is_no_list_is_refused_whole(string body, string code)
    {
        var refused = await Assert.ThrowsAsync<RequestException>(
            () => ReadAsync(List, body, 3));

        Assert.Equal(code, refused.Problem.Code);
    }

    [Fact]
    public async Task What_stands_before_the_break_is_read()
    {
        var items = await ReadAsync(List, $"[{One},{Two},]", 16);

        Assert.Equal([(0, "a", null), (1, "b", null), (2, null, "json-malformed")], items);
    }

    [Fact]
    public async Task A_line_beyond_the_limit_is_refused_alone()
    {
        var long1 = new string('x', BatchItems.ItemBytesMax + 1);

        var items = await ReadAsync(Lines, $"{One}\n{long1}\n{Two}\n{long1}", 1 << 16);

        Assert.Equal([(1, "a", null), (2, null, "body-too-large"), (3, "b", null), (4, null, "body-too-large")], items);
    }

    [Fact]
    public async Task Portions_are_as_large_as_asked_for()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes($"{One}\n{One}\n{One}"));
        await pipe.Writer.CompleteAsync();
        var items = Lines(pipe.Reader);

        Assert.Equal([1, 2], (await items.ReadAsync(2)).Select(item => item.Position));
        Assert.Equal([3], (await items.ReadAsync(2)).Select(item => item.Position));
        Assert.Empty(await items.ReadAsync(2));
    }

    private static BatchItems<PostJournalEntry> Lines(PipeReader pipe) =>
        new NdJsonItems<PostJournalEntry>(JournalBatchApi.Kind, pipe);

    private static BatchItems<PostJournalEntry> List(PipeReader pipe) =>
        new JsonListItems<PostJournalEntry>(JournalBatchApi.Kind, pipe);

    private static async Task<IReadOnlyList<(long Position, string? Id, string? Code)>> ReadAsync(
        Func<PipeReader, BatchItems<PostJournalEntry>> make, string body, int bytes)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 1));
        var writing = Task.Run(async () =>
        {
            foreach (var chunk in Encoding.UTF8.GetBytes(body).Chunk(bytes))
            {
                await pipe.Writer.WriteAsync(chunk);
            }

            await pipe.Writer.CompleteAsync();
        });
        var items = make(pipe.Reader);
        var read = new List<(long, string?, string?)>();
        while (await items.ReadAsync(1_000) is { Count: > 0 } some)
        {
            read.AddRange(some.Select(item => (item.Position, item.Command?.Id, item.Problem?.Code)));
        }

        await writing;
        return read;
    }
}

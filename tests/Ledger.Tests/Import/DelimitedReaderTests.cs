using Ledger.Api.Import;

namespace Ledger.Tests.Import;

public sealed class DelimitedReaderTests
{
    [Theory]
    [InlineData("a,b\nc,d\n", "1:a|b", "2:c|d")]
    [InlineData("a;b\r\nc;d", "1:a|b", "2:c|d")]
    [InlineData("a\tb\rc\td", "1:a|b", "2:c|d")]
    [InlineData("\uFEFFa,b\n", "1:a|b")]
    [InlineData("sep=;\r\na,1;b\r\n", "2:a,1|b")]
    [InlineData("a,b\n\n\n,\n", "1:a|b", "4:|")]
    [InlineData("\"a,\"\"x\"\"\",\"b\nb\"\r\nc,\"\"\n", "1:a,\"x\"|b\nb", "3:c|")]
    [InlineData("\"a\r\nb\rc\",x\nd,e", "1:a\r\nb\rc|x", "4:d|e")]
    [InlineData("a \"quoted\" b,c\n", "1:a \"quoted\" b|c")]
    [InlineData("\"\"\n", "1:")]
    [InlineData("")]
    public void Records_come_with_their_lines(string text, params string[] records) =>
        Assert.Equal(records, Read(text));

    [Fact]
    public void A_quote_that_is_never_closed_costs_its_own_line_only() =>
        Assert.Equal(
            ["1:a|b", "2! The quote that opens at character 3 is never closed. (c)", "3:e|f"],
            Read("a,b\nc,\"d\ne,f\n"));

    [Fact]
    public void Text_behind_a_closing_quote_costs_the_record_its_first_line_only() =>
        Assert.Equal(
            [
                "1:a|b",
                "2! Text follows the quote that opened at character 1 and was closed; a quote inside quotes is written "
                    + "twice. ()",
                "3:e|f",
            ],
            Read("a,b\n\"c\"x,d\ne,f\n"));

    [Fact]
    public void A_record_without_end_is_given_up_with_bounded_memory()
    {
        var text = "a,b\n\"" + new string('x', DelimitedReader.RecordLengthMax + 10) + "\n\"c\",d\n";

        var records = Read(text);

        Assert.Equal(3, records.Count);
        Assert.StartsWith(
            "2! The quote that opens at character 1 is not closed, or its text is longer than", records[1]);
        Assert.Equal("3:c|d", records[2]);
    }

    [Fact]
    public void What_comes_in_small_pieces_reads_the_same()
    {
        const string Text = "id;text\r\n1;\"a \"\"b\"\"\r\nc\"\r\n2;\"d\"\r\n";

        Assert.Equal(Read(Text), Read(new Trickle(Text)));
    }

    private static List<string> Read(string text) => Read(new StringReader(text));

    private static List<string> Read(TextReader text)
    {
        var reader = new DelimitedReader(text);
        var records = new List<string>();
        while (reader.Read())
        {
            records.Add(reader.Problem is { } problem
                ? $"{reader.Line}! {problem} ({reader.FirstFieldOfBad})"
                : $"{reader.Line}:{string.Join('|', Enumerable.Range(0, reader.Count).Select(i => reader[i]))}");
        }

        return records;
    }

    /// <summary>Gives one character at a time.</summary>
    private sealed class Trickle(string text) : StringReader(text)
    {
        public override int Read(char[] buffer, int index, int count) => base.Read(buffer, index, 1);
    }
}

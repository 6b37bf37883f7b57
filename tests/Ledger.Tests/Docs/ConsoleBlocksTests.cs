namespace Ledger.Tests.Docs;

public sealed class ConsoleBlocksTests
{
    private const string Sample = """
        Words.
        ```console
        $ echo one '
            two'
        one
            two
        $ date
        2026-…
        ```
        ```sh
        $ not this
        ```
        """;

    [Fact]
    public void Commands_stand_after_a_dollar_sign_and_answers_below_them() =>
        Assert.Equal(
            [new DocumentedCommand("echo one '\n    two'", "one\n    two\n"),
                new DocumentedCommand("date", "2026-…\n")],
            ConsoleBlocks.Read(Sample));

    [Theory]
    [InlineData("2026-11-22", true)]
    [InlineData("2026-11-22\n", true)]
    [InlineData("2025-11-22", false)]
    [InlineData("2026-11-22\nand more", false)]
    public void An_ellipsis_stands_for_any_text_within_a_line(string printed, bool answered) =>
        Assert.Equal(answered, ConsoleBlocks.Read(Sample)[1].IsAnsweredBy(printed));
}

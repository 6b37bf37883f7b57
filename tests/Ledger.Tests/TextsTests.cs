using Ledger.Domain;

namespace Ledger.Tests;

public sealed class TextsTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("line\nbreak", true)]
    [InlineData("12345678901", false)]
    public void A_text_that_may_be_absent_is_bounded_only(string? text, bool accepted) =>
        Assert.Equal(accepted, Texts.Check("memo", text, 10) is null);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\u2003")]
    public void A_text_that_is_needed_holds_more_than_white_space(string? text) =>
        Assert.Equal(TextRefusals.Empty("name"), Texts.CheckNeeded("name", text, 10));

    [Fact]
    public void Half_of_a_surrogate_pair_and_NUL_are_refused_where_they_stand()
    {
        Assert.Null(Texts.Check("memo", "\U0001F4B0\U0001F4B0", 10));
        Assert.Equal(TextRefusals.NotAllowed("memo", 0, '\udcb0'), Texts.Check("memo", "\udcb0", 10));
        Assert.Equal(TextRefusals.NotAllowed("memo", 3, '\ud83d'), Texts.Check("memo", "\U0001F4B0a\ud83d", 10));
        Assert.Equal(
            TextRefusals.NotAllowed("memo", 2, '\ud83d'), Texts.Check("memo", "\U0001F4B0\ud83d\U0001F4B0", 10));
        Assert.Equal(TextRefusals.NotAllowed("memo", 2, '\0'), Texts.Check("memo", "ab\0", 10));
        Assert.Equal(TextRefusals.NotAllowed("memo", 2, '\0'), Texts.Check("memo", "\U0001F4B0\0", 10));
    }

    [Theory]
    [InlineData("a\u001b[31m", 1)]
    [InlineData("ab\u0085", 2)]
    [InlineData("\U0001F4B0\u202egpj.exe", 2)]
    [InlineData("\u202d", 0)]
    public void Control_characters_and_overrides_of_direction_are_refused_where_they_stand(string text, int index) =>
        Assert.Equal(TextRefusals.NotAllowed("memo", index, text[index]), Texts.Check("memo", text, 20));

    [Theory]
    [InlineData("two\r\nlines\tand a tab")]
    [InlineData("\u200fשלום\u200e")]
    [InlineData("می\u200cخواهم")]
    [InlineData("\U0001F468\u200d\U0001F469\u200d\U0001F467")]
    public void Texts_hold_line_breaks_and_what_languages_need(string text) =>
        Assert.Null(Texts.Check("memo", text, 40));

    [Fact]
    public void Messages_repeat_a_callers_text_cut_and_without_what_a_terminal_acts_on()
    {
        Assert.Equal("plain текст \U0001F4B0", Texts.Shown("plain текст \U0001F4B0"));
        Assert.Equal("?[31mred?", Texts.Shown("\u001b[31mred\n"));
        Assert.Equal("a?b", Texts.Shown("a\ud83db"));
        Assert.Equal("a?b?", Texts.Shown("a\u202eb\u2028"));
        Assert.Equal(new string('x', 60) + "…", Texts.Shown(new string('x', 61)));
        Assert.Equal("", Texts.Shown(null));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("A-z.0_9~", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("...", true)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("é", false)]
    public void An_id_has_letters_digits_and_four_signs(string id, bool valid) => Assert.Equal(valid, Ids.IsValid(id));

    [Fact]
    public void An_id_has_at_most_100_characters()
    {
        Assert.True(Ids.IsValid(new string('a', 100)));
        Assert.False(Ids.IsValid(new string('a', 101)));
    }
}

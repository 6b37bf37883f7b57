using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Tests.Payroll;

public sealed class FigureBookTests
{
    private const string Head = "from 2026-01-01 through 2026-12-31\nchecked 2026-11-27\nsource The act\n";

    private static readonly LocalDate July31 = new(2026, 7, 31);
    private static readonly LocalDate August1 = new(2026, 8, 1);

    public static TheoryData<string> PackNames => [.. Packs.All.Select(pack => pack.Name)];

    [Fact]
    public void A_figure_holds_from_its_day_on_until_a_later_one_or_its_last_day()
    {
        var book = Book(Head + "limit = 2111.64\nfrom 2026-08-01 through 2026-12-31\nlimit = 2300");

        Assert.Null(book.On(new(2025, 12, 31), null).Find("limit"));
        Assert.Equal(2111.64m, book.On(July31, null).Find("limit")!.Values[0]);
        Assert.Equal(2300m, book.On(August1, null).Find("limit")!.Values[0]);
        Assert.Null(book.On(new(2027, 1, 1), null).Find("limit"));
    }

    [Fact]
    public void What_was_published_later_is_not_known_before()
    {
        var book = Book(Head
            + "limit = 2111.64\nfrom 2026-08-01 through 2026-12-31\npublished 2026-07-28\nlimit = 2300");

        Assert.Equal(2111.64m, book.On(August1, new LocalDate(2026, 7, 27)).Find("limit")!.Values[0]);
        Assert.Equal(2300m, book.On(August1, new LocalDate(2026, 7, 28)).Find("limit")!.Values[0]);
    }

    [Fact]
    public void Of_two_that_hold_from_the_same_day_the_one_published_last_counts()
    {
        var book = Book(Head + "rate = 5%\nfrom 2026-01-01\npublished 2026-07-28\nrate = 6.58%");

        Assert.Equal(0.05m, book.On(August1, July31.PlusDays(-10)).Find("rate")!.Values[0]);
        Assert.Equal(0.0658m, book.On(new(2026, 1, 1), null).Find("rate")!.Values[0]);
    }

    [Theory]
    [InlineData("limit = 5", "the day from which it holds is missing")]
    [InlineData("from 2026-01-01\nlimit = 5", "was checked is missing")]
    [InlineData("from 2026-01-01\nchecked 2026-01-01\nlimit = 5", "its source is missing")]
    [InlineData(Head + "limit = five", "limit = five")]
    [InlineData(Head + "limit = -5", "limit = -5")]
    [InlineData("from 2026-02-30", "line 1")]
    [InlineData("until 2026-02-28", "line 1")]
    public void A_line_that_says_no_figure_is_named(string text, string message) => Assert.Contains(
        message, Assert.Throws<FormatException>(() => FigureText.Parse("bg-2026", text)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_figure_that_stands_twice_from_the_same_day_is_refused() =>
        Assert.Throws<ArgumentException>(() => Book(Head + "limit = 5\nlimit = 6"));

    [Theory]
    [MemberData(nameof(PackNames))]
    public void Every_figure_names_its_source_and_when_it_was_checked(string pack)
    {
        var figures = Packs.Find(pack)!.Figures.All;
        Assert.NotEmpty(figures);
        Assert.All(figures, figure =>
        {
            Assert.NotEmpty(figure.Source);
            Assert.True(figure.Through is null || figure.Through >= figure.From, figure.Name);
            Assert.InRange(figure.Checked, new LocalDate(2026, 11, 1), new LocalDate(2199, 12, 31));
            Assert.All(figure.Values, value => Assert.InRange(value, 0, 1_000_000));
        });
    }

    [Theory]
    [InlineData("bg", "2024-06-30")]
    [InlineData("bg", "2027-01-31")]
    [InlineData("az", "2020-12-31")]
    [InlineData("us", "2023-12-31")]
    [InlineData("us", "2027-01-15")]
    [InlineData("gb", "2022-04-05")]
    [InlineData("gb", "2027-04-06")]
    public void A_year_without_rates_is_refused(string pack, string day)
    {
        var refusal = Slips.Refusal(Slips.Of(pack) with { PayDate = Slips.Day(day) });
        Assert.Equal("figure-unknown", refusal!.Code);
        Assert.Contains(day, refusal.Message, StringComparison.Ordinal);
    }

    private static FigureBook Book(string text) => new(FigureText.Parse("test", text));
}

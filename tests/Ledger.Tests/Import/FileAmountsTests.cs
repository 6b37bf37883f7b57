using System.Globalization;
using Ledger.Api.Import;

namespace Ledger.Tests.Import;

public sealed class FileAmountsTests
{
    [Theory]
    [InlineData("1000", "1000")]
    [InlineData("-10.50", "-10.50")]
    [InlineData("+7", "7")]
    [InlineData("\u22127", "-7")]
    [InlineData("1234,56", "1234.56")]
    [InlineData("1.234,56", "1234.56")]
    [InlineData("1,234.56", "1234.56")]
    [InlineData("1,234,567", "1234567")]
    [InlineData("12 345 678.9", "12345678.9")]
    [InlineData("1'000.00", "1000.00")]
    [InlineData("1000.", "1000")]
    [InlineData("1,000.", "1000")]
    [InlineData(".5", "0.5")]
    [InlineData("000.50", "0.50")]
    [InlineData("9.353333333333333333333333333", "9.353333333333333333333333333")]
    [InlineData("99999999999999999999999999999", null)]
    [InlineData("1,234.567,8", null)]
    [InlineData("1e5", null)]
    [InlineData("--5", null)]
    [InlineData("5-", null)]
    [InlineData("NaN", null)]
    [InlineData("-", null)]
    [InlineData("", null)]
    public void A_number_is_read_exactly_or_not_at_all(string text, string? expected)
    {
        var isNumber = FileAmounts.TryParseNumber(text, out var number);

        Assert.Equal(expected, isNumber ? number.ToString(CultureInfo.InvariantCulture) : null);
    }

    [Theory]
    [InlineData("10", "10", "")]
    [InlineData("$10.00", "10.00", "$")]
    [InlineData("$-10.00", "-10.00", "$")]
    [InlineData("-$10.00", "-10.00", "$")]
    [InlineData("10 EUR", "10", "EUR")]
    [InlineData("-10EUR", "-10", "EUR")]
    [InlineData("€1.234,56", "1234.56", "€")]
    [InlineData("1 234,56 лв.", "1234.56", "лв.")]
    [InlineData("3 \"AA PL\"", "3", "AA PL")]
    [InlineData("\"CHIT 2\" 5", "5", "CHIT 2")]
    [InlineData("US$ 5", "5", "US$")]
    public void An_amount_has_its_commodity_on_either_side(string text, string number, string commodity)
    {
        Assert.True(FileAmounts.TryParseAmount(text, out var amount, out var found));
        Assert.Equal((number, commodity), (amount.ToString(CultureInfo.InvariantCulture), found));
    }

    [Theory]
    [InlineData("-10 AAPL @ $1.5", "-10", "AAPL", "-15.0 $")]
    [InlineData("-10 AAPL @@ 15 USD", "-10", "AAPL", "-15 USD")]
    [InlineData("10 AAPL {$12} [2024-01-01] @ $13", "10", "AAPL", "130 $")]
    [InlineData("10 AAPL {$12}", "10", "AAPL", null)]
    [InlineData("10 \"A@B\" @ 2 \"C=D\" = 20 \"A@B\"", "10", "A@B", "20 C=D")]
    [InlineData("$5 = $10", "5", "$", null)]
    public void A_posting_may_say_what_it_cost(string text, string number, string commodity, string? cost)
    {
        var found = "";

        Assert.True(PostingAmount.TryRead(text, ref found, out var amount, out var paid, out _));
        Assert.Equal(
            (number, commodity, cost),
            (amount.ToString(CultureInfo.InvariantCulture), found, paid is { } p ? $"{p.Amount} {p.Commodity}" : null));
    }

    [Theory]
    [InlineData("10 AAPL", "EUR", "'10 AAPL' names another commodity than 'EUR'.")]
    [InlineData("ten", "", "'ten' is no amount of at most 28 digits.")]
    [InlineData("10 AAPL @ x", "", "'10 AAPL @ x' has no cost that is an amount of at most 28 digits.")]
    [InlineData("9999999999999999999999999 A @ 9999999999 B", "",
        "'9999999999999999999999999 A @ 9999999999 B' costs more than can be counted.")]
    public void What_is_wrong_with_an_amount_is_said(string text, string commodity, string reason)
    {
        Assert.False(PostingAmount.TryRead(text, ref commodity, out _, out _, out var said));
        Assert.Equal(reason, said);
    }
}

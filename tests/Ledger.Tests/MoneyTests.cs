using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain;

namespace Ledger.Tests;

public sealed class MoneyTests
{
    /// <summary>Amounts of every length up to the longest: 15 digits before the point and 12 behind it.</summary>
    private static readonly Arbitrary<decimal> Amounts = Arb.From(
        from high in Gen.Choose(0, 9_999_999)
        from low in Gen.Choose(0, 99_999_999)
        from digits in Gen.Choose(0, 15)
        from thousandths in Gen.Choose(0, 999_999)
        from billionths in Gen.Choose(0, 999_999)
        from scale in Gen.Choose(0, 12)
        from negative in Gen.Elements(true, false)
        let whole = ((high * 100_000_000m) + low) % (decimal)BigInteger.Pow(10, digits)
        let fraction = ((thousandths * 1_000_000m) + billionths) / 1_000_000_000_000m
        let amount = decimal.Truncate(whole) + Math.Round(fraction, scale, MidpointRounding.ToZero)
        select negative ? -amount : amount);

    [Theory]
    [InlineData("1.005", "1", 2, "1.01")]
    [InlineData("-1.005", "1", 2, "-1.01")]
    [InlineData("1.004999999999", "1", 2, "1.00")]
    [InlineData("100", "1.95583", 2, "195.58")]
    [InlineData("5", "0.1", 0, "1")]
    [InlineData("0.01", "0.000001", 2, "0.00")]
    [InlineData("999999999999999.999999999999", "0.999999999999", 12, "999999999998999.999999999999")]
    [InlineData("123456789012345.500000000000", "1.000000000000", 0, "123456789012346")]
    [InlineData("-123456789012345.500000000000", "1.000000000000", 0, "-123456789012346")]
    public void A_conversion_rounds_a_half_away_from_zero(string amount, string rate, int digits, string converted)
    {
        Assert.True(Money.TryConvertHalfAwayFromZero(Parse(amount), Parse(rate), digits, out var result));
        Assert.Equal(converted, result.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_conversion_is_exact_before_it_is_rounded_also_beyond_28_digits() =>
        Prop.ForAll(Amounts, Amounts, (amount, rate) =>
        {
            rate = Math.Abs(rate) + 0.000000000001m;
            var isPossible = Money.TryConvertHalfAwayFromZero(amount, rate, 2, out var converted);
            var exact = Scaled(amount) * Scaled(rate);
            var cents = RoundedCents(exact, BigInteger.Pow(10, 22));
            return isPossible
                ? cents == Scaled(converted) / BigInteger.Pow(10, 10)
                : BigInteger.Abs(cents) >= BigInteger.Pow(10, 17);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("0.01", "2", 2, "0.01")]
    [InlineData("-0.01", "2", 2, "-0.01")]
    [InlineData("0.01", "2.000000000001", 2, "0.00")]
    [InlineData("100", "1.95583", 2, "51.13")]
    public void A_division_rounds_a_half_away_from_zero(string amount, string rate, int digits, string converted)
    {
        Assert.True(Money.TryDivideHalfAwayFromZero(Parse(amount), Parse(rate), digits, out var result));
        Assert.Equal(converted, result.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_division_is_exact_before_it_is_rounded() =>
        Prop.ForAll(Amounts, Amounts, (amount, rate) =>
        {
            rate = Math.Abs(rate) + 0.001m;
            return Money.TryDivideHalfAwayFromZero(amount, rate, 2, out var converted)
                && RoundedCents(Scaled(amount) * 100, Scaled(rate)) == Scaled(converted) / BigInteger.Pow(10, 10)
                && converted.Scale == 2;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("1", 2, "1.00")]
    [InlineData("1.5000", 2, "1.50")]
    [InlineData("-0.00", 3, "0.000")]
    [InlineData("1.505", 2, null)]
    public void Scaling_adds_and_takes_away_zeros_only(string value, int digits, string? scaled)
    {
        var isPossible = Money.TryScale(Parse(value), digits, out var result);
        Assert.Equal(scaled, isPossible ? result.ToString(CultureInfo.InvariantCulture) : null);
    }

    [Fact]
    public void A_sum_has_at_most_28_digits()
    {
        var sum = 99_999_999_999_999_999_999_999_999.98m;
        Assert.True(Money.TryAdd(ref sum, 0.01m, 2));
        Assert.False(Money.TryAdd(ref sum, 0.01m, 2));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("0.000000000001")]
    [InlineData("-999999999999999.999999999999")]
    [InlineData("1200.00")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("00")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("5-")]
    [InlineData("1,000")]
    [InlineData("1e3")]
    [InlineData("1e400")]
    [InlineData("NaN")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("--1")]
    [InlineData("1.2.3")]
    [InlineData("1.-2")]
    [InlineData("1234567890123456")]
    [InlineData("0.1234567890123")]
    [InlineData("١٢")]
    public void An_amount_is_read_exactly_when_it_has_the_form_of_one(string text)
    {
        var isAmount = Regex.IsMatch(text, @"\A-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?\z");
        Assert.Equal(isAmount, AmountText.TryParse(text, out var amount));
        Assert.Equal(isAmount, AmountText.TryParse(Encoding.UTF8.GetBytes(text), out var same));
        Assert.Equal(amount, same);
        Assert.Equal(isAmount ? Parse(text) : 0m, amount);
    }

    [Fact]
    public void An_amount_that_is_written_is_read_back_with_its_scale() =>
        Prop.ForAll(Amounts, amount =>
        {
            var text = amount.ToString(CultureInfo.InvariantCulture);
            return AmountText.TryParse(text, out var read) && read == amount && read.Scale == amount.Scale;
        }).QuickCheckThrowOnFailure();

    private static decimal Parse(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The value times 10^12, exactly.</summary>
    private static BigInteger Scaled(decimal value)
    {
        var text = value.ToString("F12", CultureInfo.InvariantCulture);
        return BigInteger.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }

    private static BigInteger RoundedCents(BigInteger numerator, BigInteger denominator)
    {
        var twice = (BigInteger.Abs(numerator) * 2) + denominator;
        return twice / (denominator * 2) * numerator.Sign;
    }
}

using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.Bulgaria;

namespace Ledger.Tests.Payroll;

public sealed class RoundingTests
{
    [Theory]
    [InlineData("0.0150", "0.01")]
    [InlineData("0.0156", "0.01")]
    [InlineData("0.0159", "0.01")]
    [InlineData("0.0160", "0.02")]
    [InlineData("0.0256", "0.02")]
    [InlineData("12.3459", "12.34")]
    [InlineData("12.3460", "12.35")]
    [InlineData("12.3400", "12.34")]
    public void National_insurance_is_rounded_by_its_third_place_alone(string amount, string rounded) =>
        Assert.Equal(Number(rounded), Rounding.ByThirdPlace(Number(amount)));

    [Theory]
    [InlineData("1.005", "1.01")]
    [InlineData("-1.005", "-1.01")]
    [InlineData("1.0049", "1.00")]
    public void Cents_are_rounded_with_a_half_away_from_zero(string amount, string rounded) =>
        Assert.Equal(Number(rounded), Rounding.ToCents(Number(amount)));

    [Theory]
    [InlineData("1.009", "1.00")]
    [InlineData("-1.009", "-1.00")]
    public void British_tax_drops_what_is_below_a_penny(string amount, string rounded) =>
        Assert.Equal(Number(rounded), Rounding.DownToCents(Number(amount)));

    [Theory]
    [InlineData("3750", "1917.34")]
    [InlineData("2000", "1022.58")]
    [InlineData("1.95583", "1.00")]
    public void Lev_become_euro_by_their_third_place(string lev, string euro) =>
        Assert.Equal(Number(euro), BulgarianEuro.Of(Number(lev)));

    [Theory]
    [InlineData("2000", "1022.59")]
    [InlineData("1.95583", "1.00")]
    [InlineData("1077", "550.67")]
    public void Wages_become_euro_in_the_employees_favour(string lev, string euro) =>
        Assert.Equal(Number(euro), BulgarianEuro.OfWage(Number(lev)));

    private static decimal Number(string text) =>
        decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

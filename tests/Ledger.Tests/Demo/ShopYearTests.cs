using Ledger.Api.Demo;
using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Tests.Demo;

/// <summary>The story by itself: an accountant finds nothing in it that cannot be.</summary>
public sealed class ShopYearTests
{
    private static readonly IReadOnlyList<(YearMonth Month, IReadOnlyList<DemoStep> Steps)> Year =
        [.. new ShopYear().Months()];

    private static readonly IReadOnlyList<PostJournalEntry> Posted =
        [.. Year.SelectMany(month => month.Steps).OfType<DemoStep.Post>().Select(post => post.Entry)];

    [Fact]
    public void The_same_year_is_told_each_time() => Assert.All(
        Year.Zip(new ShopYear().Months()), pair => Assert.Equal(pair.First.Steps, pair.Second.Steps));

    [Fact]
    public void Ten_months_are_closed_one_after_the_other_and_March_twice()
    {
        var steps = Year.SelectMany(month => month.Steps);

        Assert.Equal(
            ["+1", "+2", "+3", "-3", "+3", "+4", "+5", "+6", "+7", "+8", "+9", "+10"],
            steps.Select(step => step switch
            {
                DemoStep.Close close => $"+{close.Month.Month}",
                DemoStep.Reopen reopen => $"-{reopen.Month.Month}",
                _ => "",
            }).Where(text => text.Length > 0));
    }

    [Fact]
    public void The_year_has_all_that_a_shop_has()
    {
        var reversals = Year.SelectMany(month => month.Steps).OfType<DemoStep.Reverse>().Count();

        Assert.InRange(Posted.Count, 3_000, 5_000);
        Assert.InRange(reversals, 50, 150);
        Assert.InRange(Posted.Count(entry => entry.Corrects is not null), 25, 100);
        Assert.Equal(12, Posted.Count(entry => entry.ReverseOn is not null));
        Assert.Equal(12, Posted.Count(entry => entry.Lines.Any(line => line.Amount == 0)));
        Assert.Equal(
            ["app", "webshop", "wholesale"],
            Posted.SelectMany(entry => entry.Lines).Select(line => line.Dimensions?["channel"]).OfType<string>()
                .Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>In the order of recording, which is that of the days but for the correction of March.</summary>
    [Theory]
    [InlineData("1120", null)]
    [InlineData("1140", "USD")]
    [InlineData("1210", null)]
    [InlineData("1340", null)]
    public void Nothing_is_spent_that_is_not_there(string account, string? unit)
    {
        var balance = 0m;
        var entries = Posted.ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        foreach (var step in Year.SelectMany(month => month.Steps))
        {
            var (lines, sign) = step switch
            {
                DemoStep.Post post => (post.Entry.Lines, 1),
                DemoStep.Reverse reverse => (entries[reverse.Reversal.Id].Lines, -1),
                _ => ([], 0),
            };
            balance += sign * lines.Where(line => line.Account.Value == account && line.Currency?.Value == unit)
                .Sum(line => line.Side == Side.Debit ? line.Amount : -line.Amount);
            Assert.True(balance >= 0, $"{account} stands at {balance} after {step}.");
        }

        Assert.True(balance > 0);
    }

    [Fact]
    public void Sales_within_the_country_carry_VAT_and_exports_do_not()
    {
        var orders = Posted.Where(entry => entry.Id.StartsWith("order-", StringComparison.Ordinal)
            || (entry.Id.StartsWith("wholesale-", StringComparison.Ordinal) && entry.Lines.Count > 2)).ToList();

        Assert.All(orders, order =>
        {
            var sold = order.Lines.Where(line => line.Account.Value[0] == '4').ToList();
            var isHome = sold[0].Dimensions!["country"] == "de";
            var (vat, net) = (Credit(order, "2210"), sold.Sum(Signed));
            Assert.InRange(vat - (isHome ? net * 0.19m : 0), isHome ? -0.03m : 0, isHome ? 0.03m : 0);
        });
        Assert.InRange(orders.Count(order => Credit(order, "2210") != 0), orders.Count / 2, orders.Count - 300);

        static decimal Credit(PostJournalEntry entry, string account) =>
            entry.Lines.Where(line => line.Account.Value == account).Sum(Signed);
        static decimal Signed(JournalLine line) => line.Side == Side.Credit ? line.Amount : -line.Amount;
    }
}

using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Journals;
using Ledger.Domain.Periods;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Periods;

/// <summary>The figures of certificates, and what closings go on from, without a database.</summary>
public sealed class PeriodFiguresTests
{
    private static readonly YearMonth March = new(2026, 3);

    [Fact]
    public void A_canonical_trial_balance_is_what_plain_sums_come_to() =>
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var entries = Books(new Random(seed));
            var posted = new PostedMonths();
            for (var i = 0; i < entries.Count; i++)
            {
                posted.Add(entries[i], 2026, i + 1);
            }

            var figures = PeriodFigures.OfFormat1(posted, March, new YearMonth(2026, 1), 2026);
            var known = entries.Where(entry => entry.BookedOn <= new LocalDate(2026, 3, 31)).ToList();
            var lines = known.SelectMany(entry => entry.Lines.Select(line => (
                IsBefore: entry.BookedOn.Month == 1, Line: line, Unit: line.UnitIn(entry.Currency)))).ToList();
            var expected = lines.GroupBy(each => (each.Line.Account, each.Unit))
                .OrderBy(row => row.Key.Account.Value, StringComparer.Ordinal)
                .ThenBy(row => row.Key.Unit.Value, StringComparer.Ordinal)
                .Select(row => new CertifiedRow(
                    row.Key.Account.Value, row.Key.Unit.Value,
                    Sum(row.Where(each => each.IsBefore), each => Signed(each.Line, each.Line.Amount)),
                    Sum(row.Where(each => !each.IsBefore && each.Line.Side == Side.Debit), each => each.Line.Amount),
                    Sum(row.Where(each => !each.IsBefore && each.Line.Side == Side.Credit), each => each.Line.Amount),
                    Sum(row, each => Signed(each.Line, each.Line.Amount)),
                    Sum(row.Where(each => each.IsBefore), each => Signed(each.Line, each.Line.InFunctionalCurrency())),
                    Sum(
                        row.Where(each => !each.IsBefore && each.Line.Side == Side.Debit),
                        each => each.Line.InFunctionalCurrency()),
                    Sum(
                        row.Where(each => !each.IsBefore && each.Line.Side == Side.Credit),
                        each => each.Line.InFunctionalCurrency()),
                    Sum(row, each => Signed(each.Line, each.Line.InFunctionalCurrency()))));
            return figures.Rows.SequenceEqual(expected)
                && figures.Entries == known.Count(entry => entry.BookedOn.Month > 1);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("-0.50", "-0.5")]
    [InlineData("0.00", "0")]
    [InlineData("1200.00", "1200")]
    [InlineData("100", "100")]
    [InlineData("-12345678901234567890.000000000001", "-12345678901234567890.000000000001")]
    public void An_amount_is_written_without_trailing_zeros(string given, string written) =>
        Assert.Equal(written, ExactAmount.Parse(given).ToString());

    [Fact]
    public void Sums_are_exact_where_a_decimal_would_round()
    {
        var large = ExactAmount.Of(99_999_999_999_999.999999999999m);
        var sum = Enumerable.Repeat(large, 100_000).Aggregate(ExactAmount.Zero, ExactAmount.Add);

        Assert.Equal("9999999999999999999.9999999", sum.ToString());
        Assert.Equal(ExactAmount.Of(0.000000000001m), ExactAmount.Parse("0.0000000000010"));
        Assert.Throws<FormatException>(() => ExactAmount.Of(0.0000000000001m));
    }

    [Fact]
    public void A_closing_goes_on_from_the_one_before_that_is_in_force()
    {
        var closings = Folded(
            new PeriodClosed(new(2026, 1)), new PeriodClosed(March), new PeriodReopened(new(2026, 2), "Late"),
            new ApprovedBySinglePerson(ApprovalKind.ReopenPeriod, "2026-02", "ivan"), new PeriodClosed(new(2026, 2)),
            new PeriodClosed(March));

        Assert.Equal((new YearMonth(2026, 2), 5L), NameOf(closings.Newest!.GoesOnFrom));
        Assert.Equal(("ivan", true), (closings.Newest.ApprovedBy, closings.Newest.IsAlone));
        Assert.Equal((new YearMonth(2026, 1), 1L), NameOf(closings.Covering(new YearMonth(2025, 12))!.Name));
        Assert.Null(closings.Covering(new YearMonth(2026, 4)));
    }

    [Fact]
    public void A_reopening_tells_who_agreed_to_it_until_its_months_are_closed_again()
    {
        object[] events =
        [
            new PeriodClosed(March), new ApprovalGiven("a1", "eva"), new PeriodReopened(March, "Late"),
            new ApprovalUsed("a1"), new PeriodClosed(March),
        ];

        Assert.Equal("eva", Folded(events).Newest!.ApprovedBy);
        Assert.Null(Folded(events).Newest!.GoesOnFrom);
        Assert.Null(Folded([.. events, new PeriodClosed(new(2026, 4))]).Newest!.ApprovedBy);
    }

    private static (YearMonth Period, long Sequence) NameOf(ClosingName? name) => (name!.Period, name.Sequence);

    private static Closings Folded(params object[] events) => events.Select((e, i) => (Event: e, Sequence: i + 1L))
        .Aggregate(Closings.Initial, (state, each) =>
            Closings.Evolve(state, each.Event, Guid.NewGuid(), each.Sequence, "key:a"));

    private static decimal Signed(JournalLine line, decimal amount) => line.Side == Side.Debit ? amount : -amount;

    private static string Sum<T>(IEnumerable<T> rows, Func<T, decimal> of) =>
        ExactAmount.Of(rows.Sum(of)).ToString();

    /// <summary>January to April, in two units, some amounts negative.</summary>
    private static List<JournalEntryPosted> Books(Random chance) =>
    [
        .. Enumerable.Range(0, chance.Next(1, 12)).Select(_ => new JournalEntryPosted(
            new LocalDate(2026, chance.Next(1, 5), chance.Next(1, 29)), "Random", Eur,
            Enumerable.Range(0, chance.Next(1, 5)).Select(_ =>
            {
                var amount = chance.Next(-500, 10_000) / 100m;
                return new JournalLine(
                    new AccountCode($"a{chance.Next(1, 4)}"), chance.Next(2) == 0 ? Side.Debit : Side.Credit, amount,
                    Resolved: chance.Next(3) == 0 ? new(Usd, amount * 0.9m) : null);
            }).ToValueList())),
    ];
}

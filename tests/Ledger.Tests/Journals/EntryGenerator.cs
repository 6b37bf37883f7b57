using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain;
using Ledger.Domain.Journals;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Journals;

/// <summary>
/// Random entries. Lines drawn at random almost never balance, so half of the entries are drawn as amounts that stand
/// on both sides, cut differently.
/// </summary>
internal static class EntryGenerator
{
    private static readonly string[] Accounts = ["bank", "sales", "rent", "equity", "leave"];

    private static readonly Gen<decimal> Cents = Gen.Choose(1, 2_000_000).Select(cents => cents / 100m);

    private static readonly Gen<decimal> Rates =
        Gen.Choose(1, 2_000_000).SelectMany(mantissa => Gen.Choose(2, 6).Select(scale => mantissa / Power(scale)));

    private static readonly Gen<string> Account = Gen.Elements(Accounts);

    /// <summary>Lines in the functional currency, in dollars with a rate, or in dollars with a base amount.</summary>
    private static readonly Gen<JournalLine> Line =
        from account in Account
        from side in Gen.Elements(Side.Debit, Side.Credit)
        from amount in Cents
        from rate in Rates
        from kind in Gen.Choose(0, 2)
        select kind switch
        {
            0 => new JournalLine(new AccountCode(account), side, amount),
            1 => new JournalLine(new AccountCode(account), side, amount, Usd, Rate: rate),
            _ => new JournalLine(new AccountCode(account), side, amount, Usd, BaseAmount: amount),
        };

    private static readonly Gen<ValueList<JournalLine>> AnyLines =
        Gen.Choose(2, 8).SelectMany(count => Line.ListOf(count)).Select(lines => lines.ToValueList());

    /// <summary>All lines in dollars at one rate: the amounts balance, their conversions need not.</summary>
    public static readonly Gen<ValueList<JournalLine>> MirroredLines =
        from amounts in Cents.NonEmptyListOf()
        from rate in Rates
        from debit in Account
        from credit in Account
        from split in Gen.Choose(1, 99)
        let lines = amounts.SelectMany(amount => Mirrored(amount, rate, split, debit, credit)).ToArray()
        from shuffled in Gen.Shuffle(lines)
        select shuffled.ToValueList();

    public static readonly Arbitrary<ValueList<JournalLine>> Mirrors = Arb.From(MirroredLines);

    public static readonly Arbitrary<ValueList<JournalLine>> Entries = Arb.From(
        Gen.OneOf(AnyLines, MirroredLines));

    private static IEnumerable<JournalLine> Mirrored(
        decimal amount, decimal rate, int split, string debit, string credit)
    {
        var part = Math.Round(amount * split / 100m, 2);
        yield return new JournalLine(new AccountCode(debit), Side.Debit, amount, Usd, Rate: rate);
        if (part > 0)
        {
            yield return new JournalLine(new AccountCode(credit), Side.Credit, part, Usd, Rate: rate);
        }

        if (amount > part)
        {
            yield return new JournalLine(new AccountCode(credit), Side.Credit, amount - part, Usd, Rate: rate);
        }
    }

    private static decimal Power(int scale) =>
        Enumerable.Repeat(10m, scale).Aggregate(1m, (product, ten) => product * ten);
}

using Ledger.Domain.Journals;
using NodaTime;
using static System.FormattableString;
using static Ledger.Api.Demo.ShopFacts;

namespace Ledger.Api.Demo;

/// <summary>What is done on the last day of each month, before it is closed.</summary>
internal sealed class MonthEnd(ShopJournal journal, Warehouse warehouse, Agenda agenda)
{
    /// <summary>A twelfth of what is written off, and of the insurance that was paid for the year.</summary>
    public void Spread(LocalDate day)
    {
        journal.Post(
            Id(day, "depreciation"), day, "Depreciation of shelves and computers",
            new EntryLines().Debit(Account.Depreciation, 240).Credit(Account.EquipmentDepreciation, 240));
        journal.Post(
            Id(day, "insurance"), day, "A month of the insurance",
            new EntryLines().Debit(Account.Insurance, 145).Credit(Account.Prepaid, 145));
    }

    /// <summary>A few things are always missing when the shelves are counted at the end of a quarter.</summary>
    public void CountStock(LocalDate day)
    {
        var lines = new EntryLines();
        foreach (var (article, units) in new[] { (Articles[5], 3), (Articles[7], 1 + (day.Month / 3)) })
        {
            var cost = warehouse.Take(article, units);
            var memo = Invariant($"{units} × {article.Name}");
            lines.Debit(Account.StockDifferences, cost, memo).Credit(Account.Merchandise, cost, memo);
        }

        journal.Post(
            Id(day, "stock-count"), day, Invariant($"Stock count of {day:d MMMM}"), lines, EntryKind.Adjustment);
    }

    /// <summary>Dollars beyond what suppliers will need are sold; the bank keeps a little of the rate.</summary>
    public void SellDollars(LocalDate day)
    {
        var spare = Math.Floor((journal.DollarsOn(Account.DollarBank).Dollars - 9_000) / 1_000) * 1_000;
        if (spare <= 0)
        {
            return;
        }

        var euros = Cents(spare * MonthRateOf(day));
        var charge = Cents(euros * 0.004m);
        journal.Post(
            Id(day, "dollars-sold"),
            day,
            Invariant($"{spare:N0} dollars sold"),
            new EntryLines()
                .Debit(Account.Bank, euros - charge)
                .Debit(Account.BankCharges, charge)
                .Dollars(Account.DollarBank, Side.Credit, spare, euros));
    }

    /// <summary>
    /// What stands in dollars is worth something else than it is booked at: amounts of 0 dollars carry the difference.
    /// </summary>
    public void Revalue(LocalDate day)
    {
        var (lines, gain) = (new EntryLines(), 0m);
        foreach (var account in new[] { Account.DollarBank, Account.CardClearing, Account.Payables })
        {
            var (dollars, euros) = journal.DollarsOn(account);
            var difference = Cents(dollars * ClosingRateOf(day)) - euros;
            lines.Dollars(account, difference < 0 ? Side.Credit : Side.Debit, 0, Math.Abs(difference));
            gain += difference;
        }

        if (lines.All.Count > 0)
        {
            journal.Post(
                Id(day, "exchange"),
                day,
                Invariant($"Dollars at {ClosingRateOf(day)} euro at the end of {day:MMMM}"),
                lines.Credit(Account.ExchangeGains, Math.Max(gain, 0))
                    .Debit(Account.ExchangeLosses, Math.Max(-gain, 0)));
        }
    }

    /// <summary>The month's VAT return, which is paid (or paid out) on the tenth of the next month.</summary>
    public void ReturnVat(LocalDate day)
    {
        var (output, input) = (-journal.BalanceOf(Account.OutputVat), journal.BalanceOf(Account.InputVat));
        var document = new EntryDocument("VAT return", Invariant($"UStVA-{day:uuuu-MM}"), day, null);
        journal.Post(
            Id(day, "vat-return"),
            day,
            Invariant($"VAT return of {day:MMMM}"),
            new EntryLines()
                .Signed(Account.OutputVat, output)
                .Signed(Account.InputVat, -input)
                .Signed(Account.VatSettlement, input - output),
            document: document);
        PayVat(day, output - input, document);
    }

    /// <param name="owed">Negative when the tax office pays.</param>
    public void PayVat(LocalDate returned, decimal owed, EntryDocument document) => agenda.OnWorkday(
        returned.PlusDays(10),
        day => journal.Post(
            Id(returned, "vat-paid"),
            day,
            Invariant($"VAT of {returned:MMMM uuuu}"),
            new EntryLines().Signed(Account.VatSettlement, owed).Signed(Account.Bank, -owed),
            document: document,
            counterparty: "Finanzamt Nord"));

    private static string Id(LocalDate day, string what) => Invariant($"{what}-{day:uuuu-MM}");
}

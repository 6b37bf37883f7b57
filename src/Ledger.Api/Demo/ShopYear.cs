using Ledger.Domain.Journals;
using NodaTime;
using static System.FormattableString;
using static Ledger.Api.Demo.ShopFacts;

namespace Ledger.Api.Demo;

/// <summary>
/// The story of a year, day by day: the same entries with the same amounts each time. January to October are closed,
/// each behind its last entry; March is opened once more and closed again; November and December stay open.
/// </summary>
internal sealed class ShopYear
{
    /// <summary>The month that is closed, reopened, corrected and closed again.</summary>
    public static readonly YearMonth Corrected = new(Year, 3);

    public static readonly YearMonth LastClosed = new(Year, 10);

    /// <summary>Found when April was nearly over.</summary>
    private const string WhyReopened = "A pallet with 24 sleeping bags was counted twice on 31 March";

    private readonly ShopJournal journal = new();
    private readonly Warehouse warehouse = new();
    private readonly Agenda agenda = new();
    private readonly Dice dice = new(seed: Year);
    private readonly CardProcessor cards;
    private readonly ShopSales sales;
    private readonly ShopPurchases purchases;
    private readonly ShopBills bills;
    private readonly MonthEnd monthEnd;

    private decimal recountedCost;

    public ShopYear()
    {
        cards = new(journal);
        sales = new(journal, warehouse, agenda, cards, dice);
        purchases = new(journal, warehouse, agenda);
        bills = new(journal, sales, agenda);
        monthEnd = new(journal, warehouse, agenda);
    }

    /// <summary>The steps of each month, in the order in which they are recorded. To be asked once.</summary>
    public IEnumerable<(YearMonth Month, IReadOnlyList<DemoStep> Steps)> Months()
    {
        Begin(new LocalDate(Year, 1, 1));
        for (var month = new YearMonth(Year, 1); month.Year == Year; month = month.PlusMonths(1))
        {
            Live(month);
            if (month == Corrected.PlusMonths(1))
            {
                CorrectStockCount();
            }

            if (month <= LastClosed)
            {
                journal.Add(new DemoStep.Close(month, Times: 1));
            }

            yield return (month, journal.Since());
        }
    }

    private void Live(YearMonth month)
    {
        bills.Expect(month);
        var salesBefore = journal.BalanceOf(Account.Sales);
        var lastDay = month.OnDayOfMonth(1).PlusMonths(1).PlusDays(-1);
        for (var day = month.OnDayOfMonth(1); day <= lastDay; day = day.PlusDays(1))
        {
            agenda.Do(day);
            if (day.DayOfWeek == IsoDayOfWeek.Monday)
            {
                purchases.Replenish(day);
            }

            if (day.DayOfWeek == IsoDayOfWeek.Tuesday)
            {
                cards.PayOut(day);
            }

            for (var orders = OrdersOn(day); orders > 0; orders--)
            {
                sales.SellOnline(day);
            }

            if (day.DayOfWeek == IsoDayOfWeek.Thursday && dice.Falls(70))
            {
                sales.SellWholesale(day);
            }
        }

        End(lastDay, netSales: salesBefore - journal.BalanceOf(Account.Sales));
    }

    private void End(LocalDate lastDay, decimal netSales)
    {
        var isQuarter = lastDay.Month % 3 == 0;
        bills.Advertise(lastDay, netSales);
        bills.AccrueParcels(lastDay);
        monthEnd.Spread(lastDay);
        if (isQuarter)
        {
            monthEnd.CountStock(lastDay);
            monthEnd.SellDollars(lastDay);
        }

        monthEnd.Revalue(lastDay);
        monthEnd.ReturnVat(lastDay);
        if (lastDay.ToYearMonth() == Corrected)
        {
            recountedCost = warehouse.CostOf(Recounted, 24);
        }
    }

    private static Article Recounted => Articles[1];

    /// <summary>More orders come on Sundays and Mondays than on other days.</summary>
    private int OrdersOn(LocalDate day)
    {
        var usual = day.DayOfWeek is IsoDayOfWeek.Sunday or IsoDayOfWeek.Monday ? 9 : 7;
        return (((usual * SeasonOf(day)) + dice.Below(300)) / 100) + dice.Below(3) - 2;
    }

    /// <summary>What the year before left.</summary>
    private void Begin(LocalDate day)
    {
        var (goods, vat, payables) = (purchases.TakeOver(), 2_846.17m, 6_918.35m);
        var lines = new EntryLines()
            .Debit(Account.Bank, 28_412.66m)
            .Dollars(Account.DollarBank, Side.Debit, 9_250, Cents(9_250 * OpeningRate))
            .Debit(Account.Merchandise, goods)
            .Debit(Account.Equipment, 14_400)
            .Credit(Account.EquipmentDepreciation, 5_760)
            .Debit(Account.Deposits, 4_500)
            .Credit(Account.Payables, payables)
            .Credit(Account.VatSettlement, vat)
            .Credit(Account.Accrued, ShopBills.TakeOver())
            .Credit(Account.Loan, 36_000)
            .Credit(Account.Owner, 20_000);
        var left = lines.All.Sum(line => (line.Side == Side.Debit ? 1 : -1) * (line.BaseAmount ?? line.Amount));
        journal.Post(
            Invariant($"opening-{Year}"), day, Invariant($"Balances at the end of {Year - 1}"),
            lines.Signed(Account.RetainedEarnings, -left), EntryKind.Opening);

        monthEnd.PayVat(day.PlusDays(-1), vat, new("VAT return", Invariant($"UStVA-{Year - 1}-12"), null, null));
        agenda.OnWorkday(day.PlusDays(14), paid => journal.Post(
            "payables-taken-over-paid", paid, Invariant($"Alpin Großhandel GmbH, goods of December {Year - 1} paid"),
            new EntryLines().Debit(Account.Payables, payables).Credit(Account.Bank, payables),
            counterparty: "Alpin Großhandel GmbH"));
        agenda.OnWorkday(day.PlusDays(1), paid => journal.Post(
            "insurance-paid", paid, Invariant($"Insurance of {Year}, paid ahead"),
            new EntryLines().Debit(Account.Prepaid, 1_740).Credit(Account.Bank, 1_740),
            counterparty: "Hanse Versicherung AG"));
    }

    /// <summary>March is closed when it turns out that its stock count was wrong: it is opened with a reason,
    /// corrected and closed again, before April is.</summary>
    private void CorrectStockCount()
    {
        const string memo = "24 × Sleeping bag";
        var lastDay = Corrected.OnDayOfMonth(31);
        warehouse.Take(Recounted, 24, recountedCost);
        journal.Add(new DemoStep.Reopen(Corrected, WhyReopened));
        journal.Post(
            Invariant($"stock-count-{lastDay:uuuu-MM}-corrected"),
            lastDay,
            Invariant($"Stock count of {lastDay:d MMMM}: a pallet was counted twice"),
            new EntryLines()
                .Debit(Account.StockDifferences, recountedCost, memo)
                .Credit(Account.Merchandise, recountedCost, memo),
            EntryKind.Adjustment,
            corrects: Invariant($"stock-count-{lastDay:uuuu-MM}"));
        journal.Add(new DemoStep.Close(Corrected, Times: 2));
    }
}

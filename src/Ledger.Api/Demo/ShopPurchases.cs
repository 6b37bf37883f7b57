using Ledger.Domain.Journals;
using NodaTime;
using static System.FormattableString;
using static Ledger.Api.Demo.ShopFacts;

namespace Ledger.Api.Demo;

/// <summary>Orders what runs short, and pays it a month later.</summary>
internal sealed class ShopPurchases(ShopJournal journal, Warehouse warehouse, Agenda agenda)
{
    private int invoices;

    /// <summary>On Mondays the shop orders in Europe; what comes by sea from Taiwan, once a month.</summary>
    public void Replenish(LocalDate monday)
    {
        foreach (var supplier in Suppliers)
        {
            if (supplier.PaysInDollars && monday.Day > 7)
            {
                continue;
            }

            var delivery = Articles.Where(article => article.Supplier == supplier)
                .Select(article => (Article: article, Units: UnitsToOrder(article, monday)))
                .Where(each => each.Units > 0)
                .ToList();
            if (delivery.Count > 0)
            {
                Receive(supplier, delivery, monday);
            }
        }
    }

    /// <summary>What lies in the warehouse when the year begins.</summary>
    public decimal TakeOver() => Articles.Sum(article =>
    {
        var units = article.Target * 8 / 10;
        var cost = Cents(units * article.Cost * (article.Supplier.PaysInDollars ? OpeningRate : 1));
        warehouse.Put(article, units, cost);
        return cost;
    });

    private int UnitsToOrder(Article article, LocalDate day)
    {
        // What is ordered now is sold in the weeks to come.
        var (units, target) = (warehouse.UnitsOf(article), article.Target * SeasonOf(day.PlusDays(14)) / 100);
        return units * 100 < target * 65 ? target - units : 0;
    }

    private void Receive(Supplier supplier, List<(Article Article, int Units)> delivery, LocalDate day)
    {
        var number = ++invoices;
        var id = Invariant($"purchase-{number:000}");
        var document = new EntryDocument(
            "supplier invoice", Invariant($"{supplier.Prefix}-{41_000 + (number * 37)}"), day, null);
        var rate = supplier.PaysInDollars ? MonthRateOf(day) : 1;
        var (lines, owed, value) = (new EntryLines(), 0m, 0m);
        foreach (var (article, units) in delivery)
        {
            var price = Cents(units * CostOn(article, day));
            var cost = Cents(price * rate);
            warehouse.Put(article, units, cost);
            lines.Debit(Account.Merchandise, cost, Invariant($"{units} × {article.Name}"));
            (owed, value) = (owed + price, value + cost);
        }

        var vat = supplier.PaysInDollars ? 0 : VatOn(owed);
        if (supplier.PaysInDollars)
        {
            lines.Dollars(Account.Payables, Side.Credit, owed, value);
        }
        else
        {
            lines.Debit(Account.InputVat, vat).Credit(Account.Payables, owed + vat);
        }

        journal.Post(
            id, day, Invariant($"Goods from {supplier.Name}"), lines, document: document, counterparty: supplier.Name);
        if (supplier.PaysInDollars)
        {
            Clear(id, value, day);
        }

        agenda.OnWorkday(day.PlusDays(30), paid => Pay(supplier, id, document, owed + vat, paid));
    }

    /// <summary>The forwarder brings the goods through the customs and lays out duty and import VAT.</summary>
    private void Clear(string id, decimal value, LocalDate day)
    {
        var (duty, freight) = (Cents(value * 0.037m), 180m + Cents(value * 0.02m));
        var importVat = VatOn(value + duty + freight);
        journal.Post(
            Invariant($"{id}-customs"),
            day.PlusDays(1),
            "Freight, customs duty and import VAT",
            new EntryLines()
                .Debit(Account.FreightAndDuty, freight, "Sea freight")
                .Debit(Account.FreightAndDuty, duty, "Customs duty")
                .Debit(Account.InputVat, importVat, "Import VAT")
                .Credit(Account.Payables, freight + duty + importVat),
            document: new("customs assessment", Invariant($"ATC-{id[9..]}"), day.PlusDays(1), null),
            counterparty: "Hansa Spedition GmbH");
        agenda.OnWorkday(day.PlusDays(15), paid => journal.Post(
            Invariant($"{id}-customs-paid"),
            paid,
            "Hansa Spedition GmbH paid",
            new EntryLines()
                .Debit(Account.Payables, freight + duty + importVat)
                .Credit(Account.Bank, freight + duty + importVat),
            counterparty: "Hansa Spedition GmbH"));
    }

    private void Pay(Supplier supplier, string id, EntryDocument document, decimal owed, LocalDate day)
    {
        var lines = new EntryLines();
        if (supplier.PaysInDollars)
        {
            var euros = Cents(owed * MonthRateOf(day));
            lines.Dollars(Account.Payables, Side.Debit, owed, euros)
                .Dollars(Account.DollarBank, Side.Credit, owed, euros);
        }
        else
        {
            lines.Debit(Account.Payables, owed).Credit(Account.Bank, owed);
        }

        journal.Post(
            Invariant($"{id}-paid"),
            day,
            Invariant($"{supplier.Name}, {document.Number} paid"),
            lines,
            document: document,
            counterparty: supplier.Name);
    }

    /// <summary>Suppliers raised their prices in September.</summary>
    private static decimal CostOn(Article article, LocalDate day) =>
        day.Month < 9 ? article.Cost : Cents(article.Cost * 1.04m);
}

using Ledger.Domain;
using Ledger.Domain.Journals;
using NodaTime;
using static System.FormattableString;
using static Ledger.Api.Demo.ShopFacts;

namespace Ledger.Api.Demo;

/// <summary>What the shop sells: orders paid by card, what comes back of them, and wholesale on account.</summary>
internal sealed class ShopSales(ShopJournal journal, Warehouse warehouse, Agenda agenda, CardProcessor cards, Dice dice)
{
    /// <summary>The last units of an article are kept for claims.</summary>
    private const int Reserve = 3;

    private int orders;
    private int invoices;

    /// <summary>What the carrier will ask for parcels since it last sent a bill: within the country, and
    /// abroad.</summary>
    public (decimal Home, decimal Abroad) Unbilled { get; private set; }

    public int OrdersThisMonth { get; private set; }

    public (decimal Home, decimal Abroad) BillMonth()
    {
        var billed = Unbilled;
        (Unbilled, OrdersThisMonth) = ((0, 0), 0);
        return billed;
    }

    /// <summary>An order that is paid by card and sent the same day.</summary>
    public void SellOnline(LocalDate day)
    {
        var market = dice.Pick(Markets, market => market.Share);
        var channel = dice.Falls(dice.Falls(50) ? 35 : 25) ? "app" : "webshop";
        var cart = FillCart();
        if (cart.Count == 0)
        {
            return;
        }

        var number = 100_000 + ++orders;
        var sale = new Sale(Invariant($"order-{number}"), market, channel, MonthRateOf(day), cart);
        var hasCoupon = dice.Falls(8);
        var lines = sale.Lines(hasCoupon, out var total);
        OrdersThisMonth++;
        Unbilled = market.IsTaxed
            ? Unbilled with { Home = Unbilled.Home + market.ParcelCost }
            : Unbilled with { Abroad = Unbilled.Abroad + market.ParcelCost };
        journal.Post(
            sale.Id,
            day,
            Invariant($"Order {number}"),
            lines,
            reference: hasCoupon ? "WELCOME10" : null,
            document: new("invoice", Invariant($"S-{Year}-{orders:00000}"), day, null),
            counterparty: Invariant($"customer-{1 + dice.Below(1_800)}"));
        cards.Charge(day, market.InDollars, total);
        if (dice.Falls(5))
        {
            var isGone = dice.Falls(60);
            agenda.On(day.PlusDays(6 + dice.Below(9)), back =>
            {
                if (isGone)
                {
                    TakeBack(sale, lines, total, back);
                }
                else
                {
                    RefundPart(sale, total, back);
                }
            });
        }
    }

    /// <summary>A shop buys at a third off, on account, and pays in its own time.</summary>
    public void SellWholesale(LocalDate day)
    {
        var article = Articles[dice.Below(Articles.Length)];
        var units = Math.Min(8 + dice.Below(13), warehouse.UnitsOf(article) - 25);
        var dealer = Dealers[dice.Below(Dealers.Length)];
        var daysToPay = 14 + dice.Below(35);
        if (units < 5)
        {
            return;
        }

        var document = new EntryDocument("invoice", Invariant($"W-{Year}-{++invoices:000}"), day, null);
        var net = Cents(units * WithoutVat(article.Price) * 0.65m);
        var (total, dimensions) = (net + VatOn(net), Dimensions("wholesale", "de"));
        var memo = Invariant($"{units} × {article.Name}");
        var cost = warehouse.Take(article, units);
        journal.Post(
            Invariant($"wholesale-{invoices:000}"),
            day,
            Invariant($"{memo} to {dealer}"),
            new EntryLines()
                .Debit(Account.Receivables, total)
                .Credit(Account.Sales, net, memo, dimensions)
                .Credit(Account.OutputVat, total - net)
                .Debit(Account.CostOfSales, cost, null, dimensions)
                .Credit(Account.Merchandise, cost),
            document: document,
            counterparty: dealer);
        var id = Invariant($"wholesale-{invoices:000}-paid");
        agenda.OnWorkday(day.PlusDays(daysToPay), paid => journal.Post(
            id,
            paid,
            Invariant($"{dealer} pays {document.Number}"),
            new EntryLines().Debit(Account.Bank, total).Credit(Account.Receivables, total),
            document: document,
            counterparty: dealer));
    }

    internal static ValueMap<string> Dimensions(string channel, string country) =>
        ValueMap<string>.From([KeyValuePair.Create("channel", channel), KeyValuePair.Create("country", country)]);

    private List<CartLine> FillCart()
    {
        var cart = new List<CartLine>();
        var wanted = dice.Falls(62) ? 1 : dice.Falls(75) ? 2 : 3;
        for (var i = 0; i < wanted; i++)
        {
            var article = dice.Pick(Articles, article => article.Popularity);
            var units = dice.Falls(86) ? 1 : 2;
            if (cart.TrueForAll(line => line.Article != article) && warehouse.UnitsOf(article) >= units + Reserve)
            {
                cart.Add(new(article, units, warehouse.Take(article, units)));
            }
        }

        return cart;
    }

    /// <summary>Everything comes back unused: the sale is reversed, the goods lie in the warehouse again.</summary>
    private void TakeBack(Sale sale, EntryLines lines, decimal total, LocalDate day)
    {
        journal.Reverse(sale.Id, lines.All.ToValueList(), day, "Returned by the customer, unused");
        sale.Cart.ForEach(line => warehouse.Put(line.Article, line.Units, line.Cost));
        cards.Refund(day, sale.Market.InDollars, total);
    }

    /// <summary>Something was scratched: the customer keeps it and gets a part of the price back.</summary>
    private void RefundPart(Sale sale, decimal total, LocalDate day)
    {
        var (refund, dimensions) = (Cents(total * 0.15m), Dimensions(sale.Channel, sale.Market.Country));
        var lines = new EntryLines();
        if (sale.Market.InDollars)
        {
            var euros = Cents(refund * MonthRateOf(day));
            lines.Dollars(Account.Refunds, Side.Debit, refund, euros, null, dimensions)
                .Dollars(Account.CardClearing, Side.Credit, refund, euros);
        }
        else
        {
            var net = sale.Market.IsTaxed ? WithoutVat(refund) : refund;
            lines.Debit(Account.Refunds, net, null, dimensions)
                .Debit(Account.OutputVat, refund - net)
                .Credit(Account.CardClearing, refund);
        }

        journal.Post(
            Invariant($"{sale.Id}-allowance"),
            day,
            Invariant($"Price allowance for o{sale.Id[1..].Replace('-', ' ')}, damaged on its way"),
            lines,
            corrects: sale.Id);
        cards.Refund(day, sale.Market.InDollars, refund);
    }

    /// <param name="Cost">Of all units together.</param>
    internal sealed record CartLine(Article Article, int Units, decimal Cost);

    /// <summary>An order as its entry needs it.</summary>
    private sealed record Sale(string Id, Market Market, string Channel, decimal Rate, List<CartLine> Cart)
    {
        /// <param name="total">What the card is charged, in the market's currency.</param>
        public EntryLines Lines(bool hasCoupon, out decimal total)
        {
            var goods = Cart.ConvertAll(line =>
                line.Units * (Market.InDollars ? line.Article.Dollars : line.Article.Price));
            var discount = hasCoupon ? Cents(goods.Sum() / 10) : 0;
            var shipping = goods.Sum() >= 100 ? 0 : Market.Shipping;
            total = goods.Sum() - discount + shipping;
            var (dimensions, cost) = (Dimensions(Channel, Market.Country), Cart.Sum(line => line.Cost));
            var lines = new EntryLines();
            if (Market.InDollars)
            {
                AddDollars(lines, goods, discount, shipping, total);
            }
            else
            {
                AddEuros(lines, goods, discount, shipping, total);
            }

            return lines.Debit(Account.CostOfSales, cost, null, dimensions).Credit(Account.Merchandise, cost);
        }

        private void AddEuros(
            EntryLines lines, List<decimal> goods, decimal discount, decimal shipping, decimal total)
        {
            var dimensions = Dimensions(Channel, Market.Country);
            lines.Debit(Account.CardClearing, total);
            for (var i = 0; i < goods.Count; i++)
            {
                lines.Credit(Account.Sales, Net(goods[i]), Memo(Cart[i]), dimensions);
            }

            lines.Debit(Account.Discounts, Net(discount), null, dimensions)
                .Credit(Account.Shipping, Net(shipping), null, dimensions)
                .Credit(Account.OutputVat, total - goods.Sum(Net) + Net(discount) - Net(shipping));
        }

        /// <summary>Each line is converted by itself; the first article takes what the cents do not
        /// agree on.</summary>
        private void AddDollars(
            EntryLines lines, List<decimal> goods, decimal discount, decimal shipping, decimal total)
        {
            var dimensions = Dimensions(Channel, Market.Country);
            var first = Euros(total) + Euros(discount) - Euros(shipping) - goods.Skip(1).Sum(Euros);
            lines.Dollars(Account.CardClearing, Side.Debit, total, Euros(total));
            for (var i = 0; i < goods.Count; i++)
            {
                lines.Dollars(
                    Account.Sales, Side.Credit, goods[i], i == 0 ? first : Euros(goods[i]), Memo(Cart[i]), dimensions);
            }

            lines.Dollars(Account.Discounts, Side.Debit, discount, Euros(discount), null, dimensions)
                .Dollars(Account.Shipping, Side.Credit, shipping, Euros(shipping), null, dimensions);
        }

        private decimal Net(decimal amount) => Market.IsTaxed ? WithoutVat(amount) : amount;

        private decimal Euros(decimal dollars) => Cents(dollars * Rate);

        private static string Memo(CartLine line) => Invariant($"{line.Units} × {line.Article.Name}");
    }
}

using Ledger.Domain.Journals;
using NodaTime;
using static System.FormattableString;
using static Ledger.Api.Demo.ShopFacts;

namespace Ledger.Api.Demo;

/// <summary>
/// Takes the cards of customers, and pays out each Tuesday what was charged and refunded up to the Sunday before, less
/// its fees: in euro and in dollars apart.
/// </summary>
internal sealed class CardProcessor(ShopJournal journal)
{
    private readonly List<Payment> pending = [];
    private int payouts;

    /// <summary>1.4 % and 25 cents of a European card, 2.9 % and 30 cents of an American one.</summary>
    public void Charge(LocalDate day, bool inDollars, decimal amount) => pending.Add(new(
        day, inDollars, amount, inDollars ? Cents(amount * 0.029m) + 0.30m : Cents(amount * 0.014m) + 0.25m));

    /// <summary>Fees are not given back.</summary>
    public void Refund(LocalDate day, bool inDollars, decimal amount) => pending.Add(new(day, inDollars, -amount, 0));

    public void PayOut(LocalDate tuesday)
    {
        foreach (var inDollars in new[] { false, true })
        {
            var paid = pending.FindAll(each => each.InDollars == inDollars && each.Day <= tuesday.PlusDays(-2));
            var (gross, fees) = (paid.Sum(each => each.Amount), paid.Sum(each => each.Fee));
            if (gross <= fees)
            {
                continue;
            }

            pending.RemoveAll(paid.Contains);
            var lines = new EntryLines();
            if (inDollars)
            {
                var rate = MonthRateOf(tuesday);
                var (grossEuros, feesEuros) = (Cents(gross * rate), Cents(fees * rate));
                lines.Dollars(Account.DollarBank, Side.Debit, gross - fees, grossEuros - feesEuros)
                    .Dollars(Account.CardFees, Side.Debit, fees, feesEuros)
                    .Dollars(Account.CardClearing, Side.Credit, gross, grossEuros);
            }
            else
            {
                lines.Debit(Account.Bank, gross - fees)
                    .Debit(Account.CardFees, fees)
                    .Credit(Account.CardClearing, gross);
            }

            var number = Invariant($"PO-{Year}-{++payouts:000}");
            journal.Post(
                Invariant($"payout-{payouts:000}"),
                tuesday,
                Invariant($"Card payout {number}, {paid.Count} payments"),
                lines,
                document: new("payout", number, tuesday, null),
                counterparty: "Kartenwerk Payments Ltd");
        }
    }

    private sealed record Payment(LocalDate Day, bool InDollars, decimal Amount, decimal Fee);
}

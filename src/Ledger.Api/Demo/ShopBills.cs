using Ledger.Domain.Journals;
using NodaTime;
using static System.FormattableString;
using static Ledger.Api.Demo.ShopFacts;

namespace Ledger.Api.Demo;

/// <summary>What comes every month: rent, carrier, loan, and what the bank takes by itself.</summary>
internal sealed class ShopBills(ShopJournal journal, ShopSales sales, Agenda agenda)
{
    private const decimal AccruedLastYear = 1_150;

    private (decimal Home, decimal Abroad) parcels = (930.20m, 241.60m);

    /// <summary>Puts the bills of a month on the agenda.</summary>
    public void Expect(YearMonth month)
    {
        agenda.OnWorkday(On(month, 1), day => Take(day, "rent", Account.Rent, 1_500, "Rent of shop and warehouse",
            "Speicherhof Immobilien GmbH"));
        agenda.OnWorkday(On(month, 5), day => Take(day, "energy", Account.Energy, 186, "Energy and water",
            "Stadtwerke Nord"));
        agenda.OnWorkday(On(month, 8), PayCarrier);
        agenda.OnWorkday(On(month, 11), day => Take(day, "hosting", Account.Hosting, 219, "Shop software and hosting",
            "Ladenwerk Cloud GmbH"));
        agenda.OnWorkday(On(month, 14), day => Take(day, "telephone", Account.Telephone, 54.90m,
            "Telephone and internet", "Fernruf AG"));
        agenda.OnWorkday(On(month, 18), day => Take(day, "bookkeeping", Account.Bookkeeping, 340,
            "Bookkeeping and tax adviser", "Steuerkanzlei Petersen"));
        agenda.OnWorkday(On(month, 20), day => Take(day, "packaging", Account.PackagingAndParcels,
            Cents(40 + (sales.OrdersThisMonth * 0.95m)), "Cartons and tape", "Karton Krause KG"));
        agenda.OnWorkday(On(month, 25), day => journal.Post(
            Id(day, "drawing"), day, "Drawn by the owner",
            new EntryLines().Debit(Account.Owner, 3_900).Credit(Account.Bank, 3_900)));
        agenda.OnWorkday(On(month, 28), PayLoan);
    }

    /// <summary>Advertising is billed from Ireland at the end of the month: VAT is owed and reclaimed at
    /// once.</summary>
    public void Advertise(LocalDate lastDay, decimal netSales)
    {
        var net = Cents(netSales * 0.065m);
        var vat = VatOn(net);
        var document = new EntryDocument(
            "supplier invoice", Invariant($"AD-{lastDay:uuuuMM}-7714"), lastDay, null);
        journal.Post(
            Id(lastDay, "advertising"),
            lastDay,
            Invariant($"Advertising in {lastDay:MMMM}, reverse charge"),
            new EntryLines()
                .Debit(Account.Advertising, net)
                .Debit(Account.InputVat, vat, "Reverse charge")
                .Credit(Account.OutputVat, vat, "Reverse charge")
                .Credit(Account.Payables, net),
            document: document,
            counterparty: "Adreach Ireland Ltd");
        agenda.OnWorkday(lastDay.PlusDays(5), day => journal.Post(
            Id(lastDay, "advertising-paid"),
            day,
            "Adreach Ireland Ltd paid",
            new EntryLines().Debit(Account.Payables, net).Credit(Account.Bank, net),
            document: document,
            counterparty: "Adreach Ireland Ltd"));
    }

    /// <summary>The carrier's bill of the month comes in the next one: it is accrued until then.</summary>
    public void AccrueParcels(LocalDate lastDay)
    {
        parcels = sales.BillMonth();
        var estimate = Math.Round((parcels.Home + parcels.Abroad) / 50, MidpointRounding.AwayFromZero) * 50;
        journal.Post(
            Id(lastDay, "parcels-accrued"),
            lastDay,
            Invariant($"Parcels of {lastDay:MMMM}, not billed yet"),
            new EntryLines().Debit(Account.PackagingAndParcels, estimate).Credit(Account.Accrued, estimate),
            reverseOn: lastDay.PlusDays(1));
    }

    /// <summary>What is owed when the year begins, beside goods and taxes.</summary>
    public static decimal TakeOver() => AccruedLastYear;

    private void PayCarrier(LocalDate day)
    {
        var (net, vat) = (parcels.Home + parcels.Abroad, VatOn(parcels.Home));
        var lines = new EntryLines();
        if (day.Month == 1)
        {
            lines.Debit(Account.Accrued, AccruedLastYear).Debit(Account.PackagingAndParcels, net - AccruedLastYear);
        }
        else
        {
            lines.Debit(Account.PackagingAndParcels, net);
        }

        journal.Post(
            Id(day, "parcels"),
            day,
            Invariant($"Parcels of {day.PlusMonths(-1):MMMM}"),
            lines.Debit(Account.InputVat, vat).Credit(Account.Bank, net + vat),
            document: new("supplier invoice", Invariant($"PB-{day:uuuuMM}-20881"), day, null),
            counterparty: "Paketbote GmbH");
    }

    private void PayLoan(LocalDate day)
    {
        var interest = Cents(-journal.BalanceOf(Account.Loan) * 0.045m / 12);
        journal.Post(
            Id(day, "loan"),
            day,
            "Bank loan: instalment and interest",
            new EntryLines()
                .Debit(Account.Loan, 750).Debit(Account.Interest, interest).Credit(Account.Bank, 750 + interest));
    }

    /// <summary>A bill with VAT that the bank account pays at once.</summary>
    private void Take(LocalDate day, string what, string account, decimal net, string description, string from)
    {
        var vat = VatOn(net);
        journal.Post(
            Id(day, what),
            day,
            description,
            new EntryLines().Debit(account, net).Debit(Account.InputVat, vat).Credit(Account.Bank, net + vat),
            counterparty: from);
    }

    private static string Id(LocalDate day, string what) => Invariant($"{what}-{day:uuuu-MM}");

    private static LocalDate On(YearMonth month, int day) => month.OnDayOfMonth(day);
}

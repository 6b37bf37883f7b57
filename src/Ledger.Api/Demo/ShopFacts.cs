using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using NodaTime;

namespace Ledger.Api.Demo;

/// <summary>The shop that the demo is about: a sole trader in Germany who sells outdoor gear in euro and in US
/// dollars.</summary>
internal static class ShopFacts
{
    public const int Year = 2025;

    /// <summary>The chart of accounts that it starts from; it needs no other accounts.</summary>
    public const string Chart = "international";

    public const decimal VatPercent = 19;

    public static readonly CompanySettings Settings = new(
        "Fernweh Outdoor e.K.", new UnitCode("EUR"), "DE", RetainedEarnings: new AccountCode(Account.RetainedEarnings));

    public static readonly UnitCode Dollar = new("USD");

    /// <summary>Where the shop's sales come from, and where they go to.</summary>
    public static readonly PutDimensionValue[] Dimensions =
    [
        new("channel", "webshop", new("Web shop")),
        new("channel", "app", new("App")),
        new("channel", "wholesale", new("Wholesale")),
        new("country", "de", new("Germany")),
        new("country", "ch", new("Switzerland")),
        new("country", "us", new("United States")),
    ];

    public static readonly Market[] Markets =
    [
        new("de", Share: 70, IsTaxed: true, InDollars: false, Shipping: 4.90m, ParcelCost: 4.35m),
        new("ch", Share: 12, IsTaxed: false, InDollars: false, Shipping: 14.90m, ParcelCost: 11.80m),
        new("us", Share: 18, IsTaxed: false, InDollars: true, Shipping: 19.90m, ParcelCost: 16.40m),
    ];

    public static readonly Supplier[] Suppliers =
    [
        new("Bergwerk Textil GmbH", "BT", PaysInDollars: false),
        new("Alpin Großhandel GmbH", "AG", PaysInDollars: false),
        new("Kaohsiung Light Works Ltd", "KLW", PaysInDollars: true),
    ];

    /// <summary>Prices are with VAT in euro, and without any in dollars; costs are in the supplier's
    /// currency.</summary>
    public static readonly Article[] Articles =
    [
        new("Two-person tent", Suppliers[0], Price: 189, Dollars: 199, Cost: 82, Popularity: 5, Target: 45),
        new("Sleeping bag", Suppliers[0], Price: 129, Dollars: 139, Cost: 54, Popularity: 8, Target: 70),
        new("Backpack 40 l", Suppliers[0], Price: 99, Dollars: 109, Cost: 41, Popularity: 10, Target: 80),
        new("Rain jacket", Suppliers[0], Price: 149, Dollars: 159, Cost: 62, Popularity: 9, Target: 75),
        new("Sleeping mat", Suppliers[1], Price: 45, Dollars: 49, Cost: 18, Popularity: 12, Target: 95),
        new("Steel bottle", Suppliers[1], Price: 24, Dollars: 26, Cost: 8.50m, Popularity: 22, Target: 150),
        new("Gas stove", Suppliers[2], Price: 59, Dollars: 65, Cost: 27, Popularity: 12, Target: 190),
        new("Lantern", Suppliers[2], Price: 29, Dollars: 32, Cost: 12.50m, Popularity: 16, Target: 240),
    ];

    public static readonly string[] Dealers =
        ["Sporthaus Lindner KG", "Zelt & Seil GmbH", "Wanderladen Harz OHG", "Outdoor Depot Kiel GmbH"];

    /// <summary>How much is sold in a month, in percent of an average one.</summary>
    private static readonly int[] Seasons = [75, 80, 95, 105, 120, 130, 130, 105, 85, 75, 110, 150];

    /// <summary>Euro for a dollar, close to what the months' averages were.</summary>
    private static readonly decimal[] MonthRates =
    [
        0.9658m, 0.9603m, 0.9253m, 0.8917m, 0.8867m, 0.8684m, 0.8564m, 0.8598m, 0.8524m, 0.8595m, 0.8651m, 0.8540m,
    ];

    /// <summary>Euro for a dollar at the end of each month, close to what it was.</summary>
    private static readonly decimal[] ClosingRates =
    [
        0.9622m, 0.9605m, 0.9246m, 0.8793m, 0.8819m, 0.8532m, 0.8737m, 0.8578m, 0.8517m, 0.8655m, 0.8646m, 0.8511m,
    ];

    /// <summary>Euro for a dollar when the year before ended.</summary>
    public const decimal OpeningRate = 0.9626m;

    public static int SeasonOf(LocalDate day) => Seasons[day.Month - 1];

    public static decimal MonthRateOf(LocalDate day) => MonthRates[day.Month - 1];

    public static decimal ClosingRateOf(LocalDate day) => ClosingRates[day.Month - 1];

    /// <summary>To the cent, a half away from zero.</summary>
    public static decimal Cents(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);

    public static decimal VatOn(decimal net) => Cents(net * VatPercent / 100);

    public static decimal WithoutVat(decimal gross) => Cents(gross * 100 / (100 + VatPercent));

    /// <summary>Buyers of a country.</summary>
    /// <param name="Share">Of the orders, in percent.</param>
    /// <param name="IsTaxed">Sales within the country carry VAT; exports do not.</param>
    /// <param name="Shipping">What the buyer pays for a small parcel.</param>
    /// <param name="ParcelCost">What the carrier takes, in euro.</param>
    internal sealed record Market(
        string Country, int Share, bool IsTaxed, bool InDollars, decimal Shipping, decimal ParcelCost);

    internal sealed record Supplier(string Name, string Prefix, bool PaysInDollars);

    /// <param name="Target">Units that are ordered up to, in an average month.</param>
    internal sealed record Article(
        string Name, Supplier Supplier, decimal Price, decimal Dollars, decimal Cost, int Popularity, int Target);

    /// <summary>The accounts of the chart that the shop uses.</summary>
    internal static class Account
    {
        public const string Bank = "1120";
        public const string DollarBank = "1140";
        public const string CardClearing = "1150";
        public const string Receivables = "1210";
        public const string InputVat = "1250";
        public const string Merchandise = "1340";
        public const string Prepaid = "1410";
        public const string Equipment = "1550";
        public const string EquipmentDepreciation = "1559";
        public const string Deposits = "1740";
        public const string Payables = "2110";
        public const string OutputVat = "2210";
        public const string VatSettlement = "2220";
        public const string Accrued = "2410";
        public const string Loan = "2520";
        public const string RetainedEarnings = "3500";
        public const string Owner = "3700";
        public const string Sales = "4100";
        public const string Shipping = "4400";
        public const string Refunds = "4500";
        public const string Discounts = "4600";
        public const string CostOfSales = "5100";
        public const string FreightAndDuty = "5300";
        public const string StockDifferences = "5400";
        public const string PackagingAndParcels = "5500";
        public const string CardFees = "5600";
        public const string Rent = "6210";
        public const string Energy = "6220";
        public const string Advertising = "6310";
        public const string Hosting = "6420";
        public const string Telephone = "6430";
        public const string Bookkeeping = "6440";
        public const string Insurance = "6450";
        public const string BankCharges = "6460";
        public const string Depreciation = "6600";
        public const string ExchangeGains = "7200";
        public const string Interest = "7400";
        public const string ExchangeLosses = "7500";
    }
}

using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Benchmarks.Appends;

/// <summary>Journal entries of three lines, as a shop posts them: the same for everyone who is measured.</summary>
internal static class Entries
{
    public const string Company = "acme";
    public const string Type = "journal_entry_posted";
    public static readonly string DotnetType = EventCatalog.Ledger.ToStore(Entry(0)).DotnetType;
    public static readonly RequestMetadata Who = new("key:bench", "6f1c2a9e", null, null);

    private static readonly byte[][] Bodies =
        [.. Enumerable.Range(0, 1_000).Select(i => EventCatalog.Ledger.ToStore(Entry(i)).Data.ToArray())];

    public static byte[] Body(long number) => Bodies[number % Bodies.Length];

    public static string Stream(long number) => $"journal-entry/order-{number:D9}";

    /// <summary>What one posting asks of the store: its own stream is new, chart and months are as they were
    /// seen.</summary>
    public static AppendRequest Request(long number) => new(
        Company,
        [new Write(Stream(number), 0, [new NewEvent(Guid.NewGuid(), Type, DotnetType, Body(number))])],
        [new VersionCondition("chart", 1), new VersionCondition("periods", 0)],
        Who);

    public static JournalEntryPosted Entry(int i)
    {
        var net = 10.00m + i;
        var tax = decimal.Round(net * 0.20m, 2);
        return new(
            new LocalDate(2026, 1, 1).PlusDays(i % 365),
            $"Order {i} of the shop",
            new UnitCode("EUR"),
            [
                new JournalLine(new AccountCode("411"), Side.Debit, net + tax, Memo: "card payment"),
                new JournalLine(new AccountCode("702"), Side.Credit, net),
                new JournalLine(new AccountCode("4532"), Side.Credit, tax),
            ],
            Reference: $"INV-{i:D6}",
            Counterparty: $"customer-{i % 97}");
    }
}

using Ledger.Domain.Accounts;
using Ledger.Domain.Approvals;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Domain.Periods;
using Ledger.Tests.Http;
using NodaTime;
using NodaTime.Text;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Audit;

/// <summary>
/// The books of a Bulgarian company of a few weeks of 2026, recorded at instants that a test chose, behind a service:
/// whoever reads the list knows what each test of an auditor must find.
/// </summary>
public sealed class AuditBooks : IAsyncLifetime
{
    public const string Company = "audited";

    private const string Clerk = "key:clerk222";

    /// <summary>Local time in Sofia, stream, event, actor, correlation.</summary>
    private static readonly (string At, string Stream, object Event, string Actor, string? Correlation)[] Events =
    [
        ("2026-02-02T08:00", "company", new CompanyRegistered(
            new("Audited", Eur, "BG"), "Europe/Sofia", new AnnualDate(1, 1)), "key:chief222", null),
        ("2026-02-02T08:00", "chart", Opened("100", AccountType.Asset), "key:chief222", null),
        ("2026-02-02T08:00", "chart", Opened("200", AccountType.Liability), "key:chief222", null),
        ("2026-02-02T08:00", "chart", Opened("400", AccountType.Income), "key:chief222", null),
        ("2026-02-02T08:00", "chart", Opened("500", AccountType.Expense), "key:chief222", null),
        ("2026-02-02T08:00", "approvals", new FourEyesChanged(new(EntryAbove: 10_000m)), "key:chief222", null),
        Entry("monday", "2026-02-02T10:00", "2026-01-30", "100", "400", 119.50m, document: "INV-1"),
        Entry("saturday", "2026-02-07T12:00", "2026-02-07", "100", "400", 50.25m, document: "INV-2"),
        Entry("night", "2026-02-10T23:30", "2026-02-10", "500", "100", 77.10m),
        Entry("late", "2026-02-11T10:00", "2025-12-20", "500", "100", 88.20m),
        ("2026-02-12T10:00", "periods", new PeriodClosed(new(2026, 1)), "key:chief222", null),
        ("2026-02-13T10:00", "periods", new PeriodReopened(new(2026, 1), "Late bill"), "key:chief222", null),
        Entry("reopened", "2026-02-16T10:00", "2026-01-31", "500", "200", 9_500m, document: "INV-5"),
        Entry("holiday", "2026-03-03T11:00", "2026-03-03", "100", "400", 3_000m),
        Entry("once", "2026-03-04T10:00", "2026-03-04", "100", "400", 64.40m, "R-7", correlation: "corr-7"),
        Entry("twice", "2026-03-05T10:00", "2026-03-04", "100", "400", 64.40m, "R-7", actor: "key:temp2222"),
        Entry("pair", "2026-03-06T10:00", "2026-03-06", "400", "200", 15.15m),
        Entry("wrong", "2026-03-09T10:00", "2026-03-04", "100", "400", 64.40m, "R-7"),
        ("2026-03-09T10:05", "journal-entry/wrong", new JournalEntryReversed(
            "wrong~reversal", new(2026, 3, 9), "Twice", ReversalMethod.Mirror), Clerk, "corr-9"),
        ("2026-03-09T10:05", "journal-entry/wrong~reversal", new JournalEntryPosted(
            new(2026, 3, 9), "Twice", Eur, [Credit("100", 64.40m), Debit("400", 64.40m)], Reverses: "wrong"),
            Clerk, "corr-9"),
    ];

    public ApiHost Host { get; } = new()
    {
        Prepares = database => RecordedEvents.FillAsync(database, Company, "Europe/Sofia", Events),
    };

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        Assert.True(await Host.Ledger.Books.WaitForAsync(Events.Length, TimeSpan.FromSeconds(60)));
    }

    public Task DisposeAsync() => Host.DisposeAsync();

    /// <summary>Asks the service about the company.</summary>
    public Task<ApiAnswer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        Host.GetAsync($"/companies/{Company}{path}", headers);

    private static AccountOpened Opened(string code, AccountType type) => new(new(code), new($"Account {code}", type));

    private static (string, string, object, string, string?) Entry(
        string id, string at, string bookedOn, string debit, string credit, decimal amount, string? reference = null,
        string? document = null, string actor = Clerk, string? correlation = null)
    {
        var day = LocalDatePattern.Iso.Parse(bookedOn).Value;
        return (at, $"journal-entry/{id}", new JournalEntryPosted(
            day, "Some entry", Eur, [Debit(debit, amount), Credit(credit, amount)], Reference: reference,
            Document: document is null ? null : new("invoice", document, day, null)), actor, correlation);
    }
}

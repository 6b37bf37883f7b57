using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using Ledger.Domain.Periods;
using NodaTime;

namespace Ledger.Tests;

/// <summary>
/// Small books that decider tests share: in euro, on 2026-06-15, with a few accounts. Lines are written as
/// <c>Debit("bank", 10m)</c>.
/// </summary>
internal static class SmallBooks
{
    public static readonly UnitCode Eur = new("EUR");
    public static readonly UnitCode Usd = new("USD");
    public static readonly UnitCode Hours = new("VACHR");
    public static readonly LocalDate Today = new(2026, 6, 15);

    public static readonly Company Acme = Company.Evolve(
        Company.Initial,
        new CompanyRegistered(
            new CompanySettings("Acme", Eur, "DE", Digits: Digits(("VACHR", 1), ("BIG", 12))),
            "Europe/Berlin",
            new AnnualDate(1, 1)));

    public static readonly Chart AcmeChart = ChartOf(
        Opened("bank", AccountType.Asset),
        Opened("dollars", AccountType.Asset, a => a with { Currency = Usd }),
        Opened("leave", AccountType.Liability),
        Opened("sales", AccountType.Income),
        Opened("costs", AccountType.Expense, a => a with { Requires = ["department"] }),
        Opened("rent", AccountType.Expense),
        Opened("equity", AccountType.Equity),
        Opened("assets", AccountType.Asset, a => a with { Postable = false }),
        Opened("old", AccountType.Asset, a => a with { Archived = true }),
        Opened("held", AccountType.OffBalance),
        Opened("held-contra", AccountType.OffBalance));

    public static readonly DimensionCatalog AcmeDimensions = new DimensionEvent[]
    {
        new DimensionValueAdded("department", "shop", new("Shop")),
        new DimensionValueAdded("department", "closed", new("Closed shop", Archived: true)),
    }.Aggregate(DimensionCatalog.Initial, DimensionCatalog.Evolve);

    public static readonly Books AcmeBooks = new(
        Acme, AcmeChart, AcmeDimensions, FiscalCalendar.Initial, Today);

    public static Chart ChartOf(params AccountEvent[] events) =>
        events.Aggregate(Chart.Initial, Chart.Evolve);

    public static AccountOpened Opened(
        string code, AccountType type, Func<AccountDetails, AccountDetails>? details = null) =>
        new(new AccountCode(code), (details ?? (a => a))(new AccountDetails(code, type)));

    public static ValueMap<int> Digits(params (string Unit, int Count)[] digits) =>
        ValueMap<int>.From(digits.Select(unit => KeyValuePair.Create(unit.Unit, unit.Count)));

    public static ValueMap<string> Map(params (string Key, string Value)[] pairs) =>
        ValueMap<string>.From(pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));

    public static JournalLine Debit(string account, decimal amount) =>
        new(new AccountCode(account), Side.Debit, amount);

    public static JournalLine Credit(string account, decimal amount) =>
        new(new AccountCode(account), Side.Credit, amount);

    /// <summary>The line in dollars.</summary>
    public static JournalLine InUsd(this JournalLine line, decimal? baseAmount = null, decimal? rate = null) =>
        line with { Currency = Usd, BaseAmount = baseAmount, Rate = rate };

    public static PostJournalEntry Entry(params JournalLine[] lines) =>
        new("e1", new LocalDate(2026, 5, 31), "Rent", lines.ToValueList());

    /// <summary>The lines as decided, or the refusal's message as a failure.</summary>
    public static ValueList<JournalLine> Decided(params JournalLine[] lines)
    {
        var decision = JournalDecider.Decide(Entry(lines), JournalEntry.Initial, AcmeBooks);
        Assert.Null(decision.Refusal);
        return ((JournalEntryPosted)Assert.Single(decision.Events)).Lines;
    }

    /// <summary>What is refused of an entry with these lines.</summary>
    public static Refusal? Refused(params JournalLine[] lines) =>
        JournalDecider.Decide(Entry(lines), JournalEntry.Initial, AcmeBooks).Refusal;
}

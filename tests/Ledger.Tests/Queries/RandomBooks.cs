using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using Ledger.Domain.Periods;
using NodaTime;

namespace Ledger.Tests.Queries;

/// <summary>
/// Books of a company that nobody would keep, but that the rules allow: several currencies and dimensions, backdated
/// and reversed entries, adjustments and closings, accounts that change their name and parent, months closed and
/// reopened.
/// </summary>
public sealed class RandomBooks(int seed)
{
    public static readonly string[] Departments = ["it", "ops", "sales"];
    public static readonly string[] Projects = ["x", "y"];

    /// <summary>The company, its accounts and departments come first; entries begin behind them.</summary>
    public const int Openings = 17;

    private static readonly (string Code, AccountType Type, bool BySign)[] Chart =
    [
        ("1", AccountType.Asset, false), ("11", AccountType.Asset, false), ("12", AccountType.Asset, true),
        ("2", AccountType.Liability, false), ("21", AccountType.Liability, true),
        ("3", AccountType.Equity, false), ("31", AccountType.Equity, false),
        ("4", AccountType.Income, false), ("41", AccountType.Income, false),
        ("5", AccountType.Expense, false), ("51", AccountType.Expense, false),
        ("8", AccountType.OffBalance, false), ("9", AccountType.OffBalance, false),
    ];

    private readonly Random random = new(seed);
    private readonly List<(string Id, JournalEntryPosted Entry)> posted = [];

    public AnnualDate FiscalYearStart { get; } = seed % 2 == 0 ? new(1, 1) : new(4, 1);

    public LocalDate First { get; } = new(2024, 11, 20);

    /// <summary>The events in the order in which they are recorded, each with its stream.</summary>
    public IEnumerable<(string Stream, object Event)> Events(int entries)
    {
        yield return ("company", new CompanyRegistered(Settings("Random"), "Europe/Sofia", FiscalYearStart));
        foreach (var (code, type, bySign) in Chart)
        {
            yield return ("chart", new AccountOpened(new(code), Account(code, type, bySign)));
        }

        foreach (var value in Departments)
        {
            yield return ("dimensions", new DimensionValueAdded("department", value, new("Department " + value)));
        }

        for (var i = 0; i < entries; i++)
        {
            foreach (var each in Step(i, entries))
            {
                yield return each;
            }
        }
    }

    private IEnumerable<(string Stream, object Event)> Step(int i, int entries)
    {
        var id = $"e{i}";
        var today = First.PlusDays(i * 500 / entries);
        var entry = posted.Count > 0 && random.Next(12) == 0
            ? Reversal(posted[random.Next(posted.Count)], today)
            : Entry(random.Next(4) == 0 ? today.PlusDays(-random.Next(200)) : today);
        posted.Add((id, entry));
        yield return ($"journal-entry/{id}", entry);
        if (random.Next(15) == 0)
        {
            var (code, type, bySign) = Chart[random.Next(Chart.Length)];
            yield return ("chart", new AccountChanged(new(code), Account(code, type, bySign)));
        }

        if (random.Next(25) == 0)
        {
            yield return ("periods", new PeriodClosed(today.PlusMonths(-1).ToYearMonth()));
        }

        if (random.Next(25) == 0)
        {
            yield return ("periods", new PeriodReopened(today.PlusMonths(-2).ToYearMonth(), $"reason {i}"));
        }

        if (random.Next(40) == 0)
        {
            yield return ("company", new CompanyChanged(Settings($"Random {i}"), "Europe/Sofia", FiscalYearStart));
        }
    }

    private static CompanySettings Settings(string name) => new(
        name, new("EUR"), "BG", RetainedEarnings: new AccountCode("31"), Digits: ValueMap<int>.From([new("HUR", 1)]));

    private AccountDetails Account(string code, AccountType type, bool bySign) => new(
        $"{type} {code} {random.Next(100)}",
        type,
        Parent: code.Length > 1 && random.Next(4) > 0 ? new AccountCode(code[..1]) : null,
        BySign: bySign);

    private JournalEntryPosted Entry(LocalDate bookedOn)
    {
        var offBalance = random.Next(10) == 0;
        var accounts = Chart.Where(each => (each.Type == AccountType.OffBalance) == offBalance).ToArray();
        var lines = new List<JournalLine>();
        var balance = 0m;
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var line = Line(accounts[random.Next(accounts.Length)].Code);
            lines.Add(line);
            balance += (line.Side == Side.Debit ? 1 : -1) * line.InFunctionalCurrency();
        }

        lines.Add(new(
            new(accounts[random.Next(accounts.Length)].Code),
            balance > 0 ? Side.Credit : Side.Debit,
            Math.Abs(balance),
            Dimensions: SomeDimensions()));
        var kind = random.Next(8) switch
        {
            0 => EntryKind.Adjustment,
            1 => EntryKind.Closing,
            2 => EntryKind.Opening,
            _ => (EntryKind?)null,
        };
        return new(
            bookedOn,
            $"Entry {random.Next(1000)}",
            new("EUR"),
            [.. lines],
            kind,
            random.Next(3) == 0 ? $"R-{random.Next(50)}" : null,
            random.Next(3) == 0 ? new("invoice", $"I-{random.Next(50)}", bookedOn, null) : null,
            random.Next(3) == 0 ? $"c{random.Next(5)}" : null);
    }

    private JournalLine Line(string account)
    {
        var amount = random.Next(1, 100_000) / 100m;
        var side = random.Next(2) == 0 ? Side.Debit : Side.Credit;
        return random.Next(6) switch
        {
            0 => new(
                new(account), side, amount, new UnitCode("USD"), Rate: 0.9m, Dimensions: SomeDimensions(),
                Resolved: new(new("USD"), Math.Round(amount * 0.9m, 2))),
            1 => new(
                new(account), side, random.Next(1, 100) / 10m, new UnitCode("HUR"), BaseAmount: 0m,
                Dimensions: SomeDimensions(), Resolved: new(new("HUR"), 0m)),
            _ => new(new(account), side, amount, Memo: "memo", Dimensions: SomeDimensions()),
        };
    }

    private ValueMap<string>? SomeDimensions()
    {
        var dimensions = new List<KeyValuePair<string, string>>();
        if (random.Next(2) == 0)
        {
            dimensions.Add(new("department", Departments[random.Next(Departments.Length)]));
        }

        if (random.Next(3) == 0)
        {
            dimensions.Add(new("project", Projects[random.Next(Projects.Length)]));
        }

        return dimensions.Count == 0 ? null : ValueMap<string>.From(dimensions);
    }

    private JournalEntryPosted Reversal((string Id, JournalEntryPosted Entry) of, LocalDate bookedOn)
    {
        var red = random.Next(2) == 0;
        return of.Entry with
        {
            BookedOn = bookedOn,
            Lines = [.. of.Entry.Lines.Select(line => red ? Negative(line) : Swapped(line))],
            Reverses = of.Id,
            Reason = "wrong",
            Method = red ? ReversalMethod.Red : ReversalMethod.Mirror,
        };
    }

    private static JournalLine Swapped(JournalLine line) =>
        line with { Side = line.Side == Side.Debit ? Side.Credit : Side.Debit };

    private static JournalLine Negative(JournalLine line) => line with
    {
        Amount = -line.Amount,
        BaseAmount = -line.BaseAmount,
        Resolved = line.Resolved is { } resolved ? resolved with { BaseAmount = -resolved.BaseAmount } : null,
    };
}

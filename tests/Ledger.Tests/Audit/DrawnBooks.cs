using System.Globalization;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Tests.Http;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Audit;

/// <summary>An entry of <see cref="DrawnBooks"/>; all amounts are in euro.</summary>
public sealed record DrawnEntry(
    string Id, LocalDate BookedOn, IReadOnlyList<JournalLine> Lines, EntryDocument? Document, string? Reverses = null);

/// <summary>
/// Books drawn by chance, the same each time, of so few days, accounts and amounts that much comes twice; recorded once
/// an hour over the end of a year.
/// </summary>
public sealed class DrawnBooks : IAsyncLifetime
{
    public const string Company = "drawn";

    private const int Drawn = 150;

    /// <summary>In the order of recording.</summary>
    public IReadOnlyList<DrawnEntry> Entries { get; } = [.. Draw(new Random(22))];

    public ApiHost Host { get; }

    public DrawnBooks() => Host = new()
    {
        Prepares = database => RecordedEvents.FillAsync(database, Company, "Europe/Berlin", Events()),
    };

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        Assert.True(await Host.Ledger.Books.WaitForAsync(Events().Count(), TimeSpan.FromSeconds(60)));
    }

    public Task DisposeAsync() => Host.DisposeAsync();

    private IEnumerable<(string At, string Stream, object Event, string Actor, string? Correlation)> Events()
    {
        var at = new LocalDateTime(2025, 12, 30, 8, 0);
        yield return Recorded("company", new CompanyRegistered(
            new("Drawn", Eur, "DE"), "Europe/Berlin", new AnnualDate(1, 1)));
        foreach (var entry in Entries)
        {
            at = at.PlusHours(1);
            if (entry.Reverses is { } reverses)
            {
                yield return Recorded($"journal-entry/{reverses}", new JournalEntryReversed(
                    entry.Id, entry.BookedOn, "Wrong", ReversalMethod.Mirror));
            }

            yield return Recorded($"journal-entry/{entry.Id}", new JournalEntryPosted(
                entry.BookedOn, "Some entry", Eur, [.. entry.Lines], Document: entry.Document,
                Reverses: entry.Reverses));
        }

        (string, string, object, string, string?) Recorded(string stream, object happened) =>
            (at.ToString("uuuu'-'MM'-'dd'T'HH':'mm", CultureInfo.InvariantCulture), stream, happened, "key:me", null);
    }

    private static IEnumerable<DrawnEntry> Draw(Random random)
    {
        for (var i = 0; i < Drawn; i++)
        {
            var day = new LocalDate(2025, 12, 29).PlusDays(random.Next(4));
            var lines = new List<JournalLine>();
            for (var pairs = random.Next(1, 4); pairs > 0; pairs--)
            {
                var amount = random.Next(1, 9) * 250m / (1 + random.Next(3));
                lines.Add(Debit(Account(random), decimal.Round(amount, 2)));
                lines.Add(Credit(Account(random), decimal.Round(amount, 2)));
            }

            var entry = new DrawnEntry(Id(i), day, lines, Document(random, day));
            yield return entry;
            if (random.Next(12) == 0)
            {
                yield return new(
                    entry.Id + "~reversal", day,
                    [.. lines.Select(each => each with { Side = each.Side == Side.Debit ? Side.Credit : Side.Debit })],
                    null, entry.Id);
            }
        }
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"e{number}");

    /// <summary>Most entries are between a few accounts, some between any.</summary>
    private static string Account(Random random) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 + random.Next(random.Next(4) == 0 ? 12 : 3)}");

    private static EntryDocument? Document(Random random, LocalDate day)
    {
        string[] series = ["INV-", "INV-2025/", "b", "", "1234567890123456789"];
        string?[] types = ["invoice", "Bill", null];
        var number = random.Next(1, 40).ToString(random.Next(2) == 0 ? "0" : "000", CultureInfo.InvariantCulture);
        return random.Next(8) switch
        {
            0 => null,
            1 => new("invoice", "without a number", day, null),
            _ => new(types[random.Next(types.Length)], series[random.Next(series.Length)] + number, day, null),
        };
    }
}

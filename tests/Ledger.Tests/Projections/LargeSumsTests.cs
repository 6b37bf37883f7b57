using System.Globalization;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using Ledger.Projections;
using NodaTime;

namespace Ledger.Tests.Projections;

/// <summary>Amounts on their way from a decimal through binary COPY into numeric columns, and their sums.</summary>
public sealed class LargeSumsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private BooksDatabase books = null!;

    public async Task InitializeAsync()
    {
        books = await BooksDatabase.CreateAsync(blockSize: 50);
        await books.AppendAsync("acme", "company", new CompanyRegistered(
            new CompanySettings("Acme", new("EUR"), "DE"), "Europe/Berlin", new AnnualDate(1, 1)));
    }

    public async Task DisposeAsync() => await books.DisposeAsync();

    [Fact]
    public async Task Amounts_keep_every_digit_and_their_digits_behind_the_point()
    {
        string[] amounts =
        [
            "0", "0.00", "1", "-1", "10", "100", "1000", "9999", "10000", "10000.0", "99999999", "100000000.00",
            "0.1", "0.01", "0.001", "0.0001", "0.00001", "0.000100", "1200.00", "-1200.50",
            "123456789012345.123456789012",
            "999999999999999.999999999999", "-999999999999999.999999999999", "79228162514264337593543950335",
            "-79228162514264337593543950335", "7.9228162514264337593543950335", "0.0000000000000000000000000001",
            "18446744073709551615", "18446744073709551616", "1844674407370955161.6", "18446744073709552.000",
        ];
        var random = new Random(5);
        var values = amounts.Select(text => decimal.Parse(text, CultureInfo.InvariantCulture)).Concat(
            Enumerable.Range(0, 400).Select(_ => new decimal(
                random.Next(), random.Next(), random.Next(5) == 0 ? random.Next() : 0, random.Next(2) == 0,
                (byte)random.Next(29)))).ToArray();

        var last = await books.AppendAsync("acme", "journal-entry/e1", new JournalEntryPosted(
            new LocalDate(2026, 1, 31), "Any", new("EUR"),
            [.. values.Select(value => new JournalLine(new("1"), Side.Debit, value, Resolved: new(new("X"), 0m)))]));
        await using var loop = books.StartLoop();
        Assert.True(await loop.WaitForAsync(last, Patience), loop.Status.ToString());

        Assert.Equal(
            values.Select(value => value.ToString(CultureInfo.InvariantCulture)).Select(WithoutNegativeZero),
            await books.RowsAsync("select debit from views.journal_line order by line"));
    }

    [Fact]
    public async Task Sums_of_more_digits_than_a_decimal_holds_are_exact()
    {
        const decimal large = 999_999_999_999_999.999999999999m;
        await using (var loop = books.StartLoop())
        {
            var last = 0L;
            for (var i = 0; i < 160; i++)
            {
                last = await books.AppendAsync("acme", $"journal-entry/e{i}", new JournalEntryPosted(
                    new LocalDate(2026, 1, 31), "Large", new("EUR"),
                    [new JournalLine(new("1"), Side.Debit, large), new JournalLine(new("2"), Side.Credit, large)]));
            }

            Assert.True(await loop.WaitForAsync(last, Patience), loop.Status.ToString());
        }

        Assert.Equal([], (await new Verification(books.Source, EventCatalog.Ledger).RunAsync()).Findings);
        Assert.Equal(
            ["159999999999999999.999999999840"],
            await books.RowsAsync("select debit from views.trial_balance where account = '1'"));
    }

    private static string WithoutNegativeZero(string text) =>
        text.StartsWith("-0", StringComparison.Ordinal) && text.All(c => c is '-' or '0' or '.') ? text[1..] : text;
}

using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using Ledger.Domain.Periods;
using Ledger.Projections;
using NodaTime;
using Npgsql;

namespace Ledger.Tests.Projections;

public sealed class ProjectionLoopTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private BooksDatabase books = null!;

    public async Task InitializeAsync() => books = await BooksDatabase.CreateAsync();

    public async Task DisposeAsync() => await books.DisposeAsync();

    [Fact]
    public async Task Every_event_of_the_books_becomes_its_row()
    {
        await using var loop = books.StartLoop();
        var digits = ValueMap<int>.From([new("HUR", 2)]);
        await books.AppendAsync("acme", "company", new CompanyRegistered(
            new CompanySettings("Acme", new("EUR"), "DE", Digits: digits, BooksFrom: new LocalDate(2025, 1, 1)),
            "Europe/Berlin",
            new AnnualDate(4, 1)));
        await books.AppendAsync("acme", "chart",
            new AccountOpened(new("1000"), new AccountDetails("Bank", AccountType.Asset)),
            new AccountOpened(new("4000"), new AccountDetails(
                "Sales", AccountType.Income, Names: ValueMap<string>.From([new("de", "Erlöse")]),
                Parent: new AccountCode("4"), Currency: new UnitCode("EUR"), Requires: ["shop", "desk"])),
            new AccountChanged(new("1000"), new AccountDetails("Bank, closed", AccountType.Asset, Archived: true)));
        await books.AppendAsync("acme", "dimensions",
            new DimensionValueAdded("shop", "berlin", new DimensionValueDetails("Berlin")));
        await books.AppendAsync("acme", "journal-entry/e1", new JournalEntryPosted(
            new LocalDate(2026, 3, 31), "Sale", new("EUR"),
            [
                new JournalLine(new("1000"), Side.Debit, 10.50m, Memo: "cash"),
                new JournalLine(
                    new("4000"), Side.Credit, 11.20m, new UnitCode("USD"), Rate: 0.9375m,
                    Dimensions: ValueMap<string>.From([new("shop", "berlin")]),
                    Resolved: new ResolvedAmount(new("USD"), 10.50m)),
            ],
            Kind: EntryKind.Adjustment, Document: new EntryDocument("invoice", "7", new LocalDate(2026, 3, 30), null)));
        var last = await books.AppendAsync("acme", "periods",
            new PeriodClosed(new YearMonth(2026, 3)), new PeriodReopened(new YearMonth(2026, 3), "forgotten bill"),
            new FiscalYearFinalized(new YearMonth(2025, 3)));

        Assert.True(await loop.WaitForAsync(last, Patience));

        Assert.Equal(
            ["acme,1,Acme,EUR,DE,Europe/Berlin,04-01,,{HUR: 2},2025-01-01,"],
            (await books.RowsAsync("select * from views.company_history")).Select(row => row.Replace("\\", "")));
        Assert.Equal(
            [
                "1000,2,Bank,,asset,,,t,f,,f",
                "1000,4,Bank, closed,,asset,,,t,t,,f",
                "4000,3,Sales,{de: Erlöse},income,4,EUR,t,f,{shop,desk},f",
            ],
            (await books.RowsAsync("""
                select code, position, name, names, type, parent, currency, postable, archived, requires, by_sign
                from views.account_history order by code, position
                """)).Select(row => row.Replace("\\", "")));
        Assert.Equal(
            ["acme,shop,berlin,5,Berlin,,f"], await books.RowsAsync("select * from views.dimension_value_history"));
        Assert.Equal(
            ["acme,6,6,e1,2025,1,2026-03-31,Sale,,2,invoice,7,2026-03-30,,,,,,,,EUR,2,10.50,key:test,correlation-1,"],
            await books.RowsAsync("""
                select company, position, sequence, id, fiscal_year, number, booked_on, description, reference, kind,
                    document_type, document_number, document_date, document_sha256, counterparty, reverse_on,
                    corrects, reverses, reason, method, currency, lines, total, actor, correlation, causation
                from views.journal_entry
                """));
        Assert.Equal(
            [
                "acme,6,1,2026-03-31,2,1000,EUR,10.50,0,10.50,0,cash,",
                "acme,6,2,2026-03-31,2,4000,USD,0,11.20,0,10.50,,{shop: berlin}",
            ],
            (await books.RowsAsync("select * from views.journal_line order by line"))
                .Select(row => row.Replace("\\", "")));
        Assert.Equal(
            ["7,7,closed,2026-03-01,", "8,8,reopened,2026-03-01,forgotten bill", "9,9,final,2025-03-01,"],
            await books.RowsAsync(
                "select position, sequence, event, period, reason from views.period_history order by position"));
        Assert.Equal(["acme,9,8,4"], await books.RowsAsync("select * from views.books_state"));
        Assert.Equal(
            [
                "1,,0,1,2026-03-31,1000,,EUR,2,10.50,0,10.50,0",
                "1,,0,1,2026-03-31,4000,,USD,2,0,11.20,0,10.50",
                "1,,1,1,2026-03-01,1000,,EUR,2,10.50,0,10.50,0",
                "1,,1,1,2026-03-01,4000,,USD,2,0,11.20,0,10.50",
                "1,,2,1,2026-01-01,1000,,EUR,2,10.50,0,10.50,0",
                "1,,2,1,2026-01-01,4000,,USD,2,0,11.20,0,10.50",
                "1,shop,0,1,2026-03-31,4000,berlin,USD,2,0,11.20,0,10.50",
                "1,shop,1,1,2026-03-01,4000,berlin,USD,2,0,11.20,0,10.50",
                "1,shop,2,1,2026-01-01,4000,berlin,USD,2,0,11.20,0,10.50",
            ],
            await books.RowsAsync("""
                select recorded_level, dimension, booked_level, block, period, account, value, unit, kind,
                    debit, credit, base_debit, base_credit
                from views.movement_cell order by 1, 2, 3, 4, 5, 6
                """));
        Assert.Equal(
            ["acme,1,1", "acme,9,9"],
            await books.RowsAsync("""
                select company, position, sequence from ledger.log where position in (1, 9) order by position
                """));
    }

    [Fact]
    public async Task Positions_are_committed_before_rows_are_read()
    {
        var last = await books.AppendAsync("acme", "keys", new LoopTestHappened("x"));
        await using var reader = await LogReader.OpenAsync(books.Source, CancellationToken.None);

        // Reading fails; were it one transaction with the positions, these would be gone, and their lock held.
        await Assert.ThrowsAsync<PostgresException>(() =>
            reader.ReadAsync(0, last, -1, long.MaxValue, [], CancellationToken.None));

        Assert.Equal(last, await books.ScalarAsync<long>("select max(sequence) from ledger.log"));
    }
}

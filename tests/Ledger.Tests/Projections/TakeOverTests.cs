using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using Ledger.Projections;
using NodaTime;
using Npgsql;

namespace Ledger.Tests.Projections;

public sealed class TakeOverTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private BooksDatabase books = null!;

    public async Task InitializeAsync()
    {
        books = await BooksDatabase.CreateAsync();
        await books.AppendAsync("acme", "company", new CompanyRegistered(
            new CompanySettings("Acme", new("EUR"), "DE"), "Europe/Berlin", new AnnualDate(4, 1)));
    }

    public async Task DisposeAsync() => await books.DisposeAsync();

    [Fact]
    public async Task Numbers_are_free_of_gaps_by_fiscal_year_in_recording_order_whoever_writes()
    {
        var last = 0L;
        for (var round = 0; round < 4; round++)
        {
            await using var loop = books.StartLoop();
            last = await books.AppendAsync("acme", $"journal-entry/a{round}", Entry(new LocalDate(2026, 3, 31)));
            last = await books.AppendAsync("acme", $"journal-entry/b{round}", Entry(new LocalDate(2026, 4, 1)));
            Assert.True(await loop.WaitForAsync(last, Patience));
        }

        Assert.Equal(
            ["2025,1,a0", "2025,2,a1", "2025,3,a2", "2025,4,a3", "2026,1,b0", "2026,2,b1", "2026,3,b2", "2026,4,b3"],
            await books.RowsAsync("select fiscal_year, number, id from views.journal_entry order by 1, 2"));
    }

    [Fact]
    public async Task A_process_that_froze_within_its_transaction_is_ended_and_overtaken()
    {
        await using var frozen = await books.Source.OpenConnectionAsync();
        await using var transaction = await frozen.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand(
            "select ledger_read.move_checkpoint('books', 1, 'books:All', 0, 1)", frozen, transaction);
        Assert.Equal("ok", await hold.ExecuteScalarAsync());
        var last = await books.AppendAsync("acme", "journal-entry/e1", Entry(new LocalDate(2026, 3, 31)));

        await using var loop = books.StartLoop();

        Assert.True(await loop.WaitForAsync(last, Patience), loop.Status.ToString());
        Assert.Equal(["2025,1,e1"], await books.RowsAsync("select fiscal_year, number, id from views.journal_entry"));
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await transaction.CommitAsync());
    }

    [Fact]
    public async Task A_loop_that_was_overtaken_drops_what_it_knew_and_follows()
    {
        await using var loop = books.StartLoop(pace: BooksDatabase.Hurried with { Hang = Patience });
        var first = await books.AppendAsync("acme", "journal-entry/e1", Entry(new LocalDate(2026, 3, 31)));
        Assert.True(await loop.WaitForAsync(first, Patience));

        // What another process does that was faster: the rows and the checkpoint, in one transaction.
        await using (var other = await books.Source.OpenConnectionAsync())
        await using (var transaction = await other.BeginTransactionAsync())
        {
            await using var move = new NpgsqlCommand(
                "select ledger_read.move_checkpoint('books', 1, 'books:All', 2, 3)", other, transaction);
            Assert.Equal("ok", await move.ExecuteScalarAsync());
            Assert.Equal(3, await books.AppendAsync("acme", "journal-entry/e2", Entry(new LocalDate(2026, 3, 31))));
            await using var rows = new NpgsqlCommand("""
                insert into ledger_read.journal_entry_1 (
                    company, position, sequence, recorded, id, fiscal_year, number, booked_on, description, kind,
                    currency, lines, total)
                values ('acme', 3, 3, now(), 'e2', 2025, 2, '2026-03-31', 'by another', 0, 'EUR', 0, 0);
                update ledger_read.books_state_1 set position = 3;
                """, other, transaction);
            await rows.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }

        var third = await books.AppendAsync("acme", "journal-entry/e3", Entry(new LocalDate(2026, 3, 31)));

        Assert.True(await loop.WaitForAsync(third, Patience), loop.Status.ToString());
        Assert.Equal(
            ["1,e1,Rent", "2,e2,by another", "3,e3,Rent"],
            await books.RowsAsync("select number, id, description from views.journal_entry order by 1"));
        Assert.Equal(["acme,4,4"], await books.RowsAsync("select company, position, covered from views.books_state"));
    }

    [Fact]
    public async Task Waiting_ends_without_success_when_the_time_is_up()
    {
        await using var loop = books.StartLoop();

        Assert.False(await loop.WaitForAsync(1_000_000, TimeSpan.FromMilliseconds(50)));
        Assert.True(await loop.WaitForAsync(1, Patience));
    }

    [Fact]
    public async Task The_lag_is_told_in_events_and_seconds()
    {
        var loop = new ProjectionLoop(books.Source, EventCatalog.Ledger);
        var before = await loop.LagAsync();
        loop.Start();
        Assert.True(await loop.WaitForAsync(1, Patience));
        var after = await loop.LagAsync();
        await loop.DisposeAsync();

        Assert.Equal((1L, 0L, 1L), (before.Head, before.Sequence, before.Events));
        Assert.True(before.Seconds > 0);
        Assert.Equal(new ProjectionLag(1, 1, 0), after);
    }

    private static JournalEntryPosted Entry(LocalDate bookedOn) => new(
        bookedOn, "Rent", new("EUR"),
        [new JournalLine(new("1"), Side.Debit, 1m), new JournalLine(new("2"), Side.Credit, 1m)]);
}

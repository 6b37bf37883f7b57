using System.Collections.Concurrent;
using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Tests.Projections;

public sealed class StoppedLoopTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private BooksDatabase books = null!;

    public async Task InitializeAsync()
    {
        books = await BooksDatabase.CreateAsync();
        await books.AppendAsync("acme", "company", new CompanyRegistered(
            new CompanySettings("Acme", new("EUR"), "DE"), "Europe/Berlin", new AnnualDate(1, 1)));
    }

    public async Task DisposeAsync() => await books.DisposeAsync();

    [Fact]
    public async Task An_event_of_an_unknown_type_stops_the_loop_before_it_and_a_program_that_knows_it_goes_on()
    {
        await books.AppendAsync("acme", "journal-entry/e1", Entry(1m));
        await books.AppendAsync("acme", "keys", new LoopTestHappened("x"));
        var last = await books.AppendAsync("acme", "journal-entry/e2", Entry(2m));

        await using (var loop = books.StartLoop())
        {
            Assert.False(await loop.WaitForAsync(last, Patience));
            Assert.Equal(2, loop.Status.Sequence);
            Assert.Equal(
                "Event 3 ('loop_test_happened', version 1 of 'keys' in 'acme'): "
                    + "This version of the program does not know its type.",
                loop.Status.Stopped?.ToString());
            Assert.Equal(["e1"], await books.RowsAsync("select id from views.journal_entry"));

            await using var newer = books.StartLoop(BooksDatabase.Catalog);
            Assert.True(await newer.WaitForAsync(last, Patience));
            Assert.Equal(
                ["1,e1", "2,e2"], await books.RowsAsync("select number, id from views.journal_entry order by 1"));
        }
    }

    [Fact]
    public async Task A_question_behind_the_event_is_told_its_number_and_type_only_and_who_listens_all_of_it_once()
    {
        var last = await books.AppendAsync("acme", "keys", new LoopTestHappened("x"));
        await using var loop = books.StartLoop();
        var told = new ConcurrentQueue<StoppedProjection>();
        loop.StoppedAt += told.Enqueue;
        Assert.False(await loop.WaitForAsync(last, Patience));
        await using var reader = new LedgerReader(LedgerSource.Create(books.ConnectionString), loop);

        var answer = await reader.AskAsync(
            new Question("acme", KnownAt.Now, last), _ => Task.FromResult<Answer<int>>(1));

        Assert.Equal(
            "Sequence 2 is asked for, but the tables that answer have reached 1. They stop before it, at: Event 2 "
                + "('loop_test_happened'). The owner finds the reason in the log of the service, or by './run verify'.",
            answer.Refusal?.Message);
        Assert.Equal(loop.Status.Stopped, Assert.Single(told));
    }

    [Fact]
    public async Task The_log_goes_on_where_the_tables_stop()
    {
        var unknown = await books.AppendAsync("acme", "keys", new LoopTestHappened("x"));
        await using var loop = books.StartLoop();
        Assert.False(await loop.WaitForAsync(unknown, Patience));
        var last = await books.AppendAsync("acme", "journal-entry/e1", Entry(1m));
        await using var reader = new LedgerReader(LedgerSource.Create(books.ConnectionString), loop);
        using var patience = new CancellationTokenSource(Patience);

        Answer<EventsThen> answer;
        do
        {
            answer = await EventQueries.EventsAsync(
                reader, "acme", new(0, null, null), 10, atLeast: last, patience.Token);
        }
        while (answer.Refusal is not null);

        Assert.Equal(last, answer.Value!.Rows[^1].Sequence);
    }

    [Fact]
    public async Task A_stopped_loop_goes_on_once_another_process_has_gone_past_the_event()
    {
        var unknown = await books.AppendAsync("acme", "keys", new LoopTestHappened("x"));
        await using var older = books.StartLoop();
        Assert.False(await older.WaitForAsync(unknown, Patience));

        await using (var newer = books.StartLoop(BooksDatabase.Catalog))
        {
            Assert.True(await newer.WaitForAsync(unknown, Patience));
        }

        var last = await books.AppendAsync("acme", "journal-entry/e1", Entry(1m));
        while (older.Status.Stopped is not null)
        {
            await Task.Delay(10);
        }

        Assert.True(await older.WaitForAsync(last, Patience));
        Assert.Equal(["1,e1"], await books.RowsAsync("select number, id from views.journal_entry"));
    }

    [Fact]
    public async Task An_event_whose_content_cannot_be_read_stops_the_loop_and_is_named()
    {
        await books.AppendAsync("acme", "journal-entry/e1", Entry(1m));
        await books.ExecuteAsSuperuserAsync("""
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            values (3, gen_random_uuid(), 'journal-entry/e2', 1, '{"bookedOn": "2026-02-30"}', 'journal_entry_posted',
                clock_timestamp(), 'acme')
            """);

        await using var loop = books.StartLoop();

        Assert.False(await loop.WaitForAsync(3, Patience));
        var stopped = loop.Status.Stopped!;
        Assert.Equal(
            (3, "acme", "journal-entry/e2", 1, "journal_entry_posted"),
            (stopped.Sequence, stopped.Company, stopped.Stream, stopped.Version, stopped.Type));
        Assert.Equal("A LocalDate is not written as one.", stopped.Reason);
        Assert.Equal(["acme,2,0,4"], await books.RowsAsync("select * from views.books_state"));
    }

    [Fact]
    public async Task An_event_that_lacks_what_it_needs_although_it_names_it_stops_the_loop_and_is_named()
    {
        await books.ExecuteAsSuperuserAsync("""
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            values (2, gen_random_uuid(), 'journal-entry/e1', 1, '{"bookedOn": "2026-01-31", "description": "Rent",
                "currency": "EUR", "lines": null}', 'journal_entry_posted', clock_timestamp(), 'acme')
            """);

        await using var loop = books.StartLoop();

        Assert.False(await loop.WaitForAsync(2, Patience));
        Assert.Equal(
            "Event 2 ('journal_entry_posted', version 1 of 'journal-entry/e1' in 'acme'): 'lines' is null.",
            loop.Status.Stopped?.ToString());
    }

    [Fact]
    public async Task An_event_that_the_program_fails_on_in_whatever_way_stops_the_loop_and_is_named()
    {
        var last = await books.AppendAsync("acme", "keys", new LoopTestHappened("x"));
        var faulty = new EventCatalog(
            EventCatalog.Ledger.Names.Select(EventCatalog.Ledger.TypeOf).Append(typeof(LoopTestHappened)),
            Upcaster.From<LoopTestHappened, LoopTestHappened>(_ => throw new NotSupportedException("A fault.")));

        await using var loop = books.StartLoop(faulty);

        Assert.False(await loop.WaitForAsync(last, Patience));
        Assert.Equal(
            "Event 2 ('loop_test_happened', version 1 of 'keys' in 'acme'): The program fails on it by "
                + "NotSupportedException.",
            loop.Status.Stopped?.ToString());
    }

    [Fact]
    public async Task A_fault_of_the_loop_itself_is_told_and_it_tries_again_and_can_be_ended()
    {
        // The clock refuses to wait for less than no time.
        var loop = books.StartLoop(pace: BooksDatabase.Hurried with { Poll = TimeSpan.FromMilliseconds(-5) });
        using var deadline = new CancellationTokenSource(Patience);
        while (loop.Status.Trouble is null)
        {
            await Task.Delay(10, deadline.Token);
        }

        Assert.False(loop.Status.Leading);
        Assert.Equal("program-fault", loop.Status.Trouble!.Code);
        var last = await books.AppendAsync("acme", "journal-entry/e1", Entry(1m));
        Assert.True(await loop.WaitForAsync(last, Patience), "It goes on as far as it can.");
        await loop.DisposeAsync();
    }

    [Fact]
    public async Task An_event_that_the_database_refuses_is_found_among_many_and_named()
    {
        for (var i = 0; i < 20; i++)
        {
            await books.AppendAsync("acme", $"journal-entry/e{i}", Entry(1m));
        }

        // A second entry in one stream: no decider allows it, and the tables hold an id once.
        var second = await books.AppendAsync("acme", "journal-entry/e7", Entry(5m));
        await books.AppendAsync("acme", "journal-entry/later", Entry(1m));

        await using var loop = books.StartLoop();

        Assert.False(await loop.WaitForAsync(second, Patience));
        Assert.Equal(
            (second, "journal-entry/e7", 2L),
            (loop.Status.Stopped!.Sequence, loop.Status.Stopped.Stream, loop.Status.Stopped.Version));
        Assert.Contains("23505", loop.Status.Stopped.Reason);
        Assert.Equal(second - 1, loop.Status.Sequence);
        Assert.Equal(20, await books.ScalarAsync<long>("select count(*) from views.journal_entry"));
    }

    [Fact]
    public async Task An_entry_before_its_company_is_registered_stops_the_loop()
    {
        var last = await books.AppendAsync("nobody", "journal-entry/e1", Entry(1m));

        await using var loop = books.StartLoop();

        Assert.False(await loop.WaitForAsync(last, Patience));
        Assert.Contains("before it was registered", loop.Status.Stopped!.Reason);
    }

    private static JournalEntryPosted Entry(decimal amount) => new(
        new LocalDate(2026, 1, 31), "Rent", new("EUR"),
        [new JournalLine(new("1"), Side.Debit, amount), new JournalLine(new("2"), Side.Credit, amount)]);
}

/// <summary>An event that only newer programs know.</summary>
[EventName("loop_test_happened")]
public sealed record LoopTestHappened(string What);

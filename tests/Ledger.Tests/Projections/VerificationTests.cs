using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain.Approvals;
using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Tests.Queries;

namespace Ledger.Tests.Projections;

public sealed class VerificationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Each breaks one thing as a bug or a hand in the database might; the first finding says which.</summary>
    public static TheoryData<string, string, string> Damages => new()
    {
        {
            "an event vanished",
            "delete from public.mt_events where seq_id = 20",
            "sequences without gaps: events 20–20: "
        },
        {
            "a hole is claimed where an event is",
            """
            delete from public.mt_events where seq_id = 20;
            insert into public.mt_high_water_skips (starting_sequence, ending_sequence) values (20, 21)
            """,
            "sequences without gaps: mt_high_water_skips 20–21: says that there is no event, but event 21 is there"
        },
        {
            "a version was changed",
            "update public.mt_events set version = 99 where seq_id = 2",
            "versions without gaps: event 2: version 99 of stream acme / chart, expected 1"
        },
        {
            "a stream was set back",
            "update public.mt_streams set version = 3 where id = 'chart'",
            "streams as their events say: stream acme / chart: has version 3, its last event "
        },
        {
            "a position was lost",
            "delete from ledger.log where sequence = 5",
            "log as the events: event 5: has no position"
        },
        {
            "a position was swapped",
            "update ledger.log set recorded = recorded + interval '1 hour' where sequence = 7",
            "log as the events: ledger.log (acme, 7): says 7, "
        },
        {
            "an amount was changed",
            "update ledger_read.journal_line_1 set base_debit = base_debit + 1 where position = 20 and line = 1",
            "entries balance: journal_entry acme, 20, "
        },
        {
            "a line was moved to an off-balance account",
            "update ledger_read.journal_line_1 set account = '8' where position = 20 and line = 1",
            "entries balance: journal_entry acme, 20, "
        },
        {
            "an entry was taken out",
            "delete from ledger_read.journal_entry_1 where position = 20",
            "lines belong to entries: journal_line acme, 20, "
        },
        {
            "a number was changed",
            "update ledger_read.journal_entry_1 set number = 1000 where position = 20",
            "entry numbers without gaps: journal_entry acme, 20, "
        },
        {
            "a cell of a day was changed",
            CellPlusOne("recorded_level = 1 and booked_level = 0"),
            "cells of days as the lines: movement_cell acme, 1, "
        },
        {
            "a cell of a month was changed",
            CellPlusOne("recorded_level = 1 and booked_level = 1"),
            "cells of months as those below: movement_cell acme, 1, "
        },
        {
            "a cell of a year was changed",
            CellPlusOne("recorded_level = 1 and booked_level = 2"),
            "cells of years as those below: movement_cell acme, 1, "
        },
        {
            "a cell of a higher block was changed",
            CellPlusOne("recorded_level = 2 and booked_level = 0"),
            "cells of higher blocks as those below: movement_cell acme, 2, "
        },
        {
            "a cell vanished",
            "delete from ledger_read.movement_cell_1 where recorded_level = 1 and booked_level = 0 and block = 8",
            "cells of days as the lines: movement_cell acme, 1, "
        },
        {
            "an account was renamed",
            "update ledger_read.account_history_1 set name = 'Another' where code = '11'",
            "account_history as rebuilt: account_history acme, 11, 3: is (acme,11,3,Another,"
        },
        {
            "a period was reopened",
            "insert into ledger_read.period_history_1 values ('acme', 3, 3, now(), 'reopened', '2026-01-01', 'x', 'y')",
            "period_history as rebuilt: period_history acme, 3: should not be there: (acme,3,3,"
        },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task What_is_damaged_is_found_and_named(string what, string damage, string finding)
    {
        await using var books = await FilledAsync(seed: 2, entries: 50, blockSize: 3);
        await books.ExecuteAsSuperuserAsync($"set session_replication_role = replica; {damage}");

        var report = await new Verification(books.Source, EventCatalog.Ledger).RunAsync();

        Assert.True(
            report.Findings.Count > 0 && report.Findings[0].ToString().StartsWith(finding, StringComparison.Ordinal),
            $"{what}: {string.Join('\n', report.Findings.Take(3))}");
    }

    [Fact]
    public async Task Sound_books_pass_and_are_counted()
    {
        await using var books = await FilledAsync(seed: 2, entries: 50, blockSize: 3);

        var report = await new Verification(books.Source, EventCatalog.Ledger).RunAsync();

        Assert.Equal([], report.Findings);
        Assert.True(report.Passed);
        Assert.Equal(await books.ScalarAsync<long>("select count(*) from public.mt_events"), report.Events);
        Assert.Equal(report.Events, report.Rebuilt);
        Assert.Equal(50, report.Entries);
        Assert.Equal(await books.ScalarAsync<long>("select count(*) from views.movement_cell"), report.Cells);
        Assert.Equal((0L, 0L), (report.Holes, report.AdoptedCount));
        Assert.Equal(["1,live"], await books.RowsAsync("select version, state from ledger_read.version"));
    }

    [Fact]
    public async Task What_single_persons_did_of_what_two_must_see_is_listed_and_is_no_finding()
    {
        await using var books = await FilledAsync(seed: 2, entries: 5, blockSize: 3);
        var alone = new ApprovedBySinglePerson(ApprovalKind.ReopenPeriod, "2026-01", "anna", ["maria"]);
        var sequence = await books.AppendAsync("acme", "approvals", alone);

        var report = await new Verification(books.Source, EventCatalog.Ledger).RunAsync();

        Assert.Equal([], report.Findings);
        var listed = Assert.Single(report.SinglePerson);
        Assert.Equal(
            (1L, sequence, "acme", "reopenPeriod", "2026-01", "anna", "maria"),
            (report.SinglePersonCount, listed.Sequence, listed.Company, listed.Kind, listed.Subject, listed.Holder,
                Assert.Single(listed.Revoked)));
    }

    [Fact]
    public async Task Events_of_another_program_are_listed_and_its_accounted_holes_accepted()
    {
        await using var books = await FilledAsync(seed: 1, entries: 5, blockSize: 3);
        var head = await books.Store.HeadAsync();
        await books.ExecuteAsSuperuserAsync($$"""
            insert into public.mt_events (
                seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type)
            values ({{head + 3}}, gen_random_uuid(), 'periods', 1, '{"period": "2026-01"}', 'period_closed',
                clock_timestamp() - interval '1 hour', 'guest', 'Their.PeriodClosed, Theirs')
            """);
        await books.ExecuteAsSuperuserAsync("""
            select ledger.record_holes();
            insert into public.mt_streams (tenant_id, id, version) values ('guest', 'periods', 1)
            """);
        await using var loop = books.StartLoop();
        Assert.True(await loop.WaitForAsync(head + 3, Patience));

        var report = await new Verification(books.Source, EventCatalog.Ledger).RunAsync();

        Assert.Equal([], report.Findings);
        Assert.Equal((2L, 1L), (report.Holes, report.AdoptedCount));
        Assert.Equal(
            [new AdoptedEvent(head + 3, "guest", "periods", "period_closed", "Their.PeriodClosed, Theirs")],
            report.Adopted);
        Assert.Equal(
            head + 3,
            await books.ScalarAsync<long>("""
                select l.sequence from ledger.log l
                where l.recorded = (select max(recorded) from ledger.log) and l.company = 'guest' and l.position = 1
                """));
    }

    [Fact]
    public async Task An_event_that_cannot_be_folded_is_a_finding_and_the_rest_is_still_looked_at()
    {
        await using var books = await FilledAsync(seed: 2, entries: 20, blockSize: 3);
        await books.ExecuteAsSuperuserAsync("""
            set session_replication_role = replica;
            update public.mt_events set type = 'no_such_event' where seq_id = 20;
            update ledger_read.journal_entry_1 set number = 1000 where position = 25;
            reset session_replication_role
            """);

        var report = await new Verification(books.Source, EventCatalog.Ledger).RunAsync();

        Assert.Equal(
            ["every event can be folded", "entry numbers without gaps"],
            report.Findings.Select(finding => finding.Check).Distinct());
        Assert.Contains("'no_such_event'", report.Findings[0].What, StringComparison.Ordinal);
        Assert.Equal(0, report.Rebuilt);
    }

    [Fact]
    public async Task Cells_are_the_sums_of_their_lines_for_any_books_and_any_block_size()
    {
        await using var books = await BooksDatabase.CreateAsync(blockSize: 2);
        await using var loop = books.StartLoop();
        var number = 0;
        var generator =
            from seed in Gen.Choose(0, 1_000_000)
            from entries in Gen.Choose(1, 60)
            from blockSize in Gen.Choose(1, 9)
            select (seed, entries, blockSize);

        Prop.ForAll(
            Arb.From(generator),
            given => CheckAsync(given.seed, given.entries, given.blockSize).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(12));

        async Task CheckAsync(int seed, int entries, int blockSize)
        {
            var company = FormattableString.Invariant($"company-{++number}");
            var last = await AppendAsync(books, company, seed, entries);
            Assert.True(await loop.WaitForAsync(last, Patience), loop.Status.ToString());
            await new Rebuild(books.Source, EventCatalog.Ledger).RunAsync(blockSize: blockSize);
            Assert.Equal([], (await new Verification(books.Source, EventCatalog.Ledger).RunAsync()).Findings);
        }
    }

    private static string CellPlusOne(string which) => $"""
        update ledger_read.movement_cell_1 set debits[1] = debits[1] + 1
        where ctid = (
            select ctid from ledger_read.movement_cell_1
            where {which} and dimension = '' order by block, period limit 1)
        """;

    private static Task<BooksDatabase> FilledAsync(int seed, int entries, int blockSize) =>
        BooksDatabase.CreateFilledAsync(
            FormattableString.Invariant($"{entries} entries of {seed} in blocks of {blockSize}"), blockSize,
            async books =>
            {
                var last = await AppendAsync(books, "acme", seed, entries);
                await using var loop = books.StartLoop();
                Assert.True(await loop.WaitForAsync(last, Patience), loop.Status.ToString());
            });

    private static async Task<long> AppendAsync(BooksDatabase books, string company, int seed, int entries)
    {
        var last = 0L;
        foreach (var (stream, @event) in new RandomBooks(seed).Events(entries))
        {
            last = await books.AppendAsync(company, stream, @event);
        }

        return last;
    }
}

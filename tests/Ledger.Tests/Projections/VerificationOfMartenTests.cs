using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using Ledger.Projections;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Projections;

/// <summary>What Marten leaves in a store is no damage, and hides none.</summary>
public sealed class VerificationOfMartenTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private BooksDatabase books = null!;

    public async Task InitializeAsync()
    {
        books = await BooksDatabase.CreateAsync();
        await books.AppendAsync("acme", "company", new CompanyRegistered(
            new CompanySettings("Acme", new("EUR"), "DE"), "Europe/Berlin", new AnnualDate(1, 1)));
    }

    public async Task DisposeAsync() => await books.DisposeAsync();

    [Theory]
    [InlineData("unheard_of", "{}", "does not know its type")]
    [InlineData("journal_entry_posted", """{"bookedOn": "2026-02-30"}""", "A LocalDate is not written as one.")]
    public async Task An_event_at_which_the_live_tables_stopped_is_a_finding(string type, string body, string why)
    {
        await AppendAsync(2, "notes", 1, type, body);
        await using var loop = books.StartLoop();
        Assert.False(await loop.WaitForAsync(2, Patience));

        var report = await VerifyAsync();

        var finding = Assert.Single(report.Findings);
        Assert.Equal(("every event can be folded", "event 2"), (finding.Check, finding.Where));
        Assert.StartsWith(
            $"the tables of the books stop before it. Event 2 ('{type}', version 1 of 'notes' in 'acme'): ",
            finding.What,
            StringComparison.Ordinal);
        Assert.Contains(why, finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_failed_append_leaves_is_no_damage()
    {
        await AppendAsync(2, "mt_tombstone", 2, "tombstone", "{}", streamVersion: 0);
        await FollowAsync(2);

        Assert.Equal([], (await VerifyAsync()).Findings);
    }

    [Fact]
    public async Task What_a_marten_application_does_not_read_and_the_books_count_is_a_finding()
    {
        await AppendAsync(2, "periods", 1, "period_closed", """{"period": "2026-01"}""", archived: "null");
        await AppendAsync(3, "periods", 2, "period_closed", """{"period": "2026-02"}""", archived: "true");
        await AppendAsync(4, "periods", 3, "period_closed", """{"period": "2026-03"}""");
        await books.ExecuteAsSuperuserAsync("""
            update public.mt_streams set is_archived = null where tenant_id = 'acme' and id = 'company'
            """);
        await FollowAsync(4);

        const string unread = ": a Marten application does not read it, and the books count it";
        Assert.Equal(
            [
                $"nothing archived: event 2: is_archived is null{unread}",
                $"nothing archived: event 3: is archived{unread}",
                $"nothing archived: stream acme / company: is_archived is null{unread}",
            ],
            (await VerifyAsync()).Findings.Select(finding => finding.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_reversal_of_an_entry_that_no_entry_makes_is_a_finding()
    {
        await books.AppendAsync("acme", "journal-entry/e1", new JournalEntryPosted(
            new(2026, 1, 31), "Sale", Eur, [Debit("bank", 1m), Credit("sales", 1m)]));
        await AppendAsync(
            3, "journal-entry/e1", 2, "journal_entry_reversed",
            """{"by": "e2", "bookedOn": "2026-01-31", "reason": "Returned", "method": "mirror"}""");
        await FollowAsync(3);
        const string finding = "reversals name each other: event 3: says that acme / journal-entry/e1 is reversed, and "
            + "no entry says that it does so";
        Assert.Equal([finding], (await VerifyAsync()).Findings.Select(each => each.ToString()));

        await books.AppendAsync("acme", "journal-entry/e2", new JournalEntryPosted(
            new(2026, 1, 31), "Returned", Eur, [Credit("bank", 1m), Debit("sales", 1m)], Reverses: "e1"));
        await FollowAsync(4);
        Assert.Equal([], (await VerifyAsync()).Findings);
    }

    [Fact]
    public async Task A_range_of_the_daemon_between_two_events_accounts_for_the_holes_in_it_and_no_others()
    {
        await AppendAsync(4, "periods", 1, "period_closed", """{"period": "2026-01"}""");
        await AppendAsync(6, "periods", 2, "period_closed", """{"period": "2026-02"}""");
        await FollowAsync(6);
        await books.ExecuteAsSuperuserAsync(
            "insert into public.mt_high_water_skips (starting_sequence, ending_sequence) values (1, 4)");

        var report = await VerifyAsync();

        Assert.Equal(
            ["sequences without gaps: events 5–5: missing, and not in mt_high_water_skips"],
            report.Findings.Select(finding => finding.ToString()));
        Assert.Equal(2, report.Holes);
    }

    private Task AppendAsync(
        long sequence, string stream, int version, string type, string body, int? streamVersion = null,
        string archived = "false") =>
        books.ExecuteAsSuperuserAsync($"""
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, is_archived)
            values ({sequence}, gen_random_uuid(), '{stream}', {version}, '{body}', '{type}', clock_timestamp(),
                'acme', {archived});
            insert into public.mt_streams (tenant_id, id, version)
            values ('acme', '{stream}', {streamVersion ?? version})
            on conflict (tenant_id, id) do update set version = excluded.version
            """);

    private async Task FollowAsync(long sequence)
    {
        await using var loop = books.StartLoop();
        Assert.True(await loop.WaitForAsync(sequence, Patience), loop.Status.ToString());
    }

    private Task<VerificationReport> VerifyAsync() => new Verification(books.Source, EventCatalog.Ledger).RunAsync();
}

using Ledger.Api;
using Ledger.Api.Journals;
using Ledger.Api.Periods;
using Ledger.EventStore;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Periods;

public sealed class ClosingRaceTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly RequestMetadata Who = new("user:tester", null, null, null);

    [Fact]
    public async Task No_entry_of_a_month_is_recorded_behind_its_closing_while_32_callers_post_into_it()
    {
        const int before = 500;
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();

        // As two processes: each has a writer and a cache of its own.
        await using var store = new Store(host.Ledger.Database);
        Transact[] processes = [host.Ledger.Transact, new(store)];
        var recorded = 0;
        var enough = new TaskCompletionSource();
        var callers = Task.WhenAll(Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var entry = Entry(Debit("100", 12m), Credit("400", 12m)) with
                {
                    Id = $"{caller}-{i}",
                    BookedOn = new(2026, 1, 31),
                };
                var result = await processes[caller % 2].RunAsync(
                    books.Company, Who, reading => JournalWrites.PostAsync(entry, reading, host.Ledger.Owner));
                if (result is Transacted<Written>.Refused refused)
                {
                    Assert.Equal("period-closed", refused.Refusal.Code);
                    return i;
                }

                Assert.IsType<Transacted<Written>.Done>(result);
                if (Interlocked.Increment(ref recorded) == before)
                {
                    enough.SetResult();
                }
            }
        })));
        await Task.WhenAny(enough.Task, callers);
        var closed = await processes[1].RunAsync(books.Company, Who, reading => PeriodWrites.PutAsync(
            new(2026, 1), new(PeriodStatus.Closed), null, reading, host.Ledger.Facts, host.Ledger.Owner));
        var counts = await callers;

        Assert.IsType<Transacted<Written>.Done>(closed);
        var events = await books.EventsAsync();
        Assert.Equal(counts.Sum(), events.Count(type => type == "journal_entry_posted"));
        Assert.Equal("period_closed", events[^1]);
        Assert.InRange(counts.Sum(), before, int.MaxValue);
    }
}

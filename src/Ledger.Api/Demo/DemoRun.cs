using Ledger.Api.Import;
using Ledger.Api.Journals;
using Ledger.Api.Periods;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Periods;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Demo;

/// <summary>What a run of the demo did.</summary>
/// <param name="Entries">All that the story posts, reversals included.</param>
/// <param name="Added">How many of them were not there before.</param>
/// <param name="Published">The event with which the corrected month was closed for the first time.</param>
internal sealed record DemoReport(int Entries, int Added, long Published);

/// <summary>
/// Tells the story to the ledger, through the same decisions as everybody. What is there already is a retry, so telling
/// it again adds nothing.
/// </summary>
internal sealed class DemoRun(LedgerHost host, string company, Action<string> say)
{
    private readonly RequestMetadata who = new(host.OwnerActor, null, null, null);
    private int entries;
    private int added;

    /// <exception cref="SetUpException">The company has other books.</exception>
    /// <exception cref="ImportStoppedException">The database does not take it now.</exception>
    public async Task<DemoReport> RunAsync(CancellationToken cancellation)
    {
        var books = await BooksTarget.OpenAsync(host, company, who);
        await RegisterAsync(books);
        foreach (var (month, steps) in new ShopYear().Months())
        {
            var (before, addedBefore) = (entries, added);
            foreach (var wave in Waves(steps))
            {
                cancellation.ThrowIfCancellationRequested();
                await DoAsync(wave, books);
            }

            say(FormattableString.Invariant($"{month:MMMM uuuu}: {entries - before} entries")
                + (added == addedBefore ? ", there already" : ""));
        }

        // Whoever looks next, by whatever way, shall find the whole year.
        await BooksFollowing.CatchUpAsync(host, say, cancellation);
        var periods = await PeriodEventsAsync();
        var published = periods.First(each => each.Event is PeriodClosed closed && closed.Period >= ShopYear.Corrected);
        return new(entries, added, published.Sequence);
    }

    /// <summary>
    /// Steps that may be handed over at once: entries that do not speak of each other; what a month becomes stands
    /// alone.
    /// </summary>
    private static IEnumerable<IReadOnlyList<DemoStep>> Waves(IReadOnlyList<DemoStep> steps)
    {
        var (wave, posted) = (new List<DemoStep>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var step in steps)
        {
            var about = step switch
            {
                DemoStep.Post post => post.Entry.Corrects,
                DemoStep.Reverse reverse => reverse.Reversal.Id,
                _ => null,
            };
            var isEntry = step is DemoStep.Post or DemoStep.Reverse;
            if (wave.Count > 0 && (!isEntry || (about is not null && posted.Contains(about))))
            {
                yield return wave;
                wave = [];
                posted.Clear();
            }

            wave.Add(step);
            if (!isEntry)
            {
                yield return wave;
                wave = [];
            }
            else if (step is DemoStep.Post { Entry.Id: var id })
            {
                posted.Add(id);
            }
        }

        if (wave.Count > 0)
        {
            yield return wave;
        }
    }

    private async Task RegisterAsync(BooksTarget books)
    {
        Require(await books.RegisterAsync(ShopFacts.Settings));
        if (books.Company.Settings != ShopFacts.Settings)
        {
            throw new SetUpException(
                $"The company '{company}' is there already and is not the demo's: '{books.Company.Settings!.Name}'. "
                + "Nothing was recorded. Name another with --company, such as --company demo-2.");
        }

        var chart = ChartTemplates.Find(ShopFacts.Chart)!;
        Require(await books.OpenAccountsAsync([.. chart.Select(each => new PutAccount(each.Code, each.Account))]));
        foreach (var value in ShopFacts.Dimensions)
        {
            Require(await books.PutDimensionValueAsync(value, before: null));
        }
    }

    private Task DoAsync(IReadOnlyList<DemoStep> wave, BooksTarget books) => wave[0] switch
    {
        DemoStep.Close close => CloseAsync(close),
        DemoStep.Reopen reopen => ReopenAsync(reopen),
        _ => WriteAsync(wave, books),
    };

    private async Task WriteAsync(IReadOnlyList<DemoStep> wave, BooksTarget books)
    {
        var items = wave.Select(step => step is DemoStep.Post post
            ? (FileItem)new FileEntry(0, post.Entry.Id, default, post.Entry, IsMapped: false)
            : new FileReversal(0, ((DemoStep.Reverse)step).Reversal));
        var outcomes = await books.WriteAsync([.. items]);
        for (var i = 0; i < outcomes.Count; i++)
        {
            // An accrual is two entries.
            var count = wave[i] is DemoStep.Post { Entry.ReverseOn: not null } ? 2 : 1;
            Require(outcomes[i].Refusal);
            entries += count;
            added += outcomes[i].IsNew ? count : 0;
        }
    }

    /// <summary>Not if it was done before, even if somebody opened the month since.</summary>
    private async Task CloseAsync(DemoStep.Close close)
    {
        var done = await PeriodEventsAsync();
        if (done.Count(each => each.Event is PeriodClosed closed && closed.Period == close.Month) < close.Times)
        {
            await PutAsync(close.Month, new(PeriodStatus.Closed));
        }
    }

    private async Task ReopenAsync(DemoStep.Reopen reopen)
    {
        var done = await PeriodEventsAsync();
        if (!done.Exists(each => each.Event is PeriodReopened reopened && reopened.Period == reopen.Month))
        {
            await PutAsync(reopen.Month, new(PeriodStatus.Open, reopen.Reason));
        }
    }

    private async Task PutAsync(YearMonth month, PeriodChange change)
    {
        var outcome = await host.Transact.RunAsync(company, who, reading =>
            PeriodWrites.PutAsync(month, change, ifMatch: null, reading, host.Facts, host.Owner));
        switch (outcome)
        {
            case Transacted<Written>.Done:
                break;
            case Transacted<Written>.Refused refused:
                Require(refused.Refusal);
                break;
            default:
                throw BooksTarget.Stopped(outcome);
        }
    }

    private async Task<List<(long Sequence, object Event)>> PeriodEventsAsync()
    {
        var recorded = await host.Store.ReadStreamAsync(company, Streams.Periods);
        return [.. recorded.Select(each => (each.Sequence, EventCatalog.Ledger.Read(each)))];
    }

    /// <summary>The story breaks no rule: a refusal means that the company's books went another way.</summary>
    private void Require(Refusal? refusal)
    {
        if (refusal is not null)
        {
            throw new SetUpException(
                $"The books of '{company}' are no longer the demo's: {refusal.Message} "
                + "Name another company with --company, such as --company demo-2.");
        }
    }
}

using Ledger.Api.Approvals;
using Ledger.Api.Journals;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using Ledger.EventStore;

namespace Ledger.Api.Import;

/// <summary>Writes to the books, through the same decisions as everybody.</summary>
internal sealed class BooksTarget : IImportTarget
{
    private const int AttemptsMax = 8;
    private const int AccountsPerRequest = 500;

    private readonly LedgerHost host;
    private readonly string company;
    private readonly RequestMetadata who;

    private BooksTarget(LedgerHost host, string company, RequestMetadata who) =>
        (this.host, this.company, this.who) = (host, company, who);

    public Company Company { get; private set; } = Company.Initial;

    public Chart Chart { get; private set; } = Chart.Initial;

    public static async Task<BooksTarget> OpenAsync(LedgerHost host, string company, RequestMetadata who)
    {
        var target = new BooksTarget(host, company, who);
        await target.ChangeAsync((now, chart) => new([], [], null));

        // With all registers in the cache, decisions wait for nothing, so portions are queued in the order of the file.
        await target.RunAsync<Written>(async reading =>
        {
            await reading.StateAsync(Streams.Dimensions, Streams.DimensionsFold);
            await reading.StateAsync(Streams.Periods, Streams.PeriodsFold);
            await reading.StateAsync(Streams.Approvals, Streams.FourEyesFold);
            return Verdict.Nothing(default(Written));
        });
        return target;
    }

    public Task<Refusal?> RegisterAsync(CompanySettings settings) => ChangeAsync((now, chart) =>
    {
        var decision = now.Exists
            ? Decision<CompanyEvent>.Nothing
            : CompanyDecider.Decide(new PutCompany(settings), now, chart, hasEntries: false);
        return new(decision.Events, [], decision.Refusal);
    });

    public Task<Refusal?> RaiseDigitsAsync(IReadOnlyDictionary<UnitCode, int> needed) => ChangeAsync((now, chart) =>
    {
        var decision = RegisterDecisions.RaiseDigits(needed, now, chart);
        return new(decision.Events, [], decision.Refusal);
    });

    public async Task<Refusal?> OpenAccountsAsync(IReadOnlyList<PutAccount> accounts)
    {
        foreach (var portion in accounts.Chunk(AccountsPerRequest))
        {
            var refusal = await ChangeAsync((now, chart) =>
            {
                var decision = RegisterDecisions.OpenAccounts(portion, now, chart);
                return new([], decision.Events, decision.Refusal);
            });
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    public Task<Refusal?> PutAccountAsync(PutAccount account, AccountDetails? before) => ChangeAsync((now, chart) =>
    {
        var decision = RegisterDecisions.PutAccount(account, before, now, chart);
        return new([], decision.Events, decision.Refusal);
    });

    public async Task<Refusal?> PutDimensionValueAsync(PutDimensionValue value, DimensionValueDetails? before)
    {
        var (_, refusal) = await RunAsync<Written>(async reading =>
        {
            var (now, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
            var (catalog, version) = await reading.StateAsync(Streams.Dimensions, Streams.DimensionsFold);
            var decision = RegisterDecisions.PutValue(value, before, now, catalog);
            return decision.Refusal is { } no ? no
                : decision.Events.Count == 0 ? Verdict.Nothing(new Written(version))
                : Verdict.Append(new Written(version + 1), (Streams.Dimensions, decision.Events));
        });
        return refusal;
    }

    public async Task<(Books Books, IReadOnlyDictionary<string, JournalEntry> Entries)> LookAsync(
        IReadOnlyList<string> ids)
    {
        var entries = new Dictionary<string, JournalEntry>(ids.Count, StringComparer.Ordinal);
        var (books, _) = await RunAsync(async reading =>
        {
            foreach (var id in ids)
            {
                entries[id] = (await reading.NewDocumentAsync(Streams.Entry(id), Streams.EntryFold)).State;
            }

            return Verdict.Nothing(await JournalWrites.BooksAsync(reading, host.Clock, withDimensions: true));
        });
        (Company, Chart) = (books!.Company, books.Chart);
        return (books, entries);
    }

    public Task<IReadOnlyList<Outcome>> WriteAsync(IReadOnlyList<FileItem> items) => WriteAsync(items, DecideAsync);

    /// <summary>The same for whatever is decided otherwise.</summary>
    /// <exception cref="ImportStoppedException">The database does not take it now.</exception>
    public async Task<IReadOnlyList<Outcome>> WriteAsync<TItem>(
        IReadOnlyList<TItem> items, Func<TItem, Reading, Doer, ValueTask<Verdict<Written>>> decide)
    {
        var outcomes = new Outcome[items.Count];
        var open = Enumerable.Range(0, items.Count).ToList();
        for (var attempt = 1; open.Count > 0; attempt++)
        {
            var answers = await host.Transact.RunManyAsync(
                company, who, open.ConvertAll(index => items[index]),
                (item, reading) => decide(item, reading, host.Owner));
            var again = new List<int>();
            for (var i = 0; i < answers.Length; i++)
            {
                if (Ended(answers[i]) is { } outcome)
                {
                    outcomes[open[i]] = outcome;
                }
                else if (attempt == AttemptsMax)
                {
                    throw Stopped(answers[i]);
                }
                else
                {
                    again.Add(open[i]);
                }
            }

            open = again;
            await PauseAsync(open.Count == 0 ? 0 : attempt);
        }

        return outcomes;
    }

    private static ValueTask<Verdict<Written>> DecideAsync(FileItem item, Reading reading, Doer doer) => item switch
    {
        FileEntry entry => JournalWrites.PostAsync(entry.Entry, reading, doer),
        FileReversal reversal => JournalWrites.ReverseAsync(reversal.Reversal, reading, doer),
        _ => throw new ArgumentOutOfRangeException(nameof(item), item, "Only entries and reversals are written."),
    };

    /// <summary>
    /// Null when nobody knows, or nothing was recorded because there was no room: then it is sent again.
    /// </summary>
    private static Outcome? Ended<TAnswer>(Transacted<TAnswer> answer) => answer switch
    {
        Transacted<TAnswer>.Done done => new Outcome(done.Appended, null),
        Transacted<TAnswer>.Refused refused => new Outcome(false, refused.Refusal),
        Transacted<TAnswer>.Poisoned poisoned => new Outcome(
            false, new Refusal(RequestProblems.ContentNotStorable, $"The database refuses it: {poisoned.Message}")),
        _ => null,
    };

    internal static ImportStoppedException Stopped<TAnswer>(Transacted<TAnswer> answer) => new(
        "The ledger cannot record now"
        + answer switch
        {
            Transacted<TAnswer>.Unavailable unavailable => $": {unavailable.Why}",
            Transacted<TAnswer>.Unknown unknown => $": {unknown.Why}",
            _ => ", because too much else is going on.",
        });

    private static Task PauseAsync(int attempt) =>
        attempt == 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(100 << attempt));

    private async Task<(TAnswer? Answer, Refusal? Refusal)> RunAsync<TAnswer>(
        Func<Reading, ValueTask<Verdict<TAnswer>>> decide)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await host.Transact.RunAsync(company, who, decide);
            if (answer is Transacted<TAnswer>.Done done)
            {
                return (done.Answer, null);
            }

            if (Ended(answer) is { } outcome)
            {
                return (default, outcome.Refusal);
            }

            await (attempt == AttemptsMax ? throw Stopped(answer) : PauseAsync(attempt));
        }
    }

    /// <summary>Changes company and chart, and remembers what they are then.</summary>
    private async Task<Refusal?> ChangeAsync(Func<Company, Chart, Change> decide)
    {
        var (answer, refusal) = await RunAsync<(Company Company, Chart Chart)>(async reading =>
        {
            var (now, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
            var (chart, _) = await reading.StateAsync(Streams.Chart, Streams.ChartFold);
            var change = decide(now, chart);
            if (change.Refusal is { } no)
            {
                return no;
            }

            var then = (change.Company.Aggregate(now, Company.Evolve), change.Chart.Aggregate(chart, Chart.Evolve));
            return change.Company.Count + change.Chart.Count == 0
                ? Verdict.Nothing(then)
                : Verdict.Append(then, (Streams.Company, change.Company), (Streams.Chart, change.Chart));
        });
        if (refusal is null)
        {
            (Company, Chart) = answer;
        }

        return refusal;
    }

    private readonly record struct Change(
        ValueList<CompanyEvent> Company, ValueList<AccountEvent> Chart, Refusal? Refusal);
}

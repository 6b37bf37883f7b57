using Ledger.Api.Companies;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using Ledger.Domain.Periods;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Import;

/// <summary>
/// Decides as the books would, and records nothing: what a file opens and raises is remembered here only, and of the
/// entries it holds no more than is needed to tell them apart.
/// </summary>
internal sealed class TrialTarget : IImportTarget
{
    private readonly LedgerHost host;
    private readonly string company;
    private readonly ContentHasher hasher = new();

    /// <summary>
    /// Entries with ids of their own, which may come twice or be named by others; and what they said.
    /// </summary>
    private readonly Dictionary<ContentHash, (ContentHash Content, LocalDate BookedOn)> decided = [];
    private readonly Dictionary<string, ReverseJournalEntry> reversed = new(StringComparer.Ordinal);
    private readonly Lock deciding = new();

    private DimensionCatalog dimensions = DimensionCatalog.Initial;
    private FiscalCalendar calendar = FiscalCalendar.Initial;

    private TrialTarget(LedgerHost host, string company) => (this.host, this.company) = (host, company);

    public Company Company { get; private set; } = Company.Initial;

    public Chart Chart { get; private set; } = Chart.Initial;

    public static async Task<TrialTarget> OpenAsync(LedgerHost host, string company, RequestMetadata who)
    {
        var target = new TrialTarget(host, company);
        var read = await host.Transact.RunAsync<Written>(company, who, async reading =>
        {
            target.Company = (await reading.StateAsync(Streams.Company, Streams.CompanyFold)).State;
            target.Chart = (await reading.StateAsync(Streams.Chart, Streams.ChartFold)).State;
            target.dimensions = (await reading.StateAsync(Streams.Dimensions, Streams.DimensionsFold)).State;
            target.calendar = (await reading.StateAsync(Streams.Periods, Streams.PeriodsFold)).State;
            return Verdict.Nothing(default(Written));
        });
        return read is Transacted<Written>.Unavailable unavailable
            ? throw new ImportStoppedException($"The ledger cannot be read now: {unavailable.Why}")
            : target;
    }

    public Task<Refusal?> RegisterAsync(CompanySettings settings) => Task.FromResult(Company.Exists
        ? null
        : Change(CompanyDecider.Decide(new PutCompany(settings), Company, Chart, hasEntries: false)));

    public Task<Refusal?> RaiseDigitsAsync(IReadOnlyDictionary<UnitCode, int> needed) =>
        Task.FromResult(Change(RegisterDecisions.RaiseDigits(needed, Company, Chart)));

    public Task<Refusal?> OpenAccountsAsync(IReadOnlyList<PutAccount> accounts)
    {
        var decision = RegisterDecisions.OpenAccounts(accounts, Company, Chart);
        Chart = decision.Events.Aggregate(Chart, Chart.Evolve);
        return Task.FromResult(decision.Refusal);
    }

    public Task<Refusal?> PutAccountAsync(PutAccount account, AccountDetails? before)
    {
        var decision = RegisterDecisions.PutAccount(account, before, Company, Chart);
        Chart = decision.Events.Aggregate(Chart, Chart.Evolve);
        return Task.FromResult(decision.Refusal);
    }

    public Task<Refusal?> PutDimensionValueAsync(PutDimensionValue value, DimensionValueDetails? before)
    {
        var decision = RegisterDecisions.PutValue(value, before, Company, dimensions);
        dimensions = decision.Events.Aggregate(dimensions, DimensionCatalog.Evolve);
        return Task.FromResult(decision.Refusal);
    }

    public async Task<(Books Books, IReadOnlyDictionary<string, JournalEntry> Entries)> LookAsync(
        IReadOnlyList<string> ids)
    {
        var states = await ReadAsync(ids);
        lock (deciding)
        {
            foreach (var id in ids)
            {
                if (!states.ContainsKey(id) && InFile(id) is { } entry)
                {
                    states.Add(id, entry);
                }
            }

            return (Now(), states);
        }
    }

    public async Task<IReadOnlyList<Outcome>> WriteAsync(IReadOnlyList<FileItem> items)
    {
        var ids = items.Select(IdOf).Concat(items.Select(CorrectedBy).OfType<string>()).Distinct();
        var states = await ReadAsync([.. ids]);
        var persons = await PersonsAsync([.. items.Select(PersonIn).OfType<string>().Distinct()]);
        lock (deciding)
        {
            var books = Now();
            return [.. items.Select(item => item switch
            {
                FileEntry entry => Decide(
                    entry, states, books, PersonIn(entry) is { } person ? persons[person] : null),
                FileReversal reversal => Decide(reversal.Reversal, states, books),
                _ => throw new ArgumentOutOfRangeException(
                    nameof(items), item, "Only entries and reversals are written."),
            })];
        }
    }

    private Books Now() => new(Company, Chart, dimensions, calendar, CompanyWrites.TodayOf(Company, host.Clock));

    /// <summary>The entries with these ids that are recorded.</summary>
    private async Task<Dictionary<string, JournalEntry>> ReadAsync(IReadOnlyList<string> ids)
    {
        var states = new Dictionary<string, JournalEntry>(StringComparer.Ordinal);
        var streams = await host.Store.ReadStreamsAsync(
            company, [.. ids.Select(id => new StreamPosition(Streams.Entry(id), 0))]);
        for (var i = 0; i < ids.Count; i++)
        {
            if (streams[i].Count > 0)
            {
                states.Add(ids[i], streams[i].Aggregate(
                    JournalEntry.Initial,
                    (state, each) => JournalEntry.Evolve(state, (JournalEvent)EventCatalog.Ledger.Read(each))));
            }
        }

        return states;
    }

    /// <summary>The natural persons with these ids.</summary>
    private async Task<Dictionary<string, Person>> PersonsAsync(IReadOnlyList<string> ids)
    {
        var streams = await host.Store.ReadStreamsAsync(
            company, [.. ids.Select(id => new StreamPosition(Streams.Person(id), 0))]);
        return ids.Zip(streams).ToDictionary(
            each => each.First,
            each => each.Second.Select(EventCatalog.Ledger.Read).Cast<PersonEvent>()
                .Aggregate(Person.Initial, Person.Evolve),
            StringComparer.Ordinal);
    }

    private static string IdOf(FileItem item) => item switch
    {
        FileEntry entry => entry.Entry.Id,
        FileReversal reversal => reversal.Reversal.Id,
        _ => "",
    };

    private static string? PersonIn(FileItem item) =>
        (item as FileEntry)?.Entry.CounterpartyPerson is { IsOpen: true } named ? named.Person : null;

    private static string? CorrectedBy(FileItem item) => (item as FileEntry)?.Entry.Corrects;

    private Outcome Decide(
        FileEntry entry, Dictionary<string, JournalEntry> states, Books books, Person? person)
    {
        var command = entry.Entry;
        var state = states.GetValueOrDefault(command.Id) ?? JournalEntry.Initial;
        var isOwnId = entry.Id is not null && state.Posted is null;
        if (isOwnId && decided.TryGetValue(ContentHasher.HashOf(command.Id), out var before))
        {
            return new(false, before.Content == hasher.Hash(command, withBaseAmounts: true)
                ? null
                : JournalRefusals.OtherContent(command.Id));
        }

        var corrected = command.Corrects is { } corrects
            ? states.GetValueOrDefault(corrects) ?? InFile(corrects)
            : null;
        var decision = JournalDecider.Decide(command, state, books, corrected, person);
        if (decision.Refusal is null && isOwnId)
        {
            var content = hasher.Hash(command, withBaseAmounts: true);
            decided.Add(ContentHasher.HashOf(command.Id), (content, command.BookedOn));
        }

        return new(decision.Events.Count > 0, decision.Refusal);
    }

    private Outcome Decide(ReverseJournalEntry command, Dictionary<string, JournalEntry> states, Books books)
    {
        if (reversed.TryGetValue(command.Id, out var before))
        {
            return new(false, before == command
                ? null
                : ReversalRefusals.AlreadyReversed(command.Id, EntryIds.ReversalOf(command.Id), before.BookedOn));
        }

        var state = states.GetValueOrDefault(command.Id) ?? InFile(command.Id) ?? JournalEntry.Initial;
        var decision = ReversalDecider.Decide(command, state, books);
        if (decision.Refusal is null)
        {
            reversed.Add(command.Id, command);
        }

        return new(decision.Events.Count > 0, decision.Refusal);
    }

    /// <summary>An entry that would be recorded by now: what is asked of it is that it is there, and when.</summary>
    private JournalEntry? InFile(string id) => decided.TryGetValue(ContentHasher.HashOf(id), out var entry)
        ? new JournalEntry(new JournalEntryPosted(entry.BookedOn, "", Company.Currency, []), null)
        : null;

    private Refusal? Change(Decision<CompanyEvent> decision)
    {
        Company = decision.Events.Aggregate(Company, Company.Evolve);
        return decision.Refusal;
    }
}

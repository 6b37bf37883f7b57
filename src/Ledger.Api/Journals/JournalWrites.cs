using Ledger.Api.Approvals;
using Ledger.Api.Companies;
using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Journals;

/// <summary>On which streams commands of journals are decided, and what they write.</summary>
public static class JournalWrites
{
    /// <summary>Posts an entry and, when it says <c>reverseOn</c>, its reversal in the same request.</summary>
    public static async ValueTask<Verdict<Written>> PostAsync(PostJournalEntry command, Reading reading, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(doer);
        var verdict = await DecideAsync(command, reading, doer.Clock);
        return await SecondPerson.SeeEntryAsync(verdict, command.Id, ApprovalKind.PostEntry, reading, doer);
    }

    /// <summary>Takes an entry back.</summary>
    public static async ValueTask<Verdict<Written>> ReverseAsync(
        ReverseJournalEntry command, Reading reading, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(doer);
        var verdict = await DecideAsync(command, reading, doer.Clock);
        return await SecondPerson.SeeEntryAsync(verdict, command.Id, ApprovalKind.ReverseEntry, reading, doer);
    }

    private static async ValueTask<Verdict<Written>> DecideAsync(
        PostJournalEntry command, Reading reading, IClock clock)
    {
        var stream = Streams.Entry(command.Id);
        var (entry, _) = await reading.NewDocumentAsync(stream, Streams.EntryFold);
        var books = await BooksAsync(reading, clock, NamesDimensions(command));
        var person = await PersonAsync(reading, command.CounterpartyPerson);
        var corrected = command.Corrects is { } corrects && EntryIds.IsValid(corrects)
            ? (await reading.DocumentAsync(Streams.Entry(corrects), Streams.EntryFold)).State
            : null;
        if (command.ReverseOn is null)
        {
            var decision = JournalDecider.Decide(command, entry, books, corrected, person);
            return decision.Refusal is { } no ? no : VerdictOf(1, stream, (stream, decision.Events));
        }

        var reversal = Streams.Entry(EntryIds.ReversalOf(command.Id));
        await reading.NewDocumentAsync(reversal, Streams.EntryFold);
        var both = JournalDecider.DecideWithReversal(command, entry, books, corrected, person);
        return both.Entry.Refusal is { } refusal
            ? refusal
            : VerdictOf(2, reversal, (stream, both.Entry.Events), (reversal, both.Reversal.Events));
    }

    private static async ValueTask<Verdict<Written>> DecideAsync(
        ReverseJournalEntry command, Reading reading, IClock clock)
    {
        var stream = Streams.Entry(command.Id);
        var reversal = Streams.Entry(EntryIds.ReversalOf(command.Id));
        var (entry, _) = await reading.DocumentAsync(stream, Streams.EntryFold);
        var books = await BooksAsync(reading, clock, withDimensions: false);
        await reading.NewDocumentAsync(reversal, Streams.EntryFold);
        var person = await PersonAsync(reading, entry.Posted?.CounterpartyPerson);
        var both = ReversalDecider.DecideBoth(command, entry, books, person);
        return both.Entry.Refusal is { } refusal
            ? refusal
            : VerdictOf(1, reversal, (stream, both.Entry.Events), (reversal, both.Reversal.Events));
    }

    /// <param name="version">The one that the document has right after the request, the first time as at every
    /// retry.</param>
    /// <param name="about">Whose first event has the number that is answered.</param>
    /// <param name="writes">To which streams what is appended.</param>
    private static Verdict<Written> VerdictOf(
        long version, string about, params ReadOnlySpan<(string Stream, ValueList<JournalEvent> Events)> writes)
    {
        if (writes[0].Events.Count == 0)
        {
            return Verdict.Nothing(new Written(version), about);
        }

        var appends = new (string, IReadOnlyList<object>)[writes.Length];
        for (var i = 0; i < appends.Length; i++)
        {
            appends[i] = (writes[i].Stream, writes[i].Events);
        }

        return Verdict.Append(new Written(version), appends);
    }

    /// <summary>What an entry is decided on, beside its own stream.</summary>
    internal static async ValueTask<Books> BooksAsync(Reading reading, IClock clock, bool withDimensions)
    {
        var (company, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var (chart, _) = await reading.StateAsync(Streams.Chart, Streams.ChartFold);
        var (calendar, _) = await reading.StateAsync(Streams.Periods, Streams.PeriodsFold);
        var dimensions = withDimensions
            ? (await reading.StateAsync(Streams.Dimensions, Streams.DimensionsFold)).State
            : DimensionCatalog.Initial;
        return new(company, chart, dimensions, calendar, CompanyWrites.TodayOf(company, clock));
    }

    /// <summary>
    /// The counterparty, if it is a natural person: what is recorded with their name rests on their stream, so that it
    /// never meets an erasure.
    /// </summary>
    internal static async ValueTask<Person?> PersonAsync(Reading reading, PersonalText? named) =>
        named is { IsOpen: true } && Ids.IsValid(named.Person)
            ? (await reading.RareStateAsync(Streams.Person(named.Person), Streams.PersonFold)).State
            : null;

    internal static bool NamesDimensions(PostJournalEntry command)
    {
        foreach (var line in command.Lines.AsSpan())
        {
            if (line.Dimensions is { Count: > 0 })
            {
                return true;
            }
        }

        return false;
    }
}

using Ledger.Api.Approvals;
using Ledger.Api.Journals;
using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;

namespace Ledger.Api.PayRuns;

/// <summary>On which streams commands of pay runs are decided, and what they write.</summary>
public static class PayRunWrites
{
    public static async ValueTask<Verdict<Written>> OpenAsync(OpenPayRun command, Reading reading, PayRunFacts facts)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(facts);
        var stream = Streams.PayRun(command.Id);
        var (run, _) = await reading.NewDocumentAsync(stream, Streams.PayRunFold);
        var (company, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var (groups, _) = await reading.StateAsync(Streams.PayGroups, Streams.PayGroupsFold);
        var others = run.Exists ? [] : await facts.RunsAsync(reading);
        var decision = PayRunDecider.Decide(command, run, company, groups.Find(command.Details.PayGroup), others);
        return decision.Refusal is { } refusal ? refusal
            : decision.Events.Count == 0 ? Verdict.Nothing(new Written(1), stream)
            : Verdict.Append(new Written(1), (stream, decision.Events));
    }

    /// <summary>Begins an attempt, and answers the run as it is then.</summary>
    public static async ValueTask<Verdict<PayRun>> StartAsync(
        StartPayRunCalculation command, Reading reading)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        var stream = Streams.PayRun(command.Id);
        var (run, _) = await reading.DocumentAsync(stream, Streams.PayRunFold);
        var decision = PayRunDecider.Decide(command, run);
        return decision.Refusal is { } refusal ? refusal
            : Verdict.Append(decision.Events.Aggregate(run, PayRun.Evolve), (stream, decision.Events));
    }

    public static async ValueTask<Verdict<PayRun>> FinishAsync(FinishPayRunCalculation command, Reading reading)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        var stream = Streams.PayRun(command.Id);
        var (run, _) = await reading.DocumentAsync(stream, Streams.PayRunFold);
        var decision = PayRunDecider.Decide(command, run);
        return decision.Refusal is { } refusal ? refusal
            : decision.Events.Count == 0 ? Verdict.Nothing(run, stream)
            : Verdict.Append(decision.Events.Aggregate(run, PayRun.Evolve), (stream, decision.Events));
    }

    /// <summary>Who calculated does not approve, unless nobody else could; that is recorded then.</summary>
    public static async ValueTask<Verdict<Written>> ApproveAsync(
        ApprovePayRun command, Reading reading, PayRunFacts facts, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(facts);
        var stream = Streams.PayRun(command.Id);
        var (run, version) = await reading.DocumentAsync(stream, Streams.PayRunFold);
        var changed = await facts.ChangedSinceAsync(reading, command.Id, run, withRuns: true);
        var (isAlone, alone) = Key.AreOne(run.Started?.Holder, command.Holder)
            ? await SecondPerson.AloneAsync(ApprovalKind.ApprovePayRun, command.Id, reading, doer) : (false, []);
        var isOutsider = await SecondPerson.IsOutsiderAsync(ApprovalKind.ApprovePayRun, reading, doer);
        var decision = PayRunDecider.Decide(command, run, changed, hasAnother: !isAlone, isOutsider);
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        if (decision.Events.Count == 0)
        {
            return Verdict.Nothing(new Written(version), stream);
        }

        var verdict = Verdict.Append(new Written(version + 1), (stream, decision.Events));
        return verdict.And(Streams.Approvals, alone);
    }

    /// <summary>Books the run: its entry and the run are recorded together or not at all.</summary>
    public static async ValueTask<Verdict<Written>> PostAsync(
        PostPayRun command, Reading reading, PayRunFacts facts, PayRunBooking booking, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(booking);
        ArgumentNullException.ThrowIfNull(doer);
        var stream = Streams.PayRun(command.Id);
        var (run, version) = await reading.DocumentAsync(stream, Streams.PayRunFold);
        var books = await JournalWrites.BooksAsync(reading, doer.Clock, withDimensions: true);
        var changed = await facts.ChangedSinceAsync(reading, command.Id, run, withRuns: false);
        var decision = PostingDecider.Decide(command, run, changed, booking.Lines, books);
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        if (decision.Events is not [PayRunPosted posted])
        {
            return Verdict.Nothing(new Written(version), stream);
        }

        if (booking.Sha256 != run.Approved!.Sha256)
        {
            return PayRunRefusals.HashDiffers(booking.Sha256);
        }

        var entry = new PostJournalEntry(
            posted.Entry, posted.BookedOn, $"Pay {run.Details!.PayGroup} {run.Details.Period}", booking.Lines,
            Reference: command.Id);
        return await EntryAsync(entry, new Written(version + 1), (stream, decision.Events), reading, books);
    }

    /// <summary>An entry of a run, with what the run says of it.</summary>
    internal static async ValueTask<Verdict<Written>> EntryAsync(
        PostJournalEntry entry, Written written, (string Stream, IReadOnlyList<object> Events) ofRun, Reading reading,
        Books books)
    {
        var stream = Streams.Entry(entry.Id);
        var (before, _) = await reading.NewDocumentAsync(stream, Streams.EntryFold);
        var posted = JournalDecider.DecideOfPayRun(entry, before, books);
        return posted.Refusal is { } refusal ? refusal : Verdict.Append(written, ofRun, (stream, posted.Events));
    }

    /// <summary>Its entry is reversed by the company's limit on reversals; its accounts are nobody's choice.</summary>
    public static async ValueTask<Verdict<Written>> ReverseAsync(ReversePayRun command, Reading reading, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(doer);
        var stream = Streams.PayRun(command.Id);
        var (run, version) = await reading.DocumentAsync(stream, Streams.PayRunFold);
        var decision = PostingDecider.Decide(command, run);
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        if (decision.Events.Count == 0)
        {
            return Verdict.Nothing(new Written(version), stream);
        }

        var written = new Written(version + 1);
        if (run.Posted is not { } posted)
        {
            return Verdict.Append(written, (stream, decision.Events));
        }

        var books = await JournalWrites.BooksAsync(reading, doer.Clock, withDimensions: false);
        var (entry, _) = await reading.DocumentAsync(Streams.Entry(posted.Entry), Streams.EntryFold);
        var reversal = Streams.Entry(EntryIds.ReversalOf(posted.Entry));
        await reading.NewDocumentAsync(reversal, Streams.EntryFold);
        var both = ReversalDecider.DecideBoth(
            new(posted.Entry, command.BookedOn, command.Reason), entry, books, ofPayRun: true);
        if (both.Entry.Refusal is { } no)
        {
            return no;
        }

        var verdict = Verdict.Append(
            written, (stream, decision.Events), (Streams.Entry(posted.Entry), both.Entry.Events),
            (reversal, both.Reversal.Events));
        return await SecondPerson.SeeEntryAsync(
            verdict, posted.Entry, ApprovalKind.ReverseEntry, reading, doer, byHand: false);
    }
}

/// <summary>The lines of a run's entry, and the hash of the payslips that they are of.</summary>
public sealed record PayRunBooking(ValueList<JournalLine> Lines, string Sha256);

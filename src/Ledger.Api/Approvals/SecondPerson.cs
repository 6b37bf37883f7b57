using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Api.Keys;
using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.Domain.People;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Approvals;

/// <summary>Something that a second person may have to see.</summary>
/// <param name="Subject">What it is done to: a month, the id of an entry or key.</param>
/// <param name="Content">
/// All of it, but for what is personal or made anew each time, such as secrets: what is approved is what is done.
/// </param>
/// <param name="Personal">What is personal of it and must be seen to agree, as JSON; the content tells it apart from
/// other such without saying it.</param>
public sealed record Deed(ApprovalKind Kind, string Subject, object Content, PersonalText? Personal = null);

/// <summary>Who does it.</summary>
/// <param name="CanWait">False for those who cannot come back: programs on the command line, parts of a whole.</param>
/// <param name="OthersByToken">An issuer may name persons who could agree.</param>
public sealed record Doer(Caller Caller, IClock Clock, bool CanWait, bool OthersByToken);

/// <summary>What is asked for.</summary>
/// <param name="Command">As it is recorded.</param>
/// <param name="Content">All of what would be done.</param>
public sealed record Asked(SeekApproval Command, string Content);

/// <summary>Sees to it that two persons see what two must see.</summary>
public static class SecondPerson
{
    /// <summary>Characters of a content that are recorded in the stream of approvals, which every decision may have to
    /// read; of what is longer its beginning is there, and all of it in a stream of its own.</summary>
    public const int ContentLengthMax = 32 * 1024;

    /// <summary>
    /// What a verdict comes to: itself, with what is recorded of the approval in the same request; or, while nobody
    /// else has agreed, only the request for that.
    /// </summary>
    public static async ValueTask<Verdict<Written>> SeeAsync(
        Verdict<Written> verdict, Deed deed, Reading reading, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(deed);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(doer);
        if (!verdict.Appends)
        {
            return verdict;
        }

        var (seen, refusal, asked) = await LookAsync(deed, reading, doer);
        if (refusal is not null)
        {
            return refusal;
        }

        if (seen!.Proceeds)
        {
            return verdict.And(Streams.Approvals, seen.Events);
        }

        var (command, content) = asked;
        var waits = Verdict.Append(new Written(0, Approval: command.Id), (Streams.Approvals, seen.Events));
        var beside = new List<ApprovalContentEvent>();
        if (command.Sha256 is not null)
        {
            beside.Add(new ApprovalContentRecorded(content));
        }

        if (deed.Personal is not null)
        {
            beside.Add(new ApprovalPersonalContentRecorded(deed.Personal));
        }

        return waits.Appends && beside.Count > 0
            ? await WithContentAsync(waits, command.Id, beside, reading)
            : waits;
    }

    /// <summary>What the request cannot hold is recorded with it, unless that was asked for before: the id covers
    /// the content.</summary>
    private static async ValueTask<Verdict<Written>> WithContentAsync(
        Verdict<Written> waits, string id, List<ApprovalContentEvent> beside, Reading reading)
    {
        var stream = Streams.ApprovalContent(id);
        return await reading.NewDocumentAsync(stream, Streams.ApprovalContentFold) is { Version: 0 }
            ? waits.And(stream, beside)
            : waits;
    }

    /// <summary>The same for an entry, or a reversal, that is above the company's limits or on accounts of
    /// pay.</summary>
    /// <param name="verdict">That posts the entry.</param>
    /// <param name="id">The entry's, or that of the one that is reversed.</param>
    /// <param name="kind">What it is beside its accounts.</param>
    /// <param name="reading">The company's streams.</param>
    /// <param name="doer">Who does it.</param>
    /// <param name="byHand">False where its accounts follow from a pay run: only the limit counts then.</param>
    public static async ValueTask<Verdict<Written>> SeeEntryAsync(
        Verdict<Written> verdict, string id, ApprovalKind kind, Reading reading, Doer doer, bool byHand = true)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(doer);
        if (!verdict.Appends)
        {
            return verdict;
        }

        return await DeedOfAsync(verdict.Events, id, kind, reading, byHand) is { } deed
            ? await SeeAsync(verdict, deed, reading, doer)
            : verdict;
    }

    /// <summary>Whether an entry, or a reversal, must be seen by two; null when it need not be.</summary>
    public static async ValueTask<Deed?> DeedOfAsync(
        IEnumerable<object> events, string id, ApprovalKind kind, Reading reading, bool byHand = true)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var (fourEyes, _) = await reading.StateAsync(Streams.Approvals, Streams.FourEyesFold);
        if (fourEyes.Settings is { EntryAbove: null, ReversalAbove: null, PayrollAccounts: null })
        {
            return null;
        }

        foreach (var posted in events.OfType<JournalEntryPosted>())
        {
            if (KindOf(posted, kind, fourEyes.Settings, byHand) is { } covered)
            {
                return new(covered, id, posted with { CounterpartyPerson = Unnamed(posted.CounterpartyPerson) });
            }
        }

        return null;
    }

    /// <summary>What is recorded of a deed, and whether it is done now; and all that would be done.</summary>
    public static async ValueTask<(Seen? Seen, Refusal? Refusal, Asked Asked)> LookAsync(
        Deed deed, Reading reading, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(deed);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(doer);
        var (fourEyes, _) = await reading.StateAsync(Streams.Approvals, Streams.FourEyesFold);
        var asked = CommandOf(deed, doer.Caller.Holder);
        var (hasAnother, revoked) = await OthersAsync(reading, fourEyes.Settings, doer);
        var (seen, refusal) = ApprovalDecider.Decide(asked.Command, fourEyes, hasAnother, revoked);
        return seen is { Proceeds: false } && !doer.CanWait ? (null, ApprovalRefusals.Needed(deed.Subject), asked)
            : seen is { Proceeds: false, Events.Count: > 0 } && !doer.Caller.HasOwnSecret
            ? (null, ApprovalRefusals.AskedByKnownSecret(deed.Subject), asked)
            : (seen, refusal, asked);
    }

    /// <summary>
    /// For what one person approves without asking first: whether nobody else could, and what is recorded of that.
    /// </summary>
    public static async ValueTask<(bool IsAlone, ValueList<ApprovalEvent> Events)> AloneAsync(
        ApprovalKind kind, string subject, Reading reading, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(doer);
        var (fourEyes, _) = await reading.StateAsync(Streams.Approvals, Streams.FourEyesFold);
        if (!fourEyes.Covers(kind))
        {
            return (true, []);
        }

        var (hasAnother, revoked) = await OthersAsync(reading, fourEyes.Settings, doer);
        return hasAnother ? (false, []) : (true, [new ApprovedBySinglePerson(
            kind, subject, doer.Caller.Holder, revoked.Count > 0 ? revoked : null)]);
    }

    /// <summary>
    /// For what one person approves without having been asked: whether they are none of the company's persons, and so
    /// agree to nothing that somebody else did.
    /// </summary>
    public static async ValueTask<bool> IsOutsiderAsync(ApprovalKind kind, Reading reading, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(doer);
        var (fourEyes, _) = await reading.StateAsync(Streams.Approvals, Streams.FourEyesFold);
        return fourEyes.Covers(kind) && fourEyes.IsOutsider(doer.Caller.Holder);
    }

    /// <summary>Whether whoever does it may record people by any of their keys or by their token, or once could by a
    /// key.</summary>
    public static async ValueTask<bool> CouldRecordPeopleAsync(Reading reading, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(doer);
        if (doer.Caller.May(Permission.RecordPeople))
        {
            return true;
        }

        var (ring, _) = await reading.StateAsync(Streams.Keys, Streams.KeysFold);
        return ring.CouldRecordPeople(doer.Caller.Holder);
    }

    /// <summary>Who it is about stays; what they are called is not told to the events of approvals.</summary>
    private static PersonalText? Unnamed(PersonalText? named) =>
        named is null ? null : PersonalText.Erased(named.Person, named.Purpose);

    private static ApprovalKind? KindOf(
        JournalEntryPosted posted, ApprovalKind kind, FourEyesSettings settings, bool byHand)
    {
        if (byHand && settings.PayrollAccounts is { } accounts
            && posted.Lines.Any(line => accounts.Contains(line.Account)))
        {
            return ApprovalKind.PostToPayrollAccount;
        }

        var limit = kind == ApprovalKind.ReverseEntry ? settings.ReversalAbove : settings.EntryAbove;
        return limit is { } most && posted.Turnover() > most ? kind : null;
    }

    private static Asked CommandOf(Deed deed, string holder)
    {
        var content = JsonSerializer.Serialize(deed.Content, deed.Content.GetType(), EventJson.Options);
        var text = string.Join('\n', deed.Kind.ToString(), deed.Subject, holder, content);
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
        var command = content.Length <= ContentLengthMax
            ? new SeekApproval(id, deed.Kind, deed.Subject, content, holder)
            : new(
                id, deed.Kind, deed.Subject, BeginningOf(content), holder,
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))));
        return new(command, content);
    }

    private static string BeginningOf(string content) =>
        content[..(char.IsHighSurrogate(content[ContentLengthMax - 1]) ? ContentLengthMax - 1 : ContentLengthMax)];

    /// <summary>Whether anybody else could agree; and if not, whose keys were revoked that could have.</summary>
    private static async ValueTask<(bool HasAnother, ValueList<string> Revoked)> OthersAsync(
        Reading reading, FourEyesSettings settings, Doer doer)
    {
        var holder = doer.Caller.Holder;
        if (doer.OthersByToken || (settings.WithoutLedgerOwner is not true && holder != Key.OwnersHolder))
        {
            return (true, []);
        }

        var (ring, _) = await reading.StateAsync(Streams.Keys, Streams.KeysFold);
        return ring.HasAnotherWith(Permission.Approve, holder, doer.Clock.GetCurrentInstant())
            ? (true, [])
            : (false, ring.RevokedWith(Permission.Approve, holder));
    }
}

using Ledger.Domain.Companies;
using Ledger.Domain.People;
using NodaTime;

namespace Ledger.Domain.Audit;

/// <summary>The rules of deleting salts. That two persons agree is seen to by whoever records it.</summary>
public static class SaltDeletionDecider
{
    public const int EventsMax = 500;

    /// <param name="command">What is asked for.</param>
    /// <param name="deletion">The stream of this id as it is.</param>
    /// <param name="company">Whose events they are.</param>
    /// <param name="found">Those of the named events that the company has.</param>
    /// <param name="today">In the company's time zone.</param>
    public static Decision<SaltDeletionEvent> Decide(
        DeleteSalts command, SaltDeletion deletion, Company company, IReadOnlyList<SaltedEvent> found, LocalDate today)
    {
        if (deletion.Deleted is { } before)
        {
            return before.Reason == command.Reason && before.Events.Equals(command.Events)
                ? Decision<SaltDeletionEvent>.Nothing
                : SaltDeletionRefusals.OtherContent(command.Id);
        }

        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (!Ids.IsValid(command.Id))
        {
            return TextRefusals.IdInvalid("The deletion's id", command.Id);
        }

        if (Texts.CheckNeeded("reason", command.Reason, Texts.DescriptionLengthMax) is { } reason)
        {
            return reason;
        }

        if (CheckList(command.Events) is { } list)
        {
            return list;
        }

        var byId = found.ToDictionary(each => each.Id, StringComparer.Ordinal);
        if (command.Events.FirstOrDefault(id => !byId.ContainsKey(id)) is { } unknown)
        {
            return SaltDeletionRefusals.EventUnknown(unknown);
        }

        var named = command.Events.Select(id => byId[id]).ToList();
        return CheckKept(named, company, today) is { } kept
            ? kept
            : new SaltsDeleted(command.Reason, command.Events, named.Select(each => each.Sequence).ToValueList());
    }

    private static Refusal? CheckList(ValueList<string> events)
    {
        if (events.Count == 0)
        {
            return SaltDeletionRefusals.EventsMissing();
        }

        if (events.Count > EventsMax)
        {
            return SaltDeletionRefusals.TooManyEvents(events.Count, EventsMax);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return events.FirstOrDefault(id => !seen.Add(id)) is { } twice ? SaltDeletionRefusals.EventTwice(twice) : null;
    }

    /// <summary>Of several that are kept, the one that is kept longest is told: the rest may go by then, too.</summary>
    private static Refusal? CheckKept(IReadOnlyList<SaltedEvent> named, Company company, LocalDate today)
    {
        if (named.FirstOrDefault(each => each.IsDeletion) is { } deletion)
        {
            return SaltDeletionRefusals.OfDeletion(deletion.Id);
        }

        (SaltedEvent Event, LocalDate Until)? last = null;
        foreach (var each in named)
        {
            if (each.Kept is not { } kept)
            {
                continue;
            }

            if (Retention.Until(company, kept.Purpose, kept.Last, today) is not { } until)
            {
                return PersonRefusals.RetentionUnknown(kept.Purpose, company.Settings!.Country);
            }

            last = until > today && !(until <= last?.Until) ? (each, until) : last;
        }

        return last is { } longest
            ? SaltDeletionRefusals.Retained(
                longest.Event.Id, longest.Event.Type, longest.Event.Kept!.Purpose, longest.Until)
            : null;
    }
}

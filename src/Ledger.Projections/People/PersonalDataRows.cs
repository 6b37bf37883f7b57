using System.Text.Json;
using Ledger.Domain.Journals;
using Ledger.EventStore.Sealing;
using NodaTime;

namespace Ledger.Projections.People;

/// <summary>Where the texts on persons of an event stand, whatever its type.</summary>
internal static class PersonalDataRows
{
    private static readonly Instant Epoch = Instant.FromUtc(2000, 1, 1, 0, 0);

    public static void Add(CopyBuffer rows, in LoggedEvent at, object domainEvent)
    {
        if (PersonalMembers.Of(domainEvent.GetType()) is not { } members || !members.Any(domainEvent))
        {
            return;
        }

        var countsFrom = domainEvent is JournalEntryPosted posted ? posted.BookedOn
            : (Epoch + Duration.FromTicks(at.Recorded * 10)).InUtc().Date;
        foreach (var (path, text) in members.In(domainEvent))
        {
            rows.Row(7)
                .Text(at.Company).Text(text.Person).Long(at.Position).Text(path)
                .Text(JsonNamingPolicy.CamelCase.ConvertName(text.Purpose.ToString())).Long(at.Sequence)
                .Date(countsFrom);
        }
    }
}

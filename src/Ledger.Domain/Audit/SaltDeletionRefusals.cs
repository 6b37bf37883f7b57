using Ledger.Domain.People;
using NodaTime;
using static Ledger.Domain.Texts;

namespace Ledger.Domain.Audit;

public static class SaltDeletionRefusals
{
    public static Refusal OtherContent(string id) => new(
        "salt-deletion-exists",
        $"The deletion '{Shown(id)}' was recorded with other content and stays as it is: send another id.");

    public static Refusal EventsMissing() => new(
        "salt-events-missing", "events is empty: name the events whose salts are to go, by their ids.");

    public static Refusal TooManyEvents(int count, int countMax) => new(
        "salt-events-too-many",
        FormattableString.Invariant($"events names {count}: send at most {countMax} at once."));

    public static Refusal EventTwice(string id) => new(
        "salt-event-twice", $"events names '{Shown(id)}' twice: send it once.");

    public static Refusal EventUnknown(string id) => new(
        "salt-event-unknown",
        $"'{Shown(id)}' is the id of no event of the company: send ids as the list of events shows them.");

    public static Refusal OfDeletion(string id) => new(
        "salt-of-deletion",
        $"The event '{Shown(id)}' says itself which salts were deleted, and stays provable for good: leave it out.");

    public static Refusal Retained(string id, string type, Purpose purpose, LocalDate until) => new(
        "salt-retained",
        $"The salt of the event '{Shown(id)}' ({Shown(type)}) is kept for {Camel(purpose)}, and may go from "
        + $"{Shown(until)} on: leave it out until then.");
}

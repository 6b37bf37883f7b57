using NodaTime;
using static Ledger.Domain.Texts;

namespace Ledger.Domain.Journals;

public static class ReversalRefusals
{
    public static Refusal EntryUnknown(string id) => new(
        "journal-entry-unknown", $"There is no entry '{Shown(id)}': send the id of a posted entry.");

    public static Refusal AlreadyReversed(string id, string by, LocalDate bookedOn) => new(
        "already-reversed",
        $"Entry {id} was reversed on {Shown(bookedOn)} by {by}: nothing is reversed twice; "
        + "to take back the reversal, post the entry again under a new id.");

    public static Refusal OfPayRun(string id) => new(
        "entry-of-pay-run",
        $"Entry {id} belongs to a pay run and is taken back only with it: reverse the run, or have its payments "
        + "returned.");

    public static Refusal ReversalOfReversal(string id, string reverses) => new(
        "reversal-of-reversal",
        $"Entry {id} is itself the reversal of {reverses}: to bring {reverses} back, post it again under a new id.");

    public static Refusal BeforeEntry(LocalDate bookedOn, LocalDate entryBookedOn) => new(
        "reversal-before-entry",
        $"The reversal's bookedOn {Shown(bookedOn)} lies before the entry's own date: "
        + $"send {Shown(entryBookedOn)} or a later date.");
}

using NodaTime;
using static System.FormattableString;
using static Ledger.Domain.Texts;

namespace Ledger.Domain.Journals;

/// <summary>Refusals of an entry as a whole; those of a single line are <see cref="LineRefusals"/>.</summary>
public static class JournalRefusals
{
    public static Refusal OtherContent(string id) => new(
        "journal-entry-exists",
        $"Entry {id} was posted with other content, and entries are never edited: "
        + "reverse it and post the right one under a new id.");

    public static Refusal IdReserved(string id) => new(
        "id-reserved",
        $"Ids that end in {EntryIds.ReversalSuffix} belong to reversals, so '{id}' cannot be posted: send another id, "
        + "or reverse the entry.");

    public static Refusal DocumentHashInvalid(string hash) => new(
        "document-hash-invalid",
        $"document.sha256 '{Shown(hash)}' is not a SHA-256: send 64 lower-case hexadecimal digits.");

    public static Refusal TooFewLines(int count) => new(
        "too-few-lines", $"The entry has {count} lines: send at least 2, debits and credits.");

    public static Refusal TooManyLines(int countMax) => new(
        "too-many-lines",
        $"The entry has more than {countMax} lines: split it into several that balance.");

    public static Refusal DateOutsideBooks(string field, LocalDate date, LocalDate first, LocalDate last) => new(
        "date-outside-books",
        $"{field} {Shown(date)} lies outside the company's books: send a date from {Shown(first)} to {Shown(last)}.");

    public static Refusal ReverseOnNotLater(LocalDate reverseOn, LocalDate bookedOn) => new(
        "reverse-on-not-later",
        $"reverseOn {Shown(reverseOn)} does not lie after bookedOn {Shown(bookedOn)}: send a later date.");

    public static Refusal CorrectedEntryUnknown(string corrects) => new(
        "corrected-entry-unknown",
        $"There is no entry '{Shown(corrects)}' to correct: send the id of a posted entry in corrects.");

    public static Refusal SumTooLarge(UnitCode unit) => new(
        "sum-too-large",
        $"The debits or the credits in {unit} sum up to more than 28 digits: split the entry into smaller ones.");

    public static Refusal OffBalanceNotBalanced(decimal debits, decimal credits, UnitCode unit) => new(
        "off-balance-not-balanced",
        Invariant($"Off-balance accounts balance among themselves, but their debits of {debits} {unit} and credits of ")
        + Invariant($"{credits} {unit} differ by {Math.Abs(debits - credits)} {unit}: ")
        + "correct the lines of the off-balance accounts.");

    public static Refusal NotBalanced(decimal debits, decimal credits, UnitCode unit) => new(
        "not-balanced",
        Invariant($"Debits of {debits} {unit} and credits of {credits} {unit} differ by ")
        + Invariant($"{Math.Abs(debits - credits)} {unit}: add that much on the ")
        + $"{(debits < credits ? "debit" : "credit")} side, or correct a line.");

    public static Refusal UnpricedNotBalanced(decimal debits, decimal credits, UnitCode unit) => new(
        "unpriced-unit-not-balanced",
        Invariant($"{unit} has a base amount of 0 in all its lines, so it balances by itself, but its debits of ")
        + Invariant($"{debits} and credits of {credits} differ by {Math.Abs(debits - credits)}: ")
        + "correct the lines, or send a base amount.");
}

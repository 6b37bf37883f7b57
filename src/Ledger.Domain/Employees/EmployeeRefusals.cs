using NodaTime;
using static Ledger.Domain.Texts;

namespace Ledger.Domain.Employees;

public static class EmployeeRefusals
{
    public static Refusal Unknown(string employee) => new(
        "employee-unknown",
        $"There is no employee '{Shown(employee)}': register them first (PUT …/employees/{{id}}), or correct the id.");

    public static Refusal IdReserved(string employee) => new(
        "employee-id-reserved",
        $"'{Shown(employee)}' is the path at which employees are counted: name the employee by another id.");

    public static Refusal BirthDateInvalid() => new(
        "birth-date-invalid", "birthDate is not a day of the calendar: send one such as 1990-03-31.");

    public static Refusal NoContract(string employee) => new(
        "employee-without-contract",
        $"'{Shown(employee)}' has no contract that could end: record it first (PUT "
        + $"…/contracts/{{id}}), then send this.");

    public static Refusal NoContractBy(string field, LocalDate day) => new(
        "contract-missing",
        $"{field} is {Shown(day)}, and no contract with a pay group has begun by then, which says by what law it is "
        + "paid: record the contract first, then send this.");

    public static Refusal YearDiffers(int year, LocalDate through) => new(
        "opening-year-differs",
        Invariant($"Figures through {Shown(through)} are none of the year {year}: name the year in which the ")
        + "statutory "
        + "year of that day began.");

    public static Refusal TooManyLines(int count, int countMax) => new(
        "opening-lines-too-many",
        Invariant($"There are {count} lines: send at most {countMax}."));

    public static Refusal PayGroupFixed(string contract, string group) => new(
        "contract-pay-group-fixed",
        $"The contract '{Shown(contract)}' is paid by the group '{Shown(group)}', and what was paid stays with it: "
        + "send its last day, and then another contract with the other group.");

    public static Refusal HoursOutOfRange(string field, decimal hours, int hoursMax) => new(
        "weekly-hours-out-of-range",
        Invariant($"{field} is {hours}: send more than 0 and at most {hoursMax}."));

    public static Refusal DimensionUnknown(string dimension) => new(
        "contract-dimension-unknown",
        $"There is no dimension '{Shown(dimension)}': add a value to it first, or correct its name.");

    public static Refusal DimensionValueUnknown(string dimension, string value) => new(
        "contract-dimension-value-unknown",
        $"The dimension '{Shown(dimension)}' has no value '{Shown(value)}': add it first, or correct it.");

    public static Refusal DimensionValueArchived(string dimension, string value) => new(
        "contract-dimension-value-archived",
        $"The value '{Shown(value)}' of the dimension '{Shown(dimension)}' is archived: name another one.");

    public static Refusal TooPrecise(string field, decimal amount, int digits) => new(
        "amount-too-precise",
        Invariant($"{Shown(field)} is {amount}: round it to {digits} decimal places."));

    public static Refusal EndsBeforeItBegins(LocalDate from, LocalDate to) => new(
        "ends-before-it-begins",
        $"It begins on {Shown(from)} and ends on {Shown(to)}: send the day of its end, which is no earlier, in 'to'.");

    public static Refusal ContractsOverlap(string contract, string other, ContractDetails known) => new(
        "contracts-overlap",
        $"The contract '{Shown(contract)}' would hold on days of the contract '{Shown(other)}' "
        + $"({Span(known.From, known.To)}): correct one of them so that they follow each other.");

    public static Refusal ContractAfterTermination(LocalDate from, LocalDate lastDay) => new(
        "contract-after-termination",
        $"The contract begins on {Shown(from)}, and the employment ended on {Shown(lastDay)}: correct its last day, or "
        + "register who comes back by another id.");

    public static Refusal OnceHasNoEnd(string element) => new(
        "pay-once-with-end",
        $"'{Shown(element)}' is paid once, on the day from which it counts: leave 'to' out.");

    public static Refusal TwoBases(string element, LocalDate otherFrom, PayDetails other) => new(
        "pay-bases-overlap",
        $"'{Shown(element)}' is already paid by the {Camel(other.Per)} ({Span(otherFrom, other.To)}), "
        + $"and has one basis "
        + "at a time: correct one of the two so that they do not hold on the same days.");

    public static Refusal IbanMalformed() => new(
        "iban-malformed",
        "account is no IBAN: send two letters, two digits, then letters and digits, or \"isIban\": "
        + "false and its bank.");

    public static Refusal IbanLength(string country, int length, int lengthMin, int lengthMax) => new(
        "iban-length-wrong",
        lengthMin == lengthMax
            ? Invariant($"The IBAN has {length} characters, and one of {country} has {lengthMin}: send all of it.")
            : Invariant($"The IBAN has {length} characters: send {lengthMin} to {lengthMax}."));

    public static Refusal IbanCheckDigits() => new(
        "iban-check-digits-wrong",
        "The check digits of the IBAN do not fit the rest of it, so that a character is wrong: correct it.");

    public static Refusal BankMissing() => new(
        "bank-missing",
        "An account that is no IBAN is found by its bank: send 'bank', such as a BIC, sort code or routing number.");

    public static Refusal AbsencesOverlap(string absence, string other, AbsenceDetails known) => new(
        "absences-overlap",
        $"The absence '{Shown(absence)}' would hold on days of the absence '{Shown(other)}' "
        + $"({Span(known.From, known.To)}): correct one of them, or send the other one with \"withdrawn\": true.");

    public static Refusal DeductionNotPositive(decimal amount) => new(
        "deduction-not-positive",
        Invariant($"The deduction is {amount} a payslip: send more than 0.00."));

    public static Refusal DeductionTotalTooSmall(decimal amount, decimal total) => new(
        "deduction-total-too-small",
        Invariant($"{total} is owed in all, which is less than {amount} a payslip: send a total that is no less, or ")
        + "leave it out where there is no end to it.");

    public static Refusal TerminationBeforeHire(LocalDate lastDay, LocalDate hired) => new(
        "termination-before-hire",
        $"The last day is {Shown(lastDay)}, and the first contract begins on {Shown(hired)}: send a "
        + $"day from then on, or "
        + "correct the contract.");

    public static Refusal LeaveOutOfRange(string field, decimal days, int daysMax) => new(
        "leave-days-out-of-range",
        Invariant($"{field} is {days}: send 0 to {daysMax}."));

    public static Refusal LeaveBelowLaw(decimal days, decimal least, string source) => new(
        "leave-below-law",
        Invariant($"daysPerYear is {days}, and the law grants at least {least} ({source}): send no less."));

    private static string Span(LocalDate from, LocalDate? to) =>
        to is { } last ? $"{Shown(from)} to {Shown(last)}" : $"from {Shown(from)} on";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

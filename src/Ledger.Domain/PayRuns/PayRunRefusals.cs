using NodaTime;
using static Ledger.Domain.Texts;

namespace Ledger.Domain.PayRuns;

public static class PayRunRefusals
{
    public static Refusal OtherContent(string run) => new(
        "pay-run-exists",
        $"The pay run '{Shown(run)}' was opened with other content and stays as it is: send another id, or reverse "
        + "it.");

    public static Refusal IdInvalid(string run) => new(
        "pay-run-id-invalid",
        $"'{Shown(run)}' cannot be the id of a pay run: send 1 to 80 of A-Z, a-z, 0-9, '.', '_' and '-'.");

    public static Refusal PayDateOutside(LocalDate payDate, LocalDate from, LocalDate to) => new(
        "pay-date-outside",
        $"{Shown(payDate)} is far from the period: send a pay date from {Shown(from)} to {Shown(to)}.");

    public static Refusal CurrencyDiffers(UnitCode pack, UnitCode company) => new(
        "pay-currency-differs",
        $"Pay of the period is in {pack}, and the company's books are in {Shown(company.Value)}: "
        + "send a period of that currency, or have books of it.");

    public static Refusal TooManyEmployees(int count, int countMax) => new(
        "pay-run-too-many-employees",
        $"employees names {count}: send at most {countMax}, or leave it out for all of the group.");

    public static Refusal EmployeesOfRegular() => new(
        "pay-run-regular-names-employees",
        "A regular run pays all of the group: send it without employees, or as supplementary.");

    public static Refusal RegularExists(string run, string period) => new(
        "pay-run-regular-exists",
        $"The run '{Shown(run)}' is the regular one of {Shown(period)}: open a supplementary one, or reverse that "
        + "first.");

    public static Refusal EmployeeOfOtherGroup(string employee, string group) => new(
        "employee-of-other-group",
        $"No contract of '{Shown(employee)}' is paid by the group '{Shown(group)}': send a run of their group.");

    public static Refusal Unknown(string run) => new(
        "pay-run-unknown", $"There is no pay run '{Shown(run)}': open it first, or send another id.");

    public static Refusal Reversed(string run) => new(
        "pay-run-reversed", $"The pay run '{Shown(run)}' is reversed, and nothing is done with it: open another.");

    public static Refusal AlreadyPosted(string run) => new(
        "pay-run-posted",
        $"The pay run '{Shown(run)}' is posted, and its payslips stay as they are: open a supplementary run, or "
        + "reverse it.");

    public static Refusal NotCalculated(string run) => new(
        "pay-run-not-calculated", $"The pay run '{Shown(run)}' has no payslips yet: have it calculated first.");

    public static Refusal OvertakenByAttempt(int attempt, int last) => new(
        "pay-run-attempt-overtaken",
        $"Attempt {attempt} is overtaken by attempt {last}: read the run again.");

    public static Refusal HashDiffers(string sha256) => new(
        "pay-run-hash-differs",
        $"What is approved is not what the run holds now, whose hash is {sha256}: read its payslips, then send that "
        + "hash.");

    public static Refusal NotApproved(string run) => new(
        "pay-run-not-approved", $"The pay run '{Shown(run)}' is not approved: have it approved first.");

    public static Refusal InputsChanged(string employee) => new(
        "pay-run-inputs-changed",
        $"Something on '{Shown(employee)}' was recorded after the payslips were calculated: have the run calculated "
        + "again.");

    public static Refusal ApprovedByCalculator() => new(
        "pay-run-approved-by-calculator",
        "You have calculated this run, and another person approves it: have somebody else send this.");

    public static Refusal NothingToPost(string run) => new(
        "pay-run-empty", $"The pay run '{Shown(run)}' has no payslip with an amount: open another run instead.");

    public static Refusal TooManyLines(int lines, int linesMax) => new(
        "pay-run-too-many-lines",
        $"The run's entry would have {lines} lines, and may have {linesMax}: have fewer dimensions on contracts, or "
        + "several pay groups.");

    public static Refusal NotPosted(string run) => new(
        "pay-run-not-posted", $"The pay run '{Shown(run)}' is not posted: post it first.");

    public static Refusal HasPayments(string run) => new(
        "pay-run-has-payments",
        $"Payments of the pay run '{Shown(run)}' are with the bank or made: have them returned first, or correct by a "
        + "supplementary run.");

    public static Refusal PayslipUnknown(string? run, string employee) => new(
        "payslip-unknown",
        run is null
            ? $"There are no payslips of '{Shown(employee)}' for you: send the id of somebody whose payslips you may "
                + "read."
            : $"The run '{Shown(run)}' has no such payslip of '{Shown(employee)}': send one that is listed.");
}

using System.Globalization;
using Ledger.Api.Json;
using Ledger.Api.Queries;
using Ledger.Domain.Employees;
using Ledger.Domain.Keys;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Employees;

/// <summary>Employees over HTTP, what records them. All of it are registers of one employee, corrected by being sent
/// again with <c>If-Match</c>.</summary>
public static class EmployeesApi
{
    private const string Path = "/companies/{company}/employees/{employee}";

    private const string Corrects =
        "Sent again with other content and `If-Match` it corrects what was recorded; what was known "
        + "before stays known.";

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        Register<EmployeeSent>(
            surface.Put(Path, PutEmployeeAsync), "putEmployee", "Registers an employee, or changes who they are",
            "Name, e-mail, birth date, national number and address are stored encrypted, for "
            + "payroll. The id is that of "
            + "the person: `GET …/people/{person}/data-export` gives all that is kept on them. " + Corrects,
            """{"name": "Ana Petrova", "birthDate": "1990-03-31", "language": "bg"}""", "")
            .Refuses("employee-id-reserved", "birth-date-invalid", "language-invalid");
        Register<ContractDetails>(
            surface.Put(Path + "/contracts/{contract}", PutContractAsync), "putContract", "Records a contract",
            "Contracts of one employee follow each other and never hold on the same day. " + Corrects,
            """
            {"payGroup": "shop-sofia", "from": "2026-01-01", "type": "permanent", "position": "Shop assistant",
            "weeklyHours": "40", "dimensions": {"department": "sales"}}
            """,
            "\"contract\": \"c1\", ")
            .Refuses("employee-unknown", "pay-group-unknown", "pay-group-archived", "weekly-hours-out-of-range")
            .Refuses("contract-dimension-unknown", "contract-dimension-value-unknown")
            .Refuses("contract-dimension-value-archived", "ends-before-it-begins", "contracts-overlap")
            .Refuses("contract-after-termination", "contract-pay-group-fixed");
        Register<PayDetails>(
            surface.Put(Path + "/pay/{element}/{from}", PutPayAsync), "putPay",
            "Records an element of pay from a day on",
            "It holds until the element's next entry, or through `to`; `once` is paid in the period of its day. A day "
            + "that has passed makes the next run pay the difference. " + Corrects,
            """{"amount": "1500.00", "per": "month"}""", "\"element\": \"salary\", \"effectiveFrom\": \"2026-01-01\", ")
            .Refuses("employee-unknown", "contract-missing", "pay-element-unknown", "pay-element-negative")
            .Refuses("amount-too-precise", "ends-before-it-begins", "pay-once-with-end", "pay-bases-overlap")
            .Refuses(RequestProblems.ParameterMalformed);
        Register<StatutoryDetails>(
            surface.Put(Path + "/statutory/{from}", PutStatutoryAsync), "putStatutoryFacts",
            "Records what the law must know of the employee from a day on",
            "By the pack's `factsSchema`; all facts are sent each time. " + Corrects,
            """{"pack": "bg", "facts": {"bornBefore1960": false, "accidentRate": "0.4"}}""",
            "\"effectiveFrom\": \"2026-01-01\", ")
            .Refuses("employee-unknown", "pack-not-found", "fact-unknown", "fact-invalid", "fact-missing")
            .Refuses("facts-contradict", RequestProblems.ParameterMalformed);
        Register<BankAccountSent>(
            surface.Put(Path + "/bank-account/{from}", PutBankAccountAsync), "putBankAccount",
            "Records the account to which is paid from a day on",
            "The check digits of an IBAN are looked at, and account and holder are stored encrypted. Another account "
            + "than the first waits for a second person, who sees its last four characters. " + Corrects,
            """{"account": "BG80 BNBG 9661 1020 3456 78"}""", "\"effectiveFrom\": \"2026-01-01\", ")
            .MayWait()
            .Refuses("employee-unknown", "iban-malformed", "iban-length-wrong", "iban-check-digits-wrong")
            .Refuses("bank-missing", RequestProblems.ParameterMalformed);
        MapMore(surface);
    }

    private static void MapMore(Surface surface)
    {
        Register<AbsenceDetails>(
            surface.Put(Path + "/absences/{absence}", PutAbsenceAsync), "putAbsence", "Records an absence",
            "From its first day through its last. One that did not happen is sent again with `withdrawn`. " + Corrects,
            """{"kind": "sick", "from": "2026-02-02", "to": "2026-02-06"}""", "\"absence\": \"a1\", ")
            .Refuses("employee-unknown", "ends-before-it-begins", "absences-overlap");
        Register<LeaveEntitlementDetails>(
            surface.Put(Path + "/leave-entitlement/{from}", PutLeaveAsync), "putLeaveEntitlement",
            "Records leave of their own from a day on",
            "Days a year, no less than the law grants, which counts where nothing is recorded; `carryOverMax` is what "
            + "goes into the next year at most. " + Corrects,
            """{"daysPerYear": "25", "carryOverMax": "10"}""", "\"effectiveFrom\": \"2026-01-01\", ")
            .Refuses("employee-unknown", "contract-missing", "amount-too-precise", "leave-days-out-of-range")
            .Refuses("leave-below-law", RequestProblems.ParameterMalformed);
        Register<DeductionSent>(
            surface.Put(Path + "/deductions/{deduction}", PutDeductionAsync), "putDeduction",
            "Records what is taken from net pay for somebody else",
            "Support orders, garnishments, loans with a balance, and what the employee wishes. "
            + "`creditor` is an id; the "
            + "reference is stored encrypted. " + Corrects,
            """
            {"kind": "loan", "amount": "100.00", "total": "1200.00", "from": "2026-01-01", "creditor": "bank-7",
            "reference": "L-2026/17"}
            """,
            "\"deduction\": \"loan-1\", ")
            .Refuses("employee-unknown", "amount-too-precise", "ends-before-it-begins", "deduction-not-positive")
            .Refuses("deduction-total-too-small");
        Register<TerminationDetails>(
            surface.Post(Path + "/termination", TerminateAsync), "terminateEmployment", "Ends the employment",
            "After its last day; every contract ends with it. `reason` is a word of yours, such as `resigned`, and no "
            + "sentence. " + Corrects,
            """{"lastDay": "2026-06-30", "reason": "resigned"}""", "")
            .Refuses("employee-unknown", "employee-without-contract", "termination-before-hire");
        Register<OpeningFigures>(
            surface.Put(Path + "/opening-figures/{year}", PutOpeningAsync), "putOpeningFigures",
            "Records what was paid elsewhere in the year, before the first run here",
            "The year to date by the pack's `toDateSchema` and by lines of payslips, days of leave that are left, and "
            + "the gross of the last twelve months. " + Corrects,
            """
            {"through": "2026-03-31", "toDate": {}, "lines": {"salary": "4500.00"}, "leaveDays": "12.5",
            "earningsOfTwelveMonths": "18000.00"}
            """,
            "\"year\": 2026, ")
            .Refuses("employee-unknown", "contract-missing", "fact-unknown", "fact-invalid", "fact-missing")
            .Refuses("opening-year-differs", "opening-lines-too-many", "amount-too-precise")
            .Refuses(RequestProblems.ParameterMalformed);
    }

    private static Operation Register<TSent>(
        Operation operation, string id, string summary, string description, string example, string keys) => operation
        .Needs(Permission.RecordPeople)
        .Is(id, "Employees", summary, description)
        .Changes()
        .Reads<TSent>(example)
        .Writes<EmployeeWritten>(
            "{\"employee\": \"p-17\", " + keys
            + "\"version\": 1, \"sequence\": 1742, \"recorded\": \"2026-01-02T08:00:00.123456Z\"}")
        .Refuses(RequestProblems.AmountMalformed, RequestProblems.IntegerMalformed)
        .Refuses(RequestProblems.DateMalformed, RequestProblems.DateOutOfRange)
        .Refuses("company-unknown", "personal-data-erased", "if-match-required", "if-match-failed")
        .Refuses("text-empty", "text-too-long", "text-not-allowed");

    private static async ValueTask PutEmployeeAsync(Call call) => await PutAsync(
        call, new PutEmployee(Employee(call), await ReadAsync(call, PersonJson.ReadEmployee), call.IfMatch));

    private static async ValueTask PutContractAsync(Call call) => await PutAsync(call, new PutContract(
        Employee(call), call.Id("contract"), await ReadAsync(call, EmployeeJson.ReadContract), call.IfMatch));

    private static async ValueTask PutPayAsync(Call call) => await PutAsync(call, new PutPay(
        Employee(call), call.Id("element"), From(call), await ReadAsync(call, EmployeeJson.ReadPay), call.IfMatch));

    private static async ValueTask PutStatutoryAsync(Call call) => await PutAsync(call, new PutStatutoryFacts(
        Employee(call), From(call), await ReadAsync(call, EmployeeJson.ReadStatutory), call.IfMatch));

    private static async ValueTask PutBankAccountAsync(Call call) => await PutAsync(call, new PutBankAccount(
        Employee(call), From(call), await ReadAsync(call, PersonJson.ReadAccount), call.IfMatch));

    private static async ValueTask PutAbsenceAsync(Call call) => await PutAsync(call, new PutAbsence(
        Employee(call), call.Id("absence"), await ReadAsync(call, EmployeeJson.ReadAbsence), call.IfMatch));

    private static async ValueTask PutLeaveAsync(Call call) => await PutAsync(call, new PutLeaveEntitlement(
        Employee(call), From(call), await ReadAsync(call, EmployeeJson.ReadLeave), call.IfMatch));

    private static async ValueTask PutDeductionAsync(Call call) => await PutAsync(call, new PutDeduction(
        Employee(call), call.Id("deduction"), await ReadAsync(call, PersonJson.ReadDeduction), call.IfMatch));

    private static async ValueTask TerminateAsync(Call call) => await PutAsync(call, new TerminateEmployment(
        Employee(call), await ReadAsync(call, EmployeeJson.ReadTermination), call.IfMatch));

    private static async ValueTask PutOpeningAsync(Call call) => await PutAsync(call, new PutOpeningFigures(
        Employee(call), Year(call), await ReadAsync(call, EmployeeJson.ReadOpening), call.IfMatch));

    private static string Employee(Call call) => call.Id("employee");

    private static LocalDate From(Call call) => call.DayIn("effectiveFrom", call.Route("from"));

    private static int Year(Call call) =>
        int.TryParse(call.Route("year"), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            && year is >= Dates.YearMin and <= Dates.YearMax
            ? year
            : throw Call.Malformed("year", call.Route("year"), "a year such as 2026");

    private static ValueTask<T> ReadAsync<T>(Call call, JsonRead<string, T> read) =>
        call.BodyAsync(read, Employee(call));

    private static async ValueTask PutAsync(Call call, EmployeeCommand command)
    {
        var outcome = await call.TransactAsync(
            reading => EmployeeWrites.PutAsync(command, reading, call.Ledger, call.Doer));
        await Writes.AnswerAsync(call, outcome, WriteKey, command);
    }

    /// <summary>What was recorded, as callers name it.</summary>
    internal static void WriteKey(System.Text.Json.Utf8JsonWriter json, EmployeeCommand command)
    {
        json.WriteString("employee"u8, command.Employee);
        switch (command)
        {
            case PutContract c:
                json.WriteString("contract"u8, c.Contract);
                break;
            case PutPay c:
                json.WriteString("element"u8, c.Element);
                json.WriteString("effectiveFrom"u8, LocalDatePattern.Iso.Format(c.EffectiveFrom));
                break;
            case PutStatutoryFacts c:
                json.WriteString("effectiveFrom"u8, LocalDatePattern.Iso.Format(c.EffectiveFrom));
                break;
            case PutBankAccount c:
                json.WriteString("effectiveFrom"u8, LocalDatePattern.Iso.Format(c.EffectiveFrom));
                break;
            case PutAbsence c:
                json.WriteString("absence"u8, c.Absence);
                break;
            case PutLeaveEntitlement c:
                json.WriteString("effectiveFrom"u8, LocalDatePattern.Iso.Format(c.EffectiveFrom));
                break;
            case PutDeduction c:
                json.WriteString("deduction"u8, c.Deduction);
                break;
            case PutOpeningFigures c:
                json.WriteNumber("year"u8, c.Year);
                break;
        }
    }
}

/// <summary>Where something of an employee was recorded.</summary>
/// <param name="Version">That of the employee's stream: send it as If-Match to correct this.</param>
public sealed record EmployeeWritten(
    string Employee,
    long Version,
    long Sequence,
    Instant Recorded,
    string? Contract = null,
    string? Element = null,
    LocalDate? EffectiveFrom = null,
    string? Absence = null,
    string? Deduction = null,
    int? Year = null);

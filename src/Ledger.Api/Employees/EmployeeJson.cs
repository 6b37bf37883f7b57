using Ledger.Api.Json;
using Ledger.Api.Payroll;
using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Api.Employees;

/// <summary>Reads what callers send of employees; <see cref="PersonJson"/> what holds texts on the person.</summary>
internal static class EmployeeJson
{
    private static readonly Members Contract = new(
        "payGroup", "from", "to", "type", "position", "weeklyHours", "fullTimeHours", "place", "dimensions");

    private static readonly Members Pay = new("amount", "per", "to");

    private static readonly Members Statutory = new("pack", "facts");

    private static readonly Members Absence = new("kind", "from", "to", "withdrawn");

    private static readonly Members Leave = new("daysPerYear", "carryOverMax");

    private static readonly Members Opening = new(
        "through", "toDate", "lines", "leaveDays", "earningsOfTwelveMonths");

    private static readonly Members Termination = new("lastDay", "reason");

    public static ContractDetails ReadContract(ref JsonInput input, string person)
    {
        string? payGroup = null, position = null, place = null;
        LocalDate? from = null, to = null;
        ContractType? type = null;
        decimal? hours = null, fullTime = null;
        ValueMap<string>? dimensions = null;
        var seen = input.Object();
        while (input.Next(Contract, ref seen))
        {
            switch (Contract[seen.Last])
            {
                case "payGroup":
                    payGroup = input.Text();
                    break;
                case "from":
                    from = input.Date();
                    break;
                case "to":
                    to = input.Null() ? null : input.Date();
                    break;
                case "type":
                    type = input.One(Choice<ContractType>.Instance);
                    break;
                case "position":
                    position = input.Text();
                    break;
                case "weeklyHours":
                    hours = input.Amount();
                    break;
                case "fullTimeHours":
                    fullTime = input.Null() ? null : input.Amount();
                    break;
                case "place":
                    place = input.Null() ? null : input.Text();
                    break;
                case "dimensions":
                    dimensions = input.Null() ? null : input.Map(static (ref JsonInput value, int _) => value.Text());
                    break;
            }
        }

        return new(
            payGroup ?? throw input.Missing("payGroup"), from ?? throw input.Missing("from"),
            type ?? throw input.Missing("type"), position ?? throw input.Missing("position"),
            hours ?? throw input.Missing("weeklyHours"), to, fullTime, place, dimensions);
    }

    public static PayDetails ReadPay(ref JsonInput input, string person)
    {
        decimal? amount = null;
        PayPer? per = null;
        LocalDate? to = null;
        var seen = input.Object();
        while (input.Next(Pay, ref seen))
        {
            switch (Pay[seen.Last])
            {
                case "amount":
                    amount = input.Amount();
                    break;
                case "per":
                    per = input.One(Choice<PayPer>.Instance);
                    break;
                case "to":
                    to = input.Null() ? null : input.Date();
                    break;
            }
        }

        return new(amount ?? throw input.Missing("amount"), per ?? throw input.Missing("per"), to);
    }

    public static StatutoryDetails ReadStatutory(ref JsonInput input, string person)
    {
        string? pack = null;
        ValueMap<FactValue>? facts = null;
        var seen = input.Object();
        while (input.Next(Statutory, ref seen))
        {
            if (Statutory[seen.Last] == "pack")
            {
                pack = input.Text();
            }
            else
            {
                facts = input.Map(CalculationJson.Fact);
            }
        }

        return new(pack ?? throw input.Missing("pack"), facts ?? throw input.Missing("facts"));
    }

    public static AbsenceDetails ReadAbsence(ref JsonInput input, string person)
    {
        AbsenceKind? kind = null;
        LocalDate? from = null, to = null;
        bool? withdrawn = null;
        var seen = input.Object();
        while (input.Next(Absence, ref seen))
        {
            switch (Absence[seen.Last])
            {
                case "kind":
                    kind = input.One(Choice<AbsenceKind>.Instance);
                    break;
                case "from":
                    from = input.Date();
                    break;
                case "to":
                    to = input.Date();
                    break;
                case "withdrawn":
                    withdrawn = input.Null() ? null : input.Flag();
                    break;
            }
        }

        return new(
            kind ?? throw input.Missing("kind"), from ?? throw input.Missing("from"), to ?? throw input.Missing("to"),
            withdrawn);
    }

    public static LeaveEntitlementDetails ReadLeave(ref JsonInput input, string person)
    {
        decimal? days = null, carryOverMax = null;
        var seen = input.Object();
        while (input.Next(Leave, ref seen))
        {
            if (Leave[seen.Last] == "daysPerYear")
            {
                days = input.Amount();
            }
            else
            {
                carryOverMax = input.Null() ? null : input.Amount();
            }
        }

        return new(days ?? throw input.Missing("daysPerYear"), carryOverMax);
    }

    public static OpeningFigures ReadOpening(ref JsonInput input, string person)
    {
        LocalDate? through = null;
        ValueMap<FactValue>? toDate = null;
        ValueMap<decimal>? lines = null;
        decimal? leave = null, earnings = null;
        var seen = input.Object();
        while (input.Next(Opening, ref seen))
        {
            switch (Opening[seen.Last])
            {
                case "through":
                    through = input.Date();
                    break;
                case "toDate":
                    toDate = input.Null() ? null : input.Map(CalculationJson.Fact);
                    break;
                case "lines":
                    lines = input.Null() ? null : input.Map(static (ref JsonInput value, int _) => value.Amount());
                    break;
                case "leaveDays":
                    leave = input.Null() ? null : input.Amount();
                    break;
                case "earningsOfTwelveMonths":
                    earnings = input.Null() ? null : input.Amount();
                    break;
            }
        }

        return new(through ?? throw input.Missing("through"), toDate, lines, leave, earnings);
    }

    public static TerminationDetails ReadTermination(ref JsonInput input, string person)
    {
        LocalDate? lastDay = null;
        string? reason = null;
        var seen = input.Object();
        while (input.Next(Termination, ref seen))
        {
            if (Termination[seen.Last] == "lastDay")
            {
                lastDay = input.Date();
            }
            else
            {
                reason = input.Text();
            }
        }

        return new(lastDay ?? throw input.Missing("lastDay"), reason ?? throw input.Missing("reason"));
    }
}

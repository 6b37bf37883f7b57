using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;

namespace Ledger.Api.PayGroups;

/// <summary>Reads a pay group as callers send it.</summary>
public static class PayGroupJson
{
    private const int DayMax = 31;

    private static readonly Members Group = new(
        "pack", "frequency", "accounts", "name", "payDay", "periodEndDay", "weekStart", "proration", "settings",
        "archived");

    public static PayGroupDetails Read(ref JsonInput input, int unused)
    {
        string? pack = null;
        PayFrequency? frequency = null;
        ValueMap<AccountCode>? accounts = null;
        var details = new PayGroupDetails("", default, ValueMap<AccountCode>.Empty);
        var seen = input.Object();
        while (input.Next(Group, ref seen))
        {
            switch (Group[seen.Last])
            {
                case "pack":
                    pack = input.Text();
                    break;
                case "frequency":
                    frequency = input.One(Choice<PayFrequency>.Instance);
                    break;
                case "accounts":
                    accounts = input.Map(static (ref JsonInput value, int _) => new AccountCode(value.Text()));
                    break;
                default:
                    details = input.Null() ? details : Optional(Group[seen.Last], details, ref input);
                    break;
            }
        }

        return details with
        {
            Pack = pack ?? throw input.Missing("pack"),
            Frequency = frequency ?? throw input.Missing("frequency"),
            Accounts = accounts ?? throw input.Missing("accounts"),
        };
    }

    private static PayGroupDetails Optional(string member, PayGroupDetails details, ref JsonInput input) =>
        member switch
        {
            "name" => details with { Name = input.Text() },
            "payDay" => details with { PayDay = input.Integer(1, DayMax) },
            "periodEndDay" => details with { PeriodEndDay = input.Integer(1, DayMax) },
            "weekStart" => details with { WeekStart = input.Date() },
            "proration" => details with { Proration = input.One(Choice<Proration>.Instance) },
            "settings" => details with
            {
                Settings = input.Map(static (ref JsonInput value, int _) => value.Text()),
            },
            _ => details with { Archived = input.Flag() },
        };
}

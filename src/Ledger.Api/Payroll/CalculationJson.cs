using System.Text.Json.Nodes;
using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Api.Payroll;

/// <summary>What a payslip is calculated from.</summary>
/// <param name="PayDate">The day on which it is paid.</param>
/// <param name="Facts">What is known of the employee, by the pack's <c>factsSchema</c>.</param>
/// <param name="ToDate">What was paid and withheld before, by the pack's <c>toDateSchema</c>.</param>
/// <param name="NetTarget">Finds the amount of an element that comes to this net pay.</param>
/// <param name="EarnedThrough">The last day of the period in which it was earned; the pay date by default.</param>
/// <param name="Period">The number of the pay period in its tax year, where it is not found from the pay date.</param>
/// <param name="LawKnownOn">Only law that was published by that day; by default all that is known now.</param>
public sealed record CalculationRequest(
    LocalDate PayDate,
    PayFrequency Frequency,
    JsonObject Facts,
    IReadOnlyList<PayLine>? Earnings = null,
    JsonObject? ToDate = null,
    NetTarget? NetTarget = null,
    LocalDate? EarnedThrough = null,
    int? Period = null,
    LocalDate? LawKnownOn = null);

/// <summary>Reads what a payslip is calculated from.</summary>
public static class CalculationJson
{
    private const int PeriodMax = 366;

    private static readonly Members Calculation = new(
        "payDate", "frequency", "earnings", "facts", "toDate", "netTarget", "earnedThrough", "period", "lawKnownOn");

    private static readonly Members Line = new("element", "amount");
    private static readonly Members Target = new("element", "net");

    public static CalculatePayslip Read(ref JsonInput input, string pack)
    {
        LocalDate? payDate = null;
        PayFrequency? frequency = null;
        ValueMap<FactValue>? facts = null;
        var command = new CalculatePayslip(
            pack, default, default, [], ValueMap<FactValue>.Empty, ValueMap<FactValue>.Empty);
        var seen = input.Object();
        while (input.Next(Calculation, ref seen))
        {
            switch (Calculation[seen.Last])
            {
                case "payDate":
                    payDate = input.Date();
                    break;
                case "frequency":
                    frequency = input.One(Choice<PayFrequency>.Instance);
                    break;
                case "facts":
                    facts = input.Map(Fact);
                    break;
                default:
                    command = input.Null() ? command : Optional(Calculation[seen.Last], command, ref input);
                    break;
            }
        }

        return command with
        {
            PayDate = payDate ?? throw input.Missing("payDate"),
            Frequency = frequency ?? throw input.Missing("frequency"),
            Facts = facts ?? throw input.Missing("facts"),
        };
    }

    private static CalculatePayslip Optional(string member, CalculatePayslip command, ref JsonInput input) =>
        member switch
        {
            "earnings" => command with { Earnings = Lines(ref input) },
            "toDate" => command with { ToDate = input.Map(Fact) },
            "netTarget" => command with { NetTarget = ReadTarget(ref input) },
            "earnedThrough" => command with { EarnedThrough = input.Date() },
            "period" => command with { Period = input.Integer(1, PeriodMax) },
            _ => command with { LawKnownOn = input.Date() },
        };

    private static ValueList<PayLine> Lines(ref JsonInput input)
    {
        var lines = new List<PayLine>();
        var count = 0;
        while (input.NextItem(ref count))
        {
            string? element = null;
            decimal? amount = null;
            var seen = input.Object();
            while (input.Next(Line, ref seen))
            {
                if (Line[seen.Last] == "element")
                {
                    element = input.Text();
                }
                else
                {
                    amount = input.Amount();
                }
            }

            lines.Add(new(
                element ?? throw input.Missing("element"), amount ?? throw input.Missing("amount")));
        }

        return lines.ToValueList();
    }

    private static NetTarget ReadTarget(ref JsonInput input)
    {
        string? element = null;
        decimal? net = null;
        var seen = input.Object();
        while (input.Next(Target, ref seen))
        {
            if (Target[seen.Last] == "element")
            {
                element = input.Text();
            }
            else
            {
                net = input.Amount();
            }
        }

        return new(element ?? throw input.Missing("element"), net ?? throw input.Missing("net"));
    }

    /// <summary>A flag, a whole number or text: which one a fact is, the pack says.</summary>
    internal static FactValue Fact(ref JsonInput input, int unused) =>
        input.IsFlag() ? new(null, Flag: input.Flag())
        : input.IsNumber() ? new(null, Count: input.Integer(0, int.MaxValue))
        : new(input.Text());
}

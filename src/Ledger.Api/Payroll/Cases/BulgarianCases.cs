using Ledger.Domain;
using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.Bulgaria;

namespace Ledger.Api.Payroll.Cases;

/// <summary>
/// Bulgarian cases: payslips of a month from gross or from net pay, payslips of others to be checked, and single
/// figures of the law. Where a case names no accident rate, it expects nothing that depends on it.
/// </summary>
internal static class BulgarianCases
{
    private static readonly string[] OfContributions =
    [
        "employeeContrib", "employerContrib", "taxBase", "tax", "net", "remittance", "deductions", "totalDeductions",
        "labourCost",
    ];

    private const string LowestAccidentRate = "0.4";

    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["maxInsurableIncome"] = "maximumInsurableIncome",
        ["minInsurableIncome"] = "minimumInsurableIncomeSelfEmployed",
        ["minWage"] = "minimumWage",
        ["minimumWage"] = "minimumWage",
    };

    /// <summary>Whether a figure follows from the sum of contributions, as gross does where net is given.</summary>
    public static bool FollowsContributions(PayrollCase each, string name) =>
        OfContributions.Contains(name) || (each.Has("netTarget") && name is "gross" or "insurable");

    public static CaseResult Calculate(PayrollCase each)
    {
        if (each.Text("param") is { } parameter)
        {
            return Figure(each, parameter);
        }

        var currency = BulgarianPack.Instance.CurrencyOn(each.Date).Value;
        if (each.Text("currency") is { } stated && stated != currency)
        {
            throw new FormatException($"in that month pay is in {currency}, not in {stated}.");
        }

        var lines = new PayslipLines(explains: true);
        if (PayslipDecider.Calculate(CommandOf(each), lines) is { } refusal)
        {
            return CaseResult.Of(refusal);
        }

        return BulgarianSupplements.On(each.Date, out var supplements) is { } unknown
            ? CaseResult.Of(unknown)
            : new(Figures(each, lines, supplements), lines);
    }

    private static CalculatePayslip CommandOf(PayrollCase each)
    {
        var facts = ValueMap<FactValue>.From(
        [
            new("bornBefore1960", new(null, !each.Flag("bornAfter1959", otherwise: true))),
            new("accidentRate", new(each.Text("tzpb") ?? LowestAccidentRate)),
        ]);
        return new(
            "bg", each.Date, each.PayFrequency, each.Has("netTarget") ? [] : Earnings(each), facts,
            ValueMap<FactValue>.Empty,
            each.Has("netTarget") ? new NetTarget("salary", each.Number("netTarget")) : null);
    }

    /// <summary>Basic pay, seniority on it and sick pay where they are told; the rest is a bonus. Where they come to
    /// more than gross pay, which is what is levied, basic pay is less by as much.</summary>
    private static ValueList<PayLine> Earnings(PayrollCase each)
    {
        var gross = each.Number("gross");
        var sick = each.Number("employerSickPay");
        var basic = each.Has("baseEarned") ? each.Number("baseEarned") : gross - sick;
        var seniority = each.Has("baseEarned") ? Rounding.ToCents(basic * each.Number("seniorityPct") / 100) : 0;
        var rest = gross - basic - seniority - sick;
        return new PayLine[]
        {
            new("salary", basic + Math.Min(rest, 0)), new("seniority", seniority), new("employerSickPay", sick),
            new("bonus", Math.Max(rest, 0)),
        }.Where(line => line.Amount != 0).ToValueList();
    }

    private static Dictionary<string, decimal> Figures(
        PayrollCase each, PayslipLines lines, BulgarianSupplements supplements)
    {
        var garnishment = each.Number("garnishment");
        var net = lines.Net
            - Math.Min(garnishment, supplements.Attachable(lines.Net, hasChildren: false, keepsMinimumWage: false));
        decimal insurable = 0, taxBase = 0;
        foreach (ref readonly var line in lines.AsSpan())
        {
            insurable = line.Type == BulgarianLines.WorkAccident ? line.Base : insurable;
            taxBase = line.Type == BulgarianLines.IncomeTax ? line.Base : taxBase;
        }

        return new()
        {
            ["gross"] = lines.Gross,
            ["insurable"] = insurable,
            ["employeeContrib"] = lines.Contributions,
            ["employerContrib"] = lines.EmployerContributions,
            ["taxBase"] = taxBase,
            ["tax"] = lines.Sum("incomeTax"),
            ["net"] = net,
            ["seniority"] = lines.Sum("seniority"),
            ["totalDeductions"] = lines.Deductions,
            ["deductions"] = lines.Deductions,
            ["remittance"] = lines.Deductions + lines.EmployerContributions,
            ["labourCost"] = lines.Gross + lines.EmployerContributions,
            ["mustReject"] = IsWrong(each, net) ? 1 : 0,
        };
    }

    /// <summary>Whether a payslip of somebody else does not come to its own net, or not to the law's. It is right as
    /// well where it rounds the sum of contributions once.</summary>
    private static bool IsWrong(PayrollCase each, decimal net)
    {
        var stated = each.Number("statedNet");
        return each.Has("statedNet")
            && (each.Number("gross") - each.Number("employeeContrib") - each.Number("tax")
                - each.Number("garnishment") != stated
                || Math.Abs(net - stated) > CaseCheck.RoundedOnce);
    }

    private static CaseResult Figure(PayrollCase each, string parameter)
    {
        var inEuro = parameter.EndsWith("EUR", StringComparison.Ordinal);
        var name = inEuro || parameter.EndsWith("BGN", StringComparison.Ordinal) ? parameter[..^3] : parameter;
        var figure = Parameters.TryGetValue(name, out var known)
            ? BulgarianPack.Instance.Figures.On(each.Date, null).Find(known)
            : throw new FormatException($"'{parameter}' is no figure of the pack.");
        if (figure is null)
        {
            return CaseResult.Of(PayrollRefusals.FigureUnknown("bg", known, each.Date));
        }

        var value = figure.Values[0];
        return new(new Dictionary<string, decimal>
        {
            ["value"] = inEuro && BulgarianPack.Instance.CurrencyOn(each.Date).Value == "BGN"
                ? BulgarianEuro.Of(value) : value,
        });
    }
}

using Ledger.Domain;
using Ledger.Domain.Payroll;

namespace Ledger.Api.Payroll.Cases;

/// <summary>Azerbaijani cases: payslips of a month. A main workplace is meant unless the case says otherwise.</summary>
internal static class AzerbaijaniCases
{
    public static CaseResult Calculate(PayrollCase each)
    {
        var sector = each.Text("sector") switch
        {
            "private_non_oil" or "private" => "privateNonOil",
            "oil_gas" or "oil" => "oilAndGas",
            "state" or "public" or "state_or_oil" => "state",
            var other => throw new FormatException($"'{other}' is no sector."),
        };
        var lines = new PayslipLines(explains: true);
        var refusal = PayslipDecider.Calculate(
            new CalculatePayslip(
                "az", each.Date, each.PayFrequency, [new PayLine("salary", each.Number("gross"))],
                ValueMap<FactValue>.From(
                [
                    new("sector", new(sector)),
                    new("mainWorkplace", new(null, each.Flag("relief200", otherwise: true))),
                ]),
                ValueMap<FactValue>.Empty),
            lines);
        return refusal is not null ? CaseResult.Of(refusal) : new(
            new Dictionary<string, decimal>
            {
                ["pit"] = lines.Sum("incomeTax"),
                ["dsmfEe"] = lines.Sum("socialInsurance"),
                ["dsmfEr"] = lines.Sum("socialInsuranceEmployer"),
                ["unempEe"] = lines.Sum("unemployment"),
                ["unempEr"] = lines.Sum("unemploymentEmployer"),
                ["medEe"] = lines.Sum("medical"),
                ["medEr"] = lines.Sum("medicalEmployer"),
                ["deductions"] = lines.Deductions,
                ["net"] = lines.Net,
                ["employerTotal"] = lines.EmployerContributions,
                ["companyExpense"] = lines.EmployerContributions,
            },
            lines);
    }
}

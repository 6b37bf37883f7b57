using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.UnitedStates;

namespace Ledger.Api.Payroll.Cases;

/// <summary>American cases: withholding by Publication 15-T, tax of a year, social security and Medicare.</summary>
internal static class AmericanCases
{
    /// <summary>A state without income tax: cases are about federal law.</summary>
    private const string State = "TX";

    public static CaseResult Calculate(PayrollCase each)
    {
        if (AmericanPack.Instance.FiguresOn(each.Date, null, out var law) is { } unknown)
        {
            return CaseResult.Of(unknown);
        }

        return each.Test switch
        {
            "fit_pub15t_standard" or "fit_pub15t" => Withhold(each, law),
            "annual_tax_on_taxable_income" => Tax(each, law),
            "fica" or "futa" => Insure(each, law),
            var other => throw new FormatException($"'{other}' is no kind of American case."),
        };
    }

    private static CaseResult Withhold(PayrollCase each, AmericanFigures law)
    {
        var isOld = each.Text("w4") == "pre2020";
        var facts = new AmericanFacts(
            StatusOf(each), State, isOld ? FormW4.Before2020 : FormW4.Since2020, each.Flag("step2"),
            each.Number("step3"), each.Number("step4a"), each.Number("step4b"),
            each.Number(isOld && each.Has("additional") ? "additional" : "step4c"), (int)each.Number("allowances"));
        var lines = new PayslipLines(explains: true);
        return FederalWithholding.TryAdd(facts, law, each.PayFrequency, each.Number("wages"), 0, lines)
            ? new(
                new Dictionary<string, decimal> { ["federalWithholding"] = lines.Sum("federalIncomeTax") }, lines)
            : CaseResult.Of(PayrollRefusals.FigureUnknown("us", "withholding table", each.Date));
    }

    private static CaseResult Tax(PayrollCase each, AmericanFigures law) =>
        AnnualTax.On(each.Number("taxableIncome"), StatusOf(each), law) is { } tax
            ? new(new Dictionary<string, decimal> { ["incomeTaxBeforeCredits"] = tax })
            : CaseResult.Of(PayrollRefusals.FigureUnknown("us", "rates of the tax return", each.Date));

    private static CaseResult Insure(PayrollCase each, AmericanFigures law)
    {
        var ytd = each.Number("ytd");
        var lines = new PayslipLines(explains: true);
        AmericanPack.InsureEmployee(
            law,
            new AmericanToDate(
                each.Has("ytdSocialSecurityWages") ? each.Number("ytdSocialSecurityWages") : ytd,
                each.Has("ytdMedicareWages") ? each.Number("ytdMedicareWages") : ytd),
            each.Number("wages"),
            lines);
        return new(
            new Dictionary<string, decimal>
            {
                ["fica"] = lines.Contributions,
                ["socialSecurity"] = lines.Sum("socialSecurity"),
                ["medicare"] = lines.Sum("medicare") + lines.Sum("additionalMedicare"),
                ["additionalMedicare"] = lines.Sum("additionalMedicare"),
                ["futa"] = Rounding.ToCents(
                    AmericanPack.Below(law.UnemploymentWageBase, ytd, each.Number("wages")) * law.Unemployment),
            },
            lines);
    }

    private static FilingStatus StatusOf(PayrollCase each) => each.Text("filingStatus") switch
    {
        "single" => FilingStatus.Single,
        "married" or "married_joint" => FilingStatus.MarriedJointly,
        "married_separate" => FilingStatus.MarriedSeparately,
        "head_of_household" => FilingStatus.HeadOfHousehold,
        "qualifying_surviving_spouse" => FilingStatus.QualifyingSurvivingSpouse,
        var other => throw new FormatException($"'{other}' is no filing status."),
    };
}

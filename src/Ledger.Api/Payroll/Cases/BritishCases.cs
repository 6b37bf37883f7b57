using System.Globalization;
using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.UnitedKingdom;

namespace Ledger.Api.Payroll.Cases;

/// <summary>
/// British cases: income tax with the year to date, Class 1 contributions of employees, and those of directors. What
/// was taken before a payment is what is expected to date less what is expected of the payment, because files of cases
/// have no input for it; so of these two only the figure to date is a proof.
/// </summary>
internal static class BritishCases
{
    /// <summary>Cases that were made with binary fractions, which shows in a penny.</summary>
    public static bool IsScottishMonthlyTax(PayrollCase each) =>
        each is { Test: "income_tax", Frequency: "monthly" } && each.Text("country") == "GB-SCT";

    public static CaseResult Calculate(PayrollCase each)
    {
        if (BritishPack.Instance.FiguresOn(each.Date, null, out var law) is { } unknown)
        {
            return CaseResult.Of(unknown);
        }

        return each.Test switch
        {
            "income_tax" => Tax(each, law),
            "class1_nic" => Insure(each, law, null),
            "director_nic" => InsureDirector(each, law),
            var other => throw new FormatException($"Line {each.Line}: '{other}' is no kind of British case."),
        };
    }

    private static CaseResult Tax(PayrollCase each, BritishFigures law)
    {
        var text = each.Text("taxCode") ?? "";
        var prefix = each.Text("country") switch { "GB-SCT" => "S", "GB-WLS" => "C", _ => "" };
        var whole = text.StartsWith(prefix, StringComparison.Ordinal) || text == "NT" ? text : prefix + text;
        if (!TaxCode.TryParse(whole + (each.Flag("w1m1") ? " X" : ""), out var code)
            || TaxPeriod.Of(each.PayFrequency, each.Date, (int)each.Number("period")) is not { } period)
        {
            throw new FormatException($"Line {each.Line}: the tax code '{text}' or the frequency is none.");
        }

        var gross = each.Number("grossPay");
        var before = each.ExpectedNumber("taxDueToDate") - each.ExpectedNumber("taxDueInPeriod");
        var lines = new PayslipLines(explains: true);
        IncomeTax.Add(
            code, law.Table(code.Regime), period,
            new(gross, gross, each.Number("taxablePayToDate") - gross, before), law.MostOfPay, lines);
        var due = lines.Sum("incomeTax");
        return new(
            new Dictionary<string, decimal>
            {
                ["taxDueInPeriod"] = due,
                ["taxDueToDate"] = code.IsWeek1 ? due : before + due,
            },
            lines);
    }

    /// <param name="ofYear">Those of a director's year; null counts the payment by itself.</param>
    private static CaseResult Insure(PayrollCase each, BritishFigures law, NiThresholds? ofYear)
    {
        var thresholds = ofYear ?? law.Thresholds(each.PayFrequency)
            ?? throw new FormatException($"Line {each.Line}: no thresholds are known for {each.Frequency} pay.");
        var rates = law.Rates(CategoryOf(each), isDirector: ofYear is not null);
        var due = NationalInsurance.Of(
            each.Number(ofYear is null ? "grossPay" : "grossPayYtd"), thresholds, rates);
        var before = (
            Employee: each.ExpectedNumber("EmployeeNiContributionYtd") - each.ExpectedNumber("EmployeeNiContribution"),
            Employer: each.ExpectedNumber("EmployerNiContributionYtd") - each.ExpectedNumber("EmployerNiContribution"));
        var now = ofYear is null
            ? (due.Employee, due.Employer)
            : (Employee: due.Employee - before.Employee, Employer: due.Employer - before.Employer);
        var figures = new Dictionary<string, decimal>
        {
            ["EmployeeNiContribution"] = now.Employee,
            ["EmployerNiContribution"] = now.Employer,
            ["TotalNiContribution"] = now.Employee + now.Employer,
            ["EarningsAtLEL_YTD"] = due.AtLowerLimit,
            ["EarningsLELtoPT_YTD"] = due.ToPrimary,
            ["EarningsPTtoUEL_YTD"] = due.ToUpperLimit,
        };
        if (each.Test == "director_nic")
        {
            figures["EmployeeNiContributionYtd"] = before.Employee + now.Employee;
            figures["EmployerNiContributionYtd"] = before.Employer + now.Employer;
        }

        return new(figures);
    }

    private static CaseResult InsureDirector(PayrollCase each, BritishFigures law)
    {
        var isLast = each.PayFrequency == PayFrequency.Yearly
            || each.Number("period") >= each.PayFrequency.PerYear();
        var isOfYear = each.Text("statusMethod") switch
        {
            "AlternativeMethod" or "ALT" => isLast,
            "StandardAnnualisedEarningsMethod" or "StandardMethod" or "AnnualMethod" or "STD" => true,
            "Employee" or "EMP" => false,
            var other => throw new FormatException($"Line {each.Line}: '{other}' is no method."),
        };
        var part = each.Has("proRataFactor") ? each.Number("proRataFactor") : 1;
        return Insure(each, law, isOfYear ? law.Directors.For(part) : null);
    }

    private static NiCategory CategoryOf(PayrollCase each) =>
        Enum.TryParse<NiCategory>(each.Text("niCategory"), out var category)
            ? category
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"Line {each.Line}: '{each.Text("niCategory")}' is no category."));
}

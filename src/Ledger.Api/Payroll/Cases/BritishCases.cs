using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.UnitedKingdom;
using NodaTime;

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
        if (BritishPack.Instance.FiguresOn(PayDateOf(each), null, out var law) is { } unknown)
        {
            return CaseResult.Of(unknown);
        }

        return each.Test switch
        {
            "income_tax" => Tax(each, law),
            "class1_nic" => Insure(each, law, null),
            "director_nic" => InsureDirector(each, law),
            var other => throw new FormatException($"'{other}' is no kind of British case."),
        };
    }

    /// <summary>Cases that are dated on the first day of a tax year mean the year: they are paid in the middle of the
    /// first week of their period, which is on the right side where rates changed within a week.</summary>
    private static LocalDate PayDateOf(PayrollCase each)
    {
        var period = (int)each.Number("period");
        if (each.Date != TaxPeriod.StartOfYear(each.Date) || period < 1)
        {
            return each.Date;
        }

        var day = each.PayFrequency switch
        {
            PayFrequency.Weekly => each.Date.PlusWeeks(period - 1),
            PayFrequency.TwoWeekly => each.Date.PlusWeeks(2 * (period - 1)),
            PayFrequency.FourWeekly => each.Date.PlusWeeks(4 * (period - 1)),
            PayFrequency.Monthly => each.Date.PlusMonths(period - 1),
            _ => each.Date,
        };
        return LocalDate.Min(day.PlusDays(3), each.Date.PlusYears(1).PlusDays(-1));
    }

    private static CaseResult Tax(PayrollCase each, BritishFigures law)
    {
        var text = each.Text("taxCode") ?? "";
        var prefix = each.Text("country") switch { "GB-SCT" => "S", "GB-WLS" => "C", _ => "" };
        var whole = text.StartsWith(prefix, StringComparison.Ordinal) || text == "NT" ? text : prefix + text;
        var number = (int)each.Number("period");
        if (!TaxCode.TryParse(whole, out var code)
            || TaxPeriod.Of(each.PayFrequency, each.Date, number < 1 ? null : number) is not { } period)
        {
            throw new FormatException($"the tax code '{text}' or the frequency is none.");
        }

        var table = law.Table(code.Regime);
        if (code.Kind == TaxCodeKind.Flat && code.Number >= table.BandCount)
        {
            throw new FormatException($"the tax code '{text}' has no band on that day.");
        }

        var gross = each.Number("grossPay");
        var before = each.ExpectedBefore("taxDueToDate", "taxDueInPeriod");
        var lines = new PayslipLines(explains: true);
        IncomeTax.Add(
            each.Flag("w1m1") ? code with { IsWeek1 = true } : code, table, period,
            new(gross, gross, each.Number("taxablePayToDate") - gross, before), law.MostOfPay, lines);
        var due = lines.Sum("incomeTax");
        return new(
            new Dictionary<string, decimal>
            {
                ["taxDueInPeriod"] = due,
                ["taxDueToDate"] = before + due,
            },
            lines);
    }

    /// <param name="ofYear">Those of a director's year; null counts the payment by itself.</param>
    private static CaseResult Insure(PayrollCase each, BritishFigures law, NiThresholds? ofYear)
    {
        var thresholds = ofYear ?? law.Thresholds(each.PayFrequency)
            ?? throw new FormatException($"no thresholds are known for {each.Frequency} pay.");
        var rates = law.Rates(CategoryOf(each), isDirector: ofYear is not null);
        var isOfYear = ofYear is not null;
        var (employee, employer) = (Before("EmployeeNiContribution"), Before("EmployerNiContribution"));
        var lines = new PayslipLines(explains: true);
        var due = NationalInsurance.Add(
            each.Number(isOfYear ? "grossPayYtd" : "grossPay"),
            isOfYear ? new(employee, employer, NiTaken.Year) : new(0, 0, NiTaken.EarningsPeriod),
            thresholds,
            rates,
            lines);
        var figures = new Dictionary<string, decimal>
        {
            ["EmployeeNiContribution"] = lines.Contributions,
            ["EmployerNiContribution"] = lines.EmployerContributions,
            ["TotalNiContribution"] = lines.Contributions + lines.EmployerContributions,
            ["EarningsAtLEL_YTD"] = due.AtLowerLimit,
            ["EarningsLELtoPT_YTD"] = due.ToPrimary,
            ["EarningsPTtoUEL_YTD"] = due.ToUpperLimit,
        };
        if (each.Test == "director_nic")
        {
            figures["EmployeeNiContributionYtd"] = employee + lines.Contributions;
            figures["EmployerNiContributionYtd"] = employer + lines.EmployerContributions;
        }

        return new(figures, lines);

        decimal Before(string name) => each.ExpectedBefore(name + "Ytd", name);
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
            var other => throw new FormatException($"'{other}' is no method."),
        };
        return Insure(each, law, isOfYear ? law.Directors.For(WeeksOfYear(each)) : null);
    }

    /// <summary>Files of cases round the part of the year: whole weeks are meant where it is near them.</summary>
    private static decimal WeeksOfYear(PayrollCase each)
    {
        var weeks = each.Has("proRataFactor") ? each.Number("proRataFactor") * 52 : 52;
        var whole = Math.Round(weeks, MidpointRounding.AwayFromZero);
        return Math.Abs(weeks - whole) <= 0.001m ? whole : weeks;
    }

    private static NiCategory CategoryOf(PayrollCase each) =>
        Enum.TryParse<NiCategory>(each.Text("niCategory"), out var category)
        && NationalInsurance.Exists(category, PayDateOf(each))
            ? category
            : throw new FormatException($"'{each.Text("niCategory")}' is no category on that day.");
}

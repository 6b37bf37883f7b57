using Program = Ledger.Api.CommandLine.PayrollCommand;

namespace Ledger.Tests.Payroll;

/// <summary>What the check of cases makes of a single row, whatever stands in it.</summary>
public sealed class CaseCheckTests
{
    private const string Year2022 = "GB,2022-04-06,weekly";
    private const string Year2024 = "GB,2024-04-06,weekly";
    private const string April2025 = "GB,2025-04-06,monthly";
    private const string May2026 = "BG,2026-05-31,monthly";

    /// <summary>24 = (1,000 - 200) × 3 %.</summary>
    private static readonly string Right = Row(
        "AZ,2026-01-31,monthly", """{"gross": "1000", "sector": "private", "currency": "AZN"}""", """{"pit": 24}""");

    [Theory]
    [InlineData(
        April2025, """{"test": "income_tax", "taxCode": "D2", "grossPay": 9, "period": 1}""",
        """{"taxDueInPeriod": 1}""", "taxDueInPeriod: expected 1, is not known\n  the tax code 'D2' has no band")]
    [InlineData(
        April2025,
        """{"test": "income_tax", "taxCode": "CD2", "country": "GB-WLS", "grossPay": 9, "period": 1}""",
        """{"taxDueInPeriod": 1}""", "the tax code 'CD2' has no band")]
    [InlineData(
        "GB,2023-04-06,monthly",
        """{"test": "income_tax", "taxCode": "SD3", "country": "GB-SCT", "grossPay": 9, "period": 1}""",
        """{"taxDueInPeriod": 1}""", "the tax code 'SD3' has no band")]
    [InlineData(
        "GB,2023-06-06,weekly", """{"test": "class1_nic", "niCategory": "N", "grossPay": 900, "period": 9}""",
        """{"EmployeeNiContribution": 1}""", "'N' is no category on that day.")]
    [InlineData(
        "US,2026-01-31,monthly",
        """{"test": "fit_pub15t", "filingStatus": "single", "wages": 70000000000000000000000000000}""",
        """{"federalWithholding": 1}""", "federalWithholding: expected 1, is not known")]
    [InlineData(
        "AZ,2026-01-31,monthly", """{"gross": 1000, "sector": "private"}""", """{"pit": 24, "comment": "x"}""",
        "comment: expected x, is not known")]
    [InlineData(
        "AZ,2026-01-31,monthly", """{"gross": 1000, "sector": "private"}""", """{"pit": [24]}""",
        "pit: expected [24], is not known")]
    [InlineData(
        "AZ,2026-01-31,monthly", """{"gross": 1000, "sector": "private"}""", """{"pit": 1e40}""",
        "pit: expected 1e40, is not known")]
    public void A_row_that_cannot_be_right_ends_nothing_but_itself(
        string head, string inputs, string expected, string said)
    {
        var text = Check(1, Row(head, inputs, expected), Right);

        Assert.Contains(said, text, StringComparison.Ordinal);
        Assert.Contains("1 of 2 cases came out.", text, StringComparison.Ordinal);
    }

    /// <summary>Month 1: 3,000 less 1,048.26 free by 1257L, in whole pounds 1,951 at 20 %.</summary>
    [Theory]
    [InlineData("""{"test": "income_tax", "taxCode": "1257L", "grossPay": 3000, "taxablePayToDate": 3000}""")]
    [InlineData(
        """{"test": "income_tax", "taxCode": "1257L", "grossPay": 3000, "taxablePayToDate": 3000, "period": 0}""")]
    [InlineData("""
        {"test": "income_tax", "taxCode": "1257L M1", "grossPay": 3000, "taxablePayToDate": 9000, "period": 3,
        "w1m1": "true"}
        """)]
    public void Tax_of_a_payment_needs_neither_its_period_nor_the_tax_to_date(string inputs) =>
        ComesOut(April2025, inputs, """{"taxDueInPeriod": 390.20}""");

    /// <summary>48 of 52 weeks, which files write as 0.923077. 2024-25: 30,000 less 9,100 × 48 / 52 = 8,400 at 13.8 %,
    /// less 11,604 (of 11,603.08) at 8 %. 2022-23: less 8,400 at 14.53 %, less 11,908 × 48 / 52 = 10,992 at 12.73 %,
    /// which is 2,419.7184 and by its third decimal place 2,419.72.</summary>
    [Theory]
    [InlineData(Year2024, "2980.80", "1471.68")]
    [InlineData(Year2022, "3138.48", "2419.72")]
    public void A_directors_part_of_the_year_is_in_whole_weeks(string head, string employer, string employee) =>
        ComesOut(
            head,
            """
            {"test": "director_nic", "niCategory": "A", "statusMethod": "StandardMethod", "period": 52,
            "grossPayYtd": 30000, "proRataFactor": 0.923077}
            """,
            $$"""{"EmployerNiContribution": {{employer}}, "EmployeeNiContribution": {{employee}}}""");

    /// <summary>Pay that is given back in its year takes its levies with it: 6.2 % and 1.45 % of 100, 0.6 % of the
    /// same; and none of social security above the wage base.</summary>
    [Theory]
    [InlineData("""{"test": "fica", "wages": -100, "ytd": 1000}""", """{"fica": -7.65, "socialSecurity": -6.20}""")]
    [InlineData("""{"test": "futa", "wages": -100, "ytd": 1000}""", """{"futa": -0.60}""")]
    [InlineData(
        """{"test": "fica", "wages": -100, "ytd": 250000}""", """{"socialSecurity": 0, "additionalMedicare": -0.90}""")]
    public void Wages_that_are_given_back_take_their_levies_with_them(string inputs, string expected) =>
        ComesOut("US,2026-06-30,monthly", inputs, expected);

    /// <summary>Levies go by gross pay, whatever its parts come to. 900 × 13.78 % = 124.02 and 10 % of 775.98. Of
    /// 836.56 all is insured, and 733.83 taxed. The seniority of 1,000.53 × 1 % rounds up to a cent more than gross
    /// pay has room for.</summary>
    [Theory]
    [InlineData(
        """{"gross": 900, "baseEarned": 900, "seniorityPct": "3.0"}""",
        """{"employeeContrib": 124.02, "net": 698.38, "seniority": 27.00, "insurable": 900}""")]
    [InlineData(
        """{"gross": 836.56, "employerSickPay": 102.73}""", """{"net": 659.42, "tax": 61.86, "insurable": 836.56}""")]
    [InlineData("""{"gross": 1000, "seniorityPct": "3.0"}""", """{"net": 775.98, "insurable": 1000}""")]
    [InlineData(
        """{"gross": 1010.53, "baseEarned": 1000.53, "seniorityPct": "1.0"}""",
        """{"net": 784.15, "seniority": 10.01, "insurable": 1010.53}""")]
    public void Gross_pay_is_levied_whatever_its_parts_come_to(string inputs, string expected) =>
        ComesOut(May2026, inputs, expected);

    /// <summary>Of 723.53 net a third, 241.17, may be taken: 100 are, of 500 no more than that.</summary>
    [Theory]
    [InlineData("100.00", "623.53")]
    [InlineData("500.00", "482.36")]
    public void Creditors_take_no_more_than_the_law_allows(string garnishment, string net) => ComesOut(
        May2026,
        $$"""{"gross": 932.40, "baseEarned": 900, "seniorityPct": 3.6, "garnishment": {{garnishment}}}""",
        $$"""{"net": {{net}}}""");

    /// <summary>Of 1,007.11 the funds come to 138.79 one by one and to 138.78 at once, so that 781.49 or 781.50 stay.
    /// The third row does not add up, the fourth takes 0.03 less tax than is due, the last one more than creditors
    /// may have.</summary>
    [Theory]
    [InlineData("138.78", "86.83", "781.50", "0.00", "false")]
    [InlineData("138.79", "86.83", "781.49", "0.00", "false")]
    [InlineData("138.78", "86.83", "781.51", "0.00", "true")]
    [InlineData("138.78", "86.80", "781.53", "0.00", "true")]
    [InlineData("138.78", "86.83", "681.50", "100.00", "false")]
    [InlineData("138.78", "86.83", "281.50", "500.00", "true")]
    public void A_payslip_that_is_right_to_its_rounding_is_not_rejected(
        string contributions, string tax, string net, string garnishment, string isWrong) => ComesOut(
        May2026,
        $$"""
        {"gross": 1007.11, "employeeContrib": {{contributions}}, "tax": {{tax}}, "statedNet": {{net}},
        "garnishment": {{garnishment}}}
        """,
        $$"""{"mustReject": "{{isWrong}}"}""");

    [Fact]
    public void Inputs_that_no_rule_read_are_named_with_a_difference()
    {
        const string inputs = """{"gross": 1000, "currency": "EUR", "unionFee": 10, "childRelief": 5}""";
        var text = Check(1, Row(May2026, inputs, """{"net": 765.98}"""));

        Assert.Contains(
            "net: expected 765.98, is 775.98\n  not read: unionFee, childRelief\n", text, StringComparison.Ordinal);
    }

    private static void ComesOut(string head, string inputs, string expected) => Assert.Equal(
        "1 of 1 cases came out.\n", Check(0, Row(head, inputs, expected)));

    private static string Check(int code, params string[] rows)
    {
        var output = new StringWriter();
        var file = "jurisdiction,date,frequency,inputs,expected,source\n" + string.Concat(rows);
        var text = Program.Check(new StringReader(file), output) == code ? output.ToString() : $"Not {code}: {output}";
        return text.ReplaceLineEndings("\n");
    }

    private static string Row(string head, string inputs, string expected) =>
        $"{head},{Quoted(inputs)},{Quoted(expected)},mine\n";

    private static string Quoted(string json) =>
        '"' + json.ReplaceLineEndings(" ").Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}

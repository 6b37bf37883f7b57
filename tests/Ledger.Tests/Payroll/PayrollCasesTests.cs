using Ledger.Api.Payroll.Cases;
using Ledger.Tests.Golden;
using Program = Ledger.Api.CommandLine.PayrollCommand;

namespace Ledger.Tests.Payroll;

/// <summary>
/// Published cases with their expected results, in the files beside this one; each line names its source. Those that
/// contradict the law are named here with the reason.
/// </summary>
public sealed class PayrollCasesTests
{
    /// <summary>By file and the end of the source: the figures that contradict the law.</summary>
    private static readonly Dictionary<(string File, string Source), string[]> Contradictions = new()
    {
        // Takes 500.00 of a net pay of 723.53, of which the Civil Procedure Code, art. 446, leaves two thirds.
        [("bg", "garnishment above CPC 446 is the defect")] = ["net"],
        // Does not tell the accident rate of 0.5 % with which it has the employer pay, and rounds nothing.
        [("bg", "employee below cap (unrounded)")] = ["employerContrib(19.02%)", "labourCost"],
        // Repeats the employee's figure where the employer's should be: 15 % of 52,000 - 5,000 is 7,050.00.
        [("gb", "1_Dir_CatA_GBP1000pw/52")] = ["EmployerNiContribution", "EmployerNiContributionYtd"],
    };

    [Theory]
    [InlineData("az", 14)]
    [InlineData("bg", 20)]
    [InlineData("gb", 468)]
    [InlineData("us", 47)]
    public void Published_cases_come_out_to_the_cent_but_for_those_that_contradict_the_law(string file, int count)
    {
        var cases = CaseFile.Read(new StringReader(TextOf(file))).Select(CaseCheck.Check).ToList();

        Assert.Equal(count, cases.Count);
        Assert.Equal(
            Contradictions.Where(each => each.Key.File == file).SelectMany(each => each.Value.Select(
                name => $"{each.Key.Source}: {name}")),
            from each in cases
            from difference in each.Differences
            select Named(file, each, difference));
    }

    [Theory]
    [InlineData("az", 0)]
    [InlineData("us", 0)]
    [InlineData("bg", 1)]
    public void The_command_says_how_many_came_out_and_ends_with_1_unless_all_did(string file, int code)
    {
        var output = new StringWriter();

        Assert.Equal(code, Program.Check(new StringReader(TextOf(file)), output));
        Assert.Matches(@"(?m)^\d+ of \d+ cases came out\.\s*\z", output.ToString());
    }

    [Fact]
    public void A_difference_is_printed_with_what_was_expected_and_why_it_is_otherwise()
    {
        var output = new StringWriter();
        const string wrong = """
            jurisdiction,date,frequency,inputs,expected,source
            AZ,2026-01-31,monthly,"{""gross"": ""1000"", ""sector"": ""state""}","{""pit"": ""140""}",mine
            """;

        Assert.Equal(1, Program.Check(new StringReader(wrong), output));
        var text = output.ToString();
        Assert.Contains("pit: expected 140, is 112.00", text, StringComparison.Ordinal);
        Assert.Contains("reliefs 200.00; 800.00 in bands up to 14 %. Comes to 112.00.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jurisdiction,date,frequency,inputs,expected", "has no column 'source'")]
    [InlineData("jurisdiction,date,frequency,inputs,expected,source\nAZ,31.1.2026,monthly,{},{},x", "is no date")]
    [InlineData("jurisdiction,date,frequency,inputs,expected,source\nAZ,2026-01-31,monthly,5,{},x", "no JSON object")]
    public void A_file_that_cannot_be_read_is_refused_with_its_line(string text, string message) => Assert.Contains(
        message,
        Assert.Throws<FormatException>(() => Program.Check(new StringReader(text), TextWriter.Null)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("XX,2026-01-31,monthly,{}", "There is no pack for 'XX'.")]
    [InlineData("US,2026-01-31,monthly,{}", "'' is no kind of American case.")]
    [InlineData("GB,2025-04-06,hourly,\"{\"\"test\"\": \"\"class1_nic\"\"}\"", "'hourly' is no frequency")]
    [InlineData("US,2019-01-31,monthly,{}", "figure-unknown: The pack us knows no")]
    public void A_case_that_cannot_be_calculated_is_wrong_and_says_why(string line, string why)
    {
        var output = new StringWriter();
        var file = $"jurisdiction,date,frequency,inputs,expected,source\n{line},\"{{\"\"net\"\": 1}}\",mine\n";

        Assert.Equal(1, Program.Check(new StringReader(file), output));
        Assert.Contains("net: expected 1, is not known\n  " + why, output.ToString(), StringComparison.Ordinal);
    }

    private static string Named(string file, CheckedCase each, CaseDifference difference)
    {
        var named = Contradictions.Keys.FirstOrDefault(
            key => key.File == file && each.Case.Source.EndsWith(key.Source, StringComparison.Ordinal));
        return named.Source is { } source
            ? $"{source}: {difference.Name}"
            : $"{each.Case.Source}: {difference} {each.Result.Fault}";
    }

    private static string TextOf(string file) => File.ReadAllText(
        Path.Combine(GoldenFile.Root, "tests", "Ledger.Tests", "Payroll", "Cases", file + ".csv"));
}

using System.CommandLine;
using System.Globalization;
using Ledger.Api.Payroll.Cases;
using Ledger.Domain.Payroll;

namespace Ledger.Api.CommandLine;

/// <summary><c>payroll check FILE</c>: calculates cases by the packs and prints what came out otherwise.</summary>
public static class PayrollCommand
{
    public static Command Build()
    {
        var file = new Argument<string>("file")
        {
            Description = "CSV with jurisdiction, date, frequency, inputs, expected (JSON objects), source",
        };
        var check = new Command("check", "Calculate cases by the packs, and print each difference with its reasons")
        {
            file,
        };
        check.SetAction(parsed => Check(parsed.GetValue(file)!, parsed.InvocationConfiguration.Output));
        return new Command("payroll", "Payroll: check cases by the law, calculate pay runs")
        {
            check, PayRunCommand.Build(),
        };
    }

    private static int Check(string path, TextWriter output)
    {
        try
        {
            using var text = new StreamReader(path);
            return Check(text, output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new SetUpException($"{path} cannot be checked: {e.Message}", e);
        }
    }

    /// <returns>0 when every case came out as expected.</returns>
    internal static int Check(TextReader text, TextWriter output)
    {
        var (cases, wrong) = (0, 0);
        foreach (var each in CaseFile.Read(text))
        {
            var result = CaseCheck.Check(each);
            cases++;
            if (result.Differences.Count > 0)
            {
                wrong++;
                Print(result, output);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cases - wrong} of {cases} cases came out."));
        return wrong == 0 && cases > 0 ? CommandLine.Ok : CommandLine.Refused;
    }

    private static void Print(CheckedCase result, TextWriter output)
    {
        var each = result.Case;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Line {each.Line}, {each.Jurisdiction} {each.Date:uuuu-MM-dd} {each.Frequency}: {each.Inputs}"));
        output.WriteLine($"  from {each.Source}");
        foreach (var difference in result.Differences)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {difference.Name}: expected {difference.Expected}, "
                + $"is {difference.Actual?.ToString(CultureInfo.InvariantCulture) ?? "not known"}"));
        }

        if (result.Result.Fault is { } fault)
        {
            output.WriteLine($"  {fault}");
        }

        if (string.Join(", ", each.Unread) is { Length: > 0 } unread)
        {
            output.WriteLine($"  not read: {unread}");
        }

        for (var i = 0; i < result.Result.Lines?.Count; i++)
        {
            var code = result.Result.Lines.AsSpan()[i].Type.Code;
            output.WriteLine($"  {code}: {Explanation.Of(result.Result.Lines, i)}");
        }
    }
}

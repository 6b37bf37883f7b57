using System.Globalization;
using System.Text.Json;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Api.Payroll.Cases;

/// <summary>A case with its expected result, a line of a file of cases.</summary>
/// <param name="Line">In the file, from 1.</param>
/// <param name="Frequency">As the file names it.</param>
/// <param name="Inputs">A JSON object; numbers may be texts.</param>
/// <param name="Expected">A JSON object, likewise.</param>
internal sealed record PayrollCase(
    long Line,
    string Jurisdiction,
    LocalDate Date,
    string Frequency,
    JsonElement Inputs,
    JsonElement Expected,
    string Source)
{
    /// <summary>Expected members that are remarks of whoever wrote the file.</summary>
    private static readonly string[] Remarks = ["note", "reason", "CONFLICT"];

    /// <summary>Inputs that change no figure.</summary>
    private static readonly string[] RemarksOfInputs =
        ["currency", "workingDays", "capUsedByTest", "relatesTo", "taxYearEnding"];

    private readonly HashSet<string> read = [];

    /// <summary>What must come out, by name and as it is written; its value is null where that is no number.</summary>
    public IEnumerable<(string Name, string Written, decimal? Value)> Figures => Expected.EnumerateObject()
        .Where(member => !Remarks.Contains(member.Name))
        .Select(member => (member.Name, member.Value.ToString(), NumberOf(member.Value)));

    /// <summary>Inputs that nobody has asked for so far: the result does not depend on them.</summary>
    public IEnumerable<string> Unread => Inputs.EnumerateObject().Select(member => member.Name)
        .Where(name => !read.Contains(name) && !RemarksOfInputs.Contains(name));

    /// <summary>What kind of case it is, where a jurisdiction has several.</summary>
    public string? Test => Text("test");

    /// <summary>The frequency, whatever name the file has for it.</summary>
    public PayFrequency PayFrequency => Frequency switch
    {
        "daily" => PayFrequency.Daily,
        "weekly" => PayFrequency.Weekly,
        "biweekly" or "fortnightly" => PayFrequency.TwoWeekly,
        "fourweekly" => PayFrequency.FourWeekly,
        "semimonthly" => PayFrequency.SemiMonthly,
        "monthly" => PayFrequency.Monthly,
        "quarterly" => PayFrequency.Quarterly,
        "semiannual" or "halfyearly" or "biannual" => PayFrequency.HalfYearly,
        "annual" or "annually" or "yearly" => PayFrequency.Yearly,
        _ => throw new FormatException($"'{Frequency}' is no frequency: write weekly, monthly or another."),
    };

    public bool Has(string name)
    {
        read.Add(name);
        return Inputs.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
    }

    public string? Text(string name) => Has(name) ? Inputs.GetProperty(name).ToString() : null;

    public bool Flag(string name, bool otherwise = false) => Has(name) ? Number(name) != 0 : otherwise;

    /// <summary>0, where the case does not say.</summary>
    public decimal Number(string name) => Has(name)
        ? NumberOf(Inputs.GetProperty(name)) ?? throw NoNumber(name, Inputs.GetProperty(name))
        : 0;

    /// <summary>What was taken before, for which files have no input: what is expected to date less what is expected
    /// now; 0, unless both are.</summary>
    public decimal ExpectedBefore(string toDate, string now) =>
        Expected.TryGetProperty(toDate, out var all) && Expected.TryGetProperty(now, out var last)
            ? NumberOf(all) - NumberOf(last) ?? 0 : 0;

    private static decimal? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDecimal(out var number) => number,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String when bool.TryParse(value.GetString(), out var flag) => flag ? 1 : 0,
        JsonValueKind.String when decimal.TryParse(
            value.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static FormatException NoNumber(string name, JsonElement value) =>
        new($"{name} is '{value}': write a number.");
}

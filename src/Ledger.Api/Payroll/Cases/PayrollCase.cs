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

    /// <summary>What must come out, by name.</summary>
    public IEnumerable<(string Name, decimal Value)> Figures => Expected.EnumerateObject()
        .Where(member => !Remarks.Contains(member.Name))
        .Select(member => (member.Name, NumberOf(member.Value) ?? throw NoNumber(member.Name, member.Value)));

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

    public bool Has(string name) => Inputs.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public string? Text(string name) => Has(name) ? Inputs.GetProperty(name).ToString() : null;

    public bool Flag(string name, bool otherwise = false) => Has(name)
        ? Inputs.GetProperty(name).GetBoolean()
        : otherwise;

    /// <summary>0, where the case does not say.</summary>
    public decimal Number(string name) => Has(name)
        ? NumberOf(Inputs.GetProperty(name)) ?? throw NoNumber(name, Inputs.GetProperty(name))
        : 0;

    /// <summary>0, where nothing is expected of it. For what the file has no input: taken before is what is expected
    /// to date less what is expected now.</summary>
    public decimal ExpectedNumber(string name) =>
        Expected.TryGetProperty(name, out var value) ? NumberOf(value) ?? 0 : 0;

    private static decimal? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDecimal(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String when decimal.TryParse(
            value.GetString(), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static FormatException NoNumber(string name, JsonElement value) =>
        new($"{name} is '{value}': write a number.");
}

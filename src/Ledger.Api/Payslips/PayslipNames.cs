using System.Collections.Frozen;

namespace Ledger.Api.Payslips;

/// <summary>What lines of payslips are called in each language: <c>PayslipNames.txt</c>.</summary>
public static class PayslipNames
{
    private static readonly FrozenDictionary<string, string[]> Names = Read();

    /// <summary>The code itself where it has no name yet.</summary>
    /// <param name="language">One of <see cref="PayslipWords.Languages"/>.</param>
    /// <param name="pack">Whose code it is.</param>
    /// <param name="code">Of a line of a payslip.</param>
    public static string Of(string language, string pack, string code) =>
        Names.GetValueOrDefault($"{pack}.{code}") is { } ofPack ? ofPack[PayslipWords.PlaceOf(language)]
        : Names.GetValueOrDefault(code) is { } found ? found[PayslipWords.PlaceOf(language)]
        : code;

    private static FrozenDictionary<string, string[]> Read()
    {
        using var stream = typeof(PayslipNames).Assembly.GetManifestResourceStream("PayslipNames.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(" | "))
            .ToFrozenDictionary(each => each[0], each => each[1..], StringComparer.Ordinal);
    }
}

using System.Globalization;
using System.Text.Json;

namespace Ledger.Benchmarks.Faults;

/// <summary>What a service said that <see cref="Document.Cash"/> comes to.</summary>
/// <param name="Path">Of the question.</param>
/// <param name="Company">Whose books.</param>
/// <param name="Sequence">It knew the events up to here.</param>
/// <param name="Amount">Debits less credits; 0 where it has no such account.</param>
public sealed record Balance(string Path, string Company, long Sequence, decimal Amount)
{
    /// <summary>Null where the body is something else.</summary>
    public static Balance? Parse(string path, string company, string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var cash = json.RootElement.GetProperty("rows").EnumerateArray()
                .Where(row => row.GetProperty("account").GetString() == Document.Cash)
                .Sum(row => decimal.Parse(
                    row.GetProperty("baseBalance").GetString()!, CultureInfo.InvariantCulture));
            return new(path, company, json.RootElement.GetProperty("knownAtSequence").GetInt64(), cash);
        }
        catch (Exception other) when (
            other is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}

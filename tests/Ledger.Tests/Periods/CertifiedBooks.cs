using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.EventStore;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Step;

namespace Ledger.Tests.Periods;

/// <summary>A host that certifies closings, which others do not, so that their events are only those they asked
/// for.</summary>
public sealed class CertifyingHost : IAsyncLifetime
{
    public ApiHost Host { get; } = new()
    {
        Configuration = new Dictionary<string, string?> { ["Audit:Certificates"] = "true" },
    };

    public Task InitializeAsync() => Host.InitializeAsync();

    public Task DisposeAsync() => Host.DisposeAsync();
}

/// <summary>What tests of certificates say and reckon: by the page on the format, not by the program's
/// code.</summary>
internal static class CertifiedBooks
{
    public static Step Closed(string period, bool through = false) => Put(
        $"/periods/{period}", through ? """{"status": "closed", "through": true}""" : """{"status": "closed"}""");

    public static Step Reopened(string period) =>
        Put($"/periods/{period}", """{"status": "open", "reason": "A late invoice"}""");

    public static Step Certificate(string period, string query = "") => Get($"/periods/{period}/certificate{query}");

    /// <summary>The file, once it is made.</summary>
    public static async Task<JsonElement> CertifiedAsync(this Scenario books, string period, string query = "")
    {
        for (var i = 0; ; i++)
        {
            var answer = await books.SendAsync(Certificate(period, query));
            if (answer.Status == 200 || i == 300)
            {
                return answer.Is(200).Json;
            }

            Assert.True(answer.Status is 409 or 503 || query.Length > 0, answer.Body);
            await Task.Delay(100);
        }
    }

    public static JsonElement BodyOf(JsonElement file) => file.GetProperty("events").EnumerateArray().Last()
        .GetProperty("body");

    public static string? Member(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>The hash of the canonical trial balance, from the stored bodies by plain sums.</summary>
    public static string TrialBalanceHash(IEnumerable<RecordedEvent> events, long upTo, string from, string to)
    {
        var rows = new SortedDictionary<string, decimal[]>(StringComparer.Ordinal);
        foreach (var e in events.Where(e => e.Type == "journal_entry_posted" && e.Sequence <= upTo))
        {
            using var body = JsonDocument.Parse(e.Data);
            var day = body.RootElement.GetProperty("bookedOn").GetString()!;
            if (string.CompareOrdinal(day, to) > 0)
            {
                continue;
            }

            foreach (var line in body.RootElement.GetProperty("lines").EnumerateArray())
            {
                var resolved = line.TryGetProperty("resolved", out var found) ? found : (JsonElement?)null;
                var unit = resolved?.GetProperty("unit").GetString()
                    ?? body.RootElement.GetProperty("currency").GetString();
                var key = $"\"{line.GetProperty("account").GetString()}\" \"{unit}\"";
                if (!rows.TryGetValue(key, out var sums))
                {
                    rows.Add(key, sums = new decimal[6]);
                }

                var amount = Amount(line.GetProperty("amount"));
                var inBase = resolved is { } of ? Amount(of.GetProperty("baseAmount")) : amount;
                var isDebit = line.GetProperty("side").GetString() == "debit";
                if (string.CompareOrdinal(day, from) < 0)
                {
                    sums[0] += isDebit ? amount : -amount;
                    sums[3] += isDebit ? inBase : -inBase;
                }
                else
                {
                    sums[isDebit ? 1 : 2] += amount;
                    sums[isDebit ? 4 : 5] += inBase;
                }
            }
        }

        return HashOf($"[{string.Join(',', rows.Select(row => RowOf(row.Key.Split(' '), row.Value)))}]");
    }

    public static string HashOf(string canonical) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));

    private static string RowOf(string[] names, decimal[] sums) =>
        $$"""
        {"account":{{names[0]}},"baseClosing":"{{Text(sums[3] + sums[4] - sums[5])}}","baseCredit":"{{Text(sums[5])}}",
        """ + $$"""
        "baseDebit":"{{Text(sums[4])}}","baseOpening":"{{Text(sums[3])}}",
        """ + $$"""
        "closing":"{{Text(sums[0] + sums[1] - sums[2])}}",
        """ + $$"""
        "credit":"{{Text(sums[2])}}","debit":"{{Text(sums[1])}}","opening":"{{Text(sums[0])}}","unit":{{names[1]}}}
        """;

    private static decimal Amount(JsonElement text) => decimal.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private static string Text(decimal amount) => amount.ToString("0.############", CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ledger.Benchmarks.Faults;

/// <summary>Something that a caller asks to have recorded, once or more often: the same is always the same.</summary>
/// <param name="Stream">Where its event is recorded.</param>
/// <param name="Id">Null where the path is no entry's.</param>
/// <param name="Mirrors">The entry that it takes back.</param>
public sealed record Document(
    string Company, string Stream, HttpMethod Method, string Path, string Json, string? Id, Document? Mirrors = null)
{
    /// <summary>The account that each entry of a test debits: it holds all that was posted.</summary>
    public const string Cash = "501";

    /// <summary>An entry of two lines over the same amount.</summary>
    public static Document Entry(string company, string id, string bookedOn, int cents) => new(
        company, $"journal-entry/{id}", HttpMethod.Put, $"/companies/{company}/journal-entries/{id}",
        "{" + EntryMembers(id, bookedOn, cents) + "}", id);

    /// <summary>What takes an entry back.</summary>
    public static Document Reversal(Document entry, string bookedOn)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(
            entry.Company, $"{entry.Stream}~reversal", HttpMethod.Post, $"{entry.Path}/reversal",
            $$"""{"bookedOn":"{{bookedOn}}","reason":"Fault test","method":"mirror"}""", $"{entry.Id}~reversal", entry);
    }

    public static Document Closing(string company, string period) => new(
        company, "periods", HttpMethod.Put, $"/companies/{company}/periods/{period}",
        """{"status":"closed"}""", null);

    /// <summary>The same entry as a line of a batch.</summary>
    public string BatchLine => $"{{\"id\":\"{Id}\",{Json[1..]}";

    /// <summary>
    /// What the entry must hold that is recorded of it: its day, and each line with account, side and amount. Null
    /// where it is none.
    /// </summary>
    public string? Content()
    {
        using var json = JsonDocument.Parse(Json);
        using var lines = JsonDocument.Parse((Mirrors ?? this).Json);
        return !lines.RootElement.TryGetProperty("lines", out var all)
            ? null
            : json.RootElement.GetProperty("bookedOn").GetString() + string.Concat(all.EnumerateArray().Select(
                line => $"|{line.GetProperty("account").GetString()} {SideOf(line)} "
                    + Cents(line.GetProperty("amount").GetString()!)));
    }

    public HttpRequestMessage Request() => new(Method, new Uri(Path, UriKind.Relative))
    {
        Content = new StringContent(Json, Encoding.UTF8, "application/json"),
    };

    private string? SideOf(JsonElement line) => (line.GetProperty("side").GetString(), Mirrors) switch
    {
        ("debit", not null) => "credit",
        ("credit", not null) => "debit",
        var (side, _) => side,
    };

    private static string Cents(string amount) =>
        decimal.Parse(amount, CultureInfo.InvariantCulture).ToString("0.00", CultureInfo.InvariantCulture);

    private static string EntryMembers(string id, string bookedOn, int cents)
    {
        var amount = (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);
        return $$"""
            "bookedOn":"{{bookedOn}}","description":"{{id}}","lines":[
            {"account":"501","side":"debit","amount":"{{amount}}"},
            {"account":"703","side":"credit","amount":"{{amount}}"}]
            """.ReplaceLineEndings("");
    }
}

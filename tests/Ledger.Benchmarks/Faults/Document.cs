using System.Globalization;
using System.Text;

namespace Ledger.Benchmarks.Faults;

/// <summary>Something that a caller asks to have recorded, once or more often: the same is always the same.</summary>
/// <param name="Stream">Where its event is recorded.</param>
/// <param name="Id">Null where the path is no entry's.</param>
public sealed record Document(string Company, string Stream, HttpMethod Method, string Path, string Json, string? Id)
{
    /// <summary>An entry of two lines over the same amount.</summary>
    public static Document Entry(string company, string id, string bookedOn, int cents) => new(
        company, $"journal-entry/{id}", HttpMethod.Put, $"/companies/{company}/journal-entries/{id}",
        "{" + EntryMembers(id, bookedOn, cents) + "}", id);

    /// <summary>What takes an entry back.</summary>
    public static Document Reversal(string company, string id, string bookedOn) => new(
        company, $"journal-entry/{id}~reversal", HttpMethod.Post,
        $"/companies/{company}/journal-entries/{id}/reversal",
        $$"""{"bookedOn":"{{bookedOn}}","reason":"Fault test","method":"mirror"}""", $"{id}~reversal");

    public static Document Closing(string company, string period) => new(
        company, "periods", HttpMethod.Put, $"/companies/{company}/periods/{period}",
        """{"status":"closed"}""", null);

    /// <summary>The same entry as a line of a batch.</summary>
    public string BatchLine => $"{{\"id\":\"{Id}\",{Json[1..]}";

    public HttpRequestMessage Request() => new(Method, new Uri(Path, UriKind.Relative))
    {
        Content = new StringContent(Json, Encoding.UTF8, "application/json"),
    };

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

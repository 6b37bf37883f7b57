using System.Text;

namespace Ledger.Tests.Attacks;

/// <summary>A request that was drawn at random: who asks, for what, with what.</summary>
/// <param name="Operation">The name of the operation that it set out from.</param>
/// <param name="Key">What is sent as the key; null sends none.</param>
/// <param name="Body">Null sends none.</param>
internal sealed record Attack(
    string Operation,
    string? Key,
    string Method,
    string Path,
    IReadOnlyList<(string Name, string Value)> Headers,
    string? ContentType,
    byte[]? Body)
{
    /// <summary>Its head is larger than the service reads, so the server itself refuses it, perhaps before all was
    /// sent.</summary>
    public bool IsOversized => Path.Length > 15_000 || Headers.Sum(each => each.Value.Length) > 30_000;

    public HttpRequestMessage Request(Uri address)
    {
        // As it was drawn: .. and encoded dots are the service's to refuse.
        var asDrawn = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri(address.GetLeftPart(UriPartial.Authority) + Path, asDrawn);
        var request = new HttpRequestMessage(new HttpMethod(Method), uri);
        if (Key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Key}");
        }

        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body);
            if (ContentType is not null)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
            }
        }

        return request;
    }

    /// <summary>So much of it that it can be sent again by hand.</summary>
    public override string ToString()
    {
        var body = Body is null ? "" : $" {ContentType} {Short(Encoding.UTF8.GetString(Body))}";
        var headers = string.Concat(Headers.Select(each => $" [{each.Name}: {Short(each.Value)}]"));
        return $"{Operation}: {Method} {Short(Path)}{headers}{body}";

        static string Short(string text) =>
            text.Length <= 2_000 ? text : $"{text[..200]}… ({text.Length} characters)";
    }
}

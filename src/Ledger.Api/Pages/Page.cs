using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Api.Pages;

/// <summary>Pages for people: whole in themselves, without scripts and without anything of another server.</summary>
internal static class Page
{
    public const string Type = "text/html";

    private static readonly string Style = Resource("page.css");

    /// <summary>Nothing is loaded but the style, which stands in the page and is known by its hash.</summary>
    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{HashOf(Style)}'; img-src data:; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    public static string Version { get; } = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3);

    /// <summary>The page of that name, with style and version in their places.</summary>
    public static string Read(string name) => Resource(name)
        .Replace("{{style}}", Style, StringComparison.Ordinal)
        .Replace("{{version}}", Version, StringComparison.Ordinal);

    public static Task WriteAsync(HttpContext context, string html)
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        return Http.WriteAsync(
            context, StatusCodes.Status200OK, Type + "; charset=utf-8", Encoding.UTF8.GetBytes(html)).AsTask();
    }

    private static string HashOf(string text) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no embedded '{name}'.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

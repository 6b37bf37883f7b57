using System.Reflection;

namespace Ledger.Api.Pages;

/// <summary><c>GET /</c>: says what this is, to a person with a browser. It needs nothing from any other
/// server.</summary>
public static class HomePage
{
    private static readonly byte[] Html = Read();

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.GetOpen("/", context => Http.WriteAsync(context, 200, "text/html; charset=utf-8", Html).AsTask())
            .Is("getHome", "Service", "Says what this is", "A page for people, without any request to another server.")
            .Answers<string>(200, "The page.", "<!doctype html>", "text/html");
    }

    private static byte[] Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("home.html")!;
        var html = new byte[stream.Length];
        stream.ReadExactly(html);
        return html;
    }
}

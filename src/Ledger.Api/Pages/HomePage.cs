namespace Ledger.Api.Pages;

/// <summary><c>GET /</c>: says what this is, to a person with a browser.</summary>
public static class HomePage
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        var html = Page.Read("home.html");
        surface.GetOpen("/", context => Page.WriteAsync(context, html))
            .Is("getHome", "Service", "Says what this is", "A page for people, without any request to another server.")
            .Answers<string>(StatusCodes.Status200OK, "The page.", "<!doctype html>", Page.Type);
    }
}

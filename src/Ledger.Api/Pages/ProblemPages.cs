using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Ledger.Domain;

namespace Ledger.Api.Pages;

/// <summary>What the <c>type</c> of a problem leads to: a page that says what its code means.</summary>
public static class ProblemPages
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly ILookup<string, CataloguedRefusal> Refusals =
        RefusalCatalog.All.ToLookup(refusal => refusal.Code, StringComparer.Ordinal);

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        var template = Page.Read("problems.html");
        surface.GetOpen("/problems", context => Page.WriteAsync(context, All(template)))
            .Is("listProblems", "Service", "Lists all problems",
                "A page for people: every code, its status and meaning.")
            .Answers<string>(StatusCodes.Status200OK, "The page.", "<!doctype html>", Page.Type);
        surface.GetOpen("/problems/{problem}", context => OneAsync(context, template))
            .Is("getProblem", "Service", "Says what a problem means",
                "A page for people, which a problem's `type` names.")
            .Answers<string>(StatusCodes.Status200OK, "The page.", "<!doctype html>", Page.Type)
            .Refuses(RequestProblems.PathUnknown);
    }

    private static Task OneAsync(HttpContext context, string template)
    {
        var code = (string)context.Request.RouteValues["problem"]!;
        var meanings = RequestProblems.All.TryGetValue(code, out var known)
            ? [known.Meaning]
            : Refusals[code].Select(refusal => refusal.Example.Message).ToArray();
        if (meanings.Length == 0)
        {
            throw RequestProblems.Fail(RequestProblems.PathUnknown, "No problem has this code: see /problems.");
        }

        var status = Http.StatusOf(code);
        var content = new StringBuilder();
        content.Append(CultureInfo.InvariantCulture, $"<p>Code <code>{code}</code>, status {status}.</p>\n");
        foreach (var meaning in meanings)
        {
            content.Append(CultureInfo.InvariantCulture, $"<p>{Encoder.Encode(meaning)}</p>\n");
        }

        var title = new Problem(status, code, "").Title;
        var lead = known.Meaning is null
            ? "A rule says no. This is how it reads for sample values:"
            : "The request cannot be answered.";
        return Page.WriteAsync(context, Fill(template, title, lead, content.ToString()));
    }

    private static string All(string template)
    {
        var content = new StringBuilder();
        Append(content, "Requests that cannot be read or answered", RequestProblems.All
            .OrderBy(each => each.Value.Status).ThenBy(each => each.Key, StringComparer.Ordinal)
            .Select(each => (each.Key, each.Value.Meaning)));
        foreach (var group in RefusalCatalog.All.GroupBy(refusal => refusal.Group))
        {
            Append(content, $"Rules: {group.Key}", group.Select(refusal => (refusal.Code, refusal.Example.Message)));
        }

        return Fill(
            template,
            "Problems",
            "Every way to say no, with its permanent code. Messages are shown for sample values.",
            content.ToString());
    }

    private static void Append(StringBuilder content, string heading, IEnumerable<(string Code, string Meaning)> rows)
    {
        content.Append(CultureInfo.InvariantCulture, $"<h2>{Encoder.Encode(heading)}</h2>\n<table>\n");
        content.Append("<tr><th>Status</th><th>Code</th><th>Meaning</th></tr>\n");
        foreach (var (code, meaning) in rows)
        {
            content.Append(
                CultureInfo.InvariantCulture,
                $"""
                <tr><td>{Http.StatusOf(code)}</td><td><a href="/problems/{code}"><code>{code}</code></a></td>
                <td>{Encoder.Encode(meaning)}</td></tr>

                """);
        }

        content.Append("</table>\n");
    }

    private static string Fill(string template, string title, string lead, string content) => template
        .Replace("{{title}}", Encoder.Encode(title), StringComparison.Ordinal)
        .Replace("{{lead}}", Encoder.Encode(lead), StringComparison.Ordinal)
        .Replace("{{content}}", content, StringComparison.Ordinal);
}

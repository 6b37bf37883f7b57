using System.Text.RegularExpressions;
using Ledger.Api;
using Ledger.Domain;

namespace Ledger.Tests.Http;

public sealed class PageTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/problems")]
    [InlineData("/problems/period-closed")]
    public async Task A_page_needs_nothing_of_another_server_and_all_its_links_lead_somewhere(string path)
    {
        Assert.True(await host.Ledger.Books.WaitForAsync(host.Ledger.HeadAtStart, TimeSpan.FromMinutes(1)));
        var page = (await host.GetAsync(path, ("Authorization", "none"))).Is(200);

        Assert.Equal("text/html; charset=utf-8", page.Header("Content-Type"));
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", page.Body);
        Assert.DoesNotContain("{{", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Body, StringComparison.Ordinal);
        foreach (Match link in Regex.Matches(page.Body, "href=\"(/[^\"]*)\""))
        {
            (await host.GetAsync(link.Groups[1].Value)).Is(200);
        }
    }

    [Fact]
    public async Task Every_code_has_a_page_that_says_what_it_means()
    {
        var codes = RequestProblems.All.Keys.Concat(RefusalCatalog.All.Select(refusal => refusal.Code)).Distinct();
        foreach (var code in codes)
        {
            var page = (await host.GetAsync($"/problems/{code}")).Is(200);
            var status = Ledger.Api.Http.StatusOf(code);
            Assert.Contains($"<code>{code}</code>, status {status}.", page.Body, StringComparison.Ordinal);
        }

        (await host.GetAsync("/problems/none")).IsProblem(404, "path-unknown");
    }
}

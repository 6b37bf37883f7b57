namespace Ledger.Tests.Http;

public sealed class EdgeTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task The_page_at_the_root_needs_no_key()
    {
        using var anybody = new HttpClient { BaseAddress = host.Address };

        using var answer = await anybody.GetAsync(new Uri("/", UriKind.Relative));

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_a_problem() =>
        (await host.GetAsync("/nothing/here")).IsProblem(404, "path-unknown");

    [Fact]
    public async Task A_method_that_a_path_does_not_have_is_a_problem_that_lists_those_it_has()
    {
        var answer = await host.PostAsync("/", "{}");

        answer.IsProblem(405, "method-not-allowed");
        Assert.Equal("GET", answer.Header("Allow"));
    }
}

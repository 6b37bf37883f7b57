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

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/healthz", 200)]
    [InlineData("/companies/nobody/balances?asOf=2026-01-31", 404)]
    [InlineData("/companies/headed", 200)]
    [InlineData("/companies/headed/balances?asOf=2026-01-31", 200)]
    [InlineData("/companies/headed/journal-entries:export", 200)]
    public async Task What_can_be_read_answers_HEAD_with_the_same_headers_and_no_body(string path, int status)
    {
        await host.PutAsync("/companies/headed", """{"name": "Headed", "currency": "EUR", "country": "BG"}""");
        using var read = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(path, UriKind.Relative));
        using var head = await host.Client.SendAsync(request);

        Assert.Equal((status, status), ((int)read.StatusCode, (int)head.StatusCode));
        Assert.Equal("", await head.Content.ReadAsStringAsync());
        Assert.Equal(read.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(read.Headers.ETag, head.Headers.ETag);
    }

    [Fact]
    public async Task HEAD_needs_a_key_where_GET_does_and_is_not_there_where_nothing_can_be_read()
    {
        using var anybody = new HttpClient { BaseAddress = host.Address };
        using var keyless = new HttpRequestMessage(HttpMethod.Head, new Uri("/companies/headed", UriKind.Relative));
        using var written = new HttpRequestMessage(
            HttpMethod.Head, new Uri("/companies/headed/journal-entries:batch", UriKind.Relative));

        Assert.Equal(401, (int)(await anybody.SendAsync(keyless)).StatusCode);
        Assert.Equal(405, (int)(await host.Client.SendAsync(written)).StatusCode);
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_a_problem() =>
        (await host.GetAsync("/nothing/here")).IsProblem(404, "path-unknown");

    [Fact]
    public async Task A_method_that_a_path_does_not_have_is_a_problem_that_lists_those_it_has()
    {
        var answer = await host.PostAsync("/", "{}");

        answer.IsProblem(405, "method-not-allowed");
        Assert.Equal(["GET", "HEAD"], answer.Headers["Allow"]);
    }
}

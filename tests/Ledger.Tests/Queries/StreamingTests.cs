using System.Diagnostics;
using System.Text;
using Ledger.Api;
using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Microsoft.AspNetCore.Http;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Queries;

public sealed class StreamingTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("/keys/auditor/revocation", """{"reason": "Left"}""", "key-not-valid")]
    [InlineData("/keys/auditor", """{"roles": ["payer"], "holder": "rada"}""", "permission-missing")]
    public async Task A_long_answer_ends_where_the_right_to_it_does(string path, string json, string code)
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        var key = await new CompanyKeys(host, books.Company).IssueAsync("auditor", Role.Auditor, "rada");
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = host.App.Services };
        context.Request.RouteValues["company"] = books.Company;
        context.Request.Headers.Authorization = $"Bearer {key}";
        context.Response.Body = body;
        var caller = await host.Ledger.Keys.FindAgainAsync(books.Company, context.Request.Headers.Authorization);
        var operation = new Operation("GET", "/x").Needs(Permission.ReadEntries);
        using var stream = new Streaming(new Call(context, host.Ledger, operation, caller), "application/x-ndjson");
        stream.AddJson("before");
        await stream.SendAsync();

        (await books.SendAsync(path.EndsWith("revocation", StringComparison.Ordinal)
            ? Step.Post(path, json) : Step.Put(path, json, ("If-Match", "\"2\"")))).Is(201);
        await host.Ledger.Keys.Of(books.Company).AsOfAsync(Stopwatch.GetTimestamp());
        stream.AddJson("after");

        var cut = await Assert.ThrowsAsync<RequestException>(stream.SendAsync);
        Assert.Equal(code, cut.Problem.Code);
        Assert.Equal("\"before\"\n", Encoding.UTF8.GetString(body.ToArray()));
    }
}

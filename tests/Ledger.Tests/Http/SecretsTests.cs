using System.Collections.Concurrent;
using System.Text;
using Ledger.Api;
using Ledger.Benchmarks.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ledger.Tests.Http;

/// <summary>
/// Marked secrets are sent everywhere that something can be sent, to the service as a process of its own; then all that
/// it printed, answered, measured and traced is searched for them.
/// </summary>
public sealed class SecretsTests
{
    private const string WrongSecret = "WrongWrongWrongWrongWrongWrongWrongWrongWro";
    private const string WrongKey = "bo_wr2ngkey_" + WrongSecret;
    private const string Password = "passwordOfTheDatabase";
    private const string InBody = "markedInTheBody";
    private const string Token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJrZWQifQ.c2lnbmF0dXJl";

    [Fact]
    public async Task No_secret_is_printed_answered_measured_or_traced()
    {
        var traces = new ConcurrentQueue<string>();
        await using var collector = Collector(traces);
        await collector.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = Password };
        var superuser = new NpgsqlConnectionStringBuilder(database.SuperuserConnectionString) { Password = Password };
        var migrated = await ServiceProcess.RunAsync("migrate", "--connection", superuser.ConnectionString);
        Assert.Equal(0, migrated.ExitCode);
        var folder = Directory.CreateTempSubdirectory("backoffice-secrets-");
        var answers = new List<string>();
        string printed, rightSecret;
        await using (var service = await ServiceProcess.StartAsync(
            folder.FullName,
            connection.ConnectionString,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", AddressOf(collector)),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")))
        {
            rightSecret = service.Key.Split('_', 3)[2];
            await service.PutAsync("/companies/acme", """{"name":"Acme","currency":"EUR","country":"BG"}""");
            foreach (var (key, secret) in new[] { (service.Key, service.Key), (WrongKey, WrongKey), (Token, Token) })
            {
                await SendAllAsync(service, key, secret, answers);
            }

            answers.Add(await service.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
            await service.StopAsync();
            printed = service.Printed;
        }

        var traced = string.Concat(traces);

        // What is searched is not empty: each holds what it should, and problems did repeat what was sent.
        Assert.Contains("/companies/{company}/balances", printed, StringComparison.Ordinal);
        Assert.Contains("/companies/{company}/balances", traced, StringComparison.Ordinal);
        Assert.Contains(answers, answer => answer.Contains("http_route=\"/companies/{company}/balances\""));
        Assert.Contains(answers, answer => answer.Contains("bo_wr2ngkey_…"));
        foreach (var secret in new[] { rightSecret, WrongSecret, Password, Token[20..] })
        {
            Assert.All(answers, answer => Assert.DoesNotContain(secret, answer, StringComparison.Ordinal));
            Assert.DoesNotContain(secret, printed, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, traced, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(InBody, printed + traced + answers[^1], StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_password_is_not_printed_when_the_server_cannot_be_used()
    {
        var (code, printed) = await ServiceProcess.RunAsync(
            "verify", "--connection", $"Host=127.0.0.1;Port=1;Username=ledger;Database=ledger;Password={Password}");

        Assert.Equal(1, code);
        Assert.Contains("cannot be used", printed, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("asOf is 'bo_abcdefgh_s3cr-t_'. Send a day.", "asOf is 'bo_abcdefgh_…'. Send a day.")]
    [InlineData("bo_abcdefgh_x bo_abcdefgh_y", "bo_abcdefgh_… bo_abcdefgh_…")]
    [InlineData("'eyJhbGciOiJub25lIn0.e30.'", "'…'")]
    [InlineData("robo_arm and bo_short", "robo_arm and bo_short")]
    public void A_key_is_shortened_to_what_finds_it(string text, string shown) =>
        Assert.Equal(shown, Secrets.Without(text));

    private static async Task SendAllAsync(ServiceProcess service, string key, string secret, List<string> answers)
    {
        const string entry = "/companies/acme/journal-entries/e1";
        var sent = new[]
        {
            ApiHost.Request(HttpMethod.Get, "/companies/acme/balances", null),
            ApiHost.Request(HttpMethod.Get, $"/companies/acme/balances?asOf={secret}", null),
            ApiHost.Request(HttpMethod.Get, $"/companies/acme/balances?{secret}=1", null),
            ApiHost.Request(HttpMethod.Get, $"/companies/acme/journal-entries?cursor={secret}", null),
            ApiHost.Request(HttpMethod.Get, $"/companies/{secret}/balances", null),
            ApiHost.Request(HttpMethod.Get, $"/companies/acme/journal-entries/{secret}:x", null),
            ApiHost.Request(HttpMethod.Get, $"/{secret}", null),
            ApiHost.Request(HttpMethod.Get, $"/problems/{secret}", null),
            ApiHost.Request(new HttpMethod(secret.Replace('.', '-')), "/companies/acme", null),
            ApiHost.Request(HttpMethod.Get, "/companies/acme/balances", null, ("Ledger-At-Least", secret)),
            ApiHost.Request(HttpMethod.Get, "/companies/acme/balances", null, ("Accept", secret)),
            ApiHost.Request(HttpMethod.Get, "/companies/acme/balances", null, ("User-Agent", secret)),
            ApiHost.Request(HttpMethod.Get, "/companies/acme/balances", null, ("traceparent", secret)),
            ApiHost.Request(HttpMethod.Put, "/companies/acme", "{}", ("If-Match", secret)),
            ApiHost.Request(HttpMethod.Put, entry, "{}", ("Content-Type", secret)),
            ApiHost.Request(HttpMethod.Put, entry, $$"""{"{{secret}}": 1}"""),
            ApiHost.Request(HttpMethod.Put, entry, $$"""{"bookedOn": "{{secret}}"}"""),
            ApiHost.Request(HttpMethod.Put, entry, $$"""{"{{InBody}}": "{{InBody}}"}"""),
            ApiHost.Request(HttpMethod.Put, entry, $$"""{"description": "{{InBody}}", {{secret}}"""),
            ApiHost.Request(HttpMethod.Put, entry, $$"""
                {"bookedOn": "2026-01-31", "description": "{{InBody}} {{secret}}", "lines": [
                    {"account": "{{secret}}", "side": "debit", "amount": "1"},
                    {"account": "{{InBody}}", "side": "credit", "amount": "1"}]}
                """),
        };
        foreach (var request in sent)
        {
            request.Headers.Authorization = new("Bearer", key);
            using (request)
            {
                using var answer = await service.Client.SendAsync(request);
                answers.Add($"{answer.Headers} {await answer.Content.ReadAsStringAsync()}");
            }
        }
    }

    /// <summary>What takes traces and metrics by OTLP; the strings in them are UTF-8.</summary>
    private static WebApplication Collector(ConcurrentQueue<string> traces)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/{*path}", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            traces.Enqueue(await reader.ReadToEndAsync());
        });
        return app;
    }

    private static string AddressOf(WebApplication app) => app.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.Single();
}

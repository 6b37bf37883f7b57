using System.Net.Sockets;
using Ledger.Api;
using Ledger.Api.Limits;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Microsoft.Extensions.Configuration;
using Program = Ledger.Api.CommandLine.CommandLine;

namespace Ledger.Tests.Limits;

/// <summary>The limits as callers meet them, and as whoever sets them does.</summary>
public sealed class LimitTests
{
    private const string Wrong = "Bearer bo_aaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public async Task A_key_that_asks_too_often_is_refused_and_nothing_is_recorded()
    {
        var host = await ApiHost.StartAsync(("Limits:RequestsPerSecond", "1"), ("Limits:BurstSeconds", "30"));
        var books = host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        ApiAnswer answer;
        var sent = 0;
        do
        {
            answer = await books.SendAsync(Steps.Sale($"e{++sent}"));
        }
        while (answer.Status == 201 && sent < 1_000);

        answer.IsProblem(429, "too-many-requests");
        Assert.Equal("1", answer.Header("Retry-After"));
        Assert.Equal(sent - 1, (await books.EventsAsync()).Count(type => type == "journal_entry_posted"));
        (await host.GetAsync("/problems")).Is(200);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Wrong_keys_of_one_address_are_bounded_and_lock_out_nobody_who_has_the_right_one()
    {
        var host = await ApiHost.StartAsync(
            ("Limits:FailedAuthenticationsPerSecond", "1"), ("Limits:BurstSeconds", "10"));
        var (answer, sent) = (await GuessAsync(), 1);
        while (answer.Status == 401 && sent < 1_000)
        {
            answer.IsProblem(401, "key-unknown");
            (answer, sent) = (await GuessAsync(), sent + 1);
        }

        answer.IsProblem(429, "too-many-failed-authentications");
        Assert.InRange(sent, 11, 999);
        Assert.InRange(int.Parse(answer.Header("Retry-After")!), 1, 10);
        (await host.GetAsync("/companies/acme/balances")).IsProblem(404, "company-unknown");
        await host.DisposeAsync();

        Task<ApiAnswer> GuessAsync() => host.GetAsync("/companies/acme/balances", ("Authorization", Wrong));
    }

    [Fact]
    public async Task Beyond_the_limit_of_wrong_keys_the_database_is_not_asked_for_them()
    {
        var host = await ApiHost.StartAsync(
            ("Limits:FailedAuthenticationsPerSecond", "1"), ("Limits:BurstSeconds", "5"));
        var sent = 0;
        while ((await GuessAsync()).Status == 401 && sent < 100)
        {
            sent++;
        }

        // Whatever time that takes lets some in again; those fail, since what they ask for is away.
        await host.ExecuteAsSuperuserAsync("alter table mt_events rename to mt_events_away");
        var answer = await GuessAsync();
        for (var again = 0; again < 100 && answer.Status == 500; again++)
        {
            answer = await GuessAsync();
        }

        answer.IsProblem(429, "too-many-failed-authentications");
        await host.ExecuteAsSuperuserAsync("alter table mt_events_away rename to mt_events");
        await host.DisposeAsync();

        Task<ApiAnswer> GuessAsync() => host.GetAsync($"/companies/none-{sent}/balances", ("Authorization", Wrong));
    }

    [Fact]
    public async Task Beyond_the_limit_no_signature_of_a_token_is_checked_and_whoever_was_checked_before_goes_on()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        var host = await ApiHost.StartAsync(
            ("Limits:FailedAuthenticationsPerSecond", "1"), ("Limits:BurstSeconds", "5"),
            ("Oidc:Authority", issuer.Address), ("Oidc:Audience", TokenIssuer.Audience));
        var known = issuer.Token(null, "auditor");
        (await SendAsync(known)).Is(200);
        var (forged, answer) = (issuer.Forged("other-key"), await SendAsync(issuer.Forged("changed")));

        // A good token that was never seen is refused, too: that it is good is known only by its signature.
        for (var sent = 0; answer.Status != 429 && sent < 100; sent++)
        {
            while ((await SendAsync(forged)).Status == 401)
            {
            }

            answer = await SendAsync(issuer.Token(token => token.Claims["jti"] = $"{sent}", "auditor"));
        }

        answer.IsProblem(429, "too-many-failed-authentications");
        (await SendAsync(known)).Is(200);
        await host.DisposeAsync();

        Task<ApiAnswer> SendAsync(string token) =>
            host.GetAsync("/companies/acme/me", ("Authorization", $"Bearer {token}"));
    }

    [Fact]
    public async Task No_more_connections_are_open_than_are_set()
    {
        var host = await ApiHost.StartAsync(("Limits:Connections", "2"));
        using var first = new TcpClient();
        using var second = new TcpClient();
        Assert.True(await IsAnsweredAsync(host, first));
        Assert.True(await IsAnsweredAsync(host, second));

        using (var third = new TcpClient())
        {
            Assert.False(await IsAnsweredAsync(host, third));
        }

        Assert.True(await IsAnsweredAsync(host, second));
        await host.DisposeAsync();
    }

    [Theory]
    [InlineData("Limits:RequestsPerSecond", "many")]
    [InlineData("Limits:RequestsPerSecond", "-1")]
    [InlineData("Limits:Connections", "0")]
    [InlineData("Limits:GraceSeconds", "1.5")]
    public void A_limit_that_is_none_is_named(string name, string value)
    {
        var refused = Assert.Throws<SetUpException>(() => EdgeLimits.Read(Configured(name, value)));

        Assert.StartsWith(
            $"The setting {name} is '{value}': set a whole number from ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_honest_caller_meets_the_defaults()
    {
        var limits = EdgeLimits.Read(new ConfigurationBuilder().Build());

        Assert.Equal((50_000, 1_000, 2), (
            limits.RequestsPerSecond, limits.FailedAuthenticationsPerSecond, limits.BurstSeconds));
    }

    [Theory]
    [InlineData("http://localhost:5080", false)]
    [InlineData("http://127.0.0.1:5080", false)]
    [InlineData("http://127.1.2.3:5080", false)]
    [InlineData("http://[::1]:5080", false)]
    [InlineData("http://unix:/run/ledger.sock", false)]
    [InlineData("https://0.0.0.0:5443", false)]
    [InlineData("http://0.0.0.0:5080", true)]
    [InlineData("http://[::]:5080", true)]
    [InlineData("http://+:5080", true)]
    [InlineData("http://*:5080", true)]
    [InlineData("http://192.0.2.7:5080", true)]
    [InlineData("http://books.example.com:5080", true)]
    public void Whoever_listens_to_others_without_tls_is_warned(string url, bool warned)
    {
        var warnings = Listening.Warnings([url]).ToArray();

        Assert.Equal(warned ? 1 : 0, warnings.Length);
        Assert.All(warnings, warning => Assert.StartsWith(
            $"Warning: other machines can reach {url}, and without TLS ", warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_warning_is_printed_at_the_start()
    {
        await using var database = await TestDatabase.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("backoffice-warning-");
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var output = new StopsAt("Warning", stop);
        string[] options = ["--connection", database.ConnectionString, "--data", folder.FullName];
        Assert.Equal(0, await Program.RunAsync(
            ["migrate", "--connection", database.SuperuserConnectionString], TextWriter.Null, TextWriter.Null));

        await Program.RunAsync(["--urls", "http://0.0.0.0:0", .. options], output, output, stop.Token);

        Assert.Contains(
            "Warning: other machines can reach http://0.0.0.0:", output.ToString(), StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    /// <summary>False when the service closes the connection instead.</summary>
    private static async Task<bool> IsAnsweredAsync(ApiHost host, TcpClient connection)
    {
        try
        {
            if (!connection.Connected)
            {
                await connection.ConnectAsync(host.Address.Host, host.Address.Port);
            }

            await connection.GetStream().WriteAsync("HEAD /problems HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            return await connection.GetStream().ReadAsync(new byte[4_096]) > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static IConfiguration Configured(string name, string value) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { [name] = value }).Build();

    /// <summary>Keeps what is printed, and asks the program to stop when it prints that word.</summary>
    private sealed class StopsAt(string word, CancellationTokenSource stop) : StringWriter
    {
        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            if (value?.Contains(word, StringComparison.Ordinal) is true)
            {
                await stop.CancelAsync();
            }
        }
    }
}

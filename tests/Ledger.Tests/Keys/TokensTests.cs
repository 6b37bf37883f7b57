using System.Security.Cryptography;
using Ledger.Api;
using Ledger.Api.Keys;
using Ledger.Domain.Keys;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.Tokens;
using NodaTime;

namespace Ledger.Tests.Keys;

public sealed class TokensTests : IAsyncLifetime
{
    private TokenIssuer issuer = null!;
    private Tokens tokens = null!;

    public async Task InitializeAsync()
    {
        issuer = await TokenIssuer.StartAsync();
        tokens = new(
            TokenSettings.Read(Configuration(("Authority", issuer.Address), ("Audience", TokenIssuer.Audience)))!,
            SystemClock.Instance);
    }

    public async Task DisposeAsync() => await issuer.DisposeAsync();

    [Fact]
    public async Task A_token_of_the_issuer_names_an_actor_by_no_name_and_roles()
    {
        var token = issuer.Token(null, "accountant", "something-else");
        Assert.Null(tokens.Find("acme", token));
        var caller = await tokens.FindAgainAsync("acme", token);
        Assert.Matches("^user:[A-Za-z0-9_-]{22}$", caller.Actor);
        Assert.Equal(caller.Actor, caller.Holder);
        Assert.Equal([Role.Accountant], caller.Roles);
        Assert.Same(caller, tokens.Find("acme", token));
        Assert.Equal(caller.Actor, (await tokens.FindAgainAsync("acme", issuer.Token(null, "owner"))).Actor);
    }

    [Fact]
    public async Task It_holds_in_its_companies_only()
    {
        var token = issuer.Token(null, "owner");
        await RefusedAsync("other", token);
        await RefusedAsync(null, token);
        await tokens.FindAgainAsync("other", issuer.Token(each => each.Claims["companies"] = new[] { "*" }, "owner"));
    }

    public static TheoryData<string> Forgeries =>
        ["audience", "issuer", "over", "not-yet", "no-end", "other-key", "public-key-as-secret", "none", "no-subject",
            "changed", "excluding-roles"];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public Task Whatever_the_issuer_did_not_make_for_this_ledger_and_this_time_is_refused(string how) =>
        RefusedAsync("acme", Forged(how));

    [Fact]
    public async Task Its_time_ends_also_for_a_token_that_was_checked_before()
    {
        var clock = new TestClock(SystemClock.Instance.GetCurrentInstant());
        var settings = Configuration(("Authority", issuer.Address), ("Audience", TokenIssuer.Audience));
        var later = new Tokens(TokenSettings.Read(settings)!, clock);
        var token = issuer.Token(null, "owner");
        await later.FindAgainAsync("acme", token);
        clock.Now += Duration.FromMinutes(61);
        Assert.Throws<RequestException>(() => later.Find("acme", token));
    }

    [Fact]
    public async Task An_issuer_that_does_not_answer_is_a_fault_of_the_moment()
    {
        var token = issuer.Token(null, "owner");
        await issuer.DisposeAsync();
        var refused = await Assert.ThrowsAsync<RequestException>(() => tokens.FindAgainAsync("acme", token));
        Assert.Equal((503, "issuer-unavailable"), (refused.Problem.Status, refused.Problem.Code));
    }

    [Fact]
    public void Settings_in_part_are_refused_at_the_start()
    {
        Assert.Null(TokenSettings.Read(Configuration()));
        Assert.Throws<SetUpException>(() => TokenSettings.Read(Configuration(("Authority", "https://id.example.org"))));
        Assert.Throws<SetUpException>(() => TokenSettings.Read(
            Configuration(("Authority", "http://id.example.org"), ("Audience", "ledger"))));
    }

    private string Forged(string how) => how switch
    {
        "audience" => issuer.Token(token => token.Audience = "another", "owner"),
        "issuer" => issuer.Token(token => token.Issuer = "https://id.example.org", "owner"),
        "over" => issuer.Token(token => token.Expires = Hours(-1), "owner"),
        "not-yet" => issuer.Token(token => token.NotBefore = Hours(0.5), "owner"),
        "no-end" => issuer.Token(token => token.Expires = null, "owner"),
        "other-key" => issuer.Token(
            token => token.SigningCredentials = new(
                new RsaSecurityKey(RSA.Create(2048)) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256),
            "owner"),
        "public-key-as-secret" => issuer.Token(
            token => token.SigningCredentials = issuer.PublicKeyAsSecret(), "owner"),
        "none" => issuer.Token(token => token.SigningCredentials = null, "owner"),
        "no-subject" => issuer.Token(token => token.Claims.Remove("sub"), "owner"),
        "excluding-roles" => issuer.Token(null, "people", "payer"),
        _ => issuer.Token(null, "auditor") is var token
            ? token.Split('.')[0] + "." + issuer.Token(null, "owner").Split('.')[1] + "." + token.Split('.')[2]
            : "",
    };

    private static DateTime Hours(double hours) => TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(hours);

    private async Task RefusedAsync(string? company, string token)
    {
        var refused = await Assert.ThrowsAsync<RequestException>(() => tokens.FindAgainAsync(company, token));
        Assert.Equal("key-not-valid", refused.Problem.Code);
    }

    private static IConfiguration Configuration(params (string Name, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(
            each => $"Oidc:{each.Name}", each => (string?)each.Value)).Build();

    private sealed class TestClock(Instant now) : IClock
    {
        public Instant Now { get; set; } = now;

        public Instant GetCurrentInstant() => Now;
    }
}

using Ledger.Api;
using Ledger.Api.Keys;
using Ledger.Domain.Keys;
using Microsoft.Extensions.Configuration;
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

    public static TheoryData<string> Forgeries => [.. TokenIssuer.Forgeries];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public Task Whatever_the_issuer_did_not_make_for_this_ledger_and_this_time_is_refused(string how) =>
        RefusedAsync("acme", issuer.Forged(how));

    [Fact]
    public async Task A_claim_may_name_the_person_as_keys_do()
    {
        var settings = Configuration(
            ("Authority", issuer.Address), ("Audience", TokenIssuer.Audience), ("HolderClaim", "employee"));
        tokens = new(TokenSettings.Read(settings)!, SystemClock.Instance);
        string Of(string? employee) => issuer.Token(token =>
        {
            if (employee is not null)
            {
                token.Claims["employee"] = employee;
            }
        });
        var caller = await tokens.FindAgainAsync("acme", Of("maria"));
        Assert.Equal("maria", caller.Holder);
        Assert.Matches("^user:[A-Za-z0-9_-]{22}$", caller.Actor);
        foreach (var nobody in (string?[])[null, "owner", "Owner", "maria@example.org"])
        {
            await RefusedAsync("acme", Of(nobody));
        }
    }

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

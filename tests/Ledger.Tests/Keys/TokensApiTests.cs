using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Keys;

public sealed class TokensApiTests
{
    [Fact]
    public async Task People_come_with_tokens_of_the_issuer_and_are_actors_without_a_name()
    {
        await using var issuer = await TokenIssuer.StartAsync();
        var host = await ApiHost.StartAsync(
            ("Oidc:Authority", issuer.Address), ("Oidc:Audience", TokenIssuer.Audience));
        var books = host.Given([.. CompanyWithChart, JanuaryClosed]);
        await books.PrepareAsync();
        var keys = new CompanyKeys(host, books.Company);
        string Token(string role) => issuer.Token(token => token.Claims["companies"] = new[] { books.Company }, role);

        (await keys.SendAsync(Token("accountant"), Sale("s1", "2026-02-01"))).Is(201);
        Assert.Matches("^user:[A-Za-z0-9_-]{22}$", (await books.RecordedAsync())[^1].Actor!);
        (await keys.SendAsync(Token("auditor"), Sale("s2", "2026-02-01"))).IsProblem(403, "permission-missing");
        (await keys.SendAsync(Token("auditor"), Step.Get("/events"))).Is(200);
        (await keys.SendAsync(issuer.Token(null, "owner"), Step.Get("/me"))).IsProblem(401, "key-not-valid");
        var wrong = issuer.Token(token => token.Audience = "another", "owner");
        (await keys.SendAsync(wrong, Step.Get("/me"))).IsProblem(401, "key-not-valid");

        // The issuer may know somebody else, so what two must see waits.
        (await keys.SendAsync(
            Token("owner"), Step.Put("/periods/2026-01", """{"status": "open", "reason": "Late"}"""))).Is(202);
        await host.DisposeAsync();
    }
}

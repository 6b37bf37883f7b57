using Ledger.Api.Keys;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using Ledger.Tests.Http;
using Ledger.Tests.People;
using Microsoft.Extensions.Configuration;
using NodaTime;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Keys;

public sealed class TokensApiTests : IAsyncLifetime
{
    private static readonly Step Reopen = Step.Put("/periods/2026-01", """{"status": "open", "reason": "Late"}""");

    private TokenIssuer issuer = null!;
    private ApiHost host = null!;
    private Scenario books = null!;
    private CompanyKeys keys = null!;

    public async Task InitializeAsync()
    {
        issuer = await TokenIssuer.StartAsync();
        host = await ApiHost.StartAsync(("Oidc:Authority", issuer.Address), ("Oidc:Audience", TokenIssuer.Audience));
        books = host.Given([.. CompanyWithChart, JanuaryClosed]);
        await books.PrepareAsync();
        keys = new(host, books.Company);
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Fact]
    public async Task People_come_with_tokens_of_the_issuer_and_are_actors_without_a_name()
    {
        (await keys.SendAsync(Token("accountant"), Sale("s1", "2026-02-01"))).Is(201);
        Assert.Matches("^user:[A-Za-z0-9_-]{22}$", (await books.RecordedAsync())[^1].Actor!);
        (await keys.SendAsync(Token("auditor"), Sale("s2", "2026-02-01"))).IsProblem(403, "permission-missing");
        (await keys.SendAsync(Token("auditor"), Step.Get("/events"))).Is(200);
        (await keys.SendAsync(issuer.Token(null, "owner"), Step.Get("/me"))).IsProblem(401, "key-not-valid");

        // The issuer may know somebody else, so what two must see waits.
        (await keys.SendAsync(Token("owner"), Reopen)).Is(202);
    }

    [Fact]
    public async Task No_operation_takes_a_token_that_the_issuer_did_not_make_for_it()
    {
        var forged = TokenIssuer.Forgeries.Select(how => (How: how, Token: issuer.Forged(how))).ToList();
        foreach (var operation in EveryOperation.Of(host).Where(each => each.NeedsKey))
        {
            foreach (var (how, token) in forged)
            {
                var answer = await EveryOperation.AskAsync(host, operation, "acme", token);
                Assert.True(
                    answer.Status == 401 && EveryOperation.CodeOf(answer) == "key-not-valid",
                    $"{how} at {operation.Id}: {answer.Body}");
            }
        }
    }

    [Fact]
    public async Task A_token_for_all_companies_is_shown_the_one_that_it_names_and_no_list_of_all()
    {
        var others = host.Given(Company);
        await others.PrepareAsync();
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        var token = issuer.Token(each => each.Claims["companies"] = new[] { "*" }, "integrator");

        foreach (var path in new[] { "/audit/companies", "/audit/companies?company=", "/audit/checkpoint" })
        {
            (await AskAsync(path)).IsProblem(401, "key-not-valid");
        }

        var rows = (await AskAsync($"/audit/companies?company={books.Company}")).Is(200).Json.GetProperty("rows")
            .EnumerateArray();
        Assert.Equal(books.Company, Assert.Single(rows).GetProperty("company").GetString());

        Task<ApiAnswer> AskAsync(string path) =>
            CompanyKeys.SendAsync(host, token, ApiHost.Request(HttpMethod.Get, path, null));
    }

    [Fact]
    public async Task A_key_and_the_token_of_its_holder_are_one_person()
    {
        var maria = Text((await keys.SendAsync(Token("auditor"), Step.Get("/me"))).Is(200), "holder");
        var key = await keys.OwnAsync("maria", await IssueAsync("maria", Role.Approver, maria));

        var id = Text((await keys.SendAsync(Token("owner"), Reopen)).Is(202), "approval");
        (await keys.SendAsync(key, Approve(id))).IsProblem(422, "approval-of-oneself");
        (await keys.SendAsync(AnnasToken("approver"), Approve(id))).Is(201);
        (await keys.SendAsync(Token("owner"), Reopen)).Is(201);
    }

    [Fact]
    public async Task Nobody_records_employees_by_a_token_and_releases_their_pay_by_a_key()
    {
        var maria = Text((await keys.SendAsync(Token("auditor"), Step.Get("/me"))).Is(200), "holder");
        (await keys.SendAsync(Token("people"), PeopleSteps.Erase("p-17"))).IsProblem(404, "person-unknown");
        await IssueAsync("bank", Role.Payer, maria);

        (await keys.SendAsync(Token("people"), PeopleSteps.Erase("p-17"))).IsProblem(403, "permission-missing");
        (await keys.SendAsync(AnnasToken("people"), PeopleSteps.Erase("p-17"))).IsProblem(404, "person-unknown");
        (await books.SendAsync(Step.Post("/keys/bank/revocation", """{"reason": "Other work"}"""))).Is(201);
        (await keys.SendAsync(Token("people"), PeopleSteps.Erase("p-17"))).IsProblem(404, "person-unknown");
    }

    [Fact]
    public async Task A_token_records_nothing_after_its_time_however_long_its_request_goes_on()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Oidc:Authority"] = issuer.Address, ["Oidc:Audience"] = TokenIssuer.Audience,
        }).Build();
        var now = SystemClock.Instance.GetCurrentInstant();
        var registry = new KeyRegistry(
            host.Ledger.Store, new FixedClock(now), "", new(TokenSettings.Read(settings)!, new FixedClock(now)));
        var caller = await registry.FindAgainAsync(books.Company, $"Bearer {Token("accountant")}");
        Assert.Null(await CodeAsync(registry, caller));

        var later = new KeyRegistry(host.Ledger.Store, new FixedClock(now + Duration.FromMinutes(61)), "");
        Assert.Equal("key-not-valid", await CodeAsync(later, caller));
    }

    [Fact]
    public async Task A_token_that_names_its_holder_by_another_case_than_a_key_records_nothing()
    {
        await IssueAsync("maria", Role.Auditor, "maria");
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Oidc:Authority"] = issuer.Address, ["Oidc:Audience"] = TokenIssuer.Audience,
            ["Oidc:HolderClaim"] = "employee",
        }).Build();
        var clock = host.Ledger.Clock;
        var registry = new KeyRegistry(host.Ledger.Store, clock, "", new(TokenSettings.Read(settings)!, clock));
        async Task<string?> OfAsync(string employee) => await CodeAsync(registry, await registry.FindAgainAsync(
            books.Company, "Bearer " + issuer.Token(
                token =>
                {
                    token.Claims["companies"] = new[] { books.Company };
                    token.Claims["employee"] = employee;
                },
                "accountant")));
        Assert.Null(await OfAsync("maria"));
        Assert.Equal("permission-missing", await OfAsync("Maria"));
    }

    private string Token(string role) =>
        issuer.Token(token => token.Claims["companies"] = new[] { books.Company }, role);

    private string AnnasToken(string role) => issuer.Token(
        token =>
        {
            token.Claims["companies"] = new[] { books.Company };
            token.Claims["sub"] = "anna@example.org";
        },
        role);

    /// <summary>A key that the owner asks for and Anna agrees to; its first secret.</summary>
    private async Task<string> IssueAsync(string id, Role role, string holder)
    {
        var put = Step.Put($"/keys/{id}", CompanyKeys.JsonOf(role, holder));
        var approval = Text((await books.SendAsync(put)).Is(202), "approval");
        (await keys.SendAsync(AnnasToken("approver"), Approve(approval))).Is(201);
        return Text((await books.SendAsync(put)).Is(201), "secret");
    }

    private async Task<string?> CodeAsync(KeyRegistry registry, Caller caller)
    {
        var outcome = await host.Ledger.Transact.RunAsync<int>(
            books.Company, new(caller.Actor, null, null, null), async reading =>
                await registry.StandsAsync(caller, Permission.PostEntries, reading) is { } refusal
                    ? refusal
                    : Verdict.Nothing(0));
        return (outcome as Transacted<int>.Refused)?.Refusal.Code;
    }

    private static Step Approve(string id) => new(HttpMethod.Post, $"/approvals/{id}/approval", null);

    private static string Text(ApiAnswer answer, string name) => answer.Json.GetProperty(name).GetString()!;
}

using System.Text;
using System.Text.Json;
using Ledger.Api;
using Ledger.Api.Keys;
using Ledger.Domain.Keys;
using Ledger.Tests.Golden;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.Keys.EveryOperation;

namespace Ledger.Tests.Keys;

/// <summary>Every operation with every role, and with every kind of key that must not work.</summary>
public sealed class PermissionTests(ApiHost host) : IClassFixture<ApiHost>, IAsyncLifetime
{
    private readonly Scenario books = new(host, CompanyWithChart);
    private readonly Scenario others = new(host, [Company]);
    private CompanyKeys keys = null!;

    private Operation[] Operations => EveryOperation.Of(host);

    public async Task InitializeAsync()
    {
        await books.PrepareAsync();
        await others.PrepareAsync();
        (await books.SendAsync(Sale("known"))).Is(201);
        keys = new(host, books.Company);
        (await books.SendAsync(Step.Put("/four-eyes", """{"exempt": ["changeKey"]}"""))).Is(201);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Every_operation_lets_in_exactly_the_roles_that_have_its_permission()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var key = await keys.IssueAsync($"of-{role}", role, $"holder-{role}");
            foreach (var operation in Operations.Where(each => each.NeedsKey))
            {
                var allowed = Permissions.Of(role).Has(operation.Permission!.Value)
                    || (operation.OwnPermission is { } own && Permissions.Of(role).Has(own));
                var answer = await AskAsync(operation, books.Company, key);
                var code = answer.Status is 401 or 403 ? CodeOf(answer) : "";
                var isOfAnother = code == RequestProblems.PermissionMissing && operation.OwnPermission is not null;
                Assert.True(
                    allowed ? code.Length == 0 || isOfAnother : code == RequestProblems.PermissionMissing,
                    $"{role} at {operation.Id}: {answer.Status} {answer.Body}");
                Assert.True(answer.Status < 500, $"{role} at {operation.Id}: {answer.Status} {answer.Body}");
            }
        }
    }

    [Fact]
    public async Task Without_a_key_of_the_company_every_operation_answers_the_same_whatever_there_is()
    {
        var ofOthers = await new CompanyKeys(host, others.Company).IssueAsync("shop", Role.Owner, "maria");
        var ended = await keys.IssueAsync(
            "past", """{"roles": ["owner"], "holder": "petar", "from": "2020-01-01", "to": "2020-12-31"}""");
        var coming = await keys.IssueAsync(
            "coming", """{"roles": ["owner"], "holder": "petar", "from": "2190-01-01"}""");
        var revoked = await keys.IssueAsync("revoked", Role.Owner, "maria");
        (await books.SendAsync(Step.Post("/keys/revoked/revocation", """{"reason": "Lost"}"""))).Is(201);
        var forged = $"{host.OwnerKeyText[..12]}{KeyText.Make()[12..]}";
        foreach (var operation in Operations.Where(each => each.NeedsKey))
        {
            foreach (var (key, code) in new (string?, string)[]
            {
                (null, "key-missing"), ("nonsense", "key-unknown"), (KeyText.Make(), "key-unknown"),
                (forged, "key-unknown"), (ofOthers, "key-unknown"), (NoneSigned(), "key-unknown"),
                (ended, "key-not-valid"), (coming, "key-not-valid"), (revoked, "key-not-valid"),
            })
            {
                var here = await AskAsync(operation, books.Company, key);
                Assert.True(here.Status == 401 && CodeOf(here) == code, $"{code} at {operation.Id}: {here.Body}");
                if (code != "key-not-valid")
                {
                    var nowhere = await AskAsync(operation, "no-such-company", key);
                    Assert.Equal((here.Status, here.Body), (nowhere.Status, nowhere.Body));
                }
            }
        }
    }

    [Fact]
    public async Task What_a_role_may_not_do_is_refused_alike_whether_or_not_the_thing_exists()
    {
        var key = await keys.IssueAsync("people", Role.People, "petar");
        var known = await keys.SendAsync(key, Step.Get("/journal-entries/known"));
        var unknown = await keys.SendAsync(key, Step.Get("/journal-entries/unknown"));
        Assert.Equal((403, known.Body), (known.Status, unknown.Body));
    }

    [Fact]
    public async Task A_program_that_posts_reads_and_reverses_only_what_it_recorded()
    {
        var key = await keys.IssueAsync("shop", Role.Integrator, "shop");
        (await keys.SendAsync(key, Sale("own"))).Is(201);
        (await keys.SendAsync(key, Step.Get("/journal-entries/own"))).Is(200);
        var listed = (await keys.SendAsync(key, Step.Get("/journal-entries"))).Is(200).Json.GetProperty("rows");
        Assert.Equal(["own"], listed.EnumerateArray().Select(row => row.GetProperty("id").GetString()));
        (await keys.SendAsync(key, Step.Get("/journal-entries?actor=key:another"))).IsProblem(
            400, "parameter-malformed");

        var foreign = await keys.SendAsync(key, Step.Get("/journal-entries/known"));
        var missing = await keys.SendAsync(key, Step.Get("/journal-entries/known2"));
        foreign.IsProblem(404, "journal-entry-unknown");
        Assert.Equal(missing.Body.Replace("known2", "known", StringComparison.Ordinal), foreign.Body);
        const string reversal = """{"bookedOn": "2026-02-01", "reason": "Returned"}""";
        (await keys.SendAsync(key, Step.Post("/journal-entries/known/reversal", reversal))).IsProblem(
            404, "journal-entry-unknown");
        (await keys.SendAsync(key, Step.Post("/journal-entries/own/reversal", reversal))).Is(201);
        var again = await keys.SendAsync(key, Sale("known") with { Headers = [("Prefer", "return=representation")] });
        Assert.False(again.Is(200).Json.TryGetProperty("entry", out _));
    }

    [Fact]
    public void The_page_of_permissions_says_what_the_table_says() =>
        GoldenFile.Matches("docs/permissions.md", Page());

    private Task<ApiAnswer> AskAsync(Operation operation, string company, string? key) =>
        EveryOperation.AskAsync(host, operation, company, key);

    /// <summary>A token that says that it need not be signed.</summary>
    private static string NoneSigned()
    {
        static string Part(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=');
        return $"{Part("""{"alg":"none"}""")}.{Part("""{"sub":"maria","roles":["owner"],"companies":["*"]}""")}.";
    }

    private string Page()
    {
        var page = new StringBuilder("""
            # Who may do what

            A key has roles, a role has permissions, an operation needs one. The owner's key of the whole ledger has the
            role `owner` in every company. A request without a key of the company is answered by 401, also when there is
            no such company; a permission that is missing by 403, before anything else is looked at. Ids of entries are
            names that all callers of a company share: one that is taken answers 409, whoever took it.

            Nobody both records an employee and pays them alone. `people` and `payer`, and `owner` and `payer`, are
            never one person, by whatever keys and tokens of one holder; and a payment file of whoever may record
            employees, as `owner` may, or once could, is seen by a second person first. `approve`, `runPay`,
            `approvePayRuns` and `releasePayments` need besides a secret that only the holder knows
            ([four-eyes.md](four-eyes.md)). This page is written by a test from the one table in `Permissions.cs`
            (`UPDATE_GOLDEN=1 ./test`).


            """);
        var roles = Enum.GetValues<Role>();
        page.Append($"| permission | {string.Join(" | ", roles.Select(Name))} |\n");
        page.Append($"|---|{string.Concat(roles.Select(_ => ":-:|"))}\n");
        foreach (var permission in Enum.GetValues<Permission>())
        {
            var cells = roles.Select(role => Permissions.Of(role).Has(permission) ? "x" : "");
            page.Append($"| `{Name(permission)}` | {string.Join(" | ", cells)} |\n");
        }

        page.Append("\n| operation | needs | or, for one's own |\n|---|---|---|\n");
        foreach (var operation in Operations)
        {
            var own = operation.OwnPermission is { } some ? $"`{Name(some)}`" : "";
            var needs = operation.Permission is { } permission ? $"`{Name(permission)}`" : "no key";
            page.Append($"| `{operation.Method} {operation.Pattern}` | {needs} | {own} |\n");
        }

        return page.ToString();
    }

    private static string Name<T>(T value)
        where T : struct, Enum =>
        JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

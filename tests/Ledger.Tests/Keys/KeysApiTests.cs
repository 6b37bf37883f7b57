using System.Diagnostics;
using Ledger.Api.Keys;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Keys;

public sealed class KeysApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Shop = """{"roles": ["integrator"], "holder": "maria"}""";

    [Fact]
    public async Task A_key_is_issued_shows_its_secret_once_and_works_at_once()
    {
        var (books, keys) = await BooksAsync();
        var secret = await keys.IssueAsync("shop", Shop);

        var me = (await keys.SendAsync(secret, Step.Get("/me"))).Is(200).Json;
        Assert.Equal($"key:{KeyText.PrefixOf(secret)}", me.GetProperty("actor").GetString());
        Assert.Equal("maria", me.GetProperty("holder").GetString());
        Assert.Equal(["integrator"], me.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        (await keys.SendAsync(secret, Sale("s1"))).Is(201);
        Assert.Equal($"key:{KeyText.PrefixOf(secret)}", (await books.RecordedAsync())[^1].Actor);
        var again = (await books.SendAsync(Step.Put("/keys/shop", Shop))).Is(200);
        Assert.False(again.Json.TryGetProperty("secret", out _));
    }

    [Fact]
    public async Task Roles_are_changed_with_the_version_that_was_seen()
    {
        var (books, keys) = await BooksAsync();
        var secret = await keys.IssueAsync("shop", Shop);
        const string auditor = """{"roles": ["auditor"], "holder": "maria"}""";
        (await books.SendAsync(Step.Put("/keys/shop", auditor))).IsProblem(428, "if-match-required");
        (await books.SendAsync(Step.Put("/keys/shop", auditor, ("If-Match", "\"1\"")))).Is(201);

        (await keys.SendAsync(secret, Sale("s1"))).IsProblem(403, "permission-missing");
        (await keys.SendAsync(secret, Step.Get("/journal-entries"))).Is(200);
        var listed = (await books.SendAsync(Step.Get("/keys"))).Is(200).Json.GetProperty("rows")[0];
        Assert.Equal("shop", listed.GetProperty("key").GetString());
        Assert.Equal(2, listed.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_key_rotates_itself_without_a_pause_and_stays_the_same_actor()
    {
        var (books, keys) = await BooksAsync();
        var first = await keys.IssueAsync("shop", Shop);
        var rotated = (await keys.SendAsync(first, Step.Post("/keys/shop/rotation", "{}"))).Is(201);
        var second = rotated.Json.GetProperty("secret").GetString()!;

        (await keys.SendAsync(first, Sale("s1"))).Is(201);
        (await keys.SendAsync(second, Sale("s2"))).Is(201);
        var recorded = await books.RecordedAsync();
        Assert.Equal(recorded[^2].Actor, recorded[^1].Actor);

        // Without an overlap the secrets of before end at once, this one included.
        var third = (await keys.SendAsync(second, Step.Post("/keys/shop/rotation", """{"overlapHours": 0}""")))
            .Is(201).Json.GetProperty("secret").GetString()!;
        (await keys.SendAsync(first, Sale("s3"))).IsProblem(401, "key-not-valid");
        (await keys.SendAsync(second, Sale("s3"))).IsProblem(401, "key-not-valid");
        (await keys.SendAsync(third, Sale("s3"))).Is(201);
        (await keys.SendAsync(third, Step.Post("/keys/other/rotation", "{}"))).IsProblem(403, "permission-missing");
    }

    [Fact]
    public async Task A_key_says_whether_only_its_holder_knows_its_secret()
    {
        var (books, keys) = await BooksAsync();
        var issued = await keys.IssueAsync("maria", CompanyKeys.JsonOf(Role.Approver, "maria"));
        Assert.Equal((false, false), (await SaysOwnAsync(keys, issued), await ListsOwnAsync(books)));
        (await keys.SendAsync(issued, Step.Post("/approvals/x/approval", "{}"))).IsProblem(403, "permission-missing");

        var own = await keys.OwnAsync("maria", issued);
        Assert.Equal((true, true), (await SaysOwnAsync(keys, own), await ListsOwnAsync(books)));
        Assert.False(await SaysOwnAsync(keys, issued));
    }

    [Fact]
    public async Task Who_issues_a_key_that_approves_is_told_that_it_must_rotate_itself_first()
    {
        var (books, keys) = await BooksAsync();
        Task<ApiAnswer> IssueAsync(string id, Role role) => books.SendAsync(
            Step.Put($"/keys/{id}", CompanyKeys.JsonOf(role, id)));
        static (bool Own, string? Note) Of(ApiAnswer answer) => (
            answer.Is(201).Json.GetProperty("ownSecret").GetBoolean(),
            answer.Json.TryGetProperty("note", out var note) ? note.GetString() : null);

        Assert.Equal((false, null), Of(await IssueAsync("shop", Role.Integrator)));
        var issued = await IssueAsync("maria", Role.Approver);
        Assert.Equal((false, KeysApi.NoteOn([Role.Approver], isOwn: false)), Of(issued));
        var rotation = Step.Post("/keys/maria/rotation", "{}");
        var rotated = await keys.SendAsync(issued.Json.GetProperty("secret").GetString(), rotation);
        Assert.Equal((true, null), Of(rotated));
        Assert.NotNull(KeysApi.NoteOn([Role.Owner], isOwn: false));
        Assert.StartsWith(
            "It releases no payments", KeysApi.NoteOn([Role.Payer], isOwn: false)!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_rotated_ten_times_a_day_at_most_unless_its_secrets_must_end_now()
    {
        var (books, keys) = await BooksAsync();
        var secret = await keys.IssueAsync("shop", Shop);
        for (var i = 0; i < KeyDecider.RotationsMax; i++)
        {
            secret = await keys.OwnAsync("shop", secret);
        }

        var refused = await keys.SendAsync(secret, Step.Post("/keys/shop/rotation", "{}"));
        refused.IsProblem(422, "key-rotated-too-often");
        var urgent = (await keys.SendAsync(secret, Step.Post("/keys/shop/rotation", """{"overlapHours": 0}""")));
        (await keys.SendAsync(secret, Sale("s0"))).IsProblem(401, "key-not-valid");
        secret = urgent.Is(201).Json.GetProperty("secret").GetString()!;
        (await keys.SendAsync(secret, Sale("s1"))).Is(201);
        (await books.SendAsync(Step.Post("/keys/shop/revocation", """{"reason": "Lost"}"""))).Is(201);
    }

    [Fact]
    public async Task What_a_key_asks_for_is_not_done_once_it_has_another_holder()
    {
        var (books, keys) = await BooksAsync();
        var secret = await keys.IssueAsync("shop", Shop);
        var elsewhere = new KeyRegistry(host.Ledger.Store, host.Ledger.Clock, "");
        var caller = await elsewhere.FindAgainAsync(books.Company, $"Bearer {secret}");
        const string ofBoris = """{"roles": ["integrator"], "holder": "boris"}""";
        (await books.SendAsync(Step.Put("/keys/shop", ofBoris, ("If-Match", "\"1\"")))).Is(201);

        Assert.Equal("key-not-valid", await RefusedAsync(books, elsewhere, caller));
    }

    [Fact]
    public async Task Nothing_is_recorded_by_a_key_after_it_was_revoked()
    {
        var (books, keys) = await BooksAsync();
        var secret = await keys.IssueAsync("shop", Shop);
        var posted = 0;
        var enough = new TaskCompletionSource();
        var posting = Task.WhenAll(Enumerable.Range(0, 16).Select(async caller =>
        {
            for (var i = 0; ; i++)
            {
                var answer = await keys.SendAsync(secret, Sale($"c{caller}-{i}"));
                if (answer.Status != 201)
                {
                    answer.IsProblem(401, "key-not-valid");
                    return;
                }

                if (Interlocked.Increment(ref posted) == 100)
                {
                    enough.SetResult();
                }
            }
        }));
        await Task.WhenAny(enough.Task, posting);
        (await books.SendAsync(Step.Post("/keys/shop/revocation", """{"reason": "Lost"}"""))).Is(201);
        await posting;

        var events = await books.RecordedAsync();
        Assert.Equal("key_revoked", events[^1].Type);
        Assert.Equal(posted, events.Count(each => each.Actor == $"key:{KeyText.PrefixOf(secret)}"));
    }

    [Fact]
    public async Task A_decision_of_another_process_that_does_not_know_of_the_revocation_yet_is_refused()
    {
        var (books, keys) = await BooksAsync();
        var secret = await keys.IssueAsync("shop", Shop);
        var elsewhere = new KeyRegistry(host.Ledger.Store, host.Ledger.Clock, "");
        var caller = await elsewhere.FindAgainAsync(books.Company, $"Bearer {secret}");
        (await books.SendAsync(Step.Post("/keys/shop/revocation", """{"reason": "Lost"}"""))).Is(201);

        Assert.Same(caller, elsewhere.Find(books.Company, $"Bearer {secret}"));
        Assert.Equal("key-not-valid", await RefusedAsync(books, elsewhere, caller));
    }

    [Fact]
    public async Task Each_process_learns_of_a_change_when_it_has_looked_again()
    {
        var (books, keys) = await BooksAsync();
        var secret = await keys.IssueAsync("shop", Shop);
        var elsewhere = new KeyRegistry(host.Ledger.Store, host.Ledger.Clock, "");
        await elsewhere.FindAgainAsync(books.Company, $"Bearer {secret}");
        (await books.SendAsync(Step.Post("/keys/shop/revocation", """{"reason": "Lost"}"""))).Is(201);

        await elsewhere.Of(books.Company).AsOfAsync(Stopwatch.GetTimestamp());
        Assert.Equal(
            "key-not-valid",
            Assert.Throws<Api.RequestException>(() => elsewhere.Find(books.Company, $"Bearer {secret}")).Problem.Code);
    }

    [Fact]
    public async Task However_many_companies_are_asked_for_that_there_are_not_none_that_there_is_is_forgotten()
    {
        var (books, keys) = await BooksAsync();
        var secret = await keys.IssueAsync("shop", Shop);
        var registry = new KeyRegistry(host.Ledger.Store, host.Ledger.Clock, "");
        (await registry.FindAgainAsync(books.Company, $"Bearer {secret}")).Recent.Raise(1742);

        for (var i = 0; i < 20_000; i++)
        {
            registry.Of($"none-{i}");
        }

        Assert.Equal(1742, (await registry.FindAgainAsync(books.Company, $"Bearer {secret}")).Recent.Sequence);
        Assert.False(registry.IsStrange(books.Company, $"Bearer {secret}"));
        Assert.True(registry.IsStrange("none-1", $"Bearer {secret}"));
    }

    [Fact]
    public async Task Logins_that_read_the_company_in_SQL_are_listed_to_its_auditor()
    {
        var (books, keys) = await BooksAsync();
        var auditor = await keys.IssueAsync("auditor", Role.Auditor, "anna");
        await host.ExecuteAsSuperuserAsync(
            $"insert into ledger.readers values ('bi_own', '{books.Company}'), ('bi_other', 'another')");
        var list = (await keys.SendAsync(auditor, Step.Get("/readers"))).Is(200).Json;
        Assert.Equal("""[{"reader":"bi_own","readsPay":false}]""", list.GetProperty("rows").GetRawText());
    }

    [Fact]
    public async Task Whoever_issued_the_key_of_another_is_found_in_the_events()
    {
        var (books, keys) = await BooksAsync();
        await keys.IssueAsync("shop", Shop);
        var issued = (await books.RecordedAsync())[^2];
        Assert.Equal(("key_issued", $"key:{KeyText.PrefixOf(host.OwnerKeyText)}"), (issued.Type, issued.Actor));
        Assert.True(issued.Recorded > Instant.FromUtc(2020, 1, 1, 0, 0));
    }

    [Fact]
    public async Task A_list_says_when_a_key_was_last_used()
    {
        var (books, keys) = await BooksAsync();
        var secret = await keys.IssueAsync("shop", Shop);
        Assert.Null(await LastUsedAsync(books));
        (await keys.SendAsync(secret, Sale("s1"))).Is(201);
        await host.App.Services.GetRequiredService<Api.Audit.AccessLog>().FlushAsync();
        Assert.NotNull(await LastUsedAsync(books));
    }

    /// <summary>The code by which a process refuses to record something by the authority of a caller.</summary>
    private async Task<string> RefusedAsync(Scenario books, KeyRegistry elsewhere, Caller caller)
    {
        var outcome = await host.Ledger.Transact.RunAsync<int>(
            books.Company, new(caller.Actor, null, null, null), async reading =>
            {
                if (await elsewhere.StandsAsync(caller, Permission.PostEntries, reading) is { } refusal)
                {
                    return refusal;
                }

                await reading.NewDocumentAsync("journal-entry/late", Api.Streams.EntryFold);
                return Ledger.EventStore.Verdict.Append(
                    0, ("journal-entry/late", [Golden.SampleEvents.Of("period_closed")]));
            });
        return Assert.IsType<Ledger.EventStore.Transacted<int>.Refused>(outcome).Refusal.Code;
    }

    private static async Task<bool> SaysOwnAsync(CompanyKeys keys, string secret) =>
        (await keys.SendAsync(secret, Step.Get("/me"))).Is(200).Json.GetProperty("ownSecret").GetBoolean();

    private static async Task<bool> ListsOwnAsync(Scenario books) =>
        (await books.SendAsync(Step.Get("/keys"))).Is(200).Json.GetProperty("rows")[0].GetProperty("ownSecret")
            .GetBoolean();

    private static async Task<string?> LastUsedAsync(Scenario books) =>
        (await books.SendAsync(Step.Get("/keys"))).Is(200).Json.GetProperty("rows")[0].GetProperty("lastUsed")
            .GetString();

    private async Task<(Scenario Books, CompanyKeys Keys)> BooksAsync()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        return (books, new(host, books.Company));
    }
}

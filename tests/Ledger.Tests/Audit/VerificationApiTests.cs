using System.Text.Json;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

/// <summary>The verification of the ledger over HTTP: how it begins, what it shows to whom, how it ends.</summary>
public sealed class VerificationApiTests : IAsyncLifetime
{
    private ApiHost host = null!;

    public async Task InitializeAsync() => host = await ApiHost.StartAsync(("Audit:VerificationPauseSeconds", "0"));

    public Task DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task The_first_request_begins_it_and_later_ones_show_how_far_it_is_and_what_it_came_to()
    {
        var books = host.Given([.. CompanyWithChart, Sale("s1"), Sale("s2")]);
        await books.PrepareAsync();
        await CaughtUpAsync();

        var first = (await books.SendAsync(Step.Get("/audit/verification"))).Is(200).Json;
        var ended = await EndedAsync(books);

        Assert.Equal("running", Text(first, "state"));
        Assert.NotEmpty(Text(first.GetProperty("progress"), "step"));
        Assert.Equal(JsonValueKind.Null, first.GetProperty("result").ValueKind);
        Assert.Equal(("ended", Text(first, "started")), (Text(ended, "state"), Text(ended, "started")));
        Assert.True(ended.GetProperty("passed").GetBoolean(), ended.GetRawText());
        var result = ended.GetProperty("result");
        var company = result.GetProperty("company");
        Assert.Equal(
            (8, 2, 4),
            (company.GetProperty("events").GetInt64(), company.GetProperty("entries").GetInt64(),
                company.GetProperty("lines").GetInt64()));
        Assert.InRange(company.GetProperty("checkpoints").GetInt64(), 1, 8);
        Assert.Empty(result.GetProperty("findings").EnumerateArray());
        var checks = result.GetProperty("checks").EnumerateArray().Select(check => Text(check, "check")).ToArray();
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "every event can be folded", "entries balance", "entry numbers without gaps",
                "journal_line as rebuilt", "every event is the one in the audit log, under signed roots",
                "certificates come out the same from the events that were known then",
                "the log goes on from what witnesses saw",
            },
            checks.ToHashSet(StringComparer.Ordinal));

        // It stays what it is until another one is asked for.
        Assert.Equal(ended.GetRawText(), (await books.SendAsync(Step.Get("/audit/verification"))).Json.GetRawText());
        Assert.NotEqual(Text(first, "started"), Text(await EndedAsync(books, "?new=true"), "started"));
    }

    [Fact]
    public async Task A_company_is_told_what_is_its_own_and_what_concerns_everybody_and_nothing_of_others()
    {
        var (damaged, other) = (host.Given([.. CompanyWithChart, Sale("s1")]), host.Given(CompanyWithChart));
        await damaged.PrepareAsync();
        await other.PrepareAsync();
        await CaughtUpAsync();
        var entry = (await damaged.RecordedAsync())[^1].Sequence;
        await host.ExecuteAsSuperuserAsync($"""
            set session_replication_role = replica;
            update public.mt_events set user_name = user_name || 'x' where seq_id = {entry}
            """);

        var own = await EndedAsync(damaged, "?new=true");
        var others = (await other.SendAsync(Step.Get("/audit/verification"))).Is(200);

        Assert.False(own.GetProperty("passed").GetBoolean());
        Assert.Contains(
            own.GetProperty("result").GetProperty("findings").EnumerateArray(),
            finding => Text(finding, "where") == $"event {entry} ({damaged.Company} / journal-entry/s1, version 1)"
                && Text(finding, "what").StartsWith("is not as it was recorded", StringComparison.Ordinal));
        Assert.True(others.Json.GetProperty("passed").GetBoolean(), others.Body);
        Assert.DoesNotContain(damaged.Company, others.Body, StringComparison.Ordinal);

        // A hole that is claimed is nobody's own.
        await host.ExecuteAsSuperuserAsync(
            $"insert into public.mt_high_water_skips (starting_sequence, ending_sequence) values ({entry}, 2000000)");
        await EndedAsync(damaged, "?new=true");
        foreach (var each in (Scenario[])[damaged, other])
        {
            var shown = (await each.SendAsync(Step.Get("/audit/verification"))).Is(200).Json;
            Assert.Contains(
                shown.GetProperty("result").GetProperty("findings").EnumerateArray(),
                finding => Text(finding, "check") == "sequences without gaps");
        }
    }

    [Fact]
    public async Task One_runs_at_a_time_however_many_ask()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(_ => books.SendAsync(Step.Get("/audit/verification"))));

        Assert.Single(answers.Select(answer => Text(answer.Is(200).Json, "started")).Distinct());
        await EndedAsync(books);
    }

    [Fact]
    public async Task What_cannot_run_now_says_why()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        (await books.SendAsync(Step.Get("/audit/verification?new=yes"))).IsProblem(400, "parameter-malformed");
        await using (var held = await host.Ledger.Database.OpenConnectionAsync())
        {
            // As another process does that verifies or rebuilds.
            await using var command = new Npgsql.NpgsqlCommand(
                "begin; select pg_advisory_xact_lock(7305804402566423153)", held);
            await command.ExecuteNonQueryAsync();
            var failed = await EndedAsync(books, "?new=true");
            Assert.Equal(
                ("failed", "Another rebuild or verification is running; wait for it to end."),
                (Text(failed, "state"), Text(failed, "failure")));
            Assert.Equal(JsonValueKind.Null, failed.GetProperty("passed").ValueKind);
            await using var release = new Npgsql.NpgsqlCommand("rollback", held);
            await release.ExecuteNonQueryAsync();
        }

        Assert.Equal("ended", Text(await EndedAsync(books, "?new=true"), "state"));
    }

    [Fact]
    public async Task It_ends_with_the_service_and_leaves_no_tables_behind()
    {
        var books = host.Given([.. CompanyWithChart, Sale("s1")]);
        await books.PrepareAsync();
        Assert.Equal("running", Text((await books.SendAsync(Step.Get("/audit/verification"))).Json, "state"));

        await host.RestartAsync();

        await using var command = host.Ledger.Database.CreateCommand("select count(*) from ledger_read.version");
        Assert.Equal(1L, await command.ExecuteScalarAsync());
        Assert.Equal("ended", Text(await EndedAsync(books), "state"));
    }

    [Fact]
    public async Task After_one_there_is_a_pause_unless_the_service_is_told_otherwise()
    {
        var usual = await ApiHost.StartAsync();
        var books = usual.Given(CompanyWithChart);
        await books.PrepareAsync();
        var ended = await EndedAsync(books);

        var refused = (await books.SendAsync(Step.Get("/audit/verification?new=true")))
            .IsProblem(429, "verification-too-soon");

        Assert.InRange(int.Parse(refused.Header("Retry-After")!), 1, 60);
        Assert.Equal(ended.GetRawText(), (await EndedAsync(books)).GetRawText());
        await usual.DisposeAsync();
    }

    private Task CaughtUpAsync() => host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);

    /// <summary>What it came to, once it did.</summary>
    private static async Task<JsonElement> EndedAsync(Scenario books, string query = "")
    {
        // As long as the last one took there is a pause.
        var answer = await books.SendAsync(Step.Get($"/audit/verification{query}"));
        for (var i = 0; i < 1_200 && answer.Status == 429; i++)
        {
            await Task.Delay(50);
            answer = await books.SendAsync(Step.Get($"/audit/verification{query}"));
        }

        var shown = answer.Is(200).Json;
        for (var i = 0; i < 1_200 && Text(shown, "state") == "running"; i++)
        {
            await Task.Delay(50);
            shown = (await books.SendAsync(Step.Get("/audit/verification"))).Is(200).Json;
        }

        return shown;
    }

    private static string Text(JsonElement of, string member) => of.GetProperty(member).GetString()!;
}

using Ledger.Api.Audit;
using Ledger.EventStore.Audit;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

/// <summary>The audit log of a company from the first event to a proof that stands alone.</summary>
public sealed class AuditLogTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task An_entry_is_proven_by_a_file_that_stands_alone()
    {
        var scenario = host.Given([.. CompanyWithChart, Sale("s1"), Sale("s2")]);
        await scenario.PrepareAsync();
        var file = (await scenario.SendAsync(Step.Get("/audit/entries/s2"))).Is(200);

        var report = await VerifyAsync(file.Body, await KeyAsync(scenario));

        Assert.True(report.Holds, string.Join('\n', report.Lines));
        Assert.Contains(
            "journal_entry_posted, version 1 of journal-entry/s2", report.Lines[0], StringComparison.Ordinal);
        Assert.EndsWith("its body is the one that was recorded.", report.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"12.00\"", "\"13.00\"", "shows another body than was recorded")]
    [InlineData("\"version\":\"1\"", "\"version\":\"2\"", "is not in the log")]
    [InlineData("\"actor\":\"key:", "\"actor\":\"key:x", "is not in the log")]
    [InlineData("\"recorded\":\"2", "\"recorded\":\"3", "is not in the log")]
    [InlineData("\"index\":\"6\"", "\"index\":\"5\"", "is not in the log")]
    [InlineData("\"format\":\"backoffice-proof/1\"", "\"format\":\"backoffice-proof/2\"", "is no file of")]
    [InlineData("\"headers\":null,\"proof\"", "\"headers\":{},\"proof\"", "is null")]
    public async Task Whatever_is_changed_in_the_file_refutes_it(string recorded, string changed, string why)
    {
        var scenario = host.Given([.. CompanyWithChart, Sale("s1")]);
        await scenario.PrepareAsync();
        var body = (await scenario.SendAsync(Step.Get("/audit/entries/s1"))).Is(200).Body;
        Assert.Contains(recorded, body, StringComparison.Ordinal);

        var report = await VerifyAsync(
            body.Replace(recorded, changed, StringComparison.Ordinal), await KeyAsync(scenario));

        Assert.False(report.Holds);
        Assert.Contains(why, report.Lines.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_another_ledger_verifies_nothing()
    {
        var scenario = host.Given([.. CompanyWithChart, Sale("s1")]);
        await scenario.PrepareAsync();
        var body = (await scenario.SendAsync(Step.Get("/audit/entries/s1"))).Is(200).Body;
        var own = await KeyAsync(scenario);
        var other = new VerifierKey(own.Name, own.Kind, Ed25519.PublicKeyOf(new byte[32]));

        Assert.Contains(
            "is not signed by", (await VerifyAsync(body, other)).Lines.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_event_is_in_the_log_and_the_log_only_grows()
    {
        var scenario = host.Given([.. CompanyWithChart, Sale("s1")]);
        await scenario.PrepareAsync();
        var first = await CheckpointAsync(scenario);
        await scenario.SendAsync(Sale("s2"));
        var events = await scenario.RecordedAsync();
        await scenario.SendAsync(Step.Get("/audit/entries/s2"));
        var key = await KeyAsync(scenario);
        var now = await CheckpointAsync(scenario);

        Assert.Equal(events.Count, now.Size);
        foreach (var recorded in events)
        {
            foreach (var name in (string[])[$"{recorded.Sequence}", $"{recorded.Id:D}"])
            {
                var proof = (await scenario.SendAsync(Step.Get($"/audit/proofs/inclusion?event={name}"))).Is(200).Json;
                var (_, checkpoint) = OfflineVerification.Checkpoint(
                    proof.GetProperty("checkpoint").GetString()!, key, "checkpoint");
                Assert.True(MerkleTree.Includes(
                    OfflineVerification.NumberOf(proof, "index"), checkpoint.Size,
                    Convert.FromBase64String(proof.GetProperty("leaf").GetString()!),
                    OfflineVerification.HashesOf(proof, "proof"), checkpoint.Root));
            }
        }

        var grown = (await scenario.SendAsync(
            Step.Get($"/audit/proofs/consistency?from={first.Size}&to={now.Size}"))).Is(200).Json;
        Assert.True(MerkleTree.IsConsistent(
            first.Size, now.Size, first.Root, now.Root, OfflineVerification.HashesOf(grown, "proof")));
    }

    [Fact]
    public async Task What_is_not_in_the_log_is_refused_with_what_is()
    {
        var scenario = host.Given(CompanyWithChart);
        await scenario.PrepareAsync();
        var size = (await CheckpointAsync(scenario)).Size;

        foreach (var (path, status, code) in new[]
        {
            ("/audit/entries/none", 404, "journal-entry-unknown"),
            ("/audit/payslips/none/p-1", 404, "payslip-unknown"),
            ("/audit/proofs/inclusion", 400, "parameter-missing"),
            ("/audit/proofs/inclusion?event=first", 400, "parameter-malformed"),
            ("/audit/proofs/inclusion?event=1", 404, "audit-unknown"),
            ("/audit/proofs/inclusion?event=999999999", 404, "audit-unknown"),
            ($"/audit/proofs/inclusion?event={Guid.NewGuid():D}", 404, "audit-unknown"),
            ("/audit/proofs/consistency?from=3&to=2", 404, "audit-unknown"),
            ($"/audit/proofs/consistency?from=1&to={size + 1}", 404, "audit-unknown"),
            ($"/audit/tiles/0/000.p/{size + 1}", 404, "audit-unknown"),
            ("/audit/tiles/0/000", 404, "audit-unknown"),
            ("/audit/tiles/1/000.p/1", 404, "audit-unknown"),
            ("/audit/tiles/64/000", 404, "audit-unknown"),
            ("/audit/tiles/0/1", 404, "audit-unknown"),
            ("/audit/tiles/0/x999/x999/x999/x999/x999/999", 404, "audit-unknown"),
            ("/audit/tiles/0/x999/x999/x999/x999/x999/999.p/1", 404, "audit-unknown"),
        })
        {
            (await scenario.SendAsync(Step.Get(path))).IsProblem(status, code);
        }
    }

    [Fact]
    public async Task What_is_not_as_it_was_recorded_is_not_proven_and_the_reader_is_told_what_to_do()
    {
        var scenario = host.Given([.. CompanyWithChart, Sale("s1")]);
        await scenario.PrepareAsync();
        (await scenario.SendAsync(Step.Get("/audit/entries/s1"))).Is(200);
        var sale = (await scenario.RecordedAsync())[^1].Sequence;
        await host.ExecuteAsSuperuserAsync($"""
            set session_replication_role = replica;
            update public.mt_events set user_name = 'key:other' where seq_id = {sale}
            """);

        var answer = await scenario.SendAsync(Step.Get("/audit/entries/s1"));

        answer.IsProblem(409, "audit-contradicted");
        Assert.Contains(
            $"Event {sale} is not the one that was added to the audit log, so nothing proves it: have whoever runs the "
            + "service run './run verify'", answer.Body, StringComparison.Ordinal);
        (await scenario.SendAsync(Step.Get($"/audit/proofs/inclusion?event={sale}")))
            .IsProblem(409, "audit-contradicted");
    }

    [Fact]
    public async Task A_tile_holds_the_hashes_of_the_leaves()
    {
        var scenario = host.Given(CompanyWithChart);
        await scenario.PrepareAsync();
        var checkpoint = await CheckpointAsync(scenario);
        var tile = await host.Client.GetByteArrayAsync(
            new Uri($"/companies/{scenario.Company}/audit/tiles/0/000.p/{checkpoint.Size}", UriKind.Relative));
        var tree = new GrowingTree();
        foreach (var leaf in tile.Chunk(MerkleTree.HashLength))
        {
            tree.Add(leaf);
        }

        Assert.Equal(checkpoint.Size, tree.Size);
        Assert.Equal(checkpoint.Root, tree.Root());
    }

    [Fact]
    public async Task A_closing_is_the_last_leaf_of_a_checkpoint()
    {
        var scenario = host.Given([.. CompanyWithChart, JanuaryClosed, Sale("s1", "2026-02-01")]);
        await scenario.PrepareAsync();
        await scenario.SendAsync(Step.Get("/audit/entries/s1"));
        var closing = (await scenario.RecordedAsync()).Select((each, i) => (each.Type, Size: i + 1))
            .Single(each => each.Type == "period_closed");

        await using var command = host.Ledger.Database.CreateCommand(
            "select count(*) from ledger.checkpoint where company = $1 and size = $2");
        command.Parameters.Add(new() { Value = scenario.Company });
        command.Parameters.Add(new() { Value = (long)closing.Size });
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    private static async Task<OfflineReport> VerifyAsync(string file, VerifierKey key)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, file);
            return await OfflineVerification.RunAsync(new(path), key, [], CancellationToken.None);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<VerifierKey> KeyAsync(Scenario scenario) =>
        VerifierKey.Parse((await scenario.SendAsync(Step.Get("/audit/key"))).Is(200).Json
            .GetProperty("keys")[0].GetString()!)!;

    /// <summary>The checkpoint over all that is recorded now.</summary>
    private static async Task<Checkpoint> CheckpointAsync(Scenario scenario)
    {
        var events = await scenario.RecordedAsync();
        (await scenario.SendAsync(Step.Get($"/audit/proofs/inclusion?event={events[^1].Sequence}"))).Is(200);
        var note = (await scenario.SendAsync(Step.Get("/audit/checkpoint"))).Is(200).Body;
        return OfflineVerification.Checkpoint(note, await KeyAsync(scenario), "checkpoint").Checkpoint;
    }
}

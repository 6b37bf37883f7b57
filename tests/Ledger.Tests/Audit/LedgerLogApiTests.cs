using System.Text;
using Ledger.Domain.Keys;
using Ledger.EventStore.Audit;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

public sealed class LedgerLogApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task The_owner_sees_every_company_and_proves_each_under_a_signed_checkpoint()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        var keys = (await host.GetAsync("/audit/key")).Is(200).Json.GetProperty("keys");
        var key = VerifierKey.Parse(keys[0].GetString()!)!;

        var rows = (await host.GetAsync("/audit/companies")).Is(200).Json.GetProperty("rows").EnumerateArray()
            .Select(row => row.GetProperty("company").GetString()!).ToArray();
        Assert.Contains("*DEFAULT*", rows);
        Assert.Contains(books.Company, rows);
        foreach (var company in rows)
        {
            var proof = (await host.GetAsync($"/audit/proofs/inclusion?company={company}")).Is(200).Json;
            var note = SignedNote.Parse(proof.GetProperty("checkpoint").GetString()!)!;
            Assert.True(note.IsSignedBy(key.Under($"{key.Name}/{company}")));
            var ledger = proof.GetProperty("ledger");
            var over = SignedNote.Parse(ledger.GetProperty("checkpoint").GetString()!)!;
            Assert.True(over.IsSignedBy(key));
            var root = Checkpoint.Parse(over.Text)!;
            Assert.True(MerkleTree.Includes(
                long.Parse(ledger.GetProperty("index").GetString()!), root.Size,
                MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(note.Text)),
                [.. ledger.GetProperty("proof").EnumerateArray().Select(each => each.GetBytesFromBase64())],
                root.Root));
        }
    }

    [Fact]
    public async Task The_tiles_are_the_leaves_and_the_log_only_grew()
    {
        await host.Given(Company).PrepareAsync();
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        var before = await CheckpointAsync();
        await host.Given(Company).PrepareAsync();
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        var after = await CheckpointAsync();
        Assert.True(after.Size > before.Size);

        var tile = await host.Client.GetByteArrayAsync(
            new Uri($"/audit/tiles/0/000.p/{after.Size}", UriKind.Relative));
        var tree = new GrowingTree();
        tile.Chunk(MerkleTree.HashLength).ToList().ForEach(leaf => tree.Add(leaf));
        Assert.Equal(after.Root, tree.Root());
        var proof = (await host.GetAsync($"/audit/proofs/consistency?from={before.Size}&to={after.Size}")).Is(200).Json;
        Assert.True(MerkleTree.IsConsistent(
            before.Size, after.Size, before.Root, after.Root,
            [.. proof.GetProperty("proof").EnumerateArray().Select(each => each.GetBytesFromBase64())]));
        (await host.GetAsync($"/audit/proofs/consistency?from={after.Size + 1}")).IsProblem(404, "audit-unknown");
        (await host.GetAsync("/audit/tiles/0/x999/999")).IsProblem(404, "audit-unknown");
    }

    [Fact]
    public async Task A_key_of_a_company_sees_hashes_and_its_own_company_only()
    {
        var (books, others) = (host.Given(Company), host.Given(Company));
        await books.PrepareAsync();
        await others.PrepareAsync();
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        var auditor = await new CompanyKeys(host, books.Company).IssueAsync("auditor", Role.Auditor, "anna");
        var shop = await new CompanyKeys(host, books.Company).IssueAsync("me", Role.Employee, "petar");

        foreach (var path in new[] { "key", "checkpoint", "proofs/consistency?from=1", "tiles/0/000.p/1" })
        {
            var own = $"/audit/{path}{(path.Contains('?') ? '&' : '?')}company={books.Company}";
            (await AsAsync(shop, own)).Is(200);
            (await AsAsync(shop, $"/audit/{path}")).IsProblem(401, "key-unknown");
        }

        var listed = (await AsAsync(auditor, $"/audit/companies?company={books.Company}")).Is(200).Json;
        var rows = listed.GetProperty("rows").EnumerateArray();
        Assert.Equal(books.Company, Assert.Single(rows).GetProperty("company").GetString());
        (await AsAsync(auditor, "/audit/companies")).IsProblem(401, "key-unknown");
        (await AsAsync(auditor, $"/audit/companies?company={others.Company}")).IsProblem(401, "key-unknown");
        (await AsAsync(auditor, $"/audit/proofs/inclusion?company={others.Company}")).IsProblem(401, "key-unknown");
        (await AsAsync(shop, $"/audit/companies?company={books.Company}")).IsProblem(403, "permission-missing");
    }

    [Fact]
    public async Task Commands_beside_the_service_add_to_the_logs_with_it_and_none_takes_them_for_damaged()
    {
        for (var round = 0; round < 5; round++)
        {
            var books = host.Given(CompanyWithChart);
            await books.PrepareAsync();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
                host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None)));

            var proof = (await host.GetAsync($"/audit/proofs/inclusion?company={books.Company}")).Is(200).Json;
            Assert.Equal("6", proof.GetProperty("size").GetString());
            Assert.Null(host.Ledger.AuditLog.Status.Trouble);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_told()
    {
        (await host.GetAsync("/audit/proofs/inclusion")).IsProblem(400, "parameter-missing");
        (await host.GetAsync("/audit/proofs/inclusion?company=none")).IsProblem(404, "audit-unknown");
        (await host.GetAsync("/audit/companies?company=a/b")).IsProblem(400, "parameter-malformed");
        (await host.GetAsync("/audit/checkpoint?cosigned=yes")).IsProblem(400, "parameter-malformed");
        var behind = (await host.GetAsync("/audit/companies?after=~")).Is(200).Json;
        Assert.Empty(behind.GetProperty("rows").EnumerateArray());
    }

    private Task<ApiAnswer> AsAsync(string key, string path) =>
        CompanyKeys.SendAsync(host, key, ApiHost.Request(HttpMethod.Get, path, null));

    private async Task<Checkpoint> CheckpointAsync() =>
        Checkpoint.Parse(SignedNote.Parse((await host.GetAsync("/audit/checkpoint")).Is(200).Body)!.Text)!;
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.EventStore.Audit;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

/// <summary>Checkpoints, tiles and proofs, read by the packages that Go's own checksum database rests on.</summary>
public sealed class GoVerifierTests(ApiHost host) : IClassFixture<ApiHost>, IDisposable
{
    private const string Packages = "/usr/share/gocode";
    private const string Tlog = $"{Packages}/src/golang.org/x/mod/sumdb/tlog/tlog.go";
    private const int TileWidth = 256;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-go-");

    public void Dispose() => folder.Delete(recursive: true);

    [FactWith("go", Tlog)]
    public async Task Go_opens_our_checkpoints_rebuilds_the_tree_from_our_tiles_and_accepts_our_proofs()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        await SellAsync(books, 0, 5);
        var (_, old) = await ProvenAsync(books, "old-checkpoint", "order-0-4");
        await SellAsync(books, 1, 600);
        string[] entries = ["order-0-0", "order-1-0", "order-1-300", "order-1-599"];
        var (leaves, size) = await ProvenAsync(books, "checkpoint", entries);
        Assert.InRange(size, 2 * TileWidth, long.MaxValue);
        await TilesAsync(books, size);
        var growth = (await books.SendAsync(Step.Get($"/audit/proofs/consistency?from={old}&to={size}"))).Is(200).Json;
        var keys = (await books.SendAsync(Step.Get("/audit/key"))).Is(200).Json;
        await WriteAsync("key", keys.GetProperty("keys")[0].GetString()!);
        await WriteAsync("claims.json", JsonSerializer.Serialize(new
        {
            Growth = growth.GetProperty("proof"),
            Leaves = leaves.Select(leaf => leaf.GetProperty("events")[0]).Select(each => new
            {
                Index = long.Parse(each.GetProperty("index").GetString()!, CultureInfo.InvariantCulture),
                Data = Encoding.UTF8.GetString(
                    CanonicalJson.Of(Encoding.UTF8.GetBytes(each.GetProperty("envelope").GetRawText()))),
                Proof = each.GetProperty("proof"),
            }),
        }));

        var (code, said) = await GoAsync();
        Assert.True(code == 0, said);
        Assert.StartsWith($"{entries.Length} leaves of {size} are proven", said, StringComparison.Ordinal);

        var note = await ReadAsync("checkpoint");
        await WriteAsync("checkpoint", note.Replace($"\n{size}\n", $"\n{size - 1}\n", StringComparison.Ordinal));
        Assert.Equal(1, (await GoAsync()).Code);
    }

    private static async Task SellAsync(Scenario books, int batch, int count)
    {
        var lines = string.Join('\n', Enumerable.Range(0, count).Select(i =>
            SaleJson().ReplaceLineEndings("").Insert(1, $"\"id\": \"order-{batch}-{i}\", ")));
        (await books.SendAsync(Step.Post(
            "/journal-entries:batch", lines, ("Content-Type", "application/x-ndjson")))).Is(200);
    }

    /// <summary>Waits until one checkpoint is over all of these entries, and keeps it under a name.</summary>
    private async Task<(IReadOnlyList<JsonElement> Proofs, long Size)> ProvenAsync(
        Scenario books, string name, params string[] entries)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var newest = (await books.SendAsync(Step.Get("/audit/checkpoint"))).Is(200).Body;
            var proofs = new List<JsonElement>();
            foreach (var entry in entries)
            {
                proofs.Add((await books.SendAsync(Step.Get($"/audit/entries/{entry}"))).Is(200).Json);
            }

            if (proofs.TrueForAll(proof => proof.GetProperty("checkpoint").GetString() == newest))
            {
                await WriteAsync(name, newest);
                return (proofs, long.Parse(newest.Split('\n')[1], CultureInfo.InvariantCulture));
            }

            await Task.Delay(100);
        }

        throw new TimeoutException("The proofs do not come under the newest checkpoint.");
    }

    /// <summary>Fetches all tiles of a tree of that size into files that are named as their paths are.</summary>
    private async Task TilesAsync(Scenario books, long size)
    {
        for (var (level, hashes) = (0, size); hashes > 0; (level, hashes) = (level + 1, hashes / TileWidth))
        {
            for (var tile = 0; tile * TileWidth < hashes; tile++)
            {
                var width = Math.Min(TileWidth, hashes - (tile * TileWidth));
                var path = $"{level}/{tile:000}" + (width < TileWidth ? $".p/{width}" : "");
                var bytes = await host.Client.GetByteArrayAsync(
                    new Uri($"/companies/{books.Company}/audit/tiles/{path}", UriKind.Relative));
                Assert.Equal(width * MerkleTree.HashLength, bytes.Length);
                var file = new FileInfo(Path.Combine(folder.FullName, "tile", path));
                file.Directory!.Create();
                await File.WriteAllBytesAsync(file.FullName, bytes);
            }
        }
    }

    private Task WriteAsync(string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text);

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(folder.FullName, name));

    private Task<(int Code, string Said)> GoAsync() => SecondVerifier.RunAsync(
        "go",
        ["run", SecondVerifier.Beside("verify.go"), folder.FullName],
        ("GO111MODULE", "off"), ("GOPATH", Packages), ("GOFLAGS", ""), ("GOPROXY", "off"),
        ("GOCACHE", Path.Combine(folder.FullName, "cache")));
}

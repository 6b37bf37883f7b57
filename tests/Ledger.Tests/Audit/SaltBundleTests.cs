using Ledger.Api.Audit;
using Ledger.EventStore.Audit;
using Ledger.Tests.Http;
using Ledger.Tests.Periods;
using static Ledger.Tests.Audit.SaltDeletionApiTests;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.Periods.CertifiedBooks;

namespace Ledger.Tests.Audit;

/// <summary>What proofs and bundles say of an event whose salt was deleted, to both verifiers.</summary>
public sealed class SaltBundleTests(CertifyingHost certifying) : IClassFixture<CertifyingHost>, IDisposable
{
    private readonly ApiHost host = certifying.Host;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-salts-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_proof_says_that_the_salt_was_deleted_and_holds()
    {
        var (books, key) = await BooksAsync();
        var file = (await books.SendAsync(Step.Get("/audit/entries/old"))).Is(200);

        var shown = file.Json.GetProperty("events")[0];
        Assert.True(shown.GetProperty("saltDeleted").GetBoolean());
        Assert.Equal("null null", $"{shown.GetProperty("salt").GetRawText()} {shown.GetProperty("body").GetRawText()}");
        var path = Path.Combine(folder.FullName, "proof.json");
        await File.WriteAllTextAsync(path, file.Body);
        var report = await VerifyAsync(path, key);
        Assert.True(report.Holds, string.Join('\n', report.Lines));
        Assert.EndsWith("so nobody can prove it.", report.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_counts_what_was_deleted_and_calls_no_month_complete_that_rests_on_it()
    {
        var (books, key) = await BooksAsync();
        foreach (var period in (string?[])[null, "2026-01"])
        {
            var report = await VerifyAsync(await BundleAsync(books, period), key);

            Assert.True(report.Holds, string.Join('\n', report.Lines));
            Assert.Contains("Not shown: 1 bodies of journal_entry_posted.", report.Lines);
            Assert.Contains(
                report.Lines, line => line.StartsWith("Of these, 1 can be shown by nobody", StringComparison.Ordinal));
            Assert.Contains(report.Lines, line => line.StartsWith("NOT complete: ", StringComparison.Ordinal)
                && line.Contains("1 of journal_entry_posted", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_readme_of_a_bundle_says_how_many_salts_were_deleted()
    {
        var (books, _) = await BooksAsync();
        await using var archive = await System.IO.Compression.ZipFile.OpenReadAsync(await BundleAsync(books, null));
        using var reader = new StreamReader(await archive.GetEntry("README.txt")!.OpenAsync());

        Assert.Contains("whose salts were deleted: 1, as", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [FactWith("python3")]
    public async Task The_second_verifier_accepts_both_and_finds_no_month_complete()
    {
        var (books, key) = await BooksAsync();
        var proof = Path.Combine(folder.FullName, "second.json");
        await File.WriteAllTextAsync(proof, (await books.SendAsync(Step.Get("/audit/entries/old"))).Is(200).Body);

        var (code, said) = await SecondVerifier.VerifyAsync("--key", key.ToString(), proof);
        Assert.True(code == 0, said);

        (code, said) = await SecondVerifier.VerifyAsync("--key", key.ToString(), await BundleAsync(books, null));
        Assert.True(code == 0, said);
        Assert.Contains("'journal_entry_posted': 1", said, StringComparison.Ordinal);
        Assert.DoesNotContain(" Complete: ", said, StringComparison.Ordinal);
    }

    /// <summary>A certified month over an entry whose salt was deleted since.</summary>
    private async Task<(Scenario Books, VerifierKey Key)> BooksAsync()
    {
        var books = host.Given(
        [
            .. CompanyWithChart, Sale("old", "2010-01-31", "12.34"), Sale("young"), Closed("2026-01", through: true),
        ]);
        await books.PrepareAsync();
        await books.CertifiedAsync("2026-01");
        (await books.SendAsync(Delete("d1", await IdAsync(books, "old")))).Is(201);
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        var key = (await books.SendAsync(Step.Get("/audit/key"))).Is(200).Json.GetProperty("keys")[0].GetString()!;
        return (books, VerifierKey.Parse(key)!);
    }

    private async Task<string> BundleAsync(Scenario books, string? period)
    {
        var path = Path.Combine(folder.FullName, $"{Guid.NewGuid():N}.zip");
        await using var written = File.Create(path);
        await AuditBundle.WriteAsync(host.Ledger, books.Company, period, written, null, CancellationToken.None);
        return path;
    }

    private static Task<OfflineReport> VerifyAsync(string path, VerifierKey key) =>
        OfflineVerification.RunAsync(new(path), key, [], CancellationToken.None);
}

using System.IO.Compression;
using Ledger.Api;
using Ledger.Api.Audit;
using Ledger.EventStore.Audit;
using Ledger.Tests.Http;
using Ledger.Tests.Periods;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.Periods.CertifiedBooks;

namespace Ledger.Tests.Audit;

/// <summary>What the bundle of a month tells, and what not.</summary>
public sealed class BundleScopeTests(CertifyingHost certifying) : IClassFixture<CertifyingHost>, IDisposable
{
    private readonly ApiHost host = certifying.Host;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-scope-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task The_bundle_of_a_month_shows_what_its_certificate_rests_on_and_nothing_later()
    {
        var books = host.Given(
        [
            .. CompanyWithChart, Step.Put("/dimensions/department/sales", """{"name": "Sales"}"""),
            Sale("s1", "2026-01-30", "12.34"), Closed("2026-01"),
        ]);
        await books.PrepareAsync();
        await books.CertifiedAsync("2026-01");
        (await books.SendAsync(Sale("s2", "2026-02-03", "77.71"))).Is(201);
        (await books.SendAsync(Account("900", "Secret plans", "expense"))).Is(201);
        Assert.True((await books.SendAsync(Closed("2026-02"))).Status is 200 or 201);
        await books.CertifiedAsync("2026-02");
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);

        var january = await WriteAsync(books, "2026-01");
        var leaves = await LeavesOfAsync(january);
        Assert.Contains("12.34", leaves, StringComparison.Ordinal);
        Assert.DoesNotContain("77.71", leaves, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret plans", leaves, StringComparison.Ordinal);

        var report = await VerifyAsync(books, january);
        Assert.True(report.Holds, string.Join('\n', report.Lines));
        Assert.Equal(
            [
                "Not shown: 1 bodies of account_opened.", "Not shown: 1 bodies of dimension_value_added.",
                "Not shown: 1 bodies of journal_entry_posted.", "Not shown: 1 bodies of period_certified.",
                "Not shown: 1 bodies of period_closed.",
            ],
            report.Lines.Where(line => line.StartsWith("Not shown", StringComparison.Ordinal)));
        Assert.StartsWith(
            "Complete: the certificate of 2026-01 over 9 leaves: 1 entry from",
            Assert.Single(report.Lines, line => line.Contains("omplete", StringComparison.Ordinal)),
            StringComparison.Ordinal);

        report = await VerifyAsync(books, await WriteAsync(books, "2026-02"));
        Assert.True(report.Holds, string.Join('\n', report.Lines));
        Assert.Equal(2, report.Lines.Count(line => line.StartsWith("Complete: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_month_without_a_certificate_has_no_bundle()
    {
        var books = host.Given([.. CompanyWithChart, Sale("s1", "2026-01-30")]);
        await books.PrepareAsync();
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<SetUpException>(() => WriteAsync(books, "2026-01"));

        Assert.StartsWith("2026-01 has no certificate in the company", refused.Message, StringComparison.Ordinal);
    }

    private async Task<string> WriteAsync(Scenario books, string period)
    {
        var path = Path.Combine(folder.FullName, $"{period}.zip");
        await using var written = File.Create(path);
        await AuditBundle.WriteAsync(host.Ledger, books.Company, period, written, null, CancellationToken.None);
        return path;
    }

    private static async Task<string> LeavesOfAsync(string path)
    {
        await using var archive = await ZipFile.OpenReadAsync(path);
        using var reader = new StreamReader(await archive.GetEntry("leaves.ndjson")!.OpenAsync());
        return await reader.ReadToEndAsync();
    }

    private static async Task<OfflineReport> VerifyAsync(Scenario books, string path)
    {
        var key = (await books.SendAsync(Step.Get("/audit/key"))).Is(200).Json.GetProperty("keys")[0].GetString()!;
        return await OfflineVerification.RunAsync(new(path), VerifierKey.Parse(key)!, [], CancellationToken.None);
    }
}

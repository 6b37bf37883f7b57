using System.IO.Compression;
using Ledger.Api.Audit;
using Ledger.EventStore.Audit;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

/// <summary>The bundle of a company: written by the ledger, checked without it.</summary>
public sealed class BundleTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_bundle_holds_and_shows_every_body()
    {
        var (bundle, key) = await BundleAsync(null);

        var report = await VerifyAsync(bundle, key);

        Assert.True(report.Holds, string.Join('\n', report.Lines));
        Assert.Contains("All 9 leaves of ", report.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("9 bodies are shown", report.Lines[1], StringComparison.Ordinal);
        Assert.Contains("Every time is claimed by the operator.", report.Lines);
    }

    [Fact]
    public async Task A_bundle_of_a_month_shows_what_its_statements_rest_on_and_counts_the_rest()
    {
        var (bundle, key) = await BundleAsync("2026-01");

        var report = await VerifyAsync(bundle, key);

        Assert.True(report.Holds, string.Join('\n', report.Lines));
        Assert.Contains("Not shown: 1 bodies of dimension_value_added.", report.Lines);
    }

    [Theory]
    [InlineData("\"12.00\"", "\"13.00\"", "shows another body")]
    [InlineData("\"stream\":\"chart\",\"type\":\"account_opened\",\"version\":\"1\"",
        "\"stream\":\"chart\",\"type\":\"account_opened\",\"version\":\"2\"", "has not version")]
    [InlineData("\"actor\":\"key:", "\"actor\":\"key:x", "do not come to the signed root")]
    [InlineData("backoffice-leaf/1", "backoffice-leaf/2", "has no envelope")]
    public async Task Whatever_is_changed_in_the_leaves_refutes_it(string recorded, string changed, string why)
    {
        var (bundle, key) = await BundleAsync(null);

        var report = await VerifyAsync(Changed(bundle, "leaves.ndjson", text =>
        {
            var at = text.IndexOf(recorded, StringComparison.Ordinal);
            Assert.True(at >= 0, text);
            return text[..at] + changed + text[(at + recorded.Length)..];
        }), key);

        Assert.False(report.Holds);
        Assert.Contains(why, report.Lines.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leaf_that_is_left_out_doubled_or_moved_refutes_it()
    {
        var (bundle, key) = await BundleAsync(null);
        foreach (var change in (Func<string[], IEnumerable<string>>[])
        [
            lines => lines[..^1],
            lines => lines[1..],
            lines => [.. lines, lines[^1]],
            lines => [lines[1], lines[0], .. lines[2..]],
        ])
        {
            var changed = Changed(bundle, "leaves.ndjson", text => string.Concat(
                change(text.TrimEnd('\n').Split('\n')).Select(line => line + "\n")));
            Assert.False((await VerifyAsync(changed, key)).Holds);
        }
    }

    [Fact]
    public async Task A_torn_bundle_is_refuted_wherever_it_is_torn()
    {
        var (bundle, key) = await BundleAsync(null);
        for (var length = 0; length < bundle.Length; length += Math.Max(1, bundle.Length / 40))
        {
            var report = await VerifyAsync(bundle[..length], key);
            Assert.False(report.Holds);
            Assert.StartsWith("REFUTED: ", report.Lines.Single(), StringComparison.Ordinal);
        }
    }

    private async Task<(byte[] Bundle, VerifierKey Key)> BundleAsync(string? period)
    {
        var scenario = host.Given(
        [
            .. CompanyWithChart, Step.Put("/dimensions/department/sales", """{"name": "Sales"}"""),
            Sale("s1"), Sale("s2"),
        ]);
        await scenario.PrepareAsync();
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        using var bundle = new MemoryStream();
        await AuditBundle.WriteAsync(host.Ledger, scenario.Company, period, bundle, null, CancellationToken.None);
        var key = (await scenario.SendAsync(Step.Get("/audit/key"))).Is(200).Json.GetProperty("keys")[0].GetString()!;
        return (bundle.ToArray(), VerifierKey.Parse(key)!);
    }

    private static byte[] Changed(byte[] bundle, string name, Func<string, string> change)
    {
        using var stream = new MemoryStream();
        stream.Write(bundle);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = archive.GetEntry(name)!;
            string text;
            using (var reader = new StreamReader(entry.Open()))
            {
                text = reader.ReadToEnd();
            }

            entry.Delete();
            using var writer = new StreamWriter(archive.CreateEntry(name).Open());
            writer.Write(change(text));
        }

        return stream.ToArray();
    }

    private static async Task<OfflineReport> VerifyAsync(byte[] bundle, VerifierKey key)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, bundle);
            return await OfflineVerification.RunAsync(new(path), key, [], CancellationToken.None);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

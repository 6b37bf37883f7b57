using System.IO.Compression;
using Ledger.Api.Audit;
using Ledger.EventStore.Audit;
using Ledger.Tests.Http;
using Ledger.Tests.Roles;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

/// <summary>The bundle of a company: written by the ledger, checked without it.</summary>
public sealed class BundleTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_bundle_holds_and_shows_every_body()
    {
        var (bundle, key) = await BundleAsync();

        var report = await VerifyAsync(bundle, key);

        Assert.True(report.Holds, string.Join('\n', report.Lines));
        Assert.Contains("All 9 leaves of ", report.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("9 bodies are shown", report.Lines[1], StringComparison.Ordinal);
        Assert.Contains("Every time is claimed by the operator.", report.Lines);
    }

    [Theory]
    [InlineData("\"12.00\"", "\"13.00\"", "shows another body")]
    [InlineData("\"stream\":\"chart\",\"type\":\"account_opened\",\"version\":\"1\"",
        "\"stream\":\"chart\",\"type\":\"account_opened\",\"version\":\"2\"", "has not version")]
    [InlineData("\"actor\":\"key:", "\"actor\":\"key:x", "do not come to the signed root")]
    [InlineData("backoffice-leaf/1", "backoffice-leaf/2", "has no envelope")]
    public async Task Whatever_is_changed_in_the_leaves_refutes_it(string recorded, string changed, string why)
    {
        var (bundle, key) = await BundleAsync();

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
        var (bundle, key) = await BundleAsync();
        foreach (var (change, why) in ((Func<string[], IEnumerable<string>>, string)[])
        [
            (lines => lines[..^1], "the 8 leaves do not come to the signed root over 9"),
            (lines => lines[1..], "the 8 leaves do not come to the signed root over 9"),
            (lines => [.. lines, lines[^1]], "more lines than the 9 leaves"),
            (lines => [lines[1], lines[0], .. lines[2..]], "leaf 1 (line 2) has a sequence that does not rise"),
        ])
        {
            var changed = Changed(bundle, "leaves.ndjson", text => string.Concat(
                change(text.TrimEnd('\n').Split('\n')).Select(line => line + "\n")));
            var report = await VerifyAsync(changed, key);
            Assert.False(report.Holds);
            Assert.Contains(why, report.Lines.Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Whoever_kept_an_earlier_checkpoint_sees_whether_the_log_goes_on_from_it()
    {
        var scenario = await BooksAsync();
        var (before, key) = await BundleAsync(scenario);
        (await scenario.SendAsync(Sale("s3"))).Is(201);
        var (bundle, _) = await BundleAsync(scenario);
        var note = SignedNote.Parse(ContentOf(before, "checkpoint"))!;
        var forged = note with { Text = new Checkpoint(key.Name, 9, new byte[32]).ToString() };
        var stranger = new VerifierKey(key.Name, SignatureKind.Log, Ed25519.PublicKeyOf(new byte[32]));
        SignedNote Signed(string text) => new(text, [SignedNote.Sign(text, stranger, new byte[32])]);

        var report = await VerifyAsync(bundle, key, note);
        Assert.True(report.Holds, string.Join('\n', report.Lines));
        Assert.Contains("It goes on from the earlier checkpoint of 9 leaves.", report.Lines);
        report = await VerifyAsync(bundle, key, Signed(note.Text));
        Assert.True(report.Holds, string.Join('\n', report.Lines));
        Assert.EndsWith("whose signature was not checked: it is not of this key.", report.Lines[1],
            StringComparison.Ordinal);

        foreach (var (since, file, why) in new[]
        {
            (Signed(forged.Text), bundle, "the first 9 leaves are not those of the note of --since"),
            (forged, bundle, "the note of --since has a false signature"),
            (SignedNote.Parse(ContentOf(bundle, "checkpoint"))!, before, "had 10 leaves by the note of --since"),
            (Signed("other\n"), bundle, "is no checkpoint of"),
        })
        {
            report = await VerifyAsync(file, key, since);
            Assert.False(report.Holds);
            Assert.Contains(why, report.Lines.Single(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n\n")]
    [InlineData("\r\n")]
    public async Task A_checkpoint_that_was_kept_in_a_file_may_end_with_any_number_of_newlines(string end)
    {
        var (bundle, key) = await BundleAsync();
        var folder = Directory.CreateTempSubdirectory("backoffice-since-");
        try
        {
            var (file, since) = (Path.Combine(folder.FullName, "acme.zip"), Path.Combine(folder.FullName, "kept"));
            await File.WriteAllBytesAsync(file, bundle);
            await File.WriteAllTextAsync(since, ContentOf(bundle, "checkpoint").TrimEnd('\n') + end);

            var (code, output, error) = await CommandRun.RunAsync(
                "audit", "verify", "--offline", file, "--key", key.ToString(), "--since", since);

            Assert.True(code == 0, output + error);
            Assert.Contains("It goes on from the earlier checkpoint of 9 leaves.", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_torn_bundle_is_refuted_wherever_it_is_torn()
    {
        var (bundle, key) = await BundleAsync();
        for (var length = 0; length < bundle.Length; length += Math.Max(1, bundle.Length / 40))
        {
            var report = await VerifyAsync(bundle[..length], key);
            Assert.False(report.Holds);
            Assert.StartsWith("REFUTED: ", report.Lines.Single(), StringComparison.Ordinal);
        }
    }

    private async Task<(byte[] Bundle, VerifierKey Key)> BundleAsync() => await BundleAsync(await BooksAsync());

    private async Task<Scenario> BooksAsync()
    {
        var scenario = host.Given(
        [
            .. CompanyWithChart, Step.Put("/dimensions/department/sales", """{"name": "Sales"}"""),
            Sale("s1"), Sale("s2"),
        ]);
        await scenario.PrepareAsync();
        return scenario;
    }

    private async Task<(byte[] Bundle, VerifierKey Key)> BundleAsync(Scenario scenario)
    {
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        using var bundle = new MemoryStream();
        await AuditBundle.WriteAsync(host.Ledger, scenario.Company, null, bundle, null, CancellationToken.None);
        var key = (await scenario.SendAsync(Step.Get("/audit/key"))).Is(200).Json.GetProperty("keys")[0].GetString()!;
        return (bundle.ToArray(), VerifierKey.Parse(key)!);
    }

    private static string ContentOf(byte[] bundle, string name)
    {
        using var archive = new ZipArchive(new MemoryStream(bundle));
        using var reader = new StreamReader(archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
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

    private static async Task<OfflineReport> VerifyAsync(byte[] bundle, VerifierKey key, SignedNote? since = null)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, bundle);
            return await OfflineVerification.RunAsync(new(path), key, [], since, CancellationToken.None);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

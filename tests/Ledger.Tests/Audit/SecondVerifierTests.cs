using System.IO.Compression;
using System.Text.RegularExpressions;
using Ledger.Tests.Http;
using Ledger.Tests.Periods;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.Periods.CertifiedBooks;

namespace Ledger.Tests.Audit;

/// <summary>The verifier in Python, which rests on <c>docs/audit-format.md</c> alone, and shares no code with
/// ours.</summary>
public sealed partial class SecondVerifierTests(CertifyingHost certifying, SecondVerifierTests.Samples samples)
    : IClassFixture<CertifyingHost>, IClassFixture<SecondVerifierTests.Samples>, IDisposable
{
    private readonly ApiHost host = certifying.Host;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-proofs-");

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>So that whoever is to trust it reads it in one go, and runs it wherever Python is.</summary>
    [Fact]
    public void It_is_one_file_below_200_lines_of_the_standard_library_alone()
    {
        Assert.Equal([SecondVerifier.Script], Directory.GetFileSystemEntries(SecondVerifier.Tools));
        var lines = File.ReadAllLines(SecondVerifier.Script);
        Assert.InRange(lines.Length, 100, 199);
        Assert.Equal(
            [
                "argparse", "base64", "collections", "datetime", "decimal", "hashlib", "hmac", "json", "re", "sys",
                "zipfile",
            ],
            lines.Select(line => ImportPattern().Match(line)).Where(match => match.Success)
                .SelectMany(match => match.Groups["modules"].Value.Split(", "))
                .Distinct().Order(StringComparer.Ordinal));
    }

    [FactWithVectors("wycheproof/ed25519_test.json", Program = "python3")]
    public async Task Its_signatures_trees_and_canonical_JSON_are_as_published_vectors_say()
    {
        var (code, said) = await SecondVerifier.PythonAsync(
            SecondVerifier.Beside("standards_vectors.py"), SecondVerifier.Script, FactWithVectorsAttribute.PathOf(""));

        Assert.True(code == 0, said);
        Assert.Contains(" vectors hold.", said, StringComparison.Ordinal);
    }

    /// <summary>Bundles and proofs with one fault each: changed, dropped, swapped, torn, lied about.</summary>
    [FactWith("python3")]
    public async Task It_accepts_what_is_whole_and_says_of_each_fault_what_is_wrong()
    {
        var failed = new List<string>();
        var cases = await samples.MadeAsync();
        foreach (var (each, (code, said)) in cases.All.Zip(await cases.SecondReportsAsync()))
        {
            // A byte that nothing rests on, such as the time of a file in the ZIP, may change.
            if ((each.Code is { } wanted ? code != wanted : code is not (0 or 1))
                || !said.Contains(each.Says, StringComparison.Ordinal)
                || said.Contains("Traceback", StringComparison.Ordinal))
            {
                failed.Add($"{each.File} is to end with {each.Code} and '{each.Says}', and ended with {code}: {said}");
            }
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
        Assert.InRange(cases.All.Count, 100, int.MaxValue);
    }

    [FactWith("python3")]
    public async Task Our_own_verifier_comes_to_the_same_verdicts()
    {
        var failed = new List<string>();
        var cases = await samples.MadeAsync();
        foreach (var each in cases.All)
        {
            if (each.Code is not { } wanted || wanted == 2)
            {
                continue;
            }

            var report = await cases.OurReportAsync(each);
            if (report.Holds != (wanted == 0))
            {
                failed.Add($"{each.File} is to end with {wanted}: {string.Join(' ', report.Lines)}");
            }
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }

    [FactWith("python3")]
    public async Task It_finds_the_bundles_that_the_service_writes_complete_and_refutes_any_other_figure()
    {
        var books = host.Given(
        [
            .. CompanyWithChart, Step.Put("/dimensions/department/sales", """{"name": "Sales"}"""),
            Sale("s1", "2026-01-30", "12.34"), Sale("s2"), Closed("2026-01"), Sale("s3", "2026-02-03"),
            Closed("2026-02"), Reopened("2026-02"), Sale("s4", "2026-02-04", "0.10"), Closed("2026-02"),
        ]);
        await books.PrepareAsync();
        await books.CertifiedAsync("2026-02");
        var key = await SecondVerifier.KeyAsync(books);

        var (code, said) = await VerifyBundleAsync(books, key, null);
        Assert.True(code == 0, said);
        Assert.Contains("signed by the key, is here whole", said, StringComparison.Ordinal);
        Assert.Equal(4, said.Split("Complete: ").Length);

        (code, said) = await VerifyBundleAsync(books, key, "2026-02");
        Assert.True(code == 0, said);
        Assert.Contains("1 dimension_value_added", said, StringComparison.Ordinal);
        Assert.Equal(4, said.Split("Complete: ").Length);

        (code, said) = await VerifyBundleAsync(books, key, null, "\"12.34\"", "\"12.35\"");
        Assert.Equal(1, code);
        Assert.Contains("the body is not the recorded one", said, StringComparison.Ordinal);
    }

    [FactWith("python3")]
    public async Task It_verifies_the_proof_of_an_entry_that_the_service_gives_and_no_other()
    {
        var books = host.Given([.. CompanyWithChart, Sale("order-1", amount: "12.34"), Sale("order-2")]);
        await books.PrepareAsync();
        await books.SendAsync(Step.Post(
            "/journal-entries/order-1/reversal", """{"bookedOn": "2026-01-31", "reason": "Wrong"}"""));
        var key = await SecondVerifier.KeyAsync(books);
        var file = (await books.SendAsync(Step.Get("/audit/entries/order-1"))).Is(200).Body;

        var (code, said) = await VerifyAsync(key, file);
        Assert.True(code == 0, said);
        Assert.Contains("journal_entry_posted, version 1 of journal-entry/order-1", said, StringComparison.Ordinal);
        Assert.Contains("journal_entry_reversed, version 2 of journal-entry/order-1", said, StringComparison.Ordinal);

        (code, said) = await VerifyAsync(key, file.Replace("12.34", "12.35", StringComparison.Ordinal));
        Assert.Equal(1, code);
        Assert.Contains("the body is not the recorded one", said, StringComparison.Ordinal);

        var another = host.Given(Company);
        await another.PrepareAsync();
        (code, said) = await VerifyAsync(await SecondVerifier.KeyAsync(another), file);
        Assert.Equal(1, code);
        Assert.StartsWith("REFUTED", said, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Said)> VerifyBundleAsync(
        Scenario books, string key, string? period, string recorded = "", string changed = "")
    {
        var file = Path.Combine(folder.FullName, "bundle.zip");
        await SecondVerifier.WriteBundleAsync(host.Ledger, books.Company, period, file);
        if (recorded.Length > 0)
        {
            await using var archive = await ZipFile.OpenAsync(file, ZipArchiveMode.Update);
            var entry = archive.GetEntry("leaves.ndjson")!;
            string text;
            using (var reader = new StreamReader(await entry.OpenAsync()))
            {
                text = await reader.ReadToEndAsync();
            }

            entry.Delete();
            await using var writer = new StreamWriter(await archive.CreateEntry("leaves.ndjson").OpenAsync());
            await writer.WriteAsync(text.Replace(recorded, changed, StringComparison.Ordinal));
        }

        return await SecondVerifier.VerifyAsync("--key", key, file);
    }

    [GeneratedRegex(
        "^ *(import (?<modules>.+)|from (?<modules>[^ ]+) import .+)$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex ImportPattern();

    private async Task<(int Code, string Said)> VerifyAsync(string key, string proof)
    {
        var file = Path.Combine(folder.FullName, "proof.json");
        await File.WriteAllTextAsync(file, proof);
        return await SecondVerifier.VerifyAsync("--key", key, file);
    }

    /// <summary>Made once for all tests, when the first needs them: without Python none does.</summary>
    public sealed class Samples : IDisposable
    {
        private VerifierCases? made;

        internal async Task<VerifierCases> MadeAsync() => made ??= await VerifierCases.MakeAsync("audit_cases.py");

        public void Dispose() => made?.Dispose();
    }
}

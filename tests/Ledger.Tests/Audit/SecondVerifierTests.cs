using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ledger.Api.Audit;
using Ledger.EventStore.Audit;
using Ledger.Tests.Http;
using Ledger.Tests.Periods;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.Periods.CertifiedBooks;

namespace Ledger.Tests.Audit;

/// <summary>The verifier in Python, which rests on <c>docs/audit-format.md</c> alone, and shares no code with
/// ours.</summary>
public sealed partial class SecondVerifierTests(CertifyingHost certifying) : IClassFixture<CertifyingHost>, IDisposable
{
    private readonly ApiHost host = certifying.Host;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-proofs-");

    /// <param name="Code">How a verifier must end; either way where it is null.</param>
    private sealed record Case(string File, int? Code, string Says, string[] Arguments);

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
                "argparse", "base64", "collections", "datetime", "decimal", "functools", "hashlib", "hmac", "json",
                "re", "sys", "zipfile",
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
        var failed = new ConcurrentBag<string>();
        var cases = await CasesAsync();
        await Parallel.ForEachAsync(cases, async (each, _) =>
        {
            var (code, said) = await SecondVerifier.VerifyAsync(
                [.. each.Arguments, Path.Combine(folder.FullName, each.File)]);
            // A byte that nothing rests on, such as the time of a file in the ZIP, may change.
            if ((each.Code is { } wanted ? code != wanted : code is not (0 or 1))
                || !said.Contains(each.Says, StringComparison.Ordinal)
                || said.Contains("Traceback", StringComparison.Ordinal))
            {
                failed.Add($"{each.File} is to end with {each.Code} and '{each.Says}', and ended with {code}: {said}");
            }
        });

        Assert.True(failed.IsEmpty, string.Join('\n', failed));
        Assert.InRange(cases.Count, 100, int.MaxValue);
    }

    [FactWith("python3")]
    public async Task Our_own_verifier_comes_to_the_same_verdicts()
    {
        var failed = new List<string>();
        foreach (var each in await CasesAsync())
        {
            if (each.Code is not { } wanted || wanted == 2)
            {
                continue;
            }

            var keys = each.Arguments.Where((_, i) => i % 2 == 1).Select(text => VerifierKey.Parse(text)!).ToArray();
            var report = await OfflineVerification.RunAsync(
                new(Path.Combine(folder.FullName, each.File)), keys[0], keys[1..], CancellationToken.None);
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
        Assert.Contains("README.txt; 1 dimension_value_added bodies.", said, StringComparison.Ordinal);
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

    private async Task<IReadOnlyList<Case>> CasesAsync()
    {
        var (made, told) = await SecondVerifier.PythonAsync(
            SecondVerifier.Beside("audit_cases.py"), folder.FullName);
        Assert.True(made == 0, told);
        return JsonSerializer.Deserialize<List<Case>>(
            await File.ReadAllTextAsync(Path.Combine(folder.FullName, "cases.json")), JsonSerializerOptions.Web)!;
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
}

using System.Collections.Concurrent;
using System.Text.Json;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

/// <summary>The verifier in Python, which rests on <c>docs/audit-format.md</c> alone, and shares no code with
/// ours.</summary>
public sealed class SecondVerifierTests(ApiHost host) : IClassFixture<ApiHost>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-proofs-");

    public void Dispose() => folder.Delete(recursive: true);

    [FactWithVectors("wycheproof/ed25519_test.json", Program = "python3")]
    public async Task Its_signatures_trees_and_canonical_JSON_are_as_published_vectors_say()
    {
        var (code, said) = await SecondVerifier.PythonAsync(
            SecondVerifier.Beside("standards_vectors.py"), SecondVerifier.Tools, FactWithVectorsAttribute.PathOf(""));

        Assert.True(code == 0, said);
        Assert.Contains(" vectors hold.", said, StringComparison.Ordinal);
    }

    /// <summary>Bundles and proofs with one fault each: changed, dropped, swapped, torn, lied about.</summary>
    [FactWith("python3")]
    public async Task It_accepts_what_is_whole_and_says_of_each_fault_what_is_wrong()
    {
        var (made, told) = await SecondVerifier.PythonAsync(
            SecondVerifier.Beside("audit_cases.py"), folder.FullName);
        Assert.True(made == 0, told);
        using var cases = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "cases.json")));
        var failed = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(cases.RootElement.EnumerateArray().ToList(), async (each, _) =>
        {
            var file = each.GetProperty("file").GetString()!;
            var (code, said) = await SecondVerifier.VerifyAsync(
                [.. each.GetProperty("arguments").EnumerateArray().Select(one => one.GetString()!),
                    Path.Combine(folder.FullName, file)]);
            // A byte that nothing rests on, such as the time of a file in the ZIP, may change.
            var isAsWanted = each.GetProperty("code") is { ValueKind: JsonValueKind.Number } wanted
                ? code == wanted.GetInt32() : code is 0 or 1;
            if (!isAsWanted || !said.Contains(each.GetProperty("says").GetString()!, StringComparison.Ordinal)
                || said.Contains("Traceback", StringComparison.Ordinal))
            {
                failed.Add($"{each}\nended with {code}: {said}");
            }
        });

        Assert.True(failed.IsEmpty, string.Join('\n', failed));
        Assert.InRange(cases.RootElement.GetArrayLength(), 100, int.MaxValue);
    }

    [FactWith("python3")]
    public async Task It_verifies_the_proof_of_an_entry_that_the_service_gives_and_no_other()
    {
        var books = host.Given([.. CompanyWithChart, Sale("order-1", amount: "12.34"), Sale("order-2")]);
        await books.PrepareAsync();
        await books.SendAsync(Step.Post(
            "/journal-entries/order-1/reversal", """{"bookedOn": "2026-01-31", "reason": "Wrong"}"""));
        var key = await KeyAsync(books);
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
        (code, said) = await VerifyAsync(await KeyAsync(another), file);
        Assert.Equal(1, code);
        Assert.StartsWith("REFUTED", said, StringComparison.Ordinal);
    }

    [FactWith("python3")]
    public async Task A_proof_soon_stands_in_the_log_over_all_companies_and_verifies_with_it()
    {
        var books = host.Given([.. CompanyWithChart, Sale("order-1")]);
        await books.PrepareAsync();
        var key = await KeyAsync(books);
        var (code, said) = (0, "");
        for (var tries = 0; tries < 100 && !said.Contains("the same key) holds", StringComparison.Ordinal); tries++)
        {
            await Task.Delay(100);
            var file = (await books.SendAsync(Step.Get("/audit/entries/order-1"))).Is(200).Body;
            (code, said) = await VerifyAsync(key, file);
        }

        Assert.True(code == 0, said);
        Assert.Contains("the same key) holds this checkpoint", said, StringComparison.Ordinal);
    }

    private static async Task<string> KeyAsync(Scenario books) =>
        (await books.SendAsync(Step.Get("/audit/key"))).Is(200).Json.GetProperty("keys")[0].GetString()!;

    private async Task<(int Code, string Said)> VerifyAsync(string key, string proof)
    {
        var file = Path.Combine(folder.FullName, "proof.json");
        await File.WriteAllTextAsync(file, proof);
        return await SecondVerifier.VerifyAsync("--key", key, file);
    }
}

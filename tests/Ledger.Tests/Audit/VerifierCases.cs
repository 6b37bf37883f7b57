using System.Text.Json;
using Ledger.Api.Audit;
using Ledger.EventStore.Audit;

namespace Ledger.Tests.Audit;

/// <summary>A sample, and what a verifier must come to.</summary>
/// <param name="File">In the folder of the samples.</param>
/// <param name="Code">How a verifier must end; either way where it is null.</param>
/// <param name="Says">What it must say.</param>
/// <param name="Arguments">Beside the file: the options and their values in turn.</param>
internal sealed record VerifierCase(string File, int? Code, string Says, string[] Arguments);

/// <summary>Samples that a script beside these tests makes; they are gone when disposed.</summary>
internal sealed class VerifierCases : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-cases-");

    public IReadOnlyList<VerifierCase> All { get; private set; } = [];

    public static async Task<VerifierCases> MakeAsync(string script)
    {
        var cases = new VerifierCases();
        var (made, told) = await SecondVerifier.PythonAsync(SecondVerifier.Beside(script), cases.folder.FullName);
        Assert.True(made == 0, told);
        cases.All = JsonSerializer.Deserialize<List<VerifierCase>>(
            await File.ReadAllTextAsync(Path.Combine(cases.folder.FullName, "cases.json")),
            JsonSerializerOptions.Web)!;
        return cases;
    }

    /// <summary>What our own verifier says.</summary>
    public Task<OfflineReport> OurReportAsync(VerifierCase each)
    {
        var keys = each.Arguments.Where((_, i) => i % 2 == 1).Select(text => VerifierKey.Parse(text)!).ToArray();
        return OfflineVerification.RunAsync(
            new(Path.Combine(folder.FullName, each.File)), keys[0], keys[1..], CancellationToken.None);
    }

    /// <summary>What the second verifier says of each: the program as it is, again and again in one
    /// interpreter.</summary>
    public async Task<IReadOnlyList<SecondReport>> SecondReportsAsync()
    {
        var (code, said) = await SecondVerifier.PythonAsync(
            SecondVerifier.Beside("run_cases.py"), SecondVerifier.Script, folder.FullName);
        Assert.True(code == 0, said);
        var reports = said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<SecondReport>(line, JsonSerializerOptions.Web)!).ToArray();
        Assert.Equal(All.Count, reports.Length);
        return reports;
    }

    public void Dispose() => folder.Delete(recursive: true);
}

/// <summary>How the second verifier ended, and all it said.</summary>
internal sealed record SecondReport(int Code, string Said);

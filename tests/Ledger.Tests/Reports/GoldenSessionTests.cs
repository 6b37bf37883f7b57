using Ledger.Tests.Golden;
using Ledger.Tests.Http;

namespace Ledger.Tests.Reports;

public sealed class GoldenSessionTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Folder = "tests/Ledger.Tests/Reports/Golden";

    public static TheoryData<string> Sessions()
    {
        var sessions = new TheoryData<string>();
        foreach (var file in Directory.GetFiles(Path.Combine(GoldenFile.Root, Folder), "*.txt")
            .Order(StringComparer.Ordinal))
        {
            sessions.Add(Path.GetFileNameWithoutExtension(file));
        }

        return sessions;
    }

    [Theory]
    [MemberData(nameof(Sessions))]
    public async Task A_session_comes_out_as_it_is_written_down(string session)
    {
        var path = $"{Folder}/{session}.txt";

        var text = await new GoldenSession(host, session)
            .RunAsync(await File.ReadAllTextAsync(Path.Combine(GoldenFile.Root, path)));

        GoldenFile.Matches(path, text);
    }
}

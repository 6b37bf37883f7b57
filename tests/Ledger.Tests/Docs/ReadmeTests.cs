using System.Diagnostics;
using System.Text;
using Ledger.Tests.Http;
using Ledger.Tests.Tidy;

namespace Ledger.Tests.Docs;

/// <summary>The commands of the README, pasted into one shell against a running service.</summary>
public sealed class ReadmeTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string PrintedAddress = "http://localhost:5080";
    private const string Mark = "--- end of the answer ---";

    [Fact]
    public async Task The_tour_answers_what_the_README_says()
    {
        var commands = ConsoleBlocks.Read(await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "README.md")));
        Assert.InRange(commands.Count, 8, 100);

        var answers = await PasteAsync(commands.Select(each => each.Command));

        Assert.All(commands.Zip(answers), pair => Assert.True(
            pair.First.IsAnsweredBy(pair.Second),
            $"$ {pair.First.Command}\nanswers\n{pair.Second}\nand the README says\n{pair.First.Answer}"));
    }

    private async Task<string[]> PasteAsync(IEnumerable<string> commands)
    {
        var script = new StringBuilder();
        foreach (var command in commands)
        {
            script.AppendLine(command).AppendLine($"echo '{Mark}'");
        }

        // The service of the test listens elsewhere, and its data folder is not called .data.
        var folder = Directory.CreateTempSubdirectory("backoffice-readme-");
        Directory.CreateSymbolicLink(Path.Combine(folder.FullName, ".data"), host.DataFolder);
        var start = new ProcessStartInfo("bash", ["-c", script.ToString().Replace(
            PrintedAddress, host.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)])
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var bash = Process.Start(start)!;
        var errors = bash.StandardError.ReadToEndAsync();
        var printed = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        folder.Delete(recursive: true);
        Assert.Equal("", await errors);
        return printed.Split(Mark + "\n")[..^1];
    }
}

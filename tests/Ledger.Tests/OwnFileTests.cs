using Ledger.Api;
using Ledger.Api.Import;
using Program = Ledger.Api.CommandLine.CommandLine;

namespace Ledger.Tests;

public sealed class OwnFileTests
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task A_fault_is_kept_where_only_its_owner_reads_it()
    {
        var path = await Program.KeepAsync(new InvalidOperationException("A fault."));
        try
        {
            Assert.Equal("System.InvalidOperationException: A fault.", await File.ReadAllTextAsync(path));
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == OwnersOnly);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Of_several_who_make_a_file_one_does_and_the_others_find_it_whole()
    {
        var folder = Directory.CreateTempSubdirectory("backoffice-own-");
        try
        {
            var path = Path.Combine(folder.FullName, "key");
            var made = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8)
                .Select(i => (IsMade: OwnFile.TryMake(path, [(byte)i, (byte)i]), Content: File.ReadAllBytes(path)))
                .ToArray();

            Assert.Single(made, each => each.IsMade);
            Assert.All(made, each => Assert.Equal(File.ReadAllBytes(path), each.Content));
            Assert.Equal([path], Directory.GetFiles(folder.FullName));
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == OwnersOnly);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_name_that_cannot_be_made_durable_is_told() => Assert.ThrowsAny<IOException>(
        () => OwnFile.KeepName(Path.Combine(Path.GetTempPath(), "no-such-folder-of-backoffice", "key")));

    [Fact]
    public async Task A_spooled_import_has_no_name_while_it_is_read()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "{}");
            using var file = ImportFile.Open(path);
            var others = Spooled();

            using var spool = await file.SpoolAsync(CancellationToken.None);

            Assert.Equal(2, spool.Length);
            Assert.True(OperatingSystem.IsWindows() || !Mine(Spooled().Except(others)).Any());
        }
        finally
        {
            File.Delete(path);
        }

        static string[] Spooled() => Directory.GetFiles(Path.GetTempPath(), "backoffice-import-????????????????*");

        // Tests beside this one, of an older program for instance, may spool as well.
        static IEnumerable<string> Mine(IEnumerable<string> paths) =>
            paths.Where(path => File.Exists(path) && new FileInfo(path).Length == 2);
    }
}

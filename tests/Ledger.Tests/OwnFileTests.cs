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

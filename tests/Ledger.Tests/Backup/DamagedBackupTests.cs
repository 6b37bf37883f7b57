using Ledger.Api.Backup;
using Ledger.Tests.Http;

namespace Ledger.Tests.Backup;

/// <summary>Files that are not as they were written: nothing of them is restored.</summary>
public sealed class DamagedBackupTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const int Seed = 20_261;

    [Fact]
    public async Task One_bit_that_is_turned_anywhere_is_found_before_anything_is_loaded()
    {
        using var folder = new BackupFolder();
        await using var database = await TestDatabase.CreateAsync();
        var whole = await File.ReadAllBytesAsync(await folder.BackUpAsync(host));
        var dice = new Random(Seed);

        // Also in the last bytes, which hold the words and the hash.
        var places = Enumerable.Range(0, 50).Select(_ => dice.Next(whole.Length))
            .Concat(Enumerable.Range(1, 12).Select(i => whole.Length - 10 * i));
        foreach (var place in places)
        {
            var damaged = whole.ToArray();
            damaged[place] ^= (byte)(1 << dice.Next(8));
            await RefusedAsync(folder, database, damaged, $"bit turned in byte {place} of {whole.Length}");
        }

        await UntouchedAsync(database);
    }

    [Fact]
    public async Task A_file_whose_end_or_middle_is_missing_is_refused()
    {
        using var folder = new BackupFolder();
        await using var database = await TestDatabase.CreateAsync();
        var whole = await File.ReadAllBytesAsync(await folder.BackUpAsync(host));
        var dice = new Random(Seed);
        foreach (var length in Enumerable.Range(0, 20).Select(_ => dice.Next(whole.Length)).Append(whole.Length - 1))
        {
            await RefusedAsync(folder, database, whole[..length], $"cut to {length} of {whole.Length}");
        }

        await RefusedAsync(folder, database, [.. whole[..1_000], .. whole[2_000..]], "a piece cut out");
        await RefusedAsync(folder, database, [.. whole, 0], "a byte more");
        await UntouchedAsync(database);
    }

    [Fact]
    public async Task A_file_that_was_made_by_hand_with_other_rows_is_refused_and_the_database_stays_empty()
    {
        using var folder = new BackupFolder();
        await using var database = await TestDatabase.CreateAsync();
        var file = await folder.BackUpAsync(host);

        // Sealed anew, so only the manifest tells.
        var more = await folder.ResealAsync(file, manifest => manifest with
        {
            Tables = [.. manifest.Tables.Select(table => table.Name == "ledger.log"
                ? table with { Rows = table.Rows + 1 }
                : table)],
        });
        var (code, _, error) = await BackupFolder.RestoreAsync(more, database, folder.Data("data").FullName);
        Assert.Equal(1, code);
        Assert.Contains(
            "The backup holds ledger.log, of which the file holds other rows than it says. Nothing was restored", error,
            StringComparison.Ordinal);
        Assert.Equal(["0"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString, "select count(*)::text from public.mt_events"));

        // And after that a good one is taken.
        Assert.Equal(0, (await BackupFolder.RestoreAsync(file, database, folder.Data("data").FullName)).Code);
    }

    [Theory]
    [InlineData(99, BackupManifest.CurrentFormat,
        "The backup has version 99 of the schema, but this program knows only ")]
    [InlineData(9, "backoffice-backup/2", "has the format 'backoffice-backup/2', and this program reads ")]
    public async Task A_file_of_a_newer_program_is_refused(int schema, string format, string message)
    {
        using var folder = new BackupFolder();
        await using var database = await TestDatabase.CreateAsync();
        var newer = await folder.ResealAsync(await folder.BackUpAsync(host), manifest => manifest with
        {
            Schema = schema,
            Format = format,
        });
        var (code, _, error) = await BackupFolder.RestoreAsync(newer, database, folder.Data("data").FullName);
        Assert.Equal(1, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        await UntouchedAsync(database);
    }

    private static async Task RefusedAsync(BackupFolder folder, TestDatabase database, byte[] content, string how)
    {
        var file = folder.PathOf("damaged");
        await File.WriteAllBytesAsync(file, content);
        var (code, output, error) = await BackupFolder.RestoreAsync(file, database, folder.Data("data").FullName);
        Assert.True(code == 1 && output == "", $"{how}: {code} {output}{error}");
        Assert.True(
            error.Contains($"'{file}' is damaged: it is not as it was written", StringComparison.Ordinal)
                || error.Contains($"'{file}' is no backup that './run backup' made", StringComparison.Ordinal),
            $"{how}: {error}");
    }

    private static async Task UntouchedAsync(TestDatabase database) => Assert.Equal(
        ["true"],
        await BackupFolder.RowsAsync(
            database.SuperuserConnectionString, "select (to_regnamespace('ledger') is null)::text"));
}

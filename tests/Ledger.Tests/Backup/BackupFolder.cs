using System.IO.Compression;
using System.Security.Cryptography;
using Ledger.Api.Backup;
using Ledger.Tests.Http;
using Ledger.Tests.Roles;
using Npgsql;

namespace Ledger.Tests.Backup;

/// <summary>A folder for backups and for the data of who restores them, gone when disposed.</summary>
internal sealed class BackupFolder : IDisposable
{
    /// <summary>What COPY writes of a table without any.</summary>
    private static readonly byte[] NoRows =
        [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, .. new byte[8], 0xFF, 0xFF];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-backup-");

    public string PathOf(string file) => Path.Combine(folder.FullName, file);

    /// <summary>A new data folder.</summary>
    public DirectoryInfo Data(string name) => folder.CreateSubdirectory(name);

    /// <summary>As the service, which runs and has the ledger open; its answer must be 0.</summary>
    public async Task<string> BackUpAsync(ApiHost host, string name = "ledger.backup")
    {
        var (code, output, error) = await CommandRun.RunAsync(
            "backup", PathOf(name), "--connection", host.Ledger.ConnectionString, "--data", host.DataFolder);
        Assert.True(code == 0, output + error);
        return PathOf(name);
    }

    public static Task<(int Code, string Output, string Error)> RestoreAsync(
        string file, TestDatabase into, string data, params string[] more) => CommandRun.RunAsync(
        ["restore", file, "--connection", into.SuperuserConnectionString, "--data", data, .. more]);

    /// <summary>The same file with another manifest, and a hash that fits.</summary>
    /// <param name="file">As it was written.</param>
    /// <param name="change">What of the manifest; what it names no more is left out of the file.</param>
    /// <param name="emptied">Tables whose rows are taken out.</param>
    public async Task<string> ResealAsync(
        string file, Func<BackupManifest, BackupManifest> change, params string[] emptied)
    {
        var changed = PathOf($"changed-{Guid.NewGuid():N}");
        await using var output = new FileStream(changed, FileMode.Create, FileAccess.ReadWrite);
        await using var sealing = new SealingStream(output);
        await using (var from = await ZipFile.OpenReadAsync(file))
        await using (var to = new ZipArchive(sealing, ZipArchiveMode.Create, leaveOpen: true))
        {
            to.Comment = SealingStream.Placeholder;
            foreach (var entry in from.Entries)
            {
                await using var content = await entry.OpenAsync();
                await using var copy = await to.CreateEntry(entry.FullName).OpenAsync();
                if (entry.FullName == BackupManifest.EntryName)
                {
                    var manifest = change(BackupManifest.Read(content));
                    await copy.WriteAsync((manifest with
                    {
                        Tables = [.. manifest.Tables.Select(table => emptied.Contains(table.Name)
                            ? table with
                            {
                                Rows = 0,
                                Bytes = NoRows.Length,
                                Sha256 = Convert.ToHexStringLower(SHA256.HashData(NoRows)),
                            }
                            : table)],
                    }).Write());
                }
                else if (emptied.Any(table => entry.FullName == BackedUpTable.EntryOf(table)))
                {
                    await copy.WriteAsync(NoRows);
                }
                else
                {
                    await content.CopyToAsync(copy);
                }
            }
        }

        sealing.Seal();
        return changed;
    }

    /// <summary>All rows of the answer, a text each.</summary>
    public static async Task<IReadOnlyList<string>> RowsAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        var all = new List<string>();
        while (await rows.ReadAsync())
        {
            all.Add(rows.GetString(0));
        }

        return all;
    }

    /// <summary>Databases that a restore set aside, which are dropped by this.</summary>
    public static async Task<IReadOnlyList<string>> DropAsideAsync(TestDatabase database)
    {
        var aside = await RowsAsync(
            database.SuperuserConnectionString,
            $"select datname::text from pg_database where datname like '{database.Name}\\_%' order by 1");
        foreach (var name in aside)
        {
            await TestDatabase.ExecuteOnServerAsync($"drop database {name} with (force)");
        }

        return aside;
    }

    public void Dispose() => folder.Delete(recursive: true);
}

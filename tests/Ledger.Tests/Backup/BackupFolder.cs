using Ledger.Tests.Http;
using Ledger.Tests.Roles;
using Npgsql;

namespace Ledger.Tests.Backup;

/// <summary>A folder for backups and for the data of who restores them, gone when disposed.</summary>
internal sealed class BackupFolder : IDisposable
{
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

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ledger.EventStore.Sealing;
using Npgsql;

namespace Ledger.Api.People;

/// <summary>
/// The file of the master key, outside the database and readable by its owner only. While the key is exchanged the new
/// one stands beside it; both count until all is wrapped under the new one, which then takes the old one's place.
/// </summary>
internal sealed class MasterKeyFile(string path)
{
    /// <summary>Names another file than that of the data folder, for a configured server.</summary>
    public const string Setting = "MasterKeyFile";

    public const string FileName = "master.key";

    private const string Beginning = "bo_master_";

    public string Path => path;

    private string Next => path + ".next";

    /// <param name="settings">Names the file, or the data folder that holds it.</param>
    public static MasterKeyFile Of(Settings settings)
    {
        var named = settings.Configuration[Setting];
        return new(string.IsNullOrWhiteSpace(named)
            ? System.IO.Path.Combine(settings.Data, FileName)
            : System.IO.Path.GetFullPath(named, Settings.ContentRoot));
    }

    /// <summary>The key, and the one that is to follow it while it is exchanged; none where there is no file.</summary>
    /// <exception cref="SetUpException">A file cannot be read, or holds something else.</exception>
    public MasterKeys Load() => new(new[] { Next, path }.Select(Read).OfType<byte[]>());

    /// <summary>
    /// Makes the key at the first start, and sees to it that what the database holds can be read with it.
    /// </summary>
    /// <exception cref="SetUpException">The database's keys are of another master key.</exception>
    public async Task PrepareAsync(NpgsqlDataSource database, Action<string> say, CancellationToken cancellation)
    {
        if (Read(path) is null && Read(Next) is null && !await HasKeysAsync(database, cancellation) && TryMake(path))
        {
            say($"The master key of personal data was made: {path}. Keep a copy of it apart from the backups of the "
                + "database: without it nobody can read the names of persons.");
        }

        var masters = Load();
        try
        {
            var own = Read(path) is { } key
                ? MasterKeys.FingerprintOf(key)
                : masters.Fingerprints.FirstOrDefault() ?? "";
            await MasterRotation.CheckAsync(database, masters, own, cancellation);
        }
        catch (MasterKeyException wrong)
        {
            var found = masters.Fingerprints.Count == 0
                ? $"'{path}' is missing"
                : $"'{path}' holds another one ({string.Join(", ", masters.Fingerprints)})";
            throw new SetUpException(
                $"{wrong.Message} But {found}. Put that key back, or name its file by the setting {Setting}. "
                + "Nothing was changed.",
                wrong);
        }
    }

    /// <summary>
    /// Exchanges the master key. Cut off anywhere, it is run again: until all is done, both keys stay.
    /// </summary>
    /// <returns>How many keys were wrapped anew.</returns>
    public async Task<long> RotateAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        TryMake(Next);
        var next = MasterKeys.FingerprintOf(Read(Next)!);
        var wrapped = await MasterRotation.RunAsync(database, Load(), next, cancellation);
        File.Move(Next, path, overwrite: true);
        OwnFile.KeepName(path);
        return wrapped;
    }

    private static async Task<bool> HasKeysAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select exists (select from ledger.person_key)");
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private static byte[]? Read(string file)
    {
        try
        {
            var text = File.ReadAllText(file).Trim();
            if (text.StartsWith(Beginning, StringComparison.Ordinal)
                && Base64Url.IsValid(text.AsSpan(Beginning.Length), out var length) && length == FieldSeal.KeyLength)
            {
                return Base64Url.DecodeFromChars(text.AsSpan(Beginning.Length));
            }
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"The master key cannot be read from '{file}': {problem.Message}", problem);
        }

        throw new SetUpException($"'{file}' holds no master key: put the right file there. Nothing was changed.");
    }

    /// <summary>Whole and durable under its name at once: nothing is ever wrapped under a key that is lost.</summary>
    private static bool TryMake(string file)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(FieldSeal.KeyLength));
            return OwnFile.TryMake(file, Encoding.ASCII.GetBytes($"{Beginning}{key}\n"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"The master key cannot be kept in '{file}': {problem.Message}", problem);
        }
    }
}

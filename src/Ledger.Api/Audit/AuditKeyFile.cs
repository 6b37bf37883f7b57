using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ledger.EventStore.Audit;

namespace Ledger.Api.Audit;

/// <summary>
/// The file of the private keys that sign the audit logs, outside the database and readable by its owner only: a line a
/// key, the oldest first. While a key is exchanged there are two.
/// </summary>
internal sealed class AuditKeyFile(string path)
{
    /// <summary>Names another file than that of the data folder, for a configured server.</summary>
    public const string Setting = "AuditKeyFile";

    public const string FileName = "audit.key";

    private const string Beginning = "bo_audit_";

    public string Path { get; } = path;

    /// <summary>Changes whenever the keys do.</summary>
    public DateTime Changed => File.GetLastWriteTimeUtc(Path);

    /// <param name="settings">Names the file, or the data folder that holds it.</param>
    public static AuditKeyFile Of(Settings settings)
    {
        var named = settings.Configuration[Setting];
        return new(string.IsNullOrWhiteSpace(named)
            ? System.IO.Path.Combine(settings.Data, FileName)
            : System.IO.Path.GetFullPath(named, Settings.ContentRoot));
    }

    /// <summary>32 bytes each; none where there is no file.</summary>
    /// <exception cref="SetUpException">It cannot be read, or holds something else.</exception>
    public IReadOnlyList<byte[]> Read()
    {
        try
        {
            return [.. File.ReadAllLines(Path).Where(line => line.Length > 0).Select(KeyOf)];
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"The audit key cannot be read from '{Path}': {problem.Message}", problem);
        }
    }

    /// <summary>Makes the first key; whole and durable under its name before anything is signed by it.</summary>
    /// <returns>False when there is a file.</returns>
    public bool TryMake()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            return OwnFile.TryMake(Path, TextOf([NewKey()]));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"The audit key cannot be kept in '{Path}': {problem.Message}", problem);
        }
    }

    /// <summary>Adds a new key behind those that are there.</summary>
    public void Add() => Write([.. Read(), NewKey()]);

    /// <summary>Keeps these keys only.</summary>
    public void Write(IReadOnlyList<byte[]> keys)
    {
        try
        {
            var draft = $"{Path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
            if (!OwnFile.TryMake(draft, TextOf(keys)))
            {
                throw new IOException($"'{draft}' is there already.");
            }

            File.Move(draft, Path, overwrite: true);
            OwnFile.KeepName(Path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"The audit key cannot be kept in '{Path}': {problem.Message}", problem);
        }
    }

    private static byte[] NewKey() => RandomNumberGenerator.GetBytes(Ed25519.KeyLength);

    private static byte[] TextOf(IReadOnlyList<byte[]> keys) => Encoding.ASCII.GetBytes(
        string.Concat(keys.Select(key => $"{Beginning}{Base64Url.EncodeToString(key)}\n")));

    private byte[] KeyOf(string line)
    {
        var text = line.Trim();
        return text.StartsWith(Beginning, StringComparison.Ordinal)
            && Base64Url.IsValid(text.AsSpan(Beginning.Length), out var length) && length == Ed25519.KeyLength
                ? Base64Url.DecodeFromChars(text.AsSpan(Beginning.Length))
                : throw new SetUpException(
                    $"'{Path}' holds no audit key: put the right file there. Nothing was changed.");
    }
}

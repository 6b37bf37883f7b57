using System.Security.Cryptography;
using System.Text;
using Ledger.Api.Audit;
using Ledger.EventStore.Audit;

namespace Ledger.Api.Witnesses;

/// <summary>
/// What a witness keeps: its private key, for each log the last checkpoint that it cosigned, and what it refused. One
/// process at a time uses it.
/// </summary>
internal sealed class WitnessFolder : IDisposable
{
    /// <summary>Two checkpoints of one size with two roots, which the log signed: nobody else can make them.</summary>
    public const string EvidencePrefix = "evidence-";

    /// <summary>Checkpoints that came without a proof that they go on from what was cosigned: anybody can send a right
    /// one so.</summary>
    public const string UnprovenPrefix = "unproven-";

    /// <summary>Checkpoints that are smaller than what was cosigned: anybody can send an old one again.</summary>
    public const string SmallerPrefix = "smaller-";

    /// <summary>The logs that were ever cosigned, so that a lost checkpoint is not taken for a new log.</summary>
    private const string SeenName = "logs.txt";

    private const string KeyFileName = "witness.key";
    private const string LockName = "witness.lock";

    /// <summary>Whoever has the log's key could otherwise fill the disk.</summary>
    private const int EvidenceMax = 1_000;

    /// <summary>Of each kind that anybody can send, for each log.</summary>
    private const int RefusedMax = 100;

    private readonly string folder;
    private readonly FileStream held;
    private readonly HashSet<string> seen;

    private WitnessFolder(string folder, FileStream held, byte[] privateKey)
    {
        this.folder = folder;
        this.held = held;
        PrivateKey = privateKey;
        seen = File.Exists(Path.Combine(folder, SeenName))
            ? [.. File.ReadLines(Path.Combine(folder, SeenName)).Select(line => line.Trim())] : [];
    }

    public byte[] PrivateKey { get; }

    /// <summary>Makes the folder and the key where they are missing.</summary>
    /// <exception cref="SetUpException">It cannot be used, or another process uses it.</exception>
    public static WitnessFolder Open(string folder)
    {
        var path = Path.GetFullPath(folder);
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(path);
            held = new(Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var file = new AuditKeyFile(Path.Combine(path, KeyFileName));
            file.TryMake();
            return new(path, held, file.Read().Single());
        }
        catch (Exception refused) when (
            refused is IOException or UnauthorizedAccessException or InvalidOperationException or SetUpException)
        {
            held?.Dispose();
            throw new SetUpException(
                $"The folder '{path}' cannot be used by this witness: {refused.Message} Each witness needs one of its "
                    + "own: name it with --state.",
                refused);
        }
    }

    /// <summary>As C2SP's tlog-witness names logs in addresses.</summary>
    public static string HashOf(string origin) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)));

    /// <summary>The note that was cosigned last, with the cosignature; null where none was.</summary>
    /// <param name="originHash">See <see cref="HashOf"/>.</param>
    /// <exception cref="InvalidDataException">The file is not what was written: a witness that forgot is
    /// none.</exception>
    public SignedNote? LastOf(string originHash)
    {
        var path = StateOf(originHash);
        try
        {
            return SignedNote.Parse(File.ReadAllText(path)) is { } note && Checkpoint.Parse(note.Text) is not null
                ? note : throw new InvalidDataException($"'{path}' is damaged: put back the file as it was.");
        }
        catch (FileNotFoundException gone)
        {
            return seen.Contains(originHash)
                ? throw new InvalidDataException(
                    $"'{path}' is gone, and the log was cosigned: put it back as it was.", gone)
                : null;
        }
    }

    /// <summary>Durable when this returns.</summary>
    public void Keep(string origin, SignedNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        var hash = HashOf(origin);
        Write(StateOf(hash), note.ToString());
        if (!seen.Contains(hash))
        {
            Write(Path.Combine(folder, SeenName), string.Concat(seen.Append(hash).Select(each => $"{each}\n")));
            seen.Add(hash);
        }
    }

    /// <summary>Whether this checkpoint of a log was refused for the same and is kept.</summary>
    /// <param name="prefix">Which kind of files.</param>
    public bool IsKept(string prefix, Checkpoint refused) => File.Exists(PathOf(prefix, refused));

    /// <summary>Keeps a fork, which shows by itself what the log did.</summary>
    /// <returns>The file; null where too many are kept.</returns>
    public string? KeepEvidence(Checkpoint refused, string text)
    {
        var path = PathOf(EvidencePrefix, refused);
        return FilesOf(EvidencePrefix, refused).Length < EvidenceMax
            && OwnFile.TryMake(path, Encoding.UTF8.GetBytes(text)) ? path : null;
    }

    /// <summary>Keeps what anybody can send: of many, the first and the last ones.</summary>
    /// <returns>The file.</returns>
    public string KeepRefused(string prefix, Checkpoint refused, string text)
    {
        var path = PathOf(prefix, refused);
        OwnFile.TryMake(path, Encoding.UTF8.GetBytes(text));
        var kept = FilesOf(prefix, refused);
        foreach (var surplus in kept.OrderBy(each => each.LastWriteTimeUtc).Skip(1).SkipLast(RefusedMax - 1))
        {
            surplus.Delete();
        }

        return path;
    }

    private FileInfo[] FilesOf(string prefix, Checkpoint refused) =>
        new DirectoryInfo(folder).GetFiles($"{prefix}{HashOf(refused.Origin)[..8]}-*");

    private string PathOf(string prefix, Checkpoint refused) => Path.Combine(
        folder,
        $"{prefix}{HashOf(refused.Origin)[..8]}-{refused.Size}-{Convert.ToHexStringLower(refused.Root)[..16]}.txt");

    public void Dispose() => held.Dispose();

    private string StateOf(string originHash) => Path.Combine(folder, $"log-{originHash}.txt");

    private static void Write(string path, string text)
    {
        var draft = path + ".next";
        File.Delete(draft);
        using (var stream = OwnFile.Create(draft))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        OwnFile.KeepName(path);
    }
}

using System.Security.Cryptography;
using System.Text;
using Ledger.Api.Audit;
using Ledger.EventStore.Audit;

namespace Ledger.Api.Witnesses;

/// <summary>
/// What a witness keeps: its private key, for each log the last checkpoint that it cosigned, and the evidence of what
/// it refused. One process at a time uses it.
/// </summary>
internal sealed class WitnessFolder : IDisposable
{
    public const string EvidencePrefix = "evidence-";

    /// <summary>The last checkpoint of a log that was smaller than what was cosigned.</summary>
    public const string SmallerPrefix = "smaller-";

    private const string KeyFileName = "witness.key";
    private const string LockName = "witness.lock";

    /// <summary>Whoever has the log's key could otherwise fill the disk.</summary>
    private const int EvidenceMax = 1_000;

    private readonly string folder;
    private readonly FileStream held;

    private WitnessFolder(string folder, FileStream held, byte[] privateKey)
    {
        this.folder = folder;
        this.held = held;
        PrivateKey = privateKey;
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
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Durable when this returns.</summary>
    public void Keep(string origin, SignedNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        Write(StateOf(HashOf(origin)), note.ToString());
    }

    /// <summary>Keeps what a log signed and cannot have meant.</summary>
    /// <returns>The file; null where it is kept already, or too many are.</returns>
    public string? KeepEvidence(Checkpoint refused, string text)
    {
        ArgumentNullException.ThrowIfNull(refused);
        var path = Path.Combine(
            folder,
            $"{EvidencePrefix}{HashOf(refused.Origin)[..8]}-{refused.Size}-"
                + $"{Convert.ToHexStringLower(refused.Root)[..16]}.txt");
        return Directory.EnumerateFiles(folder, EvidencePrefix + "*").Count() < EvidenceMax
            && OwnFile.TryMake(path, Encoding.UTF8.GetBytes(text)) ? path : null;
    }

    /// <summary>Keeps the last checkpoint of a log that was smaller than what was cosigned.</summary>
    public string KeepSmaller(string origin, string text)
    {
        var path = Path.Combine(folder, $"{SmallerPrefix}{HashOf(origin)[..8]}.txt");
        Write(path, text);
        return path;
    }

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

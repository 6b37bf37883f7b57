using System.Security.Cryptography;
using System.Text;
using Ledger.Domain;
using Ledger.EventStore.Audit;

namespace Ledger.Api.Audit;

/// <summary>
/// The checkpoint of the log over all logs that was signed last, beside the keys and so outside of the database: what
/// the database has must go on from it before anything is signed again. Each ledger has a file of its own, which holds
/// the signed note.
/// </summary>
internal sealed class LastSignedFile(AuditKeyFile keys)
{
    // What cannot be written is remembered as long as this process runs; a file that was moved away is not.
    private volatile Checkpoint? last;
    private volatile bool isUnkept;

    /// <exception cref="SetUpException">The ledger's name can be no part of a file's.</exception>
    public string PathOf(string ledger) => Ids.IsValid(ledger)
        ? $"{keys.Path}.{ledger}.signed"
        : throw new SetUpException(
            $"The database names its ledger '{Texts.Shown(ledger)}', which is no name: run './run verify'.");

    /// <summary>The checkpoint; null before the first.</summary>
    /// <exception cref="SetUpException">There is something else in the file, or it cannot be read.</exception>
    public Checkpoint? Read(string ledger)
    {
        var path = PathOf(ledger);
        var own = last is { } remembered && remembered.Origin == ledger ? remembered : null;
        try
        {
            var kept = SignedNote.Parse(File.ReadAllText(path)) is { } note
                && Checkpoint.Parse(note.Text) is { } checkpoint && checkpoint.Origin == ledger
                    ? checkpoint
                    : throw new SetUpException(
                        $"'{path}' does not hold the checkpoint that was signed last: put back the file as it was. If "
                        + "it is lost, move it away, and the audit logs go on from what the database has.");
            return own is not null && own.Size > kept.Size ? own : kept;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return isUnkept ? own : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException(
                $"What was signed last cannot be read from '{path}': {problem.Message}", problem);
        }
    }

    /// <summary>Keeps a note; a smaller one than there is changes nothing.</summary>
    public void Write(string ledger, string note)
    {
        var signed = Checkpoint.Parse(SignedNote.Parse(note)!.Text)!;
        if (Read(ledger) is { } kept && kept.Size > signed.Size)
        {
            return;
        }

        last = signed;
        try
        {
            Write(PathOf(ledger), Encoding.UTF8.GetBytes(note));
            isUnkept = false;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            isUnkept = !File.Exists(PathOf(ledger));

            // A folder that may not be written was said at the start; the logs go on.
        }
    }

    /// <summary>Why nothing can be kept there; null where it can.</summary>
    public string? WhyNotKept(string ledger)
    {
        var path = $"{PathOf(ledger)}.{Chance()}";
        try
        {
            OwnFile.Create(path).Dispose();
            File.Delete(path);
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return problem.Message;
        }
    }

    /// <summary>Forgets what was signed last, and keeps it under another name.</summary>
    /// <returns>The other name.</returns>
    public string SetAside(string ledger)
    {
        var path = PathOf(ledger);
        var aside = $"{path}.{Chance()}";
        File.Move(path, aside);
        last = null;
        return aside;
    }

    private static void Write(string path, byte[] content)
    {
        var draft = $"{path}.{Chance()}";
        using (var stream = OwnFile.Create(draft))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        OwnFile.KeepName(path);
    }

    private static string Chance() => RandomNumberGenerator.GetHexString(8, lowercase: true);
}

using System.Diagnostics;

namespace Ledger.Api.Postgres;

/// <summary>
/// <c>users.lock</c> says who uses the private server: everyone holds it shared, and the one who gets it exclusively at
/// its end was the last. The operating system frees it when a process is killed, so nothing has to be cleaned up.
/// </summary>
internal sealed class UsersLock : IDisposable
{
    private static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(50);
    private readonly string path;
    private FileStream? held;

    private UsersLock(string path, FileStream held)
    {
        this.path = path;
        this.held = held;
    }

    /// <summary>Joins the users; waits while the last one is stopping the server.</summary>
    public static async Task<UsersLock> JoinAsync(string path, TimeSpan longest, CancellationToken cancellation) =>
        new(path, await WaitAsync(() => Open(path, FileShare.Read), path, longest, cancellation));

    /// <summary>Only one process at a time may create, start or repair the server.</summary>
    public static Task<FileStream> AloneAsync(string path, TimeSpan longest, CancellationToken cancellation) =>
        WaitAsync(() => Open(path, FileShare.None), path, longest, cancellation);

    /// <summary>
    /// Leaves the users. The last one gets the file exclusively, by which newcomers wait until it is disposed;
    /// the others get null.
    /// </summary>
    public FileStream? Leave()
    {
        held?.Dispose();
        held = null;
        return Open(path, FileShare.None);
    }

    public void Dispose() => held?.Dispose();

    private static async Task<FileStream> WaitAsync(
        Func<FileStream?> open, string path, TimeSpan longest, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (open() is { } held)
            {
                return held;
            }

            if (waited.Elapsed > longest)
            {
                throw new SetUpException($"Another process has been holding {path} for {longest.TotalSeconds:0} s. "
                    + "See which one (fuser, lsof), end it, and try again.");
            }

            await Task.Delay(WaitStep, cancellation);
        }
    }

    private static FileStream? Open(string path, FileShare share)
    {
        // On Unix an exclusive lock over a network file system needs a file that is open for writing.
        var access = share == FileShare.None ? FileAccess.ReadWrite : FileAccess.Read;
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, access, share);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new SetUpException($"{path} belongs to another user. Run this as that user, or name another folder "
                + "with --data.", refused);
        }
    }
}

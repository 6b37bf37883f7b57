using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ledger.Api;

/// <summary>Files in folders that others may enter, which only the user who runs this program may read.</summary>
internal static class OwnFile
{
    /// <exception cref="IOException">It exists, or cannot be made.</exception>
    public static FileStream Create(string path, FileOptions options = FileOptions.None)
    {
        var how = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 1,
            Options = options,
        };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new(path, how);
    }

    /// <summary>
    /// A file without a name, which is gone however this process ends. (On Windows it is gone when it is closed.)
    /// </summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static FileStream CreateNameless(string path)
    {
        var file = Create(path, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return file;
    }

    /// <summary>
    /// Makes a file that is whole and durable under its name when this returns; of several who make it at once, one
    /// does.
    /// </summary>
    /// <returns>False when it was there already.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static bool TryMake(string path, ReadOnlySpan<byte> content)
    {
        var draft = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        using (var stream = Create(draft))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        var isMade = TryName(draft, path);
        File.Delete(draft);
        KeepName(path);
        return isMade;
    }

    /// <summary>Gives the draft its name, unless somebody has it; the draft may keep its own beside it. A move looks
    /// first and moves then, which is too late on all systems but Windows: a link is made or not made at
    /// once.</summary>
    /// <returns>False when somebody has it.</returns>
    public static bool TryName(string draft, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(draft, path) == 0)
            {
                return true;
            }

            if (Marshal.GetLastPInvokeError() == AlreadyThere)
            {
                return false;
            }
        }

        // Windows, and file systems without links.
        try
        {
            File.Move(draft, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    /// <summary>Makes the name of a file durable: its content alone would be found by nobody after the power
    /// failed.</summary>
    /// <exception cref="IOException">The folder cannot be written through.</exception>
    public static void KeepName(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var handle = Open(folder, 0);
        if (handle < 0 && Marshal.GetLastPInvokeError() == NotAllowed)
        {
            return;
        }

        if (handle < 0)
        {
            throw Failed(folder);
        }

        try
        {
            if (Sync(handle) < 0 && Marshal.GetLastPInvokeError() is not (BadFile or Invalid))
            {
                throw Failed(folder);
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    // What cannot be done on some file systems, such as shared ones, says so by these; PostgreSQL goes on, too.
    private const int BadFile = 9;
    private const int NotAllowed = 13;
    private const int AlreadyThere = 17;
    private const int Invalid = 22;

    private static IOException Failed(string folder) =>
        new($"The folder '{folder}' cannot be written through: {Marshal.GetLastPInvokeErrorMessage()}.");

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}

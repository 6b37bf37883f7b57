using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Api.Postgres;

/// <summary>The data folder: where things are in it, and how it is made.</summary>
internal sealed class ServerFolder
{
    // The address of a Unix socket holds 104 bytes on macOS, 108 on Linux.
    private const int SocketPathBytesMax = 99;
    private const string TemporaryPrefix = "backoffice-socket-";
    private readonly ServerUser user;

    private ServerFolder(string root, ServerUser user)
    {
        Root = root;
        this.user = user;
    }

    /// <summary>Absolute, its links resolved, so that it can be compared with what the system says of
    /// processes.</summary>
    public string Root { get; }

    public string Data => Path.Combine(Root, "postgres");

    public string UsersLock => Path.Combine(Root, "users.lock");

    public string StartLock => Path.Combine(Root, "start.lock");

    public string Log => Path.Combine(Data, "server.log");

    public string Password => File.ReadAllText(PasswordFile).Trim();

    private string PasswordFile => Path.Combine(Root, "postgres.password");

    public static ServerFolder Open(string folder, ServerUser user)
    {
        var path = Path.GetFullPath(folder);
        try
        {
            if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(path);
                // The server's user must be able to pass through a folder of root's, and need not see what is in it.
                Restrict(path, user.IsOther ? UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
                    : UnixFileMode.None);
            }

            path = Canonical(path);
            user.MustEnter(path);
            return new(path, user);
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            throw new SetUpException($"The data folder {path} cannot be used: {refused.Message} "
                + "Name another with --data.", refused);
        }
    }

    /// <summary>The version that made the data folder; null when there is none yet.</summary>
    public int? Major()
    {
        var file = Path.Combine(Data, "PG_VERSION");
        if (File.Exists(file))
        {
            return int.Parse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture);
        }

        return !Directory.Exists(Data) ? null : throw new SetUpException(
            $"{Data} exists but holds no data of PostgreSQL. Move it away, or name another folder with --data.");
    }

    /// <summary>
    /// Makes the data of a new server. It is made beside and renamed at the end, so that a process that is killed in
    /// between leaves nothing that looks whole.
    /// </summary>
    public void Initialize(PostgresBinaries binaries, bool loopback)
    {
        var staging = Data + ".new";
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }

        Directory.CreateDirectory(staging);
        Restrict(staging, UnixFileMode.None);
        user.Own(staging);
        string[] authentication = loopback
            ? ["--auth=scram-sha-256", "--pwfile=" + MakePassword()]
            : ["--auth-local=trust", "--auth-host=reject"];
        var answer = user.Run(binaries.InitDb,
            ["-D", staging, "-U", "postgres", "--data-checksums", "--locale=C", "-E", "UTF8", .. authentication]);
        if (loopback)
        {
            File.Delete(PasswordFile + ".new");
        }

        if (answer.ExitCode != 0)
        {
            throw new SetUpException(ServerControl.IsDiskFull(answer.Output)
                ? $"The disk of {Root} is full, so that no private database can be made there: make room and start "
                    + "again."
                : $"The private database could not be made in {Root}: {answer.Output.Trim()}");
        }

        File.AppendAllText(Path.Combine(staging, "postgresql.conf"), "\ninclude_if_exists = '../backoffice.conf'\n");
        Directory.Move(staging, Data);
    }

    /// <summary>Writes the settings of the next start; <paramref name="socketFolder"/> is null for loopback.</summary>
    /// <remarks>Beside the data, not in it: root must not write where the server's user could lay a link.</remarks>
    public void Configure(IReadOnlyDictionary<string, string> settings, string? socketFolder, int port)
    {
        var file = Path.Combine(Root, "backoffice.conf");
        File.WriteAllText(file, ServerSettings.Write(settings, socketFolder, port));
        Restrict(file, UnixFileMode.GroupRead | UnixFileMode.OtherRead, folder: false);
    }

    /// <summary>A folder that nobody else can enter, in the data folder or, where its path does not fit,
    /// elsewhere.</summary>
    /// <remarks>Others find it through <c>postmaster.pid</c>, so its name may differ from start to start.</remarks>
    /// <param name="before">The folder of an earlier start of this process, to be made again.</param>
    public string MakeSocketFolder(int port, string? before)
    {
        var inside = Path.Combine(Root, "socket");
        if (FitsSocket(inside, port))
        {
            Directory.CreateDirectory(inside);
            Restrict(inside, UnixFileMode.None);
            user.Own(inside);
            return inside;
        }

        if (before is not null)
        {
            return MakeSocketFolder(before);
        }

        var elsewhere = new[] { Path.GetTempPath(), "/tmp", "/var/tmp" }.FirstOrDefault(folder =>
            Directory.Exists(folder) && FitsSocket(Path.Combine(folder, TemporaryPrefix + "0123456789ab"), port))
            ?? throw new SetUpException($"The path of {Root} is too long for a Unix socket, and so is that of the "
                + "folder for temporary files. Name a shorter one with --data.");
        // CreateTempSubdirectory would use the temporary folder only, which may be the one that is too long.
        return MakeSocketFolder(
            Path.Combine(elsewhere, TemporaryPrefix + RandomNumberGenerator.GetHexString(12, lowercase: true)));
    }

    /// <summary>Removes the socket's folder when it was made elsewhere.</summary>
    public static void RemoveSocketFolder(string? socketFolder)
    {
        if (socketFolder is not null && Directory.Exists(socketFolder)
            && Path.GetFileName(socketFolder).StartsWith(TemporaryPrefix, StringComparison.Ordinal))
        {
            Directory.Delete(socketFolder, recursive: true);
        }
    }

    private string MakeSocketFolder(string path)
    {
        Directory.CreateDirectory(path);
        Restrict(path, UnixFileMode.None);
        user.Own(path);
        user.MustEnter(path);
        return path;
    }

    // Clients take a comma for the border between two hosts.
    private static bool FitsSocket(string folder, int port) =>
        !folder.Contains(',', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $".s.PGSQL.{port}"))) <= SocketPathBytesMax;

    private string MakePassword()
    {
        var password = RandomNumberGenerator.GetHexString(40, lowercase: true);
        foreach (var file in new[] { PasswordFile, PasswordFile + ".new" })
        {
            File.WriteAllText(file, string.Empty);
            Restrict(file, UnixFileMode.None, folder: false);
            File.WriteAllText(file, password);
        }

        user.Own(PasswordFile + ".new");
        return PasswordFile + ".new";
    }

    private static void Restrict(string path, UnixFileMode others, bool folder = true)
    {
        if (!OperatingSystem.IsWindows())
        {
            var own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.SetUnixFileMode(path, others | own | (folder ? UnixFileMode.UserExecute : UnixFileMode.None));
        }
    }

    private static string Canonical(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        var real = Path.Combine(Canonical(parent), Path.GetFileName(path));
        return new DirectoryInfo(real).ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? Canonical(target.FullName) : real;
    }
}

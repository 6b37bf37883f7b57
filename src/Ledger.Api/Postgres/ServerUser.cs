using System.Globalization;

namespace Ledger.Api.Postgres;

/// <summary>
/// Who runs the server's programs: this user, or, because PostgreSQL refuses root, an unprivileged one.
/// <c>Name</c> is null for this user.
/// </summary>
internal sealed record ServerUser(string? Name, int UserId, int GroupId)
{
    private static readonly string[] ProgramFolders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];

    public static ServerUser ThisUser { get; } = new(null, 0, 0);

    public bool IsOther => Name is not null;

    /// <summary><c>postgres</c> if there is one, else <c>nobody</c>, when this process is root's.</summary>
    public static ServerUser ForThisProcess()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return ThisUser;
        }

        var accounts = File.Exists("/etc/passwd") ? File.ReadAllLines("/etc/passwd") : [];
        return Find(accounts, "postgres") ?? Find(accounts, "nobody") ?? throw new SetUpException(
            "PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody here. "
            + "Run this as an ordinary user, or name a server of yours with --connection.");
    }

    internal static ServerUser? Find(IEnumerable<string> accounts, string name) => accounts
        .Select(line => line.Split(':'))
        .Where(fields => fields.Length >= 4 && string.Equals(fields[0], name, StringComparison.Ordinal))
        .Select(fields => new ServerUser(
            name,
            int.Parse(fields[2], CultureInfo.InvariantCulture),
            int.Parse(fields[3], CultureInfo.InvariantCulture)))
        .FirstOrDefault(user => user.UserId != 0);

    /// <summary>Runs a program as that user, by whichever of setpriv, runuser and su is there.</summary>
    public ToolAnswer Run(string program, string[] arguments, string? data = null)
    {
        if (!IsOther)
        {
            return Tool.Run(program, arguments, data);
        }

        var user = UserId.ToString(CultureInfo.InvariantCulture);
        var group = GroupId.ToString(CultureInfo.InvariantCulture);
        string[][] ways =
        [
            ["setpriv", "--reuid", user, "--regid", group, "--clear-groups", "--", program, .. arguments],
            ["runuser", "-u", Name!, "--", program, .. arguments],
            ["su", "-s", "/bin/sh", Name!, "-c", string.Join(' ', arguments.Prepend(program).Select(Quoted))],
        ];
        foreach (var way in ways)
        {
            var changer = ProgramFolders.Select(folder => Path.Combine(folder, way[0])).FirstOrDefault(File.Exists);
            if (changer is not null && Accepts(changer, way[0]))
            {
                return Tool.Run(changer, way[1..], data);
            }
        }

        throw new SetUpException(
            $"PostgreSQL does not run as root, and none of setpriv, runuser and su is here to run it as {Name}. "
            + "Install util-linux, run this as an ordinary user, or name a server of yours with --connection.");
    }

    /// <summary>Gives a file or folder to that user.</summary>
    public void Own(string path)
    {
        if (!IsOther)
        {
            return;
        }

        var owner = string.Create(CultureInfo.InvariantCulture, $"{UserId}:{GroupId}");
        var answer = Tool.Run("chown", ["-R", owner, path]);
        if (answer.ExitCode != 0)
        {
            throw new SetUpException($"{path} could not be given to the user {Name}: {answer.Output.Trim()}");
        }
    }

    /// <summary>Throws, naming the closed folder, when that user cannot reach the path.</summary>
    public void MustEnter(string path)
    {
        if (!IsOther)
        {
            return;
        }

        const string firstClosed = "for each; do [ -x \"$each\" ] || { printf %s \"$each\"; exit 1; }; done";
        var answer = Run("/bin/sh", ["-c", firstClosed, "sh", .. Ancestors(path)]);
        if (answer.ExitCode != 0)
        {
            throw new SetUpException(
                $"PostgreSQL does not run as root, so it is run as the user {Name}, and that user cannot enter "
                + $"{answer.Output.Trim()}. Name a folder that it can enter, for example --data /var/lib/backoffice, "
                + "or run this as an ordinary user.");
        }
    }

    private static IEnumerable<string> Ancestors(string path)
    {
        var parents = new Stack<string>();
        for (var each = path; !string.IsNullOrEmpty(each); each = Path.GetDirectoryName(each))
        {
            parents.Push(each);
        }

        return parents;
    }

    // Busybox has a setpriv that cannot change the user.
    private static bool Accepts(string changer, string name) =>
        name != "setpriv" || Tool.Run(changer, ["--help"]).Output.Contains("--reuid", StringComparison.Ordinal);

    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}

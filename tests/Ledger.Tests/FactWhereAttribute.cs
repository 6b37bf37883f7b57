using Ledger.Api.Postgres;
using Ledger.Tests.Faults;

namespace Ledger.Tests;

/// <summary>What a machine must let a test do.</summary>
public enum Ability
{
    /// <summary>Mount a small disk in memory, which root may where the kernel lets it.</summary>
    Mount,

    /// <summary>Copy a running server into a standby: PostgreSQL's program <c>pg_basebackup</c>.</summary>
    Standby,
}

/// <summary>A test that is skipped, and says so, on a machine that does not let it do what it needs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWhereAttribute : FactAttribute
{
    private static readonly Lazy<bool> Mounts = new(CanMount);

    public FactWhereAttribute(Ability ability)
    {
        Ability = ability;
        Skip = ability switch
        {
            Ability.Mount => Mounts.Value ? null : "A disk in memory cannot be mounted here (Linux, root).",
            _ => Standby.CopyProgram(PostgresBinaries.Find(null)) is not null
                ? null : "pg_basebackup is not installed beside PostgreSQL's other programs.",
        };
    }

    public Ability Ability { get; }

    private static bool CanMount()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return false;
        }

        var folder = Directory.CreateTempSubdirectory("backoffice-mount-").FullName;
        try
        {
            return Tool.Run("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]).ExitCode == 0
                && Tool.Run("umount", [folder]).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return false;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}

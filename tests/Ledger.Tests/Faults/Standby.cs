using System.Net;
using System.Net.Sockets;
using Ledger.Api.Postgres;
using Ledger.Benchmarks.Faults;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Tests.Faults;

/// <summary>A copy of a running server that follows it, in a folder of its own.</summary>
internal sealed class Standby : IAsyncDisposable
{
    private readonly ServerUser user = ServerUser.ForThisProcess();
    private readonly PostgresBinaries binaries;
    private readonly string folder;
    private readonly string database;
    private readonly int port;

    private Standby(string folder, FaultyLedger ledger)
    {
        var primary = new NpgsqlConnectionStringBuilder(ledger.Superuser.ConnectionString);
        (this.folder, database, port) = (folder, primary.Database!, primary.Port);
        binaries = PostgresBinaries.Find(int.Parse(File.ReadAllText(Path.Combine(ledger.Data, "PG_VERSION"))));
        Must(user.Run(
            CopyProgram(binaries)!,
            [
                "-h", primary.Host!, "-p", $"{port}", "-U", "postgres", "-D", Data, "-R", "-X", "stream", "-c", "fast",
            ]));

        // The data include the settings that stand beside them; only the socket is another.
        var settings = File.ReadAllText(Path.Combine(ledger.Data, "..", "backoffice.conf"));
        File.WriteAllText(
            Path.Combine(folder, "backoffice.conf"),
            settings.Replace(primary.Host!, folder, StringComparison.Ordinal));
        Start();
    }

    public EndPoint Address => new UnixDomainSocketEndPoint(Path.Combine(folder, $".s.PGSQL.{port}"));

    public string ServiceConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = folder,
        Port = port,
        Database = database,
        Username = DatabaseRoles.Service,
    }.ConnectionString;

    private string Data => Path.Combine(folder, "data");

    /// <summary>The program that copies a server; null where it is not installed. The others may be links to where it
    /// is.</summary>
    public static string? CopyProgram(PostgresBinaries binaries)
    {
        var server = new FileInfo(binaries.Postgres);
        var real = server.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? server.FullName;
        var beside = Path.Combine(Path.GetDirectoryName(real)!, "pg_basebackup");
        return File.Exists(beside) ? beside : FactWithAttribute.Find("pg_basebackup");
    }

    /// <summary>Copies the ledger's server and starts the copy.</summary>
    public static Standby Of(FaultyLedger ledger)
    {
        var folder = Directory.CreateTempSubdirectory("backoffice-standby-").FullName;
        ServerUser.ForThisProcess().Own(folder);
        return new(folder, ledger);
    }

    /// <summary>Starts it, also behind <see cref="Kill"/>.</summary>
    public void Start()
    {
        // The number of a process that was killed is in use until its parent has noticed.
        ToolAnswer answer;
        var attempts = 0;
        do
        {
            File.Delete(PidFile.PathIn(Data));
            File.Delete(Path.Combine(folder, $".s.PGSQL.{port}.lock"));
            Thread.Sleep(attempts * 100);
            answer = user.Run(binaries.PgCtl, ["start", "-l", "server.log", "-w", "-t", "60"], Data);
        }
        while (answer.ExitCode != 0 && ++attempts < 10);

        Assert.True(answer.ExitCode == 0, File.ReadAllText(Path.Combine(Data, "server.log")));
    }

    /// <summary>As <c>kill -9</c> does, all of its processes.</summary>
    public void Kill()
    {
        while (ServerProcesses.In(Data) is { Count: > 0 } living)
        {
            ServerProcesses.Signal("KILL", living);
        }
    }

    public void Promote() => Must(user.Run(binaries.PgCtl, ["promote", "-w", "-t", "60"], Data));

    public ValueTask DisposeAsync()
    {
        Kill();
        Directory.Delete(folder, recursive: true);
        return default;
    }

    private static void Must(ToolAnswer answer) => Assert.True(answer.ExitCode == 0, answer.Output);
}

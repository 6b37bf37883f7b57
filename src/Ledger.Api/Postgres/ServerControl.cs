using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Ledger.Api.Postgres;

/// <summary>Starts, finds, repairs and stops the server of one folder. The caller holds the locks.</summary>
internal sealed class ServerControl(
    ServerFolder folder, ServerUser user, PostgresBinaries binaries, PrivatePostgresOptions options)
{
    private const int SocketPort = 5432;
    private const int StartsMax = 5;
    private static readonly TimeSpan SignalPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryStep = TimeSpan.FromMilliseconds(100);

    // Connections name them: a server that is started again must be where it was.
    private string? socketFolder;
    private int? loopbackPort;

    private enum Reply
    {
        None,
        NotYet,
        Ready,
    }

    public bool IsRunning => PostmasterLives();

    /// <summary>Connection to the running server's own database <c>postgres</c>; starts the server if need
    /// be.</summary>
    public async Task<NpgsqlConnectionStringBuilder> EnsureRunningAsync(CancellationToken cancellation)
    {
        var (patience, signals) = (options.Patience, Signals());
        var waited = Stopwatch.StartNew();
        for (var starts = 0; ;)
        {
            var (reply, connection) = await AskAsync(cancellation);
            if (reply == Reply.Ready)
            {
                return connection!;
            }

            if (reply == Reply.NotYet)
            {
                // It answers that it is starting, recovering or stopping: it will come to an end by itself.
                waited.Restart();
            }
            else if (!PostmasterLives())
            {
                var failure = Start();
                if (failure is null && ++starts <= StartsMax)
                {
                    (patience, signals) = (options.Patience, Signals());
                    waited.Restart();
                }
                else if (failure is not null && IsDiskFull(failure))
                {
                    throw new SetUpException($"The disk of {folder.Root} is full, so that the private PostgreSQL there "
                        + "does not start: make room and start again.");
                }
                else if (failure is null || !PassesByItself(failure))
                {
                    throw new SetUpException($"The private PostgreSQL in {folder.Root} does not start:\n"
                        + (failure ?? $"it ends right after its start, see {folder.Log}").Trim());
                }
            }

            if (waited.Elapsed > patience)
            {
                patience = SignalPatience;
                waited.Restart();
                EndWhatIsLeft(signals);
            }

            await Task.Delay(RetryStep, cancellation);
        }
    }

    /// <summary>Stops the server if it runs.</summary>
    public void Stop()
    {
        var running = PidFile.Read(folder.Data);
        if (running is null || !PostmasterLives())
        {
            return;
        }

        var answer = user.Run(binaries.PgCtl, ["stop", "-m", "fast", "-w", "-t", "600"], folder.Data);
        if (answer.ExitCode != 0 && PostmasterLives())
        {
            options.Say($"The private PostgreSQL in {folder.Data} could not be stopped: {answer.Output.Trim()}");
            return;
        }

        ServerFolder.RemoveSocketFolder(running.SocketFolder);
    }

    /// <summary>These two refusals mean that something of a killed server is still going away.</summary>
    internal static bool PassesByItself(string failure) =>
        (failure.Contains("lock file", StringComparison.Ordinal)
            && failure.Contains("already exists", StringComparison.Ordinal))
        || failure.Contains("is still in use", StringComparison.Ordinal);

    /// <summary>A file had no room. Shared memory, too, is said to have none left, which is no matter of the
    /// disk.</summary>
    internal static bool IsDiskFull(string failure) => failure.Split('\n').Any(line =>
        line.Contains("No space left on device", StringComparison.Ordinal)
        && !line.Contains("shared memory", StringComparison.Ordinal));

    // What is frozen does not hear the first one.
    private static Queue<string> Signals() => new(["QUIT", "KILL"]);

    private void EndWhatIsLeft(Queue<string> signals)
    {
        var left = ServerProcesses.In(folder.Data);
        if (!signals.TryDequeue(out var signal))
        {
            throw new SetUpException($"A PostgreSQL that runs in {folder.Data} does not answer and cannot be ended "
                + $"(processes {string.Join(", ", left)}). End it yourself.");
        }

        options.Say($"Ending what is left of a killed PostgreSQL in {folder.Data}.");
        ServerProcesses.Signal(signal, left);
    }

    private bool PostmasterLives() =>
        PidFile.Read(folder.Data) is { } file && ServerProcesses.In(folder.Data).Contains(file.ProcessId);

    private async Task<(Reply Reply, NpgsqlConnectionStringBuilder? Connection)> AskAsync(
        CancellationToken cancellation)
    {
        if (PidFile.Read(folder.Data) is not { Port: { } port } running || !PostmasterLives())
        {
            return (Reply.None, null);
        }

        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = running.SocketFolder ?? IPAddress.Loopback.ToString(),
            Port = port,
            Username = "postgres",
            Password = running.SocketFolder is null ? folder.Password : null,
            Database = "postgres",
            Pooling = false,
            Timeout = 5,
        };
        try
        {
            await using var probe = new NpgsqlConnection(connection.ConnectionString);
            await probe.OpenAsync(cancellation);
            return (Reply.Ready, connection);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.TooManyConnections)
        {
            return (Reply.Ready, connection);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.CannotConnectNow)
        {
            return (Reply.NotYet, null);
        }
        catch (PostgresException refused) when (refused.SqlState.StartsWith("28", StringComparison.Ordinal))
        {
            throw new SetUpException($"The private PostgreSQL in {folder.Root} refuses its own user: "
                + $"{refused.MessageText}. See pg_hba.conf there.", refused);
        }
        catch (Exception gone) when (gone is NpgsqlException or SocketException or TimeoutException)
        {
            return (Reply.None, null);
        }
    }

    /// <summary>Null when it was started, else what it said.</summary>
    private string? Start()
    {
        // A pid file whose process is not a server of this folder is a leftover: the number went to another program,
        // and the server would wait for that one for ever.
        File.Delete(PidFile.PathIn(folder.Data));
        socketFolder = options.Loopback ? null : folder.MakeSocketFolder(SocketPort, socketFolder);
        loopbackPort = options.Loopback ? loopbackPort ?? FreePort() : null;
        folder.Configure(Settings(), socketFolder, loopbackPort ?? SocketPort);
        if (new FileInfo(folder.Log) is { Exists: true, Length: > 10_000_000 })
        {
            File.Move(folder.Log, folder.Log + ".1", overwrite: true);
        }

        var said = File.Exists(folder.Log) ? new FileInfo(folder.Log).Length : 0;
        // No path among the arguments: pg_ctl hands them to a shell, badly quoted.
        string[] arguments = ["start", "-l", Path.GetFileName(folder.Log), "-w", "-t", "10"];
        var answer = user.Run(binaries.PgCtl, arguments, folder.Data);
        if (answer.ExitCode == 0 || PostmasterLives())
        {
            return null;
        }

        ServerFolder.RemoveSocketFolder(socketFolder);
        if (!File.Exists(folder.Log))
        {
            return answer.Output;
        }

        using var log = new StreamReader(new FileStream(
            folder.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        log.BaseStream.Position = said;
        var words = log.ReadToEnd();
        return words.Length > 0 ? words : answer.Output;
    }

    private Dictionary<string, string> Settings()
    {
        var free = new DriveInfo(folder.Root).AvailableFreeSpace;
        var settings = ServerSettings.For(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, free);
        var compressed = user.Run(
            binaries.Postgres, ["-D", folder.Data, "-C", "wal_compression", "-c", "wal_compression=lz4"]);
        settings["wal_compression"] = compressed.ExitCode == 0 ? "lz4" : "on";
        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        return settings;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

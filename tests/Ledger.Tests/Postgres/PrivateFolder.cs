using Ledger.Api.Postgres;
using Npgsql;

namespace Ledger.Tests.Postgres;

/// <summary>A data folder of its own, which is ended and removed with all that still runs in it.</summary>
public sealed class PrivateFolder : IDisposable
{
    public PrivateFolder() : this(string.Empty)
    {
    }

    private PrivateFolder(string inner)
    {
        Outer = Directory.CreateTempSubdirectory("backoffice-test-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode enter = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(Outer, File.GetUnixFileMode(Outer) | enter);
        }

        Root = Path.Combine(Outer, inner);
    }

    /// <summary>A path below a new folder; the folders of the path are made by the server's start.</summary>
    public static PrivateFolder Below(string inner) => new(inner);

    public string Outer { get; }

    public string Root { get; }

    public string Data => Path.Combine(Root, "postgres");

    /// <summary>The postgres processes whose working directory is the data.</summary>
    public IReadOnlyList<int> Processes => ServerProcesses.In(Data);

    public int Postmaster => PidFile.Read(Data)!.ProcessId;

    public Task<PrivatePostgres> StartAsync(Func<PrivatePostgresOptions, PrivatePostgresOptions>? change = null)
    {
        var options = new PrivatePostgresOptions(Root)
        {
            Settings = new Dictionary<string, string> { ["shared_buffers"] = "32MB" },
        };
        return PrivatePostgres.StartAsync(change is null ? options : change(options));
    }

    /// <summary>The first field of the answer as text; <c>nothing</c> for no row.</summary>
    public static async Task<string> AskAsync(string connectionString, string question)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(question, connection);
        return (await command.ExecuteScalarAsync())?.ToString() ?? "nothing";
    }

    /// <summary>Waits until no process of the server is left; they need a moment after the postmaster's end.</summary>
    public async Task AllEndAsync()
    {
        while (Processes.Count > 0)
        {
            await Task.Delay(20);
        }
    }

    public void Dispose()
    {
        ServerProcesses.Signal("KILL", [.. Processes]);
        Directory.Delete(Outer, recursive: true);
    }
}

using Ledger.EventStore;
using Npgsql;

namespace Ledger.Api.Postgres;

/// <summary>
/// A PostgreSQL of our own below the data folder, for when no connection string is given. All processes that name the
/// same folder share it; the last one that leaves stops it. A server whose owners were all killed goes on running, and
/// the next one uses it. One that ends by itself, as when the disk was full, is started again as soon as that is
/// possible.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    // Stopping writes all dirty pages, and another one's start may replay much of the write-ahead log.
    private static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource leaving = new();
    private readonly Task watching;
    private readonly UsersLock users;
    private readonly ServerControl control;
    private readonly string address;
    private bool left;

    private PrivatePostgres(
        UsersLock users, ServerControl control, string address, PrivatePostgresOptions options, string startLock)
    {
        this.users = users;
        this.control = control;
        this.address = address;
        ConnectionString = ConnectionStringTo(options.Database);
        ServiceConnectionString = ServiceConnectionStringTo(options.Database);
        watching = Task.Run(() => WatchAsync(startLock, options.Say, leaving.Token));
    }

    /// <summary>The connection to the database of the options, as the server's owner.</summary>
    public string ConnectionString { get; }

    /// <summary>The same as the role that the service runs as, which may do no more than the service needs.</summary>
    public string ServiceConnectionString { get; }

    /// <summary>Finds or makes, starts or joins the server. Throws <see cref="SetUpException"/> with what to
    /// do.</summary>
    public static async Task<PrivatePostgres> StartAsync(
        PrivatePostgresOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var user = ServerUser.ForThisProcess();
        var folder = ServerFolder.Open(options.Folder, user);
        var joined = await UsersLock.JoinAsync(folder.UsersLock, LockPatience, cancellation);
        ServerControl? server = null;
        try
        {
            await using var alone = await UsersLock.AloneAsync(folder.StartLock, LockPatience, cancellation);
            var binaries = PostgresBinaries.Find(folder.Major());
            server = new ServerControl(folder, user, binaries, options);
            if (folder.Major() is null)
            {
                options.Say($"Making a private database in {folder.Root} (PostgreSQL {binaries.Major}).");
                folder.Initialize(binaries, options.Loopback);
            }

            var connection = await server.EnsureRunningAsync(cancellation);
            await PrepareAsync(connection.ConnectionString, options.Database, cancellation);
            connection.Pooling = true;
            return new(joined, server, connection.ConnectionString, options, folder.StartLock);
        }
        catch
        {
            Leave(joined, server);
            throw;
        }
    }

    /// <summary>The connection to another database of the server.</summary>
    public string ConnectionStringTo(string database) =>
        new NpgsqlConnectionStringBuilder(address) { Database = database }.ConnectionString;

    /// <summary>The connection to another database of the server, as the role that the service runs as.</summary>
    public string ServiceConnectionStringTo(string database) =>
        new NpgsqlConnectionStringBuilder(address)
        {
            Database = database,
            Username = DatabaseRoles.Service,
        }.ConnectionString;

    /// <summary>Leaves the server; the last one stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!left)
        {
            left = true;
            await leaving.CancelAsync();
            await watching;
            leaving.Dispose();
            Leave(users, control);
        }
    }

    private async Task WatchAsync(string startLock, Action<string> say, CancellationToken ct)
    {
        var said = "";
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(WatchEvery, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!ct.IsCancellationRequested && !control.IsRunning)
                {
                    await using var alone = await UsersLock.AloneAsync(startLock, LockPatience, ct);
                    await control.EnsureRunningAsync(ct);
                    said = "";
                    say("The private PostgreSQL had ended and runs again.");
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is SetUpException or IOException or UnauthorizedAccessException)
            {
                if (said.Length == 0)
                {
                    say(said = e.Message);
                }
            }
        }
    }

    private static void Leave(UsersLock users, ServerControl? control)
    {
        using var alone = users.Leave();
        if (alone is not null)
        {
            control?.Stop();
        }
    }

    private static async Task PrepareAsync(string server, string database, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync(cancellation);
        try
        {
            await StartCheck.RunAsync(connection, cancellation);
        }
        catch (UnsafeServerException unsafely)
        {
            throw new SetUpException(unsafely.Message, unsafely);
        }

        await using var find = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection)
        {
            Parameters = { new() { Value = database } },
        };
        if (await find.ExecuteScalarAsync(cancellation) is null)
        {
            var name = "\"" + database.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
            await using var create = new NpgsqlCommand("create database " + name, connection);
            await create.ExecuteNonQueryAsync(cancellation);
        }

        await AdmitServiceAsync(connection, new NpgsqlConnectionStringBuilder(server).Password, cancellation);
    }

    /// <summary>
    /// Lets the service log in as its own role, with the superuser's password where the server asks for one: whoever
    /// may read the file that it is kept in may read the data, too.
    /// </summary>
    private static async Task AdmitServiceAsync(
        NpgsqlConnection connection, string? password, CancellationToken cancellation)
    {
        await using var find = new NpgsqlCommand("select rolcanlogin from pg_roles where rolname = $1", connection)
        {
            Parameters = { new() { Value = DatabaseRoles.Service } },
        };
        var mayLogIn = (bool?)await find.ExecuteScalarAsync(cancellation);
        if (mayLogIn is true)
        {
            return;
        }

        var verifier = password is null ? "" : $" password '{PasswordVerifier.Of(password)}'";
        await using var admit = new NpgsqlCommand(
            $"{(mayLogIn is null ? "create" : "alter")} role {DatabaseRoles.Service} login{verifier}", connection);
        await admit.ExecuteNonQueryAsync(cancellation);
    }
}

using Ledger.Api.Postgres;
using Npgsql;

namespace Ledger.Api;

/// <summary>
/// The ledger in this process: the database that the settings name, or the private one, started and brought up to date.
/// Every command and the service open it, whether or not another process has it open.
/// </summary>
public sealed class LedgerHost : IAsyncDisposable
{
    private readonly PrivatePostgres? privatePostgres;

    private LedgerHost(Settings settings, PrivatePostgres? privatePostgres, string connectionString)
    {
        Settings = settings;
        this.privatePostgres = privatePostgres;
        ConnectionString = connectionString;
    }

    public Settings Settings { get; }

    public string ConnectionString { get; }

    /// <summary>True for the server below the data folder, whose schema this program keeps up to date by itself.</summary>
    public bool IsPrivate => privatePostgres is not null;

    /// <param name="settings">Which server, and where the data folder is.</param>
    /// <param name="say">Is told what takes long, one sentence at a time.</param>
    /// <param name="cancellation">Gives up the start.</param>
    /// <exception cref="SetUpException">The server cannot be started, reached or used as it is.</exception>
    public static async Task<LedgerHost> OpenAsync(
        Settings settings, Action<string> say, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(say);
        if (settings.Connection is not { } configured)
        {
            var options = new PrivatePostgresOptions(settings.Data) { Say = say };
            var started = await PrivatePostgres.StartAsync(options, cancellation);
            return new(settings, started, started.ConnectionString);
        }

        await CheckAsync(configured, cancellation);
        return new(settings, null, configured);
    }

    public async ValueTask DisposeAsync()
    {
        if (privatePostgres is not null)
        {
            await privatePostgres.DisposeAsync();
        }
    }

    private static async Task CheckAsync(string configured, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(configured);
            await connection.OpenAsync(cancellation);
            await ServerCheck.EnsureAsync(connection, cancellation);
        }
        catch (Exception refused) when (refused is NpgsqlException or ArgumentException)
        {
            throw new SetUpException("The configured server (--connection, ConnectionStrings__Ledger) cannot be used: "
                + $"{refused.Message}", refused);
        }
    }
}

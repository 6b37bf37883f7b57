using Ledger.Api.Postgres;
using Npgsql;

namespace Ledger.Api;

/// <summary>
/// The database as whoever administers it reaches it: on the private server as its superuser, on a configured one as
/// the login that the connection names.
/// </summary>
internal sealed class AdministratorDatabase : IAsyncDisposable
{
    private readonly PrivatePostgres? server;

    private AdministratorDatabase(PrivatePostgres? server, string connectionString)
    {
        this.server = server;
        ConnectionString = connectionString;
        Source = SourceOf(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    /// <summary>True for the server below the data folder, whose superuser may do everything.</summary>
    public bool IsPrivate => server is not null;

    /// <exception cref="SetUpException">The private server cannot be started.</exception>
    public static async Task<AdministratorDatabase> OpenAsync(
        Settings settings, Action<string> say, CancellationToken cancellation)
    {
        if (settings.Connection is { } configured)
        {
            return new(null, configured);
        }

        var server = await PrivatePostgres.StartAsync(new(settings.Data) { Say = say }, cancellation);
        return new(server, server.ConnectionString);
    }

    /// <summary>The name stands in metrics, where the connection string would tell host, database and user.</summary>
    public static NpgsqlDataSource SourceOf(string connectionString) =>
        new NpgsqlDataSourceBuilder(connectionString) { Name = "ledger-administration" }.Build();

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await (server?.DisposeAsync() ?? default);
    }
}

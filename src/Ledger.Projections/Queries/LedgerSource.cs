using Npgsql;

namespace Ledger.Projections.Queries;

/// <summary>The connections that answer questions.</summary>
public static class LedgerSource
{
    /// <summary>
    /// A pool whose connections only read. Their plans go by primary key and index whatever the statistics of a fresh
    /// database say: sums are hashed, never sorted, and nothing is compiled for a query of milliseconds.
    /// </summary>
    public static NpgsqlDataSource Create(string connectionString)
    {
        const string options =
            "-c default_transaction_read_only=on -c jit=off -c enable_sort=off -c enable_seqscan=off "
            + "-c enable_hashjoin=off -c enable_mergejoin=off -c statement_timeout=60000";
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "backoffice-queries",
            CommandTimeout = 0,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
        };
        settings.Options = string.IsNullOrEmpty(settings.Options) ? options : settings.Options + " " + options;

        // The name stands in metrics, where the connection string would tell host, database and user.
        return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = "ledger-queries" }.Build();
    }
}

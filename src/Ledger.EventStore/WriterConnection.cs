using System.Data;
using System.Diagnostics;
using Npgsql;

namespace Ledger.EventStore;

/// <summary>
/// The writer's own connection. It never times out and is never cancelled, because a statement that is cancelled while
/// it waits for a synchronous standby is answered with success although the standby has nothing.
/// </summary>
internal sealed class WriterConnection(NpgsqlDataSource database, StoreOptions options) : IDisposable
{
    // The last one makes the server process allocate 30 MB once and give them back: from then on glibc keeps what a
    // batch needs (up to twice that) instead of returning it to the kernel and faulting it in again for every batch.
    // With a thousand entries a batch the server's work falls to a third. Elsewhere it does no harm.
    private const string Settings = """
        set statement_timeout = 0;
        set lock_timeout = 0;
        set idle_session_timeout = 0;
        set default_transaction_isolation = 'read committed';
        set default_transaction_read_only = off;
        select set_config('synchronous_commit',
            case current_setting('synchronous_commit') when 'remote_apply' then 'remote_apply' else 'on' end, false);
        select length(repeat('x', 30000000))
        """;

    // Of its own, because that of the connection string may be too short for a busy machine.
    private const int SettingsSecondsMax = 30;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private NpgsqlConnection? connection;
    private AppendStatement? statement;
    private long used;

    /// <summary>What the server remarked during the last statement that makes its success uncertain.</summary>
    public string? Warning { get; private set; }

    /// <summary>The statement on a live connection; tries for a while to get one.</summary>
    /// <exception cref="NpgsqlException">There is none, or it lacks the schema; nothing was sent.</exception>
    public AppendStatement Open()
    {
        Warning = null;
        if (statement is not null && Stopwatch.GetElapsedTime(used) > Idle && !IsAlive())
        {
            Drop();
        }

        var since = Stopwatch.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(20);
        while (statement is null)
        {
            try
            {
                Connect();
            }
            catch (Exception)
            {
                Drop();
                if (Stopwatch.GetElapsedTime(since) + pause > options.ReconnectFor)
                {
                    throw;
                }

                Thread.Sleep(pause);
                pause = TimeSpan.FromMilliseconds(Math.Min(pause.TotalMilliseconds * 2, 500));
            }
        }

        used = Stopwatch.GetTimestamp();
        return statement;
    }

    /// <summary>
    /// Gives it back: the pool closes one that is broken, and resets the writer's settings before others get it.
    /// </summary>
    public void Drop()
    {
        try
        {
            statement?.Dispose();
            connection?.Dispose();
        }
        catch (Exception)
        {
            // It was broken already; what matters is that the next statement gets another one.
        }

        (statement, connection) = (null, null);
    }

    /// <summary>After an error the server waits for the next statement, or the connection is of no more use.</summary>
    public void DropIfBroken()
    {
        if (connection?.FullState != ConnectionState.Open)
        {
            Drop();
        }
    }

    public void Dispose() => Drop();

    private void Connect()
    {
        connection = database.OpenConnection();
        connection.Notice += (_, args) =>
        {
            // "canceling wait for synchronous replication": committed here, perhaps nowhere else.
            if (args.Notice.SqlState == PostgresErrorCodes.Warning)
            {
                Warning = $"PostgreSQL warned: {args.Notice.MessageText}";
            }
        };
        using (var settings = new NpgsqlCommand(Settings, connection) { CommandTimeout = SettingsSecondsMax })
        {
            settings.ExecuteNonQuery();
        }

        statement = new AppendStatement(connection);
        Warning = null;
    }

    private bool IsAlive()
    {
        try
        {
            using var ping = new NpgsqlCommand("select 1", connection) { CommandTimeout = 5 };
            ping.ExecuteNonQuery();
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}

using System.Data.Common;
using Ledger.Api.Approvals;
using Ledger.Api.Audit;
using Ledger.Api.Keys;
using Ledger.Api.Payroll;
using Ledger.Api.PayRuns;
using Ledger.Api.People;
using Ledger.Api.Postgres;
using Ledger.Api.Witnesses;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Ledger.Projections;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;

namespace Ledger.Api;

/// <summary>
/// The ledger in this process: the database that the settings name, or the private one, started and brought up to date,
/// with the store on it. Every command and the service open it, whether or not another process has it open.
/// </summary>
public sealed class LedgerHost : IAsyncDisposable
{
    private readonly PrivatePostgres? privatePostgres;
    private readonly MasterKeyFile masterKey;

    private LedgerHost(Settings settings, PrivatePostgres? privatePostgres, string connectionString)
    {
        Settings = settings;
        this.privatePostgres = privatePostgres;
        connectionString = Bounded(connectionString);
        ConnectionString = connectionString;
        // The name stands in metrics, where the connection string would tell host, database and user.
        Database = new NpgsqlDataSourceBuilder(connectionString) { Name = "ledger" }.Build();
        Store = new(Database);
        masterKey = MasterKeyFile.Of(settings);
        Vault = new(Database, masterKey.Load);
        Transact = new(Store, vault: Vault);
        PackPublications = new(Store);
        AuditKeys = new(Store, settings);
        AuditLog = new(Database, AuditKeys.Signing);
        Witnesses = [.. WitnessSettings.Read(settings.Configuration).Select(each => new WitnessPush(Database, each))];
        PayRunFacts = new(Database, Store, EventCatalog.Ledger);
        PayRuns = new(this, PayRunFacts);
        Facts = new(Database, EventCatalog.Ledger);
        Books = new(Database, EventCatalog.Ledger);
        Store.Appended += _ => Books.Wake();
        Reader = new(LedgerSource.Create(connectionString), Books);
        var issuer = TokenSettings.Read(settings.Configuration);
        Keys = new(
            Store, Clock, OwnerKey.WhereToFind(settings.Data), issuer is null ? null : new Tokens(issuer, Clock));
    }

    public Settings Settings { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    public Store Store { get; }

    /// <summary>The keys of persons.</summary>
    public Vault Vault { get; }

    /// <summary>How every command is decided and recorded.</summary>
    public Transact Transact { get; }

    /// <summary>What decisions need to know of the whole journal.</summary>
    public PostingFacts Facts { get; }

    /// <summary>What pay runs need to know beyond single streams.</summary>
    public PackPublications PackPublications { get; }

    public PayRunFacts PayRunFacts { get; }

    /// <summary>What makes payslips.</summary>
    public PayRunCalculator PayRuns { get; }

    /// <summary>The loop that keeps the tables of the books up to the events.</summary>
    public ProjectionLoop Books { get; }

    /// <summary>By which keys the audit logs are signed.</summary>
    public AuditKeyring AuditKeys { get; }

    /// <summary>What adds events to the audit logs; the service runs it, and commands that need them.</summary>
    public AuditLoop AuditLog { get; }

    /// <summary>Who else sees what the log over all logs comes to.</summary>
    public IReadOnlyList<WitnessPush> Witnesses { get; }

    /// <summary>What answers questions.</summary>
    public LedgerReader Reader { get; }

    /// <summary>Who may ask.</summary>
    public KeyRegistry Keys { get; }

    /// <summary>The one clock of the program. Instants of events are the database's.</summary>
    public IClock Clock { get; } = TheClock;

    /// <summary>The same for what runs without a ledger that is open.</summary>
    internal static IClock TheClock { get; } = SystemClock.Instance;

    /// <summary>The number of the last event when this process began: the service is ready once its tables have
    /// it.</summary>
    public long HeadAtStart { get; private set; }

    /// <summary>The owner's key, as the actor in whose name commands run.</summary>
    public string OwnerActor { get; private set; } = "";

    /// <summary>Whoever runs commands on this machine, to four eyes; a command cannot wait for a second
    /// person.</summary>
    public Doer Owner => DoerOf(Caller.LedgerOwner(OwnerActor), canWait: false);

    public Doer DoerOf(Caller caller, bool canWait = true) => new(caller, Clock, canWait, Keys.TakesTokens);

    /// <summary>True for the server below the data folder, whose schema this program keeps up to date by
    /// itself.</summary>
    public bool IsPrivate => privatePostgres is not null;

    /// <param name="settings">Which server, and where the data folder is.</param>
    /// <param name="say">Is told what takes long or happens once, one sentence at a time.</param>
    /// <param name="cancellation">Gives up the start.</param>
    /// <exception cref="SetUpException">The server cannot be started, reached or used as it is.</exception>
    public static async Task<LedgerHost> OpenAsync(
        Settings settings, Action<string> say, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(say);
        var host = settings.Connection is { } configured
            ? new LedgerHost(settings, null, configured)
            : await StartPrivateAsync(settings, say, cancellation);
        try
        {
            await host.PrepareAsync(say, cancellation);
            return host;
        }
        catch (Exception fault) when (FullDisk.Caused(fault))
        {
            await host.DisposeAsync();
            throw new SetUpException(WhenFull(settings), fault);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Brings the schema of a database up to date, which an administrator may; on the private server every start does.
    /// </summary>
    public static async Task MigrateAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await Migrations.EventStore.RunAsync(database, cancellation);
        await ProjectionSchema.MigrateAsync(database, ct: cancellation);
    }

    /// <summary>Finishes what was accepted, then leaves the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await PayRuns.DisposeAsync();
        await Store.DisposeAsync();
        await Reader.DisposeAsync();
        await Books.DisposeAsync();
        await Database.DisposeAsync();
        if (privatePostgres is not null)
        {
            await privatePostgres.DisposeAsync();
        }
    }

    /// <summary>
    /// Both pools together stay below what a server lets in by default, which is 100. A server whose machine has lost
    /// its power says nothing: the system asks it, or the writer, who has no time-out, would wait for ever.
    /// </summary>
    internal static string Bounded(string connectionString)
    {
        const int connectionsMax = 40, silentSeconds = 10, askAgainSeconds = 5;
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var bounded = new NpgsqlConnectionStringBuilder(connectionString);
        if (!given.ContainsKey("Maximum Pool Size") && !given.ContainsKey("MaxPoolSize"))
        {
            bounded.MaxPoolSize = connectionsMax;
        }

        // A Unix socket has no such options.
        if (!bounded.TcpKeepAlive && bounded.Host?.Contains('/', StringComparison.Ordinal) != true)
        {
            (bounded.TcpKeepAlive, bounded.TcpKeepAliveTime, bounded.TcpKeepAliveInterval) =
                (true, silentSeconds, askAgainSeconds);
        }

        return bounded.ConnectionString;
    }

    private static string WhenFull(Settings settings) => settings.Connection is null
        ? $"The disk of the data folder {Path.GetFullPath(settings.Data)} is full: make room there and start again."
        : "The disk of the configured server, or of the data folder, is full: make room there and start again.";

    private static async Task<LedgerHost> StartPrivateAsync(
        Settings settings, Action<string> say, CancellationToken cancellation)
    {
        try
        {
            var started = await PrivatePostgres.StartAsync(new(settings.Data) { Say = say }, cancellation);
            return new(settings, started, started.ServiceConnectionString);
        }
        catch (Exception fault) when (FullDisk.Caused(fault))
        {
            throw new SetUpException(WhenFull(settings), fault);
        }
    }

    private async Task PrepareAsync(Action<string> say, CancellationToken cancellation)
    {
        try
        {
            if (privatePostgres is not null)
            {
                await using var administration = AdministratorDatabase.SourceOf(privatePostgres.ConnectionString);
                await MigrateAsync(administration, cancellation);
            }
            else
            {
                await ServiceLogin.CheckAsync(Database, Settings.AllowsSuperuser, cancellation);
            }

            await Migrations.EventStore.CheckAsync(Database, cancellation);
            await ProjectionSchema.Migrations.CheckAsync(Database, cancellation);
            await Store.StartAsync(cancellation);
            await masterKey.PrepareAsync(Database, say, cancellation);
            OwnerActor = await OwnerKey.EnsureAsync(Store, Settings.Data, Clock, say, cancellation);
            await PackPublications.PublishAsync(OwnerActor, cancellation);
            await AuditKeys.PrepareAsync(OwnerActor, say, cancellation);
            HeadAtStart = await Store.HeadAsync(cancellation);
            if (!Settings.Configuration.GetValue("Projections:Paused", false))
            {
                Books.Start();
            }
        }
        catch (Exception refused) when (
            refused is NpgsqlException or ArgumentException or SchemaVersionException or UnsafeServerException)
        {
            throw new SetUpException(
                IsPrivate
                    ? refused.Message
                    : $"The configured server (--connection, ConnectionStrings__Ledger) cannot be used: "
                        + $"{refused.Message}",
                refused);
        }
    }
}

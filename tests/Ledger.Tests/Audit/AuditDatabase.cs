using Ledger.Domain.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Tests.Audit;

/// <summary>A database with the audit logs of events that a test adds, and no service beside it.</summary>
internal sealed class AuditDatabase : IAsyncDisposable
{
    public const string LedgerName = "ledger.example";

    private readonly TestDatabase database;

    private AuditDatabase(TestDatabase database)
    {
        this.database = database;
        Source = NpgsqlDataSource.Create(database.ConnectionString);
    }

    public NpgsqlDataSource Source { get; }

    public string ConnectionString => database.ConnectionString;

    public static async Task<AuditDatabase> CreateAsync() => new(await TestDatabase.CreateMigratedAsync());

    /// <summary>Keys that are told apart by a byte.</summary>
    public static AuditSigner Signer(params byte[] keys) => new(LedgerName, keys.Select(PrivateKey));

    public static VerifierKey Key(byte key, string company) => new(
        AuditSigner.OriginOf(LedgerName, company), SignatureKind.Log, Ed25519.PublicKeyOf(PrivateKey(key)));

    public static byte[] PrivateKey(byte key) => [.. Enumerable.Repeat(key, Ed25519.KeyLength)];

    /// <summary>Appends events to a stream of the company, as another program could.</summary>
    public Task AddAsync(
        string company, int count = 1, string type = "noted", string data = "{}", string stream = "notes") =>
        database.ExecuteAsSuperuserAsync($"""
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, user_name)
            select s.last + n, gen_random_uuid(), '{stream}', v.last + n, '{data}', '{type}', clock_timestamp(),
                '{company}', 'key:test'
            from generate_series(1, {count}) n,
                (select coalesce(max(seq_id), 0) as last from public.mt_events) s,
                (select coalesce(max(version), 0) as last from public.mt_events
                    where tenant_id = '{company}' and stream_id = '{stream}') v
            """);

    public Task PublishAsync(byte key) => AddAsync(
        "*DEFAULT*", type: "audit_key_published", stream: AuditKeys.Stream,
        data: $$"""{"ledger": "{{LedgerName}}", "publicKey": "{{Convert.ToBase64String(Key(key, "").PublicKey)}}"}""");

    public Task CatchUpAsync(AuditSigning signing) =>
        new AuditLoop(Source, signing).CatchUpAsync(null, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Becomes the superuser and switches the triggers off.</summary>
    public Task ChangeAsync(string sql) =>
        database.ExecuteAsSuperuserAsync($"set session_replication_role = replica; {sql}");

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<SignedNote> NewestAsync(string company)
    {
        await using var connection = await Source.OpenConnectionAsync();
        return SignedNote.Parse(
            (await ProofQueries.NewestAsync(connection, company, CancellationToken.None))!.Note)!;
    }

    /// <summary>What the verification finds in the audit logs: where, and what.</summary>
    public async Task<IReadOnlyList<string>> FindingsAsync(AuditTrust trust)
    {
        await using var connection = await Source.OpenConnectionAsync();
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        var (_, findings) = await new AuditCheck(connection, EventCatalog.Ledger) { Trust = trust }
            .RunAsync(null, null, CancellationToken.None);
        return [.. findings.Select(each => $"{each.Where}: {each.What}")];
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await database.DisposeAsync();
    }
}

using System.Buffers;
using System.Text.Json;
using Ledger.Api.Queries;
using Ledger.Api.Witnesses;
using Ledger.Projections;
using Npgsql;

namespace Ledger.Api.Observability;

/// <summary>Whether the service lives, and whether it may be sent requests.</summary>
public static class HealthApi
{
    /// <summary>How long the database may take to say how far behind the tables are.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        var ledger = surface.Ledger;
        var lag = new SharedAnswer<ProjectionLag?>(() => LagAsync(ledger));
        surface.GetOpen("/healthz", context => HealthAsync(context, ledger, lag))
            .Is(
                "getHealth", "Service", "Says how the service is",
                "200 while the process lives. `status` is `ok`, or `degraded` when the database cannot be reached, a "
                    + "loop of the projections or of the audit logs is stopped, or in trouble, or a witness saw "
                    + "another log than there is; `queue` counts requests that wait to be recorded.")
            .Answers<Health>(200, "The process lives.", HealthExample);
        surface.GetOpen("/readyz", context => ReadyAsync(context, ledger))
            .Is(
                "getReadiness", "Service", "Says whether requests may be sent here",
                "503 `projection-behind` until the tables have reached everything that was recorded before the start.")
            .Answers<Readiness>(200, "The tables have caught up once since the start.", """{"ready": true}""")
            .Refuses(RequestProblems.ProjectionBehind);
    }

    /// <summary>How far behind the tables are; null when the database does not say so in time.</summary>
    public static async Task<ProjectionLag?> LagAsync(LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        using var patience = new CancellationTokenSource(AnswerWithin);
        try
        {
            return await ledger.Books.LagAsync(patience.Token);
        }
        catch (Exception silent) when (
            silent is NpgsqlException or OperationCanceledException or InvalidOperationException or TimeoutException)
        {
            return null;
        }
    }

    private static async Task HealthAsync(
        HttpContext context, LedgerHost ledger, SharedAnswer<ProjectionLag?> asked)
    {
        var lag = await asked.AskAsync();
        var books = ledger.Books.Status;
        var audit = ledger.AuditLog.Status;
        var isWell = lag is not null && books.Stopped is null && books.Trouble is null
            && audit.Trouble is null && !ledger.Witnesses.Any(each => each.Status.IsContradiction);
        var health = new Health(
            isWell ? "ok" : "degraded",
            lag?.Head,
            ledger.Store.Waiting,
            [
                new(
                    books.Projection,
                    books.Version,
                    lag?.Sequence ?? books.Sequence,
                    lag?.Events,
                    lag is null ? null : (long)(lag.Seconds * 1000),
                    books.Leading,
                    books.Stopped?.ForCallers,
                    books.Trouble?.Message,
                    books.Trouble?.Code),
            ],
            new(audit.Sequence, audit.Trouble?.Message, audit.Trouble?.Code),
            [
                .. ledger.Witnesses.Select(each => new WitnessHealth(
                    each.Witness.Key.Name, each.Status.State, each.Status.Size, each.Status.Seen)),
            ]);
        await WriteAsync(context, StatusCodes.Status200OK, health);
    }

    private static async Task ReadyAsync(HttpContext context, LedgerHost ledger)
    {
        var reached = ledger.Books.Status.Sequence;
        if (reached < ledger.HeadAtStart)
        {
            throw RequestProblems.Fail(
                RequestProblems.ProjectionBehind,
                $"The tables have read up to event {reached} of the {ledger.HeadAtStart} that were there at the "
                    + "start."
                    + (ledger.Books.Status.Stopped is { } stopped
                        ? $" They go no further until that is mended: {stopped.ForCallers}." : ""));
        }

        await WriteAsync(context, StatusCodes.Status200OK, new Readiness(true));
    }

    private static async Task WriteAsync<T>(HttpContext context, int status, T body)
    {
        var bytes = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(bytes, Http.JsonOptions))
        {
            JsonSerializer.Serialize(json, body, QueryJson.Options);
        }

        await Http.WriteAsync(context, status, Http.Json, bytes.WrittenMemory);
    }

    private const string HealthExample = """
        {"status": "ok", "head": 1742, "queue": 0, "projections": [{"name": "books", "version": 1, "sequence": 1742,
        "events": 0, "milliseconds": 0, "leading": true, "stopped": null, "trouble": null,
        "troubleCode": null}], "auditLogs": {"sequence": 1742, "trouble": null, "troubleCode": null},
        "witnesses": [{"name": "witness.example/w1", "state": "cosigned", "size": 94,
        "seen": 94}]}
        """;
}

/// <param name="Status"><c>ok</c> or <c>degraded</c>.</param>
/// <param name="Head">The number of the last event; null when the database does not answer.</param>
/// <param name="Queue">Requests that wait to be recorded.</param>
public sealed record Health(
    string Status,
    long? Head,
    int Queue,
    IReadOnlyList<ProjectionHealth> Projections,
    AuditHealth AuditLogs,
    IReadOnlyList<WitnessHealth> Witnesses);

/// <summary>The audit logs of all companies.</summary>
/// <param name="Sequence">Every event up to here was added to its company's log by this process, or before.</param>
/// <param name="Trouble">Why nothing is added, while the loop tries again: its kind.</param>
/// <param name="TroubleCode"><c>audit-log-stopped</c>: what is stored contradicts what was signed, or the key is not
/// here; or one of those of the projections.</param>
public sealed record AuditHealth(long Sequence, string? Trouble, string? TroubleCode);

/// <param name="Name">As its signatures say.</param>
/// <param name="Size">Leaves of the log over all logs here, when the witness was last asked.</param>
/// <param name="Seen">Leaves that the witness saw.</param>
public sealed record WitnessHealth(string Name, WitnessState State, long Size, long Seen);

/// <param name="Sequence">Everything up to here is in the tables.</param>
/// <param name="Events">Events that are not in the tables yet.</param>
/// <param name="Milliseconds">How long the oldest of them has been waiting.</param>
/// <param name="Leading">This process wrote the tables last, or would write next; else another one does.</param>
/// <param name="Stopped">The event that the loop cannot read, by number and type; the log of the service says where it
/// stands, and why. Only queries of its tables answer 503.</param>
/// <param name="Trouble">What went wrong last, while the loop tries again: its kind. The log of the service has what
/// the database said.</param>
/// <param name="TroubleCode"><c>disk-full</c>, <c>database-unavailable</c>, <c>database-refuses</c>,
/// <c>tables-unusable</c> or <c>program-fault</c>.</param>
public sealed record ProjectionHealth(
    string Name, int Version, long Sequence, long? Events, long? Milliseconds, bool Leading, string? Stopped,
    string? Trouble, string? TroubleCode);

public sealed record Readiness(bool Ready);

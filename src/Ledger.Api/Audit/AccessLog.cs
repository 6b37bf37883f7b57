using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using Ledger.Api.Keys;
using Ledger.Api.Observability;
using Ledger.Domain;
using NodaTime;
using Npgsql;

namespace Ledger.Api.Audit;

/// <summary>
/// Notes who was refused, who read personal data, and when keys were last used, outside the events. Nobody waits for
/// it: what is noted is counted in memory, and one task writes it each second. When the database does not answer, what
/// was noted is kept and written later; a row whose writing ended unknown may then count twice.
/// </summary>
public sealed class AccessLog : IAsyncDisposable
{
    /// <summary>The code of a row that tells no refusal.</summary>
    public const string PersonalDataRead = "personal-data-read";

    /// <summary>Stands before the prefix of a key that holds no longer.</summary>
    internal const string Unknown = "unknown:";

    private const int UsedKeysMax = 100_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly Duration UsePause = Duration.FromMinutes(1);
    private static readonly Duration DeletePause = Duration.FromMinutes(1);
    private readonly AccessLogSettings settings;
    private readonly IClock clock;
    private readonly ILogger<AccessLog> logger;
    private readonly AccessTables tables;
    private readonly AccessRows rows;
    private readonly DeniedPersons denied = new();
    private readonly SemaphoreSlim writing = new(1);
    private readonly CancellationTokenSource stop = new();
    private readonly Task loop;
    private readonly ConcurrentDictionary<UsedKey, long> usedTicks = new();
    private ConcurrentDictionary<UsedKey, Instant> uses = new();
    private IReadOnlyDictionary<Access, long> unwritten = ReadOnlyDictionary<Access, long>.Empty;
    private Instant deleted;

    public AccessLog(
        NpgsqlDataSource database, AccessLogSettings settings, IClock clock, ILogger<AccessLog> logger)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(clock);
        (this.settings, this.clock, this.logger) = (settings, clock, logger);
        tables = new(database);
        rows = new(settings.RowsPerSecond);
        deleted = clock.GetCurrentInstant();
        loop = WriteAsync();
    }

    /// <summary>Whether the problem says no to somebody, and not to something.</summary>
    public static bool IsOfInterest(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
                or StatusCodes.Status410Gone or StatusCodes.Status429TooManyRequests
            || problem.Code == "company-unknown";
    }

    /// <summary>Notes what was answered to a request: the code of a problem.</summary>
    /// <param name="context">The request.</param>
    /// <param name="actor">Who asked; null for whoever is not known.</param>
    /// <param name="code">What was answered.</param>
    public void Note(HttpContext context, string? actor, string code)
    {
        ArgumentNullException.ThrowIfNull(context);

        // Only who sent the whole of a key is told that it holds no longer; any other prefix is the sender's to choose.
        var known = actor ?? (code == RequestProblems.KeyNotValid
            ? UnknownActor(context.Request.Headers.Authorization.ToString()) : null);
        Note(context, known, code, person: null);
    }

    /// <summary>Notes that somebody asked for what is another's, whatever they were answered.</summary>
    /// <param name="call">The request.</param>
    /// <param name="person">The opaque id of whose data it is; null for what is no person's.</param>
    public void NoteDenied(Call call, string? person)
    {
        ArgumentNullException.ThrowIfNull(call);
        Note(call.Context, call.Actor, RequestProblems.PermissionMissing, person);
    }

    /// <summary>Notes that personal data was read.</summary>
    /// <param name="call">The request that reads.</param>
    /// <param name="person">The opaque id of whose data it is; null for a list of many.</param>
    public void NoteRead(Call call, string? person)
    {
        ArgumentNullException.ThrowIfNull(call);
        Note(call.Context, call.Actor, PersonalDataRead, person);
    }

    /// <summary>Notes one request.</summary>
    /// <param name="company">Whose; null where that is not known.</param>
    /// <param name="actor">Who; null where that is not known.</param>
    /// <param name="method">Of HTTP.</param>
    /// <param name="route">A pattern, never a path.</param>
    /// <param name="code">What was answered: the code of a problem, or <see cref="PersonalDataRead"/>.</param>
    /// <param name="person">The opaque id of whose data was read.</param>
    /// <param name="address">From where; passed over unless the settings want it.</param>
    public void Note(
        string? company, string? actor, string method, string route, string code, string? person = null,
        string? address = null)
    {
        var second = clock.GetCurrentInstant().ToUnixTimeSeconds();
        var access = new Access(
            second, company, actor, method, route, code, person, settings.Addresses ? address : null);
        var isRefusal = code != PersonalDataRead;
        rows.Add(
            access.IsOfStranger ? access with { Second = second - (second % 60) }
            : isRefusal ? denied.Bounded(access)
            : access,
            isRefusal);
    }

    /// <summary>Notes that a key is used; once a minute is enough.</summary>
    public void Used(string company, string key)
    {
        var used = new UsedKey(company, key);
        var now = Environment.TickCount64;
        if (usedTicks.TryGetValue(used, out var last) && now - last < UsePause.TotalMilliseconds)
        {
            return;
        }

        if (usedTicks.Count > UsedKeysMax)
        {
            usedTicks.Clear();
        }

        usedTicks[used] = now;
        Volatile.Read(ref uses)[used] = clock.GetCurrentInstant();
    }

    /// <summary>Writes what was noted so far.</summary>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            if (!uses.IsEmpty)
            {
                var taken = Interlocked.Exchange(ref uses, new());
                await UseAsync(taken, cancellation);
            }

            // What could not be written is written first; meanwhile no more than one batch is gathered behind it. What
            // is noted while this is written waits for the next second, or there would be more rows than are set.
            await WriteUnwrittenAsync(cancellation);
            unwritten = rows.Take();
            await WriteUnwrittenAsync(cancellation);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Deletes what is older than it is kept.</summary>
    /// <returns>How many rows were deleted.</returns>
    public Task<int> DeleteOldAsync(CancellationToken cancellation = default) =>
        tables.DeleteAsync(clock.GetCurrentInstant() - Duration.FromDays(settings.Days), cancellation);

    /// <summary>Writes what is waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        try
        {
            await FlushAsync();
        }
        catch (NpgsqlException down)
        {
            AccessFaults.Log(logger, down.Message);
        }

        writing.Dispose();
        stop.Dispose();
    }

    /// <summary>A key that holds no longer, by what would find it.</summary>
    internal static string? UnknownActor(string authorization)
    {
        const string scheme = "Bearer ";
        return authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            && KeyText.PrefixOf(authorization.AsSpan(scheme.Length).Trim()) is { } prefix
            && !prefix.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789")
                ? Unknown + prefix
                : null;
    }

    private void Note(HttpContext context, string? actor, string code, string? person) => Note(
        CompanyOf(context) is { } company && Ids.IsValid(company) ? company : null,
        actor,
        RequestLog.MethodOf(context),
        RequestLog.RouteOf(context),
        code,
        person,
        settings.Addresses ? context.Connection.RemoteIpAddress?.ToString() : null);

    private async Task WriteUnwrittenAsync(CancellationToken cancellation)
    {
        if (unwritten.Count > 0)
        {
            await tables.AddAsync(unwritten, cancellation);
            unwritten = ReadOnlyDictionary<Access, long>.Empty;
        }
    }

    /// <summary>The company of the path; or the one that the request names otherwise, where the operation reads
    /// it.</summary>
    private static string? CompanyOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<Operation>()?.CompanyOf(context.Request)
        ?? context.Request.RouteValues["company"] as string;

    private async Task UseAsync(ConcurrentDictionary<UsedKey, Instant> taken, CancellationToken cancellation)
    {
        try
        {
            await tables.UseAsync(taken, cancellation);
        }
        catch
        {
            foreach (var (key, used) in taken)
            {
                uses.TryAdd(key, used);
            }

            throw;
        }
    }

    private async Task WriteAsync()
    {
        using var timer = new PeriodicTimer(Pause);
        var isDown = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stop.Token);
                await FlushAsync(stop.Token);
                if (clock.GetCurrentInstant() - deleted > DeletePause)
                {
                    await DeleteOldAsync(stop.Token);
                    deleted = clock.GetCurrentInstant();
                }

                isDown = false;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                if (!isDown)
                {
                    AccessFaults.Log(logger, fault.Message);
                }

                isDown = true;
            }
        }
    }
}

internal static partial class AccessFaults
{
    [LoggerMessage(LogLevel.Warning, "The log of accesses is kept in memory until it can be written: {Why}")]
    public static partial void Log(ILogger logger, string why);
}

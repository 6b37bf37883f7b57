using System.Text.Json;
using Ledger.EventStore;
using Ledger.Projections.Books;
using Npgsql;

namespace Ledger.Projections;

/// <summary>What one turn of a follower came to.</summary>
internal enum Turn
{
    /// <summary>Events were folded; there may be more.</summary>
    Advanced,

    /// <summary>Everything is read and written.</summary>
    Idle,

    /// <summary>Another process is writing, or was faster: this one dropped what it knew.</summary>
    Outrun,

    /// <summary>Its tables are no longer the ones to be filled.</summary>
    Replaced,

    /// <summary>The next event cannot be folded; see <see cref="Follower.Stopped"/>.</summary>
    Stopped,
}

/// <summary>
/// Follows the log into one version of the tables of the books. While one batch is written, the next one is read and
/// folded on another connection; each commits with the checkpoint, which moves by compare-and-set. What is kept in
/// memory is dropped whenever that fails.
/// </summary>
internal sealed class Follower : IAsyncDisposable
{
    private const int EventsMax = 8_192;
    private const long BytesMax = 16 << 20;
    private const int CompaniesMax = 20_000;
    private const int CellsMax = 1_000_000;

    private readonly EventCatalog catalog;
    private readonly LogReader reader;
    private readonly CheckpointedWriter writer;
    private readonly BooksTables tables;
    private readonly NpgsqlConnection loading;
    private readonly Dictionary<string, CompanyBooks> companies = new(StringComparer.Ordinal);
    private readonly List<LoggedEvent> events = [];
    private readonly List<object?> bodies = [];
    private BooksBatch folding;
    private BooksBatch writing;
    private Task<WriteResult> inFlight = Task.FromResult(WriteResult.Written);
    private long folded;
    private int eventsMax = EventsMax;

    private Follower(
        EventCatalog catalog, LogReader reader, CheckpointedWriter writer, BooksTables tables, NpgsqlConnection loading)
    {
        this.catalog = catalog;
        this.reader = reader;
        this.writer = writer;
        this.tables = tables;
        this.loading = loading;
        folding = new(tables.BlockSize);
        writing = new(tables.BlockSize);
        folded = writer.Checkpoint;
    }

    /// <summary>Everything up to here is committed.</summary>
    public long Checkpoint => writer.Checkpoint;

    public int Version => tables.Version;

    /// <summary>How many events the last turn folded.</summary>
    public int Folded { get; private set; }

    public StoppedProjection? Stopped { get; private set; }

    public static async Task<Follower> OpenAsync(
        NpgsqlDataSource database, EventCatalog catalog, BooksTables tables, string checkpoint, CancellationToken ct)
    {
        LogReader? reader = null;
        CheckpointedWriter? writer = null;
        NpgsqlConnection? loading = null;
        try
        {
            reader = await LogReader.OpenAsync(database, ct);
            writer = await CheckpointedWriter.OpenAsync(database, tables, checkpoint, ct);
            loading = await database.OpenConnectionAsync(ct);
            await Session.PrepareAsync(loading, ct);
            return new(catalog, reader, writer, tables, loading);
        }
        catch
        {
            await (reader?.DisposeAsync() ?? default);
            await (writer?.DisposeAsync() ?? default);
            await (loading?.DisposeAsync() ?? default);
            throw;
        }
    }

    /// <summary>Reads and folds what comes next, up to a sequence, while the batch before is written; then hands it
    /// over.</summary>
    public async Task<Turn> AdvanceAsync(long upTo, CancellationToken ct)
    {
        var poison = await FoldNextAsync(upTo, ct);
        var before = await inFlight;
        inFlight = Task.FromResult(WriteResult.Written);
        if (before != WriteResult.Written)
        {
            return await DropAsync(before, ct);
        }

        Folded = folding.Events;
        if (folding.Events > 0)
        {
            eventsMax = EventsMax;
            (folding, writing) = (writing, folding);
            inFlight = writer.WriteAsync(writing, ct);
            return Turn.Advanced;
        }

        Stopped = poison;
        return poison is null ? Turn.Idle : Turn.Stopped;
    }

    /// <summary>Goes on from the checkpoint as it is now, wherever another process has moved it.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        companies.Clear();
        await writer.ReloadAsync(ct);
        folded = writer.Checkpoint;
    }

    /// <summary>Gives events their positions although they are not read: the log goes on where tables stop.</summary>
    public Task GivePositionsAsync(CancellationToken ct) => reader.GivePositionsAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await ((Task)inFlight).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await reader.DisposeAsync();
        await writer.DisposeAsync();
        await loading.DisposeAsync();
    }

    private async Task<StoppedProjection?> FoldNextAsync(long upTo, CancellationToken ct)
    {
        folding.Clear();
        events.Clear();
        bodies.Clear();
        await reader.ReadAsync(folded, upTo, eventsMax, BytesMax, events, ct);
        var poison = ParseAll();
        await LoadMissingAsync(ct);
        for (var i = 0; i < bodies.Count; i++)
        {
            var at = events[i];
            try
            {
                Fold(at, bodies[i]);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Parsing and folding touch nothing but memory, so whatever fails here fails again, and is named.
                poison = Poison(at, ReasonOf(e));
                break;
            }
        }

        if (folding.Events > 0)
        {
            folding.Close();
            ForgetSums();
            folded = folding.LastSequence;
        }

        return poison;
    }

    // With very many companies their unfinished blocks would fill the memory; the database can sum those.
    private void ForgetSums()
    {
        if (companies.Values.Sum(company => (long)(company.Sums?.Count ?? 0)) > CellsMax)
        {
            foreach (var company in companies.Values)
            {
                company.Sums = null;
            }
        }
    }

    private StoppedProjection? ParseAll()
    {
        foreach (var at in events)
        {
            try
            {
                // Marten leaves such a stream behind when an append of its own fails.
                bodies.Add(at.Stream == "mt_tombstone" ? null : catalog.Read(at.Type, at.Data));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                return Poison(at, ReasonOf(e));
            }
        }

        return null;
    }

    private void Fold(in LoggedEvent at, object? body)
    {
        var company = companies[at.Company];
        if (body is null)
        {
            folding.PassOver(at, company);
        }
        else
        {
            folding.Add(at, body, company);
        }
    }

    private async Task LoadMissingAsync(CancellationToken ct)
    {
        HashSet<string>? missing = null;
        foreach (var at in events)
        {
            if (!companies.ContainsKey(at.Company))
            {
                (missing ??= new(StringComparer.Ordinal)).Add(at.Company);
            }
        }

        if (missing is null)
        {
            return;
        }

        if (companies.Count + missing.Count > CompaniesMax)
        {
            // What is in flight must be in the tables before a company that it moved is read from there again.
            await inFlight;
            companies.Clear();
            missing = events.Select(at => at.Company).ToHashSet(StringComparer.Ordinal);
        }

        foreach (var company in await tables.LoadAsync(loading, missing, ct))
        {
            companies.Add(company.Company, company);
        }
    }

    private async Task<Turn> DropAsync(WriteResult result, CancellationToken ct)
    {
        var refused = result == WriteResult.Refused ? writer.Refusal : null;
        await ReloadAsync(ct);
        if (result == WriteResult.Replaced)
        {
            return Turn.Replaced;
        }

        if (refused is null)
        {
            return Turn.Outrun;
        }

        // Halving finds the one event that the database refuses.
        if (writing.Events == 1)
        {
            Stopped = Poison(writing.First, refused);
            return Turn.Stopped;
        }

        eventsMax = Math.Max(1, writing.Events / 2);
        return Turn.Advanced;
    }

    /// <summary>Other exceptions may quote what the event says.</summary>
    private static string ReasonOf(Exception e) => e switch
    {
        UnknownEventException => "This version of the program does not know its type.",
        JsonException or FormatException => e.Message,
        _ => $"The program fails on it by {e.GetType().Name}.",
    };

    private static StoppedProjection Poison(in LoggedEvent at, string reason) =>
        new(at.Sequence, at.Company, at.Stream, at.Version, at.Type, reason);
}

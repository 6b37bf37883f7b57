namespace Ledger.EventStore;

/// <summary>
/// What a decision is given to read streams with. Everything it reads counts: a stream that the verdict does not write
/// must still have the version that was seen when the verdict is recorded.
/// </summary>
public sealed class Reading
{
    private readonly Transact transact;
    private readonly List<Named> named = [];
    private readonly Dictionary<(string Stream, object Fold), StreamState>? loaded;
    private List<Condition>? required;

    internal Reading(
        Transact transact, string company, Dictionary<(string Stream, object Fold), StreamState>? loaded = null,
        long began = 0)
    {
        (this.transact, Company, this.loaded, Began) = (transact, company, loaded, began);
    }

    public string Company { get; }

    /// <summary>False at the first attempt, whose states may be behind; its refusals are never answered.</summary>
    public bool IsFresh => loaded is not null;

    internal List<Named> Streams => named;

    /// <summary>
    /// When its states were read, by the clock of <see cref="System.Diagnostics.Stopwatch"/>: what else a decision
    /// knows must not be older on a fresh reading.
    /// </summary>
    public long Began { get; }

    internal IReadOnlyList<Condition> Required => required ?? [];

    /// <summary>The state of a register (company, chart, periods …), from the cache at the first attempt.</summary>
    public ValueTask<Loaded<TState>> StateAsync<TState>(string stream, Fold<TState> fold)
    {
        ArgumentNullException.ThrowIfNull(fold);
        return Known(stream, fold) is { } known
            ? new(((StreamState<TState>)known).Loaded())
            : LoadAsync(stream, fold, Role.Register);
    }

    /// <summary>
    /// The state of a document that is probably new: at the first attempt it is assumed not to exist, which the append
    /// checks. When it does exist, the decision is made again with what is recorded.
    /// </summary>
    public ValueTask<Loaded<TState>> NewDocumentAsync<TState>(string stream, Fold<TState> fold)
    {
        ArgumentNullException.ThrowIfNull(fold);
        if (Known(stream, fold) is { } known)
        {
            return new(((StreamState<TState>)known).Loaded());
        }

        if (IsFresh)
        {
            return LoadAsync(stream, fold, Role.NewDocument);
        }

        var initial = StreamState<TState>.Initial(fold);
        named.Add(new(stream, fold, Role.NewDocument, initial, initial));
        return new(initial.Loaded());
    }

    /// <summary>
    /// The state of a register that hardly ever exists: at the first attempt it is assumed not to, which the append
    /// checks, unless the cache knows it.
    /// </summary>
    public ValueTask<Loaded<TState>> RareStateAsync<TState>(string stream, Fold<TState> fold)
    {
        ArgumentNullException.ThrowIfNull(fold);
        if (Known(stream, fold) is { } known)
        {
            return new(((StreamState<TState>)known).Loaded());
        }

        if (IsFresh)
        {
            return LoadAsync(stream, fold, Role.Register);
        }

        var initial = StreamState<TState>.Initial(fold);
        named.Add(new(stream, fold, Role.Register, initial, initial));
        return new(initial.Loaded());
    }

    /// <summary>The state of a document that probably exists: it is read, and not kept.</summary>
    public ValueTask<Loaded<TState>> DocumentAsync<TState>(string stream, Fold<TState> fold)
    {
        ArgumentNullException.ThrowIfNull(fold);
        return Known(stream, fold) is { } known
            ? new(((StreamState<TState>)known).Loaded())
            : LoadAsync(stream, fold, Role.Document);
    }

    /// <summary>None of these event types may have been recorded in the company after the sequence.</summary>
    public void Tail(IReadOnlyList<string> eventTypes, long sequence) =>
        (required ??= []).Add(new TailCondition(eventTypes, sequence));

    /// <summary>What was seen elsewhere must still be so.</summary>
    public void Require(VersionCondition condition) => (required ??= []).Add(condition);

    internal Named? Find(string stream)
    {
        foreach (var each in named)
        {
            if (each.Stream == stream)
            {
                return each;
            }
        }

        return null;
    }

    private StreamState? Known<TState>(string stream, Fold<TState> fold)
    {
        foreach (var each in named)
        {
            if (ReferenceEquals(each.Fold, fold) && each.Stream == stream)
            {
                return each.State;
            }
        }

        if (loaded is null)
        {
            if (transact.Cache.Find(Company, stream, fold) is not { } cached)
            {
                return null;
            }

            named.Add(new(stream, fold, Role.Register, StreamState<TState>.Initial(fold), cached));
            return cached;
        }

        return null;
    }

    private async ValueTask<Loaded<TState>> LoadAsync<TState>(string stream, Fold<TState> fold, Role role)
    {
        var initial = StreamState<TState>.Initial(fold);
        if (loaded is null || !loaded.TryGetValue((stream, fold), out var state))
        {
            state = await transact.LoadAsync(Company, stream, fold, role, initial);
        }

        named.Add(new(stream, fold, role, initial, state));
        return ((StreamState<TState>)state).Loaded();
    }

    internal enum Role
    {
        Register,
        Document,

        /// <summary>One that the decision is going to write, if it is not refused.</summary>
        NewDocument,
    }

    /// <summary>A stream that a decision has read.</summary>
    internal sealed record Named(string Stream, object Fold, Role Role, StreamState Initial, StreamState State)
    {
        public bool IsDocument => Role != Role.Register;
    }
}

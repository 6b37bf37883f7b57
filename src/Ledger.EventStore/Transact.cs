using System.Diagnostics;
using Ledger.EventStore.Sealing;

namespace Ledger.EventStore;

/// <summary>
/// Loads, decides and appends. The first attempt believes the cache and that a new document is new, so that it costs no
/// read; what it wants to record is checked by the append. A refusal, a retry, what names a person, or anything that
/// moved is decided again on states that are read then, and only that is answered.
/// </summary>
public sealed partial class Transact
{
    /// <summary>
    /// How often a command is decided again after something moved, before its caller is told to come back.
    /// </summary>
    public const int RepetitionsMax = 5;

    private readonly Store store;
    private readonly EventCatalog catalog;
    private readonly Vault? vault;
    private readonly RegisterGates gates = new();

    /// <param name="vault">Seals and opens texts on persons; without it none can be written.</param>
    public Transact(Store store, EventCatalog? catalog = null, StateCache? cache = null, Vault? vault = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        (this.store, this.catalog, this.vault) = (store, catalog ?? EventCatalog.Ledger, vault);
        Cache = cache ?? new StateCache();
    }

    internal StateCache Cache { get; }

    /// <summary>Runs one command to its end.</summary>
    /// <param name="company">The company whose streams are read and written.</param>
    /// <param name="who">Stored beside each event.</param>
    /// <param name="decide">
    /// Reads streams and comes to a verdict; called up to seven times, so it must have no effect of its own.
    /// </param>
    public async Task<Transacted<TAnswer>> RunAsync<TAnswer>(
        string company, RequestMetadata who, Func<Reading, ValueTask<Verdict<TAnswer>>> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        var held = new RegisterGates.Held(gates, company);
        try
        {
            return await RunAsync(company, who, decide, held);
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            return new Transacted<TAnswer>.Unavailable(e.Message, FullDisk.Caused(e));
        }
        finally
        {
            held.Leave();
        }
    }

    internal async Task<StreamState> LoadAsync(
        string company, string stream, object fold, Reading.Role role, StreamState initial)
    {
        var events = await store.ReadStreamAsync(company, stream);
        var (bodies, arePersonal) = await BodiesAsync(company, events);
        var state = initial.Then(events, bodies);
        if (role == Reading.Role.Register && !arePersonal)
        {
            Cache.Keep(company, stream, fold, state);
        }

        return state;
    }

    private async Task<Transacted<TAnswer>> RunAsync<TAnswer>(
        string company,
        RequestMetadata who,
        Func<Reading, ValueTask<Verdict<TAnswer>>> decide,
        RegisterGates.Held held)
    {
        var reading = new Reading(this, company);
        for (var moved = 0; ;)
        {
            var verdict = await decide(reading);
            if (verdict.Writes.Length == 0)
            {
                if (reading.IsFresh)
                {
                    return Settled(verdict, reading);
                }

                reading = await AgainAsync([reading], moved);
                continue;
            }

            // A key and what finds the name are there before the append looks: so a decision that would name somebody
            // is made on what is recorded, or one that is then refused would leave both behind.
            var names = HoldsPersonal(verdict);
            if (names && !reading.IsFresh)
            {
                reading = await AgainAsync([reading], moved);
                continue;
            }

            // Writers of one register go one behind the other, or all but one of them would decide in vain each time.
            switch (held.TryEnter(verdict.Writes, reading))
            {
                case RegisterGates.Entry.Full:
                    return new Transacted<TAnswer>.QueueFull();
                case RegisterGates.Entry.Wait:
                    await held.WaitAsync();
                    reading = await AgainAsync([reading], moved);
                    continue;
            }

            var request = names
                ? (await SealedAsync(reading.Company, who, [(verdict, reading)]))[0]
                : Request(verdict, reading, who);
            var result = await store.AppendAsync(request, isRetry: reading.IsFresh && (moved > 0 || !names));
            if (result is not AppendResult.Moved)
            {
                return Ended(verdict, reading, request, result);
            }

            if (++moved > RepetitionsMax)
            {
                return new Transacted<TAnswer>.Busy();
            }

            reading = await AgainAsync([reading], moved);
        }
    }

    /// <summary>A reading on which everything that these named is loaded anew, in one round trip.</summary>
    private async Task<Reading> AgainAsync(IReadOnlyList<Reading> readings, int moved)
    {
        var began = Stopwatch.GetTimestamp();
        return new(this, readings[0].Company, await FreshAsync(readings, moved), began);
    }

    private async Task<Dictionary<(string Stream, object Fold), StreamState>> FreshAsync(
        IReadOnlyList<Reading> readings, int moved)
    {
        var company = readings[0].Company;
        var wanted = new Dictionary<(string Stream, object Fold), (Reading.Role Role, StreamState From)>();
        foreach (var named in readings.SelectMany(reading => reading.Streams))
        {
            var key = (named.Stream, named.Fold);
            if (wanted.ContainsKey(key))
            {
                continue;
            }

            // What still does not fit after several attempts is not what is recorded: read it from its beginning.
            if (moved > 2)
            {
                Cache.Forget(company, named.Stream, named.Fold);
            }

            var cached = named.Role == Reading.Role.Register
                ? Cache.Find(company, named.Stream, named.Fold)
                : null;
            wanted.Add(key, (named.Role, cached ?? named.Initial));
        }

        var positions = wanted.Select(each => new StreamPosition(each.Key.Stream, each.Value.From.Version)).ToArray();
        var events = positions.Length == 0 ? [] : await store.ReadStreamsAsync(company, positions);
        var loaded = new Dictionary<(string Stream, object Fold), StreamState>(wanted.Count);
        var index = 0;
        foreach (var (key, (role, from)) in wanted)
        {
            var read = events[index++];
            var (bodies, arePersonal) = await BodiesAsync(company, read);
            var state = from.Then(read, bodies);
            loaded.Add(key, state);
            if (role == Reading.Role.Register && !arePersonal)
            {
                Cache.Keep(company, key.Stream, key.Fold, state);
            }
        }

        return loaded;
    }

    private static bool IsUnavailable(Exception e) => e is MasterKeyException || PassingFault.Caused(e);
}

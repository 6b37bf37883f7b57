using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ledger.Domain.People;
using Npgsql;

namespace Ledger.EventStore.Sealing;

/// <summary>Somebody on whom something is kept, for these purposes.</summary>
public sealed record KeptPerson(string Company, string Person, IReadOnlyList<Purpose> Purposes);

/// <summary>A text as it is stored, and where.</summary>
public sealed record SealedText(FieldPlace Place, PersonalText Text);

/// <summary>
/// The keys of persons: a random one for each company, person and purpose, in the database, wrapped under the master
/// key. A key that was read is used for a second without looking again, so that one that was destroyed elsewhere opens
/// nothing after that.
/// </summary>
/// <param name="load">Reads the master key again; it may have been exchanged by another process.</param>
public sealed class Vault(NpgsqlDataSource database, Func<MasterKeys> load)
{
    /// <summary>How long a key is used without looking whether it is still there.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);

    private const string IndexPurpose = "index";
    private const int KeysMax = 50_000;

    private readonly VaultTables tables = new(database);
    private readonly ConcurrentDictionary<KeyName, Held> held = new();
    private readonly ConcurrentDictionary<string, byte[]> indexKeys = new(StringComparer.Ordinal);
    private MasterKeys masters = new();

    /// <summary>
    /// Makes what seals these texts: there is a key for each open one then, and who is called by the names among them
    /// can be found, all of it committed, in few statements however many texts there are.
    /// </summary>
    /// <param name="company">Whose they are.</param>
    /// <param name="texts">All that is sealed.</param>
    /// <param name="names">Those of them by which persons are searched.</param>
    /// <exception cref="MasterKeyException">New keys are wrapped under a master key that is not here.</exception>
    public async Task<Sealer> SealerAsync(
        string company, IEnumerable<PersonalText> texts, IEnumerable<PersonalText> names)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(names);
        var needed = texts.Where(text => text.IsOpen).Select(text => KeyName.Of(company, text)).Distinct().ToList();
        if (needed.Count == 0)
        {
            return new([]);
        }

        var keys = await KeysAsync(company, needed);
        if (needed.FindAll(name => !keys.ContainsKey(name)) is { Count: > 0 } missing)
        {
            foreach (var (name, key) in await CreateAsync(company, missing))
            {
                keys.Add(name, key);
            }
        }

        await IndexAsync(company, names.Where(name => name.IsOpen).ToList(), keys);
        return new(keys.ToDictionary(key => key.Key, key => key.Value.Key));
    }

    /// <summary>
    /// The texts of a company, open; erased where there is no key any more; and still sealed where a ciphertext was
    /// changed or does not stand where it was sealed.
    /// </summary>
    public async Task<IReadOnlyList<PersonalText>> OpenAsync(string company, IReadOnlyList<SealedText> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var keys = await KeysAsync(company, [
            .. texts.Where(each => each.Text.IsSealed).Select(each => KeyName.Of(company, each.Text)).Distinct()]);
        return [.. texts.Select(each => Open(each, keys))];
    }

    /// <summary>Events of a company as domain events, with what they say of persons open as far as it can be
    /// read.</summary>
    public ValueTask<(IReadOnlyList<object> Bodies, bool ArePersonal)> ReadAsync(
        EventCatalog catalog, string company, IReadOnlyList<RecordedEvent> events) =>
        ReadAsync(this, catalog, company, events);

    /// <param name="vault">Needed only where an event says something of a person.</param>
    internal static async ValueTask<(IReadOnlyList<object> Bodies, bool ArePersonal)> ReadAsync(
        Vault? vault, EventCatalog catalog, string company, IReadOnlyList<RecordedEvent> events)
    {
        var bodies = new object[events.Count];
        List<SealedText>? found = null;
        for (var i = 0; i < bodies.Length; i++)
        {
            bodies[i] = catalog.Read(events[i]);
            if (catalog.SealedIn(events[i], bodies[i]) is { Count: > 0 } texts)
            {
                (found ??= []).AddRange(texts);
            }
        }

        if (found is null)
        {
            return (bodies, false);
        }

        var opened = new Queue<PersonalText>(await Required(vault).OpenAsync(company, found));
        return (
            Array.ConvertAll(bodies, body =>
                PersonalMembers.Of(body.GetType())?.Map(body, (_, _) => opened.Dequeue()) ?? body),
            true);
    }

    internal static Vault Required(Vault? vault) =>
        vault ?? throw new InvalidOperationException("Texts on persons need a vault.");

    /// <summary>
    /// Tells texts of a company from others without telling what they say: the same for the same texts in the same
    /// order, to the letter, and made by a key, so that nobody finds them by trying.
    /// </summary>
    public async Task<string> FingerprintAsync(string company, IReadOnlyList<string?> texts) =>
        Convert.ToHexStringLower(BlindIndex.FingerprintOf(await IndexKeyAsync(company), texts));

    /// <summary>The persons who are called like this where they are named for this purpose.</summary>
    public async Task<string[]> PersonsAsync(string company, Purpose purpose, string name) =>
        indexKeys.TryGetValue(company, out var known)
            || (known = (await LoadAsync(company, [IndexOf(company)])).Values.SingleOrDefault()?.Key) is not null
            ? await tables.PersonsAsync(company, KeyName.Text(purpose), BlindIndex.TokenOf(known, name))
            : [];

    /// <summary>Persons on whom something is kept and whose data is to go, now or later.</summary>
    public Task<IReadOnlyList<KeptPerson>> PersonsToEraseAsync(CancellationToken ct = default) =>
        tables.PersonsToEraseAsync(ct);

    /// <summary>Destroys keys, and what finds their texts. Doing it again does nothing.</summary>
    public async Task DestroyAsync(string company, string person, IReadOnlyCollection<Purpose> purposes)
    {
        ArgumentNullException.ThrowIfNull(purposes);
        await tables.DestroyAsync(company, person, [.. purposes.Select(KeyName.Text)]);
        foreach (var purpose in purposes)
        {
            held.TryRemove(new(company, person, KeyName.Text(purpose)), out _);
        }
    }

    private async Task IndexAsync(string company, List<PersonalText> names, Dictionary<KeyName, Held> keys)
    {
        if (names.Count == 0)
        {
            return;
        }

        var indexKey = await IndexKeyAsync(company);
        var unknown = names
            .ConvertAll(text => (Name: KeyName.Of(company, text), Token: BlindIndex.TokenOf(indexKey, text.Text!)))
            .FindAll(each => !keys[each.Name].Knows(each.Token));
        if (unknown.Count > 0)
        {
            await tables.IndexAsync(company, unknown);
            unknown.ForEach(each => keys[each.Name].Learn(each.Token));
        }
    }

    private static PersonalText Open(SealedText stored, Dictionary<KeyName, Held> keys)
    {
        var (place, text) = stored;
        return !text.IsSealed ? text
            : !keys.TryGetValue(KeyName.Of(place.Company, text), out var key)
            ? PersonalText.Erased(text.Person, text.Purpose)
            : FieldSeal.Open(key.Key, place, text.Ciphertext!) is { } plain
            ? PersonalText.Open(text.Person, text.Purpose, plain)
            : text;
    }

    /// <summary>The keys that there are: those seen within the last second, the others read.</summary>
    private async Task<Dictionary<KeyName, Held>> KeysAsync(string company, List<KeyName> names)
    {
        var keys = new Dictionary<KeyName, Held>();
        var now = Environment.TickCount64;
        foreach (var name in names)
        {
            if (held.TryGetValue(name, out var key) && now - key.Seen < KeptFor.TotalMilliseconds)
            {
                keys.Add(name, key);
            }
        }

        foreach (var (name, key) in await LoadAsync(company, names.FindAll(name => !keys.ContainsKey(name))))
        {
            keys.Add(name, key);
        }

        return keys;
    }

    private async Task<Dictionary<KeyName, Held>> LoadAsync(string company, List<KeyName> names)
    {
        var found = new Dictionary<KeyName, Held>();
        if (names.Count == 0)
        {
            return found;
        }

        // The time before asking: what is destroyed while this is on its way must not live longer for it.
        var seen = Environment.TickCount64;
        var rows = await tables.ReadAsync(company, names);
        if (held.Count > KeysMax)
        {
            held.Clear();
        }

        foreach (var (name, wrapped, master) in rows)
        {
            var key = new Held(Unwrap(master, wrapped), seen, held.GetValueOrDefault(name));
            found.Add(name, held[name] = key);
        }

        foreach (var name in names)
        {
            if (!found.ContainsKey(name))
            {
                held.TryRemove(name, out _);
            }
        }

        return found;
    }

    /// <summary>Two processes may create the same key; the one that came first stays.</summary>
    private async Task<Dictionary<KeyName, Held>> CreateAsync(string company, List<KeyName> names)
    {
        for (var attempt = 1; ; attempt++)
        {
            var master = await tables.CurrentMasterAsync();
            if (!masters.Has(master))
            {
                masters = load();
            }

            var current = masters;
            await tables.CreateAsync(company, master, names.ConvertAll(name =>
                (name, current.Wrap(master, RandomNumberGenerator.GetBytes(FieldSeal.KeyLength)))));
            var created = await LoadAsync(company, names);
            if (created.Count == names.Count)
            {
                return created;
            }

            if (attempt == 3)
            {
                throw new MasterKeyException("The master key is being exchanged at every attempt.", null);
            }
        }
    }

    private async Task<byte[]> IndexKeyAsync(string company)
    {
        if (indexKeys.TryGetValue(company, out var known))
        {
            return known;
        }

        List<KeyName> name = [IndexOf(company)];
        var found = await LoadAsync(company, name);
        var key = found.Count > 0 ? found : await CreateAsync(company, name);
        return indexKeys[company] = key[name[0]].Key;
    }

    private static KeyName IndexOf(string company) => new(company, "", IndexPurpose);

    private byte[] Unwrap(string master, byte[] wrapped)
    {
        if (!masters.Has(master))
        {
            masters = load();
        }

        return masters.Unwrap(master, wrapped);
    }
}

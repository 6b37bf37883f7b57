using System.Security.Cryptography;
using Ledger.Api.Keys;
using Ledger.Domain;
using Ledger.Domain.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;

namespace Ledger.Api.Audit;

/// <summary>
/// The keys that sign the audit logs: their private halves in a file, their public ones in the events, so that it is
/// known for ever by which key a checkpoint was signed.
/// </summary>
public sealed class AuditKeyring
{
    /// <summary>Names a new ledger; else it gets a name by chance.</summary>
    public const string NameSetting = "Audit:Name";

    private const int AttemptsMax = 5;

    private readonly Store store;
    private readonly AuditKeyFile file;
    private readonly string? configuredName;
    private (DateTime Changed, AuditSigner? Signer) loaded;

    internal AuditKeyring(Store store, Settings settings)
    {
        this.store = store;
        file = AuditKeyFile.Of(settings);
        configuredName = settings.Configuration[NameSetting];
    }

    /// <summary>The keys that are here and published; null where none is, so that nothing can be signed.</summary>
    public AuditSigner? Signer
    {
        get
        {
            // A key that a command added while this process runs is used from the next checkpoint on.
            if (loaded.Changed != file.Changed)
            {
                Load(store.ReadStreamAsync(OwnerKey.Tenant, AuditKeys.Stream).GetAwaiter().GetResult());
            }

            return loaded.Signer;
        }
    }

    /// <summary>The name and the public keys.</summary>
    public async Task<AuditKeys> KeysAsync(CancellationToken cancellation) =>
        StateOf(await store.ReadStreamAsync(OwnerKey.Tenant, AuditKeys.Stream, ct: cancellation));

    /// <summary>All keys that were ever published, under the name of a company's log, the oldest first: what is retired
    /// has still signed.</summary>
    public async Task<IReadOnlyList<VerifierKey>> VerifiersAsync(string company, CancellationToken cancellation)
    {
        var published = (await store.ReadStreamAsync(OwnerKey.Tenant, AuditKeys.Stream, ct: cancellation))
            .Select(each => EventCatalog.Ledger.Read(each)).OfType<AuditKeyPublished>().ToArray();
        return
        [
            .. published.Select(key => new VerifierKey(
                AuditSigner.OriginOf(published[0].Ledger, company), SignatureKind.Log,
                Convert.FromBase64String(key.PublicKey))),
        ];
    }

    /// <summary>Makes and publishes a key at the first start, and finds the keys at later ones.</summary>
    /// <exception cref="SetUpException">The file cannot be read or made.</exception>
    public async Task PrepareAsync(string actor, Action<string> say, CancellationToken cancellation)
    {
        var keys = await KeysAsync(cancellation);
        if (keys.InUse.Count == 0)
        {
            if (file.TryMake())
            {
                say($"The key that signs the audit logs was made: {file.Path}. Keep a copy of it apart from the "
                    + "backups "
                    + "of the database.");
            }

            foreach (var key in file.Read())
            {
                await PublishAsync(actor, key, cancellation);
            }
        }

        Load(await store.ReadStreamAsync(OwnerKey.Tenant, AuditKeys.Stream, ct: cancellation));
        if (loaded.Signer is null)
        {
            say($"The key that signs the audit logs is not in {file.Path}: nothing is added to the audit logs here "
                + "until "
                + "it is put back, or './run audit rotate-key' makes another.");
        }
    }

    /// <summary>Makes a new key, which signs beside the one before.</summary>
    /// <returns>The keys from now on.</returns>
    public async Task<AuditKeys> RotateAsync(string actor, CancellationToken cancellation)
    {
        var keys = await KeysAsync(cancellation);
        var here = file.Read();

        // Cut off behind the file, it goes on where it was.
        if (here.All(each => keys.InUse.Contains(TextOf(each))))
        {
            file.Add();
        }

        var keysHere = file.Read();
        await PublishAsync(actor, keysHere[^1], cancellation);

        // A service that saw the file before it saw the event has passed the key over: it looks when the file changes.
        file.Write(keysHere);
        return await KeysAsync(cancellation);
    }

    /// <summary>Ends the keys but the newest.</summary>
    public async Task<AuditKeys> RetireAsync(string actor, string reason, CancellationToken cancellation)
    {
        var keys = await KeysAsync(cancellation);
        var newest = file.Read().LastOrDefault(each => keys.InUse.Contains(TextOf(each)))
            ?? throw new SetUpException($"'{file.Path}' holds no key that signs now: replace it first.");
        foreach (var key in keys.InUse.Where(key => key != TextOf(newest)).ToArray())
        {
            await AppendAsync(actor, state => AuditKeyDecider.Retire(state, key, reason), cancellation);
        }

        file.Write([newest]);
        return await KeysAsync(cancellation);
    }

    private static string TextOf(byte[] privateKey) => Convert.ToBase64String(Ed25519.PublicKeyOf(privateKey));

    private static AuditKeys StateOf(IReadOnlyList<RecordedEvent> events) =>
        events.Select(each => (AuditKeyEvent)EventCatalog.Ledger.Read(each))
            .Aggregate(AuditKeys.Initial, AuditKeys.Evolve);

    private void Load(IReadOnlyList<RecordedEvent> events)
    {
        var changed = file.Changed;
        var keys = StateOf(events);
        var here = file.Read().Where(each => keys.InUse.Contains(TextOf(each))).ToArray();
        loaded = (changed, here.Length == 0 ? null : new(keys.Ledger!, here));
    }

    private Task PublishAsync(string actor, byte[] privateKey, CancellationToken cancellation)
    {
        var name = string.IsNullOrWhiteSpace(configuredName)
            ? $"backoffice-{RandomNumberGenerator.GetHexString(16, lowercase: true)}"
            : Ids.IsValid(configuredName) ? configuredName
            : throw new SetUpException($"{NameSetting} is '{configuredName}': a name has {Ids.LengthMax} of "
                + "A-Za-z0-9._~-.");
        return AppendAsync(
            actor, state => AuditKeyDecider.Publish(state, name, TextOf(privateKey)), cancellation);
    }

    private async Task AppendAsync(
        string actor, Func<AuditKeys, Decision<AuditKeyEvent>> decide, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var events = await store.ReadStreamAsync(OwnerKey.Tenant, AuditKeys.Stream, ct: cancellation);
            var decision = decide(StateOf(events));
            if (decision.Events.Count == 0)
            {
                return;
            }

            var result = await store.AppendAsync(new(
                OwnerKey.Tenant,
                [new(AuditKeys.Stream, events.Count, [.. decision.Events.Select(EventCatalog.Ledger.ToStore)])],
                [],
                new(actor, null, null, null)));
            if (result is AppendResult.Appended)
            {
                return;
            }

            // Another service that starts as well was quicker.
            if (attempt == AttemptsMax || result is not AppendResult.Moved)
            {
                throw new SetUpException($"The audit key could not be recorded ({result}): start again.");
            }
        }
    }
}

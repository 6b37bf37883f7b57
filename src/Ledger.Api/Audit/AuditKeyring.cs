using System.Security.Cryptography;
using Ledger.Api.Keys;
using Ledger.Domain;
using Ledger.Domain.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;

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
    private readonly LastSignedFile lastSigned;
    private volatile Loaded? loaded;

    internal AuditKeyring(Store store, Settings settings)
    {
        this.store = store;
        file = AuditKeyFile.Of(settings);
        lastSigned = new(file);
        Signing = new(
            cancellation => TroubledAsync(() => SignerAsync(cancellation)),
            ledger => Troubled(() => lastSigned.Read(ledger)),
            (ledger, note) => Troubled(() =>
            {
                lastSigned.Write(ledger, note);
                return true;
            }));
        configuredName = settings.Configuration[NameSetting];
    }

    /// <summary>What the audit logs are signed by, and held against.</summary>
    public AuditSigning Signing { get; }

    /// <summary>Finds the keys that are here and published; null where the newest of the published ones is not here:
    /// whoever trusts that one could verify nothing that the others signed.</summary>
    public async Task<AuditSigner?> SignerAsync(CancellationToken cancellation)
    {
        // Either may change while this process runs: a command adds a key, another machine publishes or retires one.
        var changed = file.Changed;
        var events = await store.ReadStreamAsync(OwnerKey.Tenant, AuditKeys.Stream, ct: cancellation);
        var version = events.Count == 0 ? 0 : events[^1].Version;
        if (loaded is { } known && known.Changed == changed && known.Version == version)
        {
            return known.Signer;
        }

        var keys = StateOf(events);
        var here = file.Read().Where(each => keys.InUse.Contains(TextOf(each))).ToArray();
        var holdsNewest = keys.InUse.Count > 0 && here.Any(each => TextOf(each) == keys.InUse[^1]);
        var signer = holdsNewest ? new AuditSigner(keys.Ledger!, here) : null;
        loaded = new(changed, version, signer);
        return signer;
    }

    /// <summary>What is known here of the audit logs, whatever the database says.</summary>
    public async Task<AuditTrust> TrustAsync(CancellationToken cancellation)
    {
        var keys = await KeysAsync(cancellation);
        return new(
            [.. file.Read().Select(each => Ed25519.PublicKeyOf(each))],
            keys.Ledger is { } ledger ? lastSigned.Read(ledger) : null);
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

            // Of two services that start at once with files of their own, one gives the ledger its keys.
            var own = file.Read();
            var texts = own.Select(TextOf).ToArray();
            foreach (var key in own)
            {
                await PublishAsync(actor, key, state => state.InUse.All(each => texts.Contains(each)), cancellation);
            }
        }

        if (await SignerAsync(cancellation) is not { } signer)
        {
            say($"The newest key that signs the audit logs is not in {file.Path}: nothing is added to the audit logs "
                + "here until it is put back. All services of a ledger need the same file. Where the key is lost, "
                + "'./run audit rotate-key' makes another.");
        }
        else if (lastSigned.WhyNotKept(signer.Ledger) is { } why)
        {
            say($"What was signed last of the audit logs cannot be kept beside the key ({why}): that the database was "
                + "set back shows here only until the service ends. Let it write "
                + $"'{lastSigned.PathOf(signer.Ledger)}'.");
        }
    }

    /// <summary>Makes a new key, which signs beside the one before.</summary>
    /// <returns>The keys from now on.</returns>
    public async Task<AuditKeys> RotateAsync(string actor, CancellationToken cancellation)
    {
        var keys = await KeysAsync(cancellation);

        // Cut off behind the file, it goes on where it was. An old copy of the file has keys that were retired.
        if (file.Read().LastOrDefault() is not { } last || keys.Knows(TextOf(last)))
        {
            file.Add();
        }

        await PublishAsync(actor, file.Read()[^1], _ => true, cancellation);
        return await KeysAsync(cancellation);
    }

    /// <summary>Ends the keys but the newest, which has to be here.</summary>
    public async Task<AuditKeys> RetireAsync(string actor, string reason, CancellationToken cancellation)
    {
        var keys = await KeysAsync(cancellation);
        var newest = file.Read().FirstOrDefault(each => keys.InUse.Count > 0 && TextOf(each) == keys.InUse[^1])
            ?? throw new SetUpException(
                $"'{file.Path}' does not hold the newest key, beside which the others would end: copy the file from "
                + "the machine on which it was made, or have './run audit rotate-key' make another. Nothing was "
                + "retired.");
        foreach (var key in keys.InUse.Where(key => key != TextOf(newest)).ToArray())
        {
            await AppendAsync(actor, state => AuditKeyDecider.Retire(state, key, reason), cancellation);
        }

        file.Write([newest]);
        return await KeysAsync(cancellation);
    }

    /// <summary>A file that cannot be read, or holds something else, stops the logs; it is no fault of the
    /// program.</summary>
    private static async Task<T> TroubledAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (SetUpException problem)
        {
            throw new AuditLogException(problem.Message);
        }
    }

    private static T Troubled<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (SetUpException problem)
        {
            throw new AuditLogException(problem.Message);
        }
    }

    private static string TextOf(byte[] privateKey) => Convert.ToBase64String(Ed25519.PublicKeyOf(privateKey));

    private static AuditKeys StateOf(IReadOnlyList<RecordedEvent> events) =>
        events.Select(each => (AuditKeyEvent)EventCatalog.Ledger.Read(each))
            .Aggregate(AuditKeys.Initial, AuditKeys.Evolve);

    private Task PublishAsync(
        string actor, byte[] privateKey, Func<AuditKeys, bool> isWanted, CancellationToken cancellation)
    {
        var name = string.IsNullOrWhiteSpace(configuredName)
            ? $"backoffice-{RandomNumberGenerator.GetHexString(16, lowercase: true)}"
            : Ids.IsValid(configuredName) ? configuredName
            : throw new SetUpException($"{NameSetting} is '{configuredName}': a name has {Ids.LengthMax} of "
                + "A-Za-z0-9._~-.");
        return AppendAsync(
            actor,
            state => isWanted(state)
                ? AuditKeyDecider.Publish(state, name, TextOf(privateKey)) : Decision<AuditKeyEvent>.Nothing,
            cancellation);
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

    /// <param name="Changed">When the file did.</param>
    /// <param name="Version">Of the stream of published keys.</param>
    private sealed record Loaded(DateTime Changed, long Version, AuditSigner? Signer);
}

using System.Security.Cryptography;
using System.Text;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>
/// The owner's key in the data folder, readable by its owner only. Whoever can read it may do everything, as whoever
/// can read the private database could anyway.
/// </summary>
public static class OwnerKey
{
    public const string FileName = "owner.key";

    /// <summary>Where the owner's keys are: in no company.</summary>
    public const string Tenant = "*DEFAULT*";

    private const int AttemptsMax = 5;

    public static string PathIn(string dataFolder) => Path.Combine(dataFolder, FileName);

    /// <summary>For callers: the whole path, which says nothing to whoever cannot get at the machine.</summary>
    public static string WhereToFind(string dataFolder) =>
        $"The owner's key is in the file {PathIn(dataFolder)} on the machine that runs the service.";

    /// <summary>
    /// Sees to it that there is an owner's key and that the database knows it: a new one at the first start, the one of
    /// the file on a new database, and a new one, too, when the file is lost.
    /// </summary>
    /// <returns>The key as an actor: <c>key:</c> and its first prefix.</returns>
    /// <exception cref="SetUpException">The file cannot be read or written, or holds something else, or a key that was
    /// revoked or replaced.</exception>
    public static async Task<string> EnsureAsync(
        Store store, string dataFolder, IClock clock, Action<string> say, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(say);
        var (key, isNew) = await ReadOrMakeAsync(dataFolder, cancellation);
        if (isNew)
        {
            say($"The owner's key was made: {PathIn(dataFolder)}. Whoever can read this file may do everything.");
        }

        var issued = new IssueOwnerKey(KeyText.PrefixOf(key)!, KeyText.HashOf(key));
        var ring = await IssueAsync(store, issued, cancellation);
        var (held, now) = (ring.FindByPrefix(issued.Prefix)!, clock.GetCurrentInstant());
        var drafts = OwnerKeyDrafts.In(dataFolder, ring, now);
        if (!held.Secrets.Any(secret => secret.Secret.Prefix == issued.Prefix && held.HoldsAt(now, secret)))
        {
            throw new SetUpException(
                $"The owner's key in '{PathIn(dataFolder)}' was revoked or replaced: "
                + (drafts.FirstOrDefault(draft => draft.Opens) is { } newer
                    ? $"move {newer.Path}, which replaced it, over it."
                    : "delete the file, so that a new one is made."));
        }

        foreach (var draft in drafts)
        {
            say(draft.ToString());
        }

        var others = ring.Keys.Count(other => other.Id != held.Id && other.HoldsAt(now));
        if (isNew && others > 0)
        {
            say($"Owner's keys that were issued before still hold ({others}): see './run keys list --owner'.");
        }

        return held.Actor;
    }

    /// <summary>Writes a key beside the file; moved over it, it takes its place whole and at once.</summary>
    /// <exception cref="SetUpException">The folder cannot be written.</exception>
    public static async Task<string> WriteDraftAsync(string dataFolder, string key, CancellationToken cancellation)
    {
        var path = PathIn(dataFolder);
        try
        {
            var draft = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
            await using var file = OwnFile.Create(draft);
            await file.WriteAsync(Encoding.ASCII.GetBytes(key + "\n"), cancellation);
            file.Flush(flushToDisk: true);
            return draft;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw CannotKeep(path, problem);
        }
    }

    /// <returns>The keys, this one included.</returns>
    private static async Task<KeyRing> IssueAsync(Store store, IssueOwnerKey command, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (ring, version) = await LoadAsync(store, cancellation);
            var decision = KeyDecider.Decide(command, ring);
            if (decision.Refusal is { } refusal)
            {
                throw new SetUpException(refusal.Message);
            }

            if (decision.Events.Count == 0)
            {
                return ring;
            }

            var events = decision.Events.Select(EventCatalog.Ledger.ToStore).ToArray();
            var request = new AppendRequest(
                Tenant, [new(KeyShelf.Stream, version, events)], [], new($"key:{command.Prefix}", null, null, null));
            var result = await store.AppendAsync(request);
            if (result is AppendResult.Appended)
            {
                return decision.Events.Aggregate(ring, KeyRing.Evolve);
            }

            if (attempt == AttemptsMax || result is not AppendResult.Moved)
            {
                throw new SetUpException(result is AppendResult.Unavailable { DiskFull: true }
                    ? "The owner's key could not be recorded, since the disk of the database is full: make room there "
                        + "and start again."
                    : $"The owner's key could not be recorded ({result}): start again.");
            }
        }
    }

    private static async Task<(KeyRing Ring, long Version)> LoadAsync(Store store, CancellationToken cancellation)
    {
        var recorded = await store.ReadStreamAsync(Tenant, KeyShelf.Stream, ct: cancellation);
        var ring = recorded.Aggregate(
            KeyRing.Initial, (state, each) => KeyRing.Evolve(state, (KeyEvent)EventCatalog.Ledger.Read(each)));
        return (ring, recorded.Count == 0 ? 0 : recorded[^1].Version);
    }

    private static async Task<(string Key, bool IsNew)> ReadOrMakeAsync(
        string dataFolder, CancellationToken cancellation)
    {
        var path = PathIn(dataFolder);
        try
        {
            Directory.CreateDirectory(dataFolder);
            var isNew = !File.Exists(path)
                && OwnFile.TryMake(path, Encoding.ASCII.GetBytes(KeyText.Make() + '\n'));
            var key = (await File.ReadAllTextAsync(path, cancellation)).Trim();
            return KeyText.PrefixOf(key) is not null
                ? (key, isNew)
                : throw new SetUpException($"'{path}' holds no key: delete it, so that a new one is made.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw CannotKeep(path, problem);
        }
    }

    private static SetUpException CannotKeep(string path, Exception problem) =>
        new($"The owner's key cannot be kept in '{path}': {problem.Message}", problem);
}

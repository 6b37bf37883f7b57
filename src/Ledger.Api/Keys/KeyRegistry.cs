using System.Collections.Frozen;
using System.Security.Cryptography;
using Ledger.Domain.Keys;
using Microsoft.Extensions.Primitives;

namespace Ledger.Api.Keys;

/// <summary>Who may ask: the keys of the ledger, by their prefixes, as this process knows them.</summary>
/// <param name="load">Reads the keys that were issued.</param>
/// <param name="whereToFind">Where the owner's key is, for those who come without one.</param>
public sealed class KeyRegistry(Func<CancellationToken, Task<KeyRing>> load, string whereToFind) : IDisposable
{
    /// <summary>How long an unknown key is refused without asking the database again.</summary>
    private static readonly TimeSpan ReloadPause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim reloading = new(1);
    private FrozenDictionary<string, ApiKey> keys = FrozenDictionary<string, ApiKey>.Empty;
    private long reloaded;

    /// <summary>The key of this header; null when it is none that this process knows yet.</summary>
    /// <exception cref="RequestException">There is no key in it.</exception>
    public ApiKey? Find(StringValues authorization)
    {
        var text = KeyIn(authorization);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (KeyText.PrefixOf(text) is not { } prefix || !keys.TryGetValue(prefix, out var key))
        {
            return null;
        }

        KeyText.Hash(text, hash);
        return key.Is(hash) ? key : null;
    }

    /// <summary>The same after looking for keys that were issued elsewhere.</summary>
    /// <exception cref="RequestException">There is no such key.</exception>
    public async Task<ApiKey> FindAgainAsync(StringValues authorization)
    {
        if (Environment.TickCount64 - Volatile.Read(ref reloaded) > ReloadPause.TotalMilliseconds)
        {
            await ReloadAsync(CancellationToken.None);
        }

        return Find(authorization) ?? throw RequestProblems.Fail(
            RequestProblems.KeyUnknown, $"This key is not one of this ledger's. {whereToFind}");
    }

    public async Task ReloadAsync(CancellationToken cancellation)
    {
        await reloading.WaitAsync(cancellation);
        try
        {
            var ring = await load(cancellation);
            var known = keys;
            keys = ring.Hashes.ToFrozenDictionary(
                pair => pair.Key,
                pair => known.TryGetValue(pair.Key, out var key) ? key
                    : new(pair.Key, Convert.FromHexString(pair.Value)),
                StringComparer.Ordinal);
            Volatile.Write(ref reloaded, Environment.TickCount64);
        }
        finally
        {
            reloading.Release();
        }
    }

    public void Dispose() => reloading.Dispose();

    private ReadOnlySpan<char> KeyIn(StringValues authorization)
    {
        const string scheme = "Bearer ";
        var text = authorization.Count == 1 ? authorization[0] : null;
        if (text is null || !text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw RequestProblems.Fail(
                RequestProblems.KeyMissing, $"Send your key as 'Authorization: Bearer KEY'. {whereToFind}");
        }

        return text.AsSpan(scheme.Length).Trim();
    }
}

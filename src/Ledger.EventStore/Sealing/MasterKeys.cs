using System.Security.Cryptography;

namespace Ledger.EventStore.Sealing;

/// <summary>
/// The key outside the database by which the keys in it are wrapped (AES-KWP, RFC 5649). While it is exchanged there
/// are two. Each is called by its fingerprint, which tells nothing of it.
/// </summary>
public sealed class MasterKeys
{
    private readonly Dictionary<string, byte[]> keys = new(StringComparer.Ordinal);

    /// <param name="keys">256 bits each; none where there is none.</param>
    public MasterKeys(params IEnumerable<byte[]> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
        {
            if (key.Length != FieldSeal.KeyLength)
            {
                throw new ArgumentException($"A master key has {FieldSeal.KeyLength} bytes, not {key.Length}.");
            }

            this.keys[FingerprintOf(key)] = key;
        }
    }

    public IReadOnlyCollection<string> Fingerprints => keys.Keys;

    public bool Has(string fingerprint) => keys.ContainsKey(fingerprint);

    public static string FingerprintOf(byte[] key) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, "backoffice master key"u8)[..8]);

    /// <exception cref="MasterKeyException">This master key is not here.</exception>
    internal byte[] Wrap(string fingerprint, byte[] key)
    {
        using var aes = Of(fingerprint);
        return aes.EncryptKeyWrapPadded(key);
    }

    /// <exception cref="MasterKeyException">This master key is not here, or did not wrap it.</exception>
    internal byte[] Unwrap(string fingerprint, byte[] wrapped)
    {
        using var aes = Of(fingerprint);
        try
        {
            return aes.DecryptKeyWrapPadded(wrapped);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new MasterKeyException($"A key of the database was changed: {fingerprint} did not wrap it.", e);
        }
    }

    private Aes Of(string fingerprint)
    {
        if (!keys.TryGetValue(fingerprint, out var key))
        {
            throw new MasterKeyException(
                $"Personal data is sealed under the master key {fingerprint}, which is not here.", null);
        }

        var aes = Aes.Create();
        aes.Key = key;
        return aes;
    }
}

/// <summary>The master key that is needed is not here; the message says which.</summary>
public sealed class MasterKeyException(string message, Exception? inner) : Exception(message, inner);

using System.Collections.Concurrent;
using System.Text.Json;
using Ledger.Domain.People;

namespace Ledger.EventStore.Sealing;

/// <summary>A key that was read, when that was, and the texts that are known to be found by the index.</summary>
internal sealed class Held(byte[] key, long seen, Held? before)
{
    private const int TokensMax = 100;

    private readonly ConcurrentDictionary<string, bool> tokens =
        before is not null && before.Key.AsSpan().SequenceEqual(key) ? before.tokens : new(StringComparer.Ordinal);

    public byte[] Key { get; } = key;

    public long Seen { get; } = seen;

    public bool Knows(byte[] token) => tokens.ContainsKey(Convert.ToHexString(token));

    /// <summary>A person has few names; whoever has very many costs a statement, and no memory.</summary>
    public void Learn(byte[] token)
    {
        if (tokens.Count >= TokensMax)
        {
            tokens.Clear();
        }

        tokens.TryAdd(Convert.ToHexString(token), true);
    }
}

/// <param name="Purpose">As it is stored.</param>
internal readonly record struct KeyName(string Company, string Person, string Purpose)
{
    public static KeyName Of(string company, PersonalText text) => new(company, text.Person, Text(text.Purpose));

    public static string Text(Purpose purpose) => JsonNamingPolicy.CamelCase.ConvertName(purpose.ToString());
}

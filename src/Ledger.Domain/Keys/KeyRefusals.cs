namespace Ledger.Domain.Keys;

public static class KeyRefusals
{
    public static Refusal PrefixTaken(string prefix) => new(
        "key-prefix-taken",
        $"Another key has the prefix '{prefix}': delete the file of the key, so that a new one is made.");
}

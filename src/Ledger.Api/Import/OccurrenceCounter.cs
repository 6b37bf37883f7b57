namespace Ledger.Api.Import;

/// <summary>
/// Counts how often each content came before in a file. Contents that came once cost 8 bytes in an open table that is
/// at most three quarters full; only those that came again are kept by name.
/// </summary>
/// <remarks> The table knows contents by 64 bits. Should two contents share them (one chance in 37 million for a
/// million entries), the second gets number 2 though it is the first of its kind, which harms nothing: the id holds 128
/// bits of its own content, and the same file gives the same numbers again. </remarks>
internal sealed class OccurrenceCounter
{
    private readonly Dictionary<ulong, int> repeated = [];
    private ulong[] slots = new ulong[1024];
    private int count;

    /// <returns>1 for a content that is new, 2 when it comes for the second time, and so on.</returns>
    public int Next(ContentHash content)
    {
        // 0 marks a free slot.
        var key = content.Low == 0 ? 1 : content.Low;
        if (repeated.TryGetValue(key, out var occurrences))
        {
            repeated[key] = occurrences + 1;
            return occurrences + 1;
        }

        if (TryAdd(slots, key))
        {
            if (++count > slots.Length / 4 * 3)
            {
                Grow();
            }

            return 1;
        }

        repeated.Add(key, 2);
        return 2;
    }

    /// <summary>How often it came so far.</summary>
    public int CountOf(ContentHash content)
    {
        var key = content.Low == 0 ? 1 : content.Low;
        return repeated.TryGetValue(key, out var occurrences) ? occurrences : Contains(key) ? 1 : 0;
    }

    private static bool TryAdd(ulong[] table, ulong key)
    {
        var at = key % (ulong)table.Length;
        while (table[at] != 0)
        {
            if (table[at] == key)
            {
                return false;
            }

            at = at + 1 == (ulong)table.Length ? 0 : at + 1;
        }

        table[at] = key;
        return true;
    }

    private bool Contains(ulong key)
    {
        var at = key % (ulong)slots.Length;
        while (slots[at] != 0 && slots[at] != key)
        {
            at = at + 1 == (ulong)slots.Length ? 0 : at + 1;
        }

        return slots[at] == key;
    }

    private void Grow()
    {
        var larger = new ulong[slots.Length * 2];
        foreach (var key in slots)
        {
            if (key != 0)
            {
                TryAdd(larger, key);
            }
        }

        slots = larger;
    }
}

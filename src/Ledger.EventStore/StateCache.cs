using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Ledger.EventStore;

/// <summary>
/// Folded states of register streams (company, chart, periods), so that a decision costs no read. They may be behind
/// what is recorded: whatever is decided on them is checked by the append. Bounded by streams and by events folded.
/// </summary>
public sealed class StateCache(int streamsMax = 20_000, long eventsMax = 2_000_000)
{
    private readonly ConcurrentDictionary<Key, Slot> slots = new();
    private readonly Lock trimming = new();
    private long weight;

    /// <summary>Streams in the cache.</summary>
    public int Count => slots.Count;

    internal StreamState? Find(string company, string stream, object fold)
    {
        if (!slots.TryGetValue(new(company, stream, fold), out var slot))
        {
            return null;
        }

        if (!slot.Used)
        {
            slot.Used = true;
        }

        return slot.State;
    }

    /// <summary>Keeps the state unless a newer one is known already.</summary>
    internal void Keep(string company, string stream, object fold, StreamState state)
    {
        var key = new Key(company, stream, fold);
        while (true)
        {
            if (!slots.TryGetValue(key, out var slot))
            {
                if (slots.TryAdd(key, new Slot(state)))
                {
                    Grow(state.Version + 1);
                    return;
                }
            }
            else if (slot.State.Version >= state.Version)
            {
                return;
            }
            else if (slots.TryUpdate(key, new Slot(state) { Used = true }, slot))
            {
                Grow(state.Version - slot.State.Version);
                return;
            }
        }
    }

    internal void Forget(string company, string stream, object fold)
    {
        if (slots.TryRemove(new(company, stream, fold), out var slot))
        {
            Interlocked.Add(ref weight, -slot.State.Version - 1);
        }
    }

    private void Grow(long by)
    {
        if ((Interlocked.Add(ref weight, by) > eventsMax || slots.Count > streamsMax) && trimming.TryEnter())
        {
            try
            {
                Trim();
            }
            finally
            {
                trimming.Exit();
            }
        }
    }

    /// <summary>Drops what was not used since the last time, until a quarter is free; then whatever comes.</summary>
    private void Trim()
    {
        for (var round = 0; round < 2; round++)
        {
            foreach (var (key, slot) in slots)
            {
                if (Interlocked.Read(ref weight) <= eventsMax / 4 * 3 && slots.Count <= streamsMax / 4 * 3)
                {
                    return;
                }

                if (slot.Used && round == 0)
                {
                    slot.Used = false;
                }
                else if (slots.TryRemove(new KeyValuePair<Key, Slot>(key, slot)))
                {
                    Interlocked.Add(ref weight, -slot.State.Version - 1);
                }
            }
        }
    }

    private sealed class Slot(StreamState state)
    {
        public StreamState State { get; } = state;

        public bool Used { get; set; }
    }

    private readonly struct Key(string company, string stream, object fold) : IEquatable<Key>
    {
        private readonly string company = company;
        private readonly string stream = stream;
        private readonly object fold = fold;

        public bool Equals(Key other) =>
            ReferenceEquals(fold, other.fold) && stream == other.stream && company == other.company;

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(company, stream, RuntimeHelpers.GetHashCode(fold));
    }
}

namespace Ledger.EventStore;

/// <summary>
/// Lets the commands of this process that write one register go one behind the other. Correctness does not rest on it
/// (the append checks versions); without it, of many who change a chart at once nearly all would decide in vain.
/// </summary>
internal sealed class RegisterGates
{
    private const int WaitingMax = 4_096;

    // Streams share gates by hash: two that meet in one gate wait for each other, which is harmless.
    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, 1_024).Select(_ => new SemaphoreSlim(1, 1))];
    private int waiting;

    public enum Entry
    {
        Entered,
        Wait,
        Full,
    }

    /// <summary>The gates that one command holds, from its first append to its end.</summary>
    public sealed class Held(RegisterGates all, string company)
    {
        private int[] held = [];
        private int[] wanted = [];

        /// <summary>Enters without waiting, or says that the state must be read again after waiting.</summary>
        public Entry TryEnter((string Stream, IReadOnlyList<object> Events)[] writes, Reading reading)
        {
            wanted = Indexes(writes, reading);
            if (Array.TrueForAll(wanted, index => held.Contains(index)))
            {
                return Entry.Entered;
            }

            Leave();
            for (var entered = 0; entered < wanted.Length; entered++)
            {
                if (!all.gates[wanted[entered]].Wait(0))
                {
                    held = wanted[..entered];
                    Leave();
                    return Volatile.Read(ref all.waiting) < WaitingMax ? Entry.Wait : Entry.Full;
                }
            }

            held = wanted;
            return Entry.Entered;
        }

        /// <summary>
        /// Waits for the gates that <see cref="TryEnter"/> asked for; always in one order, so none waits for ever.
        /// </summary>
        public async Task WaitAsync()
        {
            Interlocked.Increment(ref all.waiting);
            try
            {
                for (var entered = 0; entered < wanted.Length; entered++)
                {
                    await all.gates[wanted[entered]].WaitAsync();
                    held = wanted[..(entered + 1)];
                }
            }
            finally
            {
                Interlocked.Decrement(ref all.waiting);
            }
        }

        public void Leave()
        {
            foreach (var index in held)
            {
                all.gates[index].Release();
            }

            held = [];
        }

        private int[] Indexes((string Stream, IReadOnlyList<object> Events)[] writes, Reading reading)
        {
            SortedSet<int>? indexes = null;
            foreach (var (stream, _) in writes)
            {
                if (reading.Find(stream) is { Role: Reading.Role.Register })
                {
                    var hash = unchecked((uint)HashCode.Combine(company, stream));
                    (indexes ??= []).Add((int)(hash % (uint)all.gates.Length));
                }
            }

            return indexes is null ? [] : [.. indexes];
        }
    }
}

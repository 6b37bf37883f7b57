using System.Diagnostics;

namespace Ledger.EventStore;

/// <content>Many commands at once, each standing alone.</content>
public sealed partial class Transact
{
    /// <summary>Commands that are decided and appended together; more are taken in portions of this size.</summary>
    public const int PortionMax = 1_000;

    /// <summary>
    /// Runs many commands of one company, each alone, with few statements: all are decided on the same states and
    /// handed over together; those that moved, were refused or are retries are decided again together on states that
    /// are read then. As if they came one by one, each is decided after those before it: what is refused although one
    /// of these is still to write a document that it names (a correction of a correction) waits until that is
    /// recorded. The answers are in the order of the commands.
    /// </summary>
    /// <param name="company">The company whose streams are read and written.</param>
    /// <param name="who">Stored beside each event.</param>
    /// <param name="commands">What <paramref name="decide"/> is called with.</param>
    /// <param name="decide">As for one command; called several times for the same one.</param>
    public async Task<Transacted<TAnswer>[]> RunManyAsync<TCommand, TAnswer>(
        string company,
        RequestMetadata who,
        IReadOnlyList<TCommand> commands,
        Func<TCommand, Reading, ValueTask<Verdict<TAnswer>>> decide)
    {
        ArgumentNullException.ThrowIfNull(commands);
        ArgumentNullException.ThrowIfNull(decide);
        var answers = new Transacted<TAnswer>[commands.Count];
        for (var from = 0; from < commands.Count; from += PortionMax)
        {
            var portion = new Portion<TCommand, TAnswer>(
                this, company, who, commands, decide, answers, from, Math.Min(PortionMax, commands.Count - from));
            await portion.RunAsync();
        }

        return answers;
    }

    private sealed class Portion<TCommand, TAnswer>(
        Transact transact,
        string company,
        RequestMetadata who,
        IReadOnlyList<TCommand> commands,
        Func<TCommand, Reading, ValueTask<Verdict<TAnswer>>> decide,
        Transacted<TAnswer>[] answers,
        int from,
        int count)
    {
        private readonly List<Decided> decided = [];
        private readonly List<Open> again = [];
        private readonly List<Open> waiting = [];
        private readonly List<int> alone = [];
        private readonly Claims decidedClaims = new();
        private readonly Claims openClaims = new();

        public async Task RunAsync()
        {
            try
            {
                Open[] open =
                    [.. Enumerable.Range(from, count).Select(index => new Open(index, new(transact, company)))];
                for (var moved = 0; open.Length > 0;)
                {
                    await DecideAsync(open);
                    if (again.Count > 0)
                    {
                        await DecideAsync(await FreshAsync([.. again], moved));
                    }

                    moved += await AppendAsync(moved) ? 1 : 0;
                    open = await FreshAsync(TakeReady(), moved);
                }
            }
            catch (Exception e) when (IsUnavailable(e))
            {
                for (var index = from; index < from + count; index++)
                {
                    answers[index] ??= new Transacted<TAnswer>.Unavailable(e.Message, FullDisk.Caused(e));
                }
            }

            // One by one, in order: each of them changes what the others were decided on.
            foreach (var index in alone)
            {
                answers[index] ??= await transact.RunAsync(company, who, reading => decide(commands[index], reading));
            }
        }

        /// <summary>
        /// Decides each. What is neither to be appended nor answered is then in <see cref="again"/>, to be decided on
        /// fresh states, or waits for one before it.
        /// </summary>
        private async Task DecideAsync(Open[] open)
        {
            again.Clear();
            foreach (var (index, reading) in open)
            {
                var verdict = await decide(commands[index], reading);
                var writes = verdict.Writes.Length > 0;
                if (openClaims.NameBefore(index, reading) || (!writes && decidedClaims.NameBefore(index, reading)))
                {
                    waiting.Add(new(index, reading));
                    openClaims.Add(index, reading);
                }
                else if (writes && WritesRegister(verdict, reading))
                {
                    alone.Add(index);
                }
                else if (writes && (reading.IsFresh || !transact.HoldsPersonal(verdict)))
                {
                    decided.Add(new(index, verdict, reading));
                    decidedClaims.Add(index, reading);
                }
                else if (!writes && reading.IsFresh)
                {
                    answers[index] = Settled(verdict, reading);
                }
                else
                {
                    again.Add(new(index, reading));
                    openClaims.Add(index, reading);
                }
            }
        }

        private async Task<Open[]> FreshAsync(Open[] open, int moved)
        {
            if (open.Length == 0)
            {
                return open;
            }

            var began = Stopwatch.GetTimestamp();
            var loaded = await transact.FreshAsync([.. open.Select(each => each.Reading)], moved);
            return [.. open.Select(each => new Open(each.Index, new(transact, company, loaded, began)))];
        }

        /// <summary>
        /// Takes what moved and what waited, in order, but leaves what still has to wait for one of these.
        /// </summary>
        private Open[] TakeReady()
        {
            decidedClaims.Clear();
            openClaims.Clear();
            var held = new List<Open>();
            foreach (var each in waiting.OrderBy(each => each.Index))
            {
                var names = openClaims.NameBefore(each.Index, each.Reading);
                (names ? held : again).Add(each);
                openClaims.Add(each.Index, each.Reading);
            }

            waiting.Clear();
            waiting.AddRange(held);
            openClaims.Clear();
            held.ForEach(each => openClaims.Add(each.Index, each.Reading));
            var ready = again.OrderBy(each => each.Index).ToArray();
            again.Clear();
            return ready;
        }

        /// <summary>Appends what was decided. True when something moved, which is then to be decided again.</summary>
        private async Task<bool> AppendAsync(int moved)
        {
            again.Clear();
            if (decided.Count == 0)
            {
                return false;
            }

            // As in the order of the commands: of two that write one document, the first is to be recorded.
            decided.Sort(static (one, other) => one.Index.CompareTo(other.Index));
            var requests = await transact.RequestsAsync(
                company, who, decided.ConvertAll(each => (each.Verdict, each.Reading)));
            var results = await transact.store.AppendAllAsync(requests, isRetry: moved > 0);
            var anyMoved = false;
            for (var i = 0; i < results.Length; i++)
            {
                var (index, verdict, reading) = decided[i];
                if (results[i] is not AppendResult.Moved)
                {
                    answers[index] = transact.Ended(verdict, reading, requests[i], results[i]);
                }
                else if (moved < RepetitionsMax)
                {
                    again.Add(new(index, reading));
                    anyMoved = true;
                }
                else
                {
                    answers[index] = new Transacted<TAnswer>.Busy();
                }
            }

            decided.Clear();
            return anyMoved;
        }

        private static bool WritesRegister(Verdict<TAnswer> verdict, Reading reading) =>
            Array.Exists(verdict.Writes, write => reading.Find(write.Stream) is { Role: Reading.Role.Register });

        private readonly record struct Open(int Index, Reading Reading);

        private sealed record Decided(int Index, Verdict<TAnswer> Verdict, Reading Reading);
    }

    /// <summary>Which documents commands want to write that are not answered yet.</summary>
    private sealed class Claims
    {
        private readonly Dictionary<string, int> first = new(StringComparer.Ordinal);

        public void Clear() => first.Clear();

        public void Add(int index, Reading reading)
        {
            foreach (var named in reading.Streams)
            {
                if (named.Role == Reading.Role.NewDocument
                    && (!first.TryGetValue(named.Stream, out var known) || index < known))
                {
                    first[named.Stream] = index;
                }
            }
        }

        /// <summary>Whether a command before this one wants to write a document that it has read.</summary>
        public bool NameBefore(int index, Reading reading)
        {
            foreach (var named in reading.Streams)
            {
                if (named.IsDocument && first.TryGetValue(named.Stream, out var writer) && writer < index)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

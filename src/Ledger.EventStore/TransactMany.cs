using Npgsql;

namespace Ledger.EventStore;

/// <content>Many commands at once, each standing alone.</content>
public sealed partial class Transact
{
    /// <summary>Commands that are decided and appended together; more are taken in portions of this size.</summary>
    public const int PortionMax = 1_000;

    /// <summary>
    /// Runs many commands of one company, each alone, with few statements: all are decided on the same states and
    /// handed over together; those that moved, were refused or are retries are decided again together on states that
    /// are read then. The answers are in the order of the commands.
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
        private readonly List<int> alone = [];
        private List<(int Index, Reading Reading)> again = [];

        public async Task RunAsync()
        {
            try
            {
                await DecideAsync(
                    [.. Enumerable.Range(from, count).Select(index => (index, new Reading(transact, company)))]);
                for (var moved = 0; decided.Count > 0 || again.Count > 0;)
                {
                    var anyMoved = await AppendAsync(moved < RepetitionsMax);
                    moved += anyMoved ? 1 : 0;
                    if (again.Count > 0)
                    {
                        var loaded = await transact.FreshAsync([.. again.Select(each => each.Reading)], moved);
                        await DecideAsync(
                            [.. again.Select(each => (each.Index, new Reading(transact, company, loaded)))]);
                    }
                }
            }
            catch (NpgsqlException e) when (IsUnavailable(e))
            {
                for (var index = from; index < from + count; index++)
                {
                    answers[index] ??= new Transacted<TAnswer>.Unavailable(e.Message);
                }
            }

            // One by one, in order: each of them changes what the others were decided on.
            foreach (var index in alone)
            {
                answers[index] ??= await transact.RunAsync(company, who, reading => decide(commands[index], reading));
            }
        }

        private async Task DecideAsync((int Index, Reading Reading)[] undecided)
        {
            again = [];
            foreach (var (index, reading) in undecided)
            {
                var verdict = await decide(commands[index], reading);
                if (verdict.Writes.Length > 0)
                {
                    if (WritesRegister(verdict, reading))
                    {
                        alone.Add(index);
                    }
                    else
                    {
                        decided.Add(new(index, verdict, reading, transact.Request(verdict, reading, who)));
                    }
                }
                else if (reading.IsFresh)
                {
                    answers[index] = Settled(verdict, reading);
                }
                else
                {
                    again.Add((index, reading));
                }
            }
        }

        /// <summary>Appends what was decided. True when something moved, which is then to be decided again.</summary>
        private async Task<bool> AppendAsync(bool mayRepeat)
        {
            if (decided.Count == 0)
            {
                return false;
            }

            var results = await transact.store.AppendAllAsync([.. decided.Select(each => each.Request)]);
            var anyMoved = false;
            for (var i = 0; i < results.Length; i++)
            {
                var (index, verdict, reading, request) = decided[i];
                if (results[i] is not AppendResult.Moved)
                {
                    answers[index] = transact.Ended(verdict, reading, request, results[i]);
                }
                else if (mayRepeat)
                {
                    again.Add((index, reading));
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

        private sealed record Decided(int Index, Verdict<TAnswer> Verdict, Reading Reading, AppendRequest Request);
    }
}

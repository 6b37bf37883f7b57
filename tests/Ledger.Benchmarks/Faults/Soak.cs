using System.Diagnostics;
using System.Globalization;

namespace Ledger.Benchmarks.Faults;

/// <summary>How often a kind of fault hit something, and how long after the end of its cause every service acknowledged
/// again, at most.</summary>
/// <param name="SlowestRecovery">Of the times that it came alone; null if there was none.</param>
public sealed record FaultFigures(string Name, int Count, TimeSpan? SlowestRecovery);

/// <summary>What came of a long run.</summary>
/// <param name="Broken">Invariants that do not hold; empty when all is well.</param>
public sealed record SoakReport(
    int Seed, TimeSpan Elapsed, Told Told, int Events, IReadOnlyList<FaultFigures> Faults, int Cuts,
    IReadOnlyList<string> Broken);

/// <summary>
/// Two services on one server, callers of both, and one fault after the other, sometimes two at once, all drawn from a
/// seed. The seed decides what happens; when exactly, the machine does.
/// </summary>
public sealed class Soak(TimeSpan duration, int seed, Action<string> say)
{
    private const int CallersCount = 8;
    private const int AtOnceOneIn = 4;
    private static readonly string[] Companies = ["acme", "bolt", "coda", FaultKinds.OpenCompany];
    private static readonly TimeSpan CloseEvery = TimeSpan.FromSeconds(3);
    private readonly Dictionary<string, FaultFigures> figures = [];
    private readonly Told told = new();

    public async Task<SoakReport> RunAsync()
    {
        var (began, broken) = (Stopwatch.GetTimestamp(), new List<string>());
        var (events, cuts) = (0, 0);
        await TryAsync(
            async () =>
            {
                await using var ledger = await FaultyLedger.StartAsync(2, seed, Companies);
                events = await RunAsync(ledger, broken);
                cuts = ledger.Services.Sum(service => service.ToServer.Cuts + service.ToCallers.Cuts);
            },
            broken);
        return new(
            seed, Stopwatch.GetElapsedTime(began), told, events,
            [.. figures.Values.OrderBy(each => each.Name, StringComparer.Ordinal)], cuts, broken);
    }

    /// <summary>Whatever goes wrong is a finding, after which all else is still looked at and told.</summary>
    public static async Task TryAsync(Func<Task> step, ICollection<string> broken)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(broken);
        try
        {
            await step();
        }
        catch (TimeoutException never)
        {
            broken.Add(never.Message);
        }
        catch (Exception fault)
        {
            broken.Add($"The run came to its end by a fault of its own: {fault}");
        }
    }

    /// <returns>How many events were looked at.</returns>
    private async Task<int> RunAsync(FaultyLedger ledger, List<string> broken)
    {
        var callers = new Callers(ledger.Services, told, "soak");
        await callers.ProbeAsync(ledger.Services[0], FaultKinds.OpenCompany);
        using var stop = new CancellationTokenSource();
        var months = Companies.Select(company => new Months(company)).ToList();
        var calling = Task.WhenAll(months.SkipLast(1)
            .Select((each, i) => callers.CloseAsync(each, CloseEvery, seed + i, stop.Token))
            .Append(callers.RunAsync(CallersCount, seed, months, stop.Token)));
        await TryAsync(() => CauseAsync(ledger, callers), broken);
        await stop.CancelAsync();
        await TryAsync(() => calling, broken);
        say("Sending again what nobody knows the outcome of, and checking …");
        await TryAsync(() => callers.SettleAsync(Companies, seed), broken);
        var invariants = new Invariants(ledger.Database, told);
        await TryAsync(async () => broken.AddRange(await invariants.BrokenAsync()), broken);
        return invariants.Events;
    }

    private async Task CauseAsync(FaultyLedger ledger, Callers callers)
    {
        var random = new Random(seed);
        var began = Stopwatch.GetTimestamp();
        var left = new Queue<FaultKind>();
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            // Every kind comes before any comes again.
            var kinds = new List<FaultKind>();
            for (var count = random.Next(AtOnceOneIn) == 0 ? 2 : 1; count > 0; count--)
            {
                if (left.Count == 0)
                {
                    FaultKind[] shuffled = [.. FaultKinds.All];
                    random.Shuffle(shuffled);
                    left = new(shuffled);
                }

                kinds.Add(left.Dequeue());
            }

            var hits = await Task.WhenAll(kinds.Select(kind => kind.CauseAsync(ledger, new Random(random.Next()))));
            var over = Stopwatch.GetTimestamp();
            await Task.WhenAll(ledger.Services.Select(async service =>
            {
                await service.RestartAsync();
                await callers.ProbeAsync(service, FaultKinds.OpenCompany);
            }));
            var recovery = Stopwatch.GetElapsedTime(over);
            Note(string.Join(" + ", kinds.Select(kind => kind.Name)), recovery, began);
            for (var i = 0; i < kinds.Count; i++)
            {
                Count(kinds[i].Name, hits[i], kinds.Count == 1 ? recovery : null);
            }

            await Task.Delay(random.Next(500));
        }
    }

    private void Note(string name, TimeSpan recovery, long began) => say(string.Create(
        CultureInfo.InvariantCulture,
        $"{Stopwatch.GetElapsedTime(began).TotalSeconds,6:0.0} s  {name}: acknowledging again after "
            + $"{recovery.TotalSeconds:0.00} s ({told.Acknowledged:#,0} acknowledged)"));

    private void Count(string name, long hits, TimeSpan? recovery)
    {
        var (_, count, slowest) = figures.GetValueOrDefault(name, new(name, 0, null));
        if (hits == 0)
        {
            figures[name] = new(name, count, slowest);
            return;
        }

        figures[name] = new(name, count + 1, recovery > slowest || slowest is null ? recovery ?? slowest : slowest);
    }
}

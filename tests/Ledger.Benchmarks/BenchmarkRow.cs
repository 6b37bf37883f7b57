namespace Ledger.Benchmarks;

/// <summary>One line of the table that <c>./run bench</c> prints: a figure beside its peer of the same run.</summary>
/// <param name="Work">What was measured, such as <c>appends in process, 64 callers</c>.</param>
/// <param name="Value">Median of several runs after warming up, in <paramref name="Unit"/>.</param>
/// <param name="Peer">What it stands beside; empty when it stands alone.</param>
/// <param name="PeerValue">The peer's median in the same unit; null when there is none.</param>
/// <param name="Floor">What it must reach, in words, such as <c>≥ 2× peer</c>.</param>
/// <param name="Met">Whether it was reached; null when there is no floor.</param>
/// <param name="Note">What limits it, spread, lag, p99.</param>
public sealed record BenchmarkRow(
    string Work,
    double Value,
    string Unit,
    string Peer = "",
    double? PeerValue = null,
    string Floor = "",
    bool? Met = null,
    string Note = "")
{
    /// <summary>Value over peer value, where there is one.</summary>
    public double? Ratio => PeerValue is { } peer && peer > 0 ? Value / peer : null;
}

/// <summary>A group of rows that are measured together, by name (<c>./run bench appends</c> runs one alone).</summary>
public sealed record BenchmarkGroup(string Name, Func<BenchmarkContext, IAsyncEnumerable<BenchmarkRow>> RunAsync);

/// <summary>What a benchmark is given.</summary>
/// <param name="NewDatabaseAsync">A connection string of a new, empty database on the private server, as its
/// superuser.</param>
/// <param name="Quick">Smaller sizes, for trying the benchmark itself; such figures do not count.</param>
/// <param name="Say">Progress for a person.</param>
public sealed record BenchmarkContext(Func<Task<string>> NewDatabaseAsync, bool Quick, Action<string> Say)
{
    /// <summary>The median of <paramref name="times"/> measurements after one that warms up.</summary>
    public static async Task<double> MedianAsync(int times, Func<Task<double>> measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        await measure();
        var values = new double[times];
        for (var i = 0; i < times; i++)
        {
            values[i] = await measure();
        }

        Array.Sort(values);
        return values[times / 2];
    }
}

using System.Globalization;
using Ledger.Projections;

namespace Ledger.Api.CommandLine;

/// <summary>Says how far long work is: a line when a step begins, and then at most one every two seconds.</summary>
internal sealed class ProgressLines(TextWriter output) : IProgress<ProjectionProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly Lock gate = new();
    private string? step;
    private long said;

    public void Report(ProjectionProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (gate)
        {
            if (value.Step == step && TimeProvider.System.GetElapsedTime(said) < Pause)
            {
                return;
            }

            (step, said) = (value.Step, TimeProvider.System.GetTimestamp());
            output.WriteLine(value.Total == 0
                ? $"{value.Step} …"
                : string.Create(CultureInfo.InvariantCulture, $"{value.Step}: {value.Done:#,0} of {value.Total:#,0}"));
        }
    }
}

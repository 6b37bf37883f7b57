using Ledger.Projections;

namespace Ledger.Tests.Backup;

/// <summary>Does something once, as soon as a step begins whose name starts so: what comes in between.</summary>
internal sealed class AtStep(string step, Action act) : IProgress<ProjectionProgress>
{
    private bool isDone;

    public void Report(ProjectionProgress value)
    {
        if (!isDone && value.Step.StartsWith(step, StringComparison.Ordinal))
        {
            isDone = true;
            act();
        }
    }
}

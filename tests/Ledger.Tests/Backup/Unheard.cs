using Ledger.Projections;

namespace Ledger.Tests.Backup;

/// <summary>Progress that nobody listens to.</summary>
internal sealed class Unheard : IProgress<ProjectionProgress>
{
    public void Report(ProjectionProgress value)
    {
    }
}

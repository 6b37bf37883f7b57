using Ledger.Api.Json;

namespace Ledger.Api.Periods;

/// <summary>What a caller says that a month shall be.</summary>
public enum PeriodStatus
{
    Open,
    Closed,

    /// <summary>The fiscal year that ends with this month is audited and never reopened.</summary>
    Final,
}

/// <param name="Reason">Needed to reopen a month.</param>
/// <param name="Through">Closes earlier open months that have entries, too.</param>
public sealed record PeriodChange(PeriodStatus Status, string? Reason = null, bool? Through = null);

/// <summary>Reads what a month shall be.</summary>
public static class PeriodJson
{
    private static readonly Members Period = new("status", "reason", "through");

    public static PeriodChange Read(ref JsonInput input, int unused)
    {
        PeriodStatus? status = null;
        string? reason = null;
        bool? through = null;
        var seen = input.Object();
        while (input.Next(Period, ref seen))
        {
            switch (Period[seen.Last])
            {
                case "status":
                    status = input.One(Choice<PeriodStatus>.Instance);
                    break;
                case "reason":
                    reason = input.Null() ? null : input.Text();
                    break;
                case "through":
                    through = input.Null() ? null : input.Flag();
                    break;
            }
        }

        var change = new PeriodChange(status ?? throw input.Missing("status"), reason, through);
        return change switch
        {
            { Status: not PeriodStatus.Open, Reason: not null } => throw Foreign("reason", "open"),
            { Status: not PeriodStatus.Closed, Through: not null } => throw Foreign("through", "closed"),
            _ => change,
        };
    }

    /// <summary>What would be passed over is refused.</summary>
    private static RequestException Foreign(string field, string status)
    {
        var problem = RequestProblems.Of(
            RequestProblems.FieldUnknown, $"$.{field} belongs to status \"{status}\" only. Leave it out.");
        return new(problem with { Path = $"$.{field}" });
    }
}

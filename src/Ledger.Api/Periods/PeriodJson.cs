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

        return new(status ?? throw input.Missing("status"), reason, through);
    }
}

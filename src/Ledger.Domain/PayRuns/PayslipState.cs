namespace Ledger.Domain.PayRuns;

/// <summary>The payslip of one employee in one run, as of its last attempt.</summary>
/// <param name="Slip">Null when there is none.</param>
/// <param name="Failed">Why there is none; null when it was withdrawn, or there is one.</param>
public sealed record PayslipState(Payslip? Slip, PayslipFailed? Failed, long Version)
{
    public static PayslipState Initial { get; } = new(null, null, 0);

    public static PayslipState Evolve(PayslipState state, PayslipEvent @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        var version = state.Version + 1;
        return @event switch
        {
            PayslipCalculated e => new(e.Slip, null, version),
            PayslipFailed e => new(null, e, version),
            PayslipWithdrawn => new(null, null, version),
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a payslip's."),
        };
    }

    /// <summary>What an attempt adds: nothing where it comes to what is there.</summary>
    /// <param name="attempt">Its number.</param>
    /// <param name="slip">What it comes to; null with no refusal when nothing is owed.</param>
    /// <param name="refusal">Why there is no payslip.</param>
    public PayslipEvent? Next(int attempt, Payslip? slip, Refusal? refusal) =>
        refusal is not null
            ? Failed?.Code == refusal.Code && Failed.Message == refusal.Message
                ? null : new PayslipFailed(attempt, refusal.Code, refusal.Message)
            : slip is null
            ? Slip is null && Failed is null ? null : new PayslipWithdrawn(attempt)
            : slip == Slip ? null : new PayslipCalculated(attempt, slip);
}

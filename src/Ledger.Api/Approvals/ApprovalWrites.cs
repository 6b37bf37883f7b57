using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.EventStore;

namespace Ledger.Api.Approvals;

/// <summary>On which streams commands of approvals are decided, and what they write.</summary>
public static class ApprovalWrites
{
    public static async ValueTask<Verdict<Written>> PutAsync(PutFourEyes command, Reading reading, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        var (company, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var (chart, _) = await reading.StateAsync(Streams.Chart, Streams.ChartFold);
        var approvals = await reading.StateAsync(Streams.Approvals, Streams.FourEyesFold);
        var decision = ApprovalDecider.Decide(command, approvals.State, company, chart);
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        if (decision.Events.Count == 0)
        {
            return Verdict.Nothing(new Written(approvals.State.SettingsVersion, approvals.Last));
        }

        var deed = new Deed(ApprovalKind.ChangeFourEyes, "four-eyes", command.Settings);
        return await SecondPerson.SeeAsync(
            Verdict.Append(new Written(approvals.Version + 1), (Streams.Approvals, decision.Events)),
            deed, reading, doer);
    }

    public static async ValueTask<Verdict<Written>> GiveAsync(GiveApproval command, Reading reading)
    {
        var approvals = await reading.StateAsync(Streams.Approvals, Streams.FourEyesFold);
        return VerdictOf(ApprovalDecider.Decide(command, approvals.State), approvals);
    }

    public static async ValueTask<Verdict<Written>> RefuseAsync(RefuseApproval command, Reading reading)
    {
        var approvals = await reading.StateAsync(Streams.Approvals, Streams.FourEyesFold);
        return VerdictOf(ApprovalDecider.Decide(command, approvals.State), approvals);
    }

    private static Verdict<Written> VerdictOf(Decision<ApprovalEvent> decision, Loaded<FourEyes> approvals) =>
        decision.Refusal is { } refusal ? refusal
        : decision.Events.Count == 0 ? Verdict.Nothing(new Written(approvals.Version, approvals.Last))
        : Verdict.Append(new Written(approvals.Version + 1), (Streams.Approvals, decision.Events));
}

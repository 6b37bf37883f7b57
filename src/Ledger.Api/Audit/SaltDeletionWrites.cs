using Ledger.Api.Approvals;
using Ledger.Api.Companies;
using Ledger.Domain.Approvals;
using Ledger.Domain.Audit;
using Ledger.EventStore;

namespace Ledger.Api.Audit;

/// <summary>On which streams a deletion of salts is decided, and what it writes.</summary>
public static class SaltDeletionWrites
{
    /// <param name="named">Gives those of the named events that there are; what they say is never changed.</param>
    public static async ValueTask<Verdict<Written>> PutAsync(
        DeleteSalts command, Reading reading, Doer doer, Func<Task<IReadOnlyList<SaltedEvent>>> named)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(doer);
        ArgumentNullException.ThrowIfNull(named);
        var stream = Streams.SaltDeletion(command.Id);
        var (deletion, _) = await reading.NewDocumentAsync(stream, Streams.SaltDeletionFold);
        var (company, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var decision = SaltDeletionDecider.Decide(
            command, deletion, company, deletion.Exists ? [] : await named(),
            CompanyWrites.TodayOf(company, doer.Clock));
        return decision.Refusal is { } refusal ? refusal
            : decision.Events.Count == 0 ? Verdict.Nothing(new Written(1), stream)
            : await SecondPerson.SeeAsync(
                Verdict.Append(new Written(1), (stream, decision.Events)),
                new(ApprovalKind.DeleteSalts, command.Id, decision.Events[0]), reading, doer);
    }
}

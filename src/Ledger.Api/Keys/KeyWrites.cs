using Ledger.Api.Approvals;
using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>On which streams commands of keys are decided, and what they write.</summary>
public static class KeyWrites
{
    public static async ValueTask<Verdict<Written>> PutAsync(PutKey command, Reading reading, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        var (company, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var ring = await reading.StateAsync(Streams.Keys, Streams.KeysFold);
        var verdict = VerdictOf(KeyDecider.Decide(command, ring.State, company), command.Id, ring);
        return await SecondPerson.SeeAsync(
            verdict, new(ApprovalKind.ChangeKey, command.Id, command.Key), reading, doer);
    }

    /// <summary>A key that rotates itself need be seen by nobody else.</summary>
    /// <param name="command">Which key, and until when secrets of before hold.</param>
    /// <param name="overlap">From now until then: a second person agrees to this time, and to no longer one.</param>
    /// <param name="reading">The company's streams.</param>
    /// <param name="doer">Who asks.</param>
    public static async ValueTask<Verdict<Written>> RotateAsync(
        RotateKey command, Duration overlap, Reading reading, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(doer);
        var ring = await reading.StateAsync(Streams.Keys, Streams.KeysFold);
        var decision = KeyDecider.Decide(command, ring.State, doer.Clock.GetCurrentInstant());
        var verdict = VerdictOf(decision, command.Id, ring);
        return command.By is not null ? verdict : await SecondPerson.SeeAsync(
            verdict,
            new(ApprovalKind.ChangeKey, command.Id, new AnotherSecret("Another secret", (long)overlap.TotalHours)),
            reading, doer);
    }

    public static async ValueTask<Verdict<Written>> RevokeAsync(RevokeKey command, Reading reading)
    {
        ArgumentNullException.ThrowIfNull(command);
        var ring = await reading.StateAsync(Streams.Keys, Streams.KeysFold);
        return VerdictOf(KeyDecider.Decide(command, ring.State), command.Id, ring);
    }

    private static Verdict<Written> VerdictOf(Decision<KeyEvent> decision, string id, Loaded<KeyRing> ring) =>
        decision.Refusal is { } refusal ? refusal
        : decision.Events.Count == 0 ? Verdict.Nothing(new Written(ring.State.Find(id)!.Version, ring.Last))
        : Verdict.Append(new Written(ring.Version + 1), (Streams.Keys, decision.Events));
}

/// <summary>What a second person agrees to where somebody else's key gets another secret.</summary>
/// <param name="Change">Says so.</param>
/// <param name="OverlapHours">How long secrets of before still hold: one that leaked does so, too.</param>
internal sealed record AnotherSecret(string Change, long OverlapHours);

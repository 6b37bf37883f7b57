using Ledger.Api.PayRuns;
using Ledger.Domain.PayGroups;
using Ledger.EventStore;

namespace Ledger.Api.PayGroups;

/// <summary>On which streams commands of pay groups are decided, and what they write.</summary>
public static class PayGroupWrites
{
    public static async ValueTask<Verdict<Written>> PutAsync(
        PutPayGroup command, Reading reading, PostingFacts facts, PayRunFacts runs)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(runs);
        var company = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var chart = await reading.StateAsync(Streams.Chart, Streams.ChartFold);
        var catalog = await reading.StateAsync(Streams.PayGroups, Streams.PayGroupsFold);
        var hasRuns = catalog.State.Find(command.Group) is { } known && known.Details != command.Details
            && (await runs.RunsAsync(reading)).Any(each => each.Value.Details!.PayGroup == command.Group);
        var decision = PayGroupDecider.Decide(command, catalog.State, company.State, chart.State, hasRuns);
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        if (decision.Events.Count > 0)
        {
            return Verdict.Append(new Written(catalog.Version + 1), (Streams.PayGroups, decision.Events));
        }

        var version = catalog.State.Find(command.Group)!.Version;
        return Verdict.Nothing(new Written(version, await facts.PlaceAsync(reading, Streams.PayGroups, version)));
    }
}

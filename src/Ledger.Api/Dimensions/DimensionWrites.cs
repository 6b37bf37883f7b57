using Ledger.Domain.Dimensions;
using Ledger.EventStore;

namespace Ledger.Api.Dimensions;

/// <summary>On which streams commands of dimensions are decided, and what they write.</summary>
public static class DimensionWrites
{
    public static async ValueTask<Verdict<Written>> PutAsync(
        PutDimensionValue command, Reading reading, PostingFacts facts)
    {
        ArgumentNullException.ThrowIfNull(command);
        var company = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var catalog = await reading.StateAsync(Streams.Dimensions, Streams.DimensionsFold);
        var decision = DimensionDecider.Decide(command, catalog.State, company.State);
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        if (decision.Events.Count > 0)
        {
            return Verdict.Append(new Written(catalog.Version + 1), (Streams.Dimensions, decision.Events));
        }

        var version = catalog.State.Find(command.Dimension, command.Value)!.Version;
        return Verdict.Nothing(new Written(version, await facts.PlaceAsync(reading, Streams.Dimensions, version)));
    }
}

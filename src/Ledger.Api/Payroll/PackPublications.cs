using System.Collections.Concurrent;
using System.Collections.Frozen;
using Ledger.Api.Keys;
using Ledger.Domain.Payroll;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Payroll;

/// <summary>
/// Records at each start what is new in the program's payroll law, so that what was known at a sequence can be told
/// later, when the program knows more.
/// </summary>
public sealed class PackPublications(Store store)
{
    private const int AttemptsMax = 5;

    private readonly ConcurrentDictionary<(string Pack, long Version), FrozenSet<string>> later = new();

    /// <exception cref="SetUpException">It could not be recorded.</exception>
    public async Task PublishAsync(string actor, CancellationToken cancellation)
    {
        foreach (var pack in Packs.All)
        {
            await PublishAsync(pack, actor, cancellation);
        }
    }

    /// <summary>What is recorded of a pack, in order.</summary>
    public async Task<IReadOnlyList<(RecordedEvent Recorded, PackPublished Event)>> OfAsync(
        string pack, CancellationToken cancellation)
    {
        var events = await store.ReadStreamAsync(
            OwnerKey.Tenant, Streams.Pack(pack), ct: cancellation);
        return [.. events.Select(each => (each, (PackPublished)EventCatalog.Ledger.Read(each)))];
    }

    /// <summary>The law that was published by a day, and was here at a sequence. What the ledger began with counts as
    /// having been here always.</summary>
    public async Task<LawKnown> KnownAsync(string pack, LocalDate on, long atSequence, CancellationToken cancellation)
    {
        var published = await OfAsync(pack, cancellation);
        var first = published.Skip(1).FirstOrDefault(each => each.Recorded.Sequence > atSequence).Recorded;
        return first is null ? new LawKnown(on) : new LawKnown(on, later.GetOrAdd(
            (pack, first.Version),
            _ => published.Where(each => each.Recorded.Version >= first.Version)
                .SelectMany(each => each.Event.Figures).ToFrozenSet(StringComparer.Ordinal)));
    }

    private async Task PublishAsync(Pack pack, string actor, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var published = await OfAsync(pack.Name, cancellation);
            var known = published.Select(each => each.Event).Aggregate(
                PublishedPack.Initial, PublishedPack.Evolve);
            var decision = PackDecider.Publish(pack, known);
            if (decision.Events.Count == 0)
            {
                return;
            }

            var result = await store.AppendAsync(new(
                OwnerKey.Tenant,
                [
                    new(Streams.Pack(pack.Name), published.Count,
                        [.. decision.Events.Select(EventCatalog.Ledger.ToStore)]),
                ],
                [], new(actor, null, null, null)));
            if (result is AppendResult.Appended)
            {
                return;
            }

            // Another service that starts as well was quicker.
            if (attempt == AttemptsMax || result is not AppendResult.Moved)
            {
                throw new SetUpException(
                    $"The payroll law of {pack.Name} could not be recorded ({result}): start again.");
            }
        }
    }
}

using Ledger.Domain.Periods;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using NodaTime;

namespace Ledger.Api.Periods;

/// <summary>A certificate as it is recorded.</summary>
internal sealed record StoredCertificate(RecordedEvent Event, PeriodCertified Body);

/// <summary>Reads certificates, and the closings that they certify, from their streams.</summary>
internal static class Certificates
{
    /// <summary>The certificates of a month, the oldest first.</summary>
    public static async Task<IReadOnlyList<StoredCertificate>> ReadAsync(
        Store store, string company, YearMonth period, CancellationToken ct) =>
        Of(await store.ReadStreamAsync(company, Streams.PeriodCertificate(period), ct: ct));

    /// <summary>Those among events.</summary>
    public static IReadOnlyList<StoredCertificate> Of(IEnumerable<RecordedEvent> events) =>
    [
        .. events.Select(e => (Event: e, Body: EventCatalog.Ledger.Read(e) as PeriodCertified))
            .Where(each => each.Body is not null)
            .Select(each => new StoredCertificate(each.Event, each.Body!)),
    ];

    /// <summary>The closings up to a sequence.</summary>
    /// <param name="periods">The events of the stream of periods.</param>
    public static async Task<Closings> ClosingsAsync(
        Store store, string company, IReadOnlyList<RecordedEvent> periods, long upTo, CancellationToken ct)
    {
        var known = periods.Where(e => e.Sequence <= upTo).ToList();

        // Approvals matter for what was reopened only, and there may be many.
        var reopened = EventCatalog.Ledger.NameOf(typeof(PeriodReopened));
        if (known.Any(e => e.Type == reopened))
        {
            var approvals = await store.ReadStreamAsync(company, Streams.Approvals, ct: ct);
            known = [.. known.Concat(approvals.Where(e => e.Sequence <= upTo)).OrderBy(e => e.Sequence)];
        }

        return known.Aggregate(Closings.Initial, (state, e) =>
            Closings.Evolve(state, EventCatalog.Ledger.Read(e), e.Id, e.Sequence, e.Actor));
    }

    /// <summary>What a certificate that goes on from this one says of it.</summary>
    public static string HashOf(StoredCertificate certificate) => CertificateFormats.HashOf(certificate.Event.Data);
}

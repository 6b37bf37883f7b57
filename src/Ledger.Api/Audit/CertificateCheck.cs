using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Domain.Periods;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections.Periods;
using static Ledger.Api.Audit.OfflineVerification;

namespace Ledger.Api.Audit;

/// <summary>
/// Derives the certificates of months in a bundle again, each from the bodies that are disclosed among the leaves that
/// it is about, and compares them member by member.
/// </summary>
internal sealed class CertificateCheck
{
    private static readonly EventCatalog Catalog = EventCatalog.Ledger;
    private static readonly string Certified = Catalog.NameOf(typeof(PeriodCertified));
    private static readonly string Closed = Catalog.NameOf(typeof(PeriodClosed));
    private static readonly HashSet<string> Folded = [.. ClosingFold.Types.Select(Catalog.NameOf)];

    /// <summary>Bytes of the canonical body of a certificate, which has no lists: they are kept until their
    /// closings.</summary>
    private const int BodyBytesMax = 64 << 10;

    private readonly HashSet<string> months = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<JsonElement>> byClosing = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> missed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> hashes = new(StringComparer.Ordinal);
    private readonly ClosingFold fold = new();
    private readonly List<string> lines = [];
    private int announced;

    /// <summary>Told of every leaf before any is added: a certificate comes behind what it is about.</summary>
    public void Announce(JsonElement leaf)
    {
        if (TextOf(leaf.GetProperty("envelope"), "type") != Certified || Member(leaf, "body") is not { } shown)
        {
            return;
        }

        var canonical = CanonicalJson.Of(BodyOf(shown));
        if (canonical.Length > BodyBytesMax)
        {
            throw new RefutedException($"a certificate has a body of more than {BodyBytesMax} bytes.");
        }

        // A copy, so that the rest of its line is not kept.
        var body = Parse(canonical);
        months.Add(TextOf(body, "period"));
        var closing = TextOf(body, "closing");
        if (!byClosing.TryGetValue(closing, out var same))
        {
            byClosing.Add(closing, same = []);
        }

        same.Add(body);
        announced++;
    }

    /// <summary>A leaf whose body is disclosed, and already added to the tree.</summary>
    public void Add(JsonElement envelope, JsonElement shown, GrowingTree tree)
    {
        var type = TextOf(envelope, "type");
        if (type != Certified && !Folded.Contains(type))
        {
            return;
        }

        var body = BodyOf(shown);
        if (type == Certified && TextOf(envelope, "stream") != $"period-certificate/{TextOf(body, "period")}")
        {
            throw new RefutedException(
                $"the certificate of {TextOf(body, "period")} stands in another month's stream.");
        }

        if (!Folded.Contains(type))
        {
            return;
        }

        var id = TextOf(envelope, "event");
        var recorded = Catalog.Read(type, JsonMarshal.GetRawUtf8Value(body).ToArray());
        fold.Fold(
            recorded, Guid.Parse(id), NumberOf(envelope, "sequence"), Member(envelope, "actor")?.GetString());
        if (type == Closed && byClosing.Remove(id, out var certificates))
        {
            var closing = fold.Closed(tree.Size, tree.Root());
            certificates.ForEach(certificate => Check(certificate, closing));
        }
    }

    /// <summary>A leaf whose body is not disclosed.</summary>
    public void Miss(string type)
    {
        if (Folded.Contains(type))
        {
            missed[type] = missed.GetValueOrDefault(type) + 1;
        }
    }

    /// <summary>What the certificates came to.</summary>
    /// <param name="period">The month that the bundle is about; null where it is about all.</param>
    /// <exception cref="RefutedException">One is of a closing that is not in the bundle.</exception>
    public IReadOnlyList<string> Report(string? period) => period is null || months.Contains(period)
        ? Report() : [.. Report(), $"NOT complete: no certificate of {period} is disclosed."];

    private IReadOnlyList<string> Report() =>
        byClosing.Values.FirstOrDefault() is [var orphan, ..]
            ? missed.ContainsKey(Closed)
                ? [.. lines, $"NOT complete: the closing of {TextOf(orphan, "period")} is not shown."]
                : throw new RefutedException(
                    $"the certificate of {TextOf(orphan, "period")} is of a closing that is not there.")
            : announced == 0 ? ["No certificate of a month is in it."] : lines;

    private void Check(JsonElement certificate, ReplayedClosing closing)
    {
        var facts = closing.Facts;
        var what = $"the certificate of {TextOf(certificate, "period")} over {facts.Size} leaves";
        hashes[facts.Closing.Name.Id] = Convert.ToBase64String(SHA256.HashData(CanonicalJson.Of(certificate)));
        var relevant = missed.Where(each => !each.Key.StartsWith("approv", StringComparison.Ordinal)).ToArray();
        if (relevant.Length > 0)
        {
            lines.Add($"NOT complete: {what} rests on bodies that are not shown: "
                + $"{string.Join(", ", relevant.Select(each => $"{each.Value} of {each.Key}"))}.");
            return;
        }

        if (closing.Late is { } late)
        {
            throw new RefutedException(
                $"event {late} was booked in a closed month, so {what} does not open where the one before it closed.");
        }

        if (CertificateFormats.Find(TextOf(certificate, "format")) is not { } format)
        {
            lines.Add($"NOT complete: {what} has a format that this program does not know.");
            return;
        }

        var previous = facts.Closing.GoesOnFrom is { } before ? hashes.GetValueOrDefault(before.Id) : null;
        if (previous is null && facts.Closing.GoesOnFrom is { } first)
        {
            lines.Add($"NOT complete: {what} goes on from {first.Period}, whose certificate is not in it.");
            return;
        }

        var made = format.Make(facts with { Previous = previous });
        if (missed.Count > 0)
        {
            // Approvals are shown only in the bundle of a whole company.
            made = made with
            {
                Alone = certificate.GetProperty("alone").GetBoolean(),
                ApprovedBy = Member(certificate, "approvedBy")?.GetString(),
            };
        }

        if (CertificateFormats.Difference(JsonMarshal.GetRawUtf8Value(certificate).ToArray(), made) is { } difference)
        {
            throw new RefutedException($"{what} does not follow from the leaves: {difference}.");
        }

        lines.Add(
            $"Complete: {what}: {made.Entries} {(made.Entries == "1" ? "entry" : "entries")} from "
            + $"{made.From:uuuu-MM-dd} to {made.To:uuuu-MM-dd}, closed by {made.ClosedBy ?? "nobody"}.");
    }
}

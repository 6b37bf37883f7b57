using System.Globalization;
using Ledger.Api.Audit;
using Ledger.Domain.Periods;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections;
using Ledger.Projections.Audit;
using Ledger.Projections.Periods;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace Ledger.Api.Periods;

/// <summary>A closing whose certificate is not made yet.</summary>
/// <param name="Where">The event.</param>
/// <param name="Since">When it was recorded.</param>
public sealed record WaitingClosing(string Company, string Where, Instant Since)
{
    public override string ToString() => $"{Where} since {InstantPattern.ExtendedIso.Format(Since)}";
}

/// <summary>What deriving all certificates again came to.</summary>
/// <param name="Companies">How many came out the same, byte for byte, of each company that has any.</param>
/// <param name="Waiting">The first hundred.</param>
/// <param name="Findings">Those that came out otherwise, and closings that have none: the first hundred of
/// each.</param>
public sealed record CertificateReport(
    IReadOnlyDictionary<string, ReplayFigures> Companies,
    IReadOnlyList<WaitingClosing> Waiting,
    IReadOnlyList<VerificationFinding> Findings,
    TimeSpan Elapsed)
{
    public static CertificateReport Empty { get; } =
        new(new Dictionary<string, ReplayFigures>(StringComparer.Ordinal), [], [], TimeSpan.Zero);

    public ReplayFigures Total => ReplayFigures.Sum(Companies.Values);
}

/// <summary>A certificate, and what deriving it again came to.</summary>
/// <param name="Before">Certificates before it, of which each is the one that the next one names.</param>
/// <param name="Broken">Where that does not hold; null where it does.</param>
internal sealed record ReplayedCertificate(StoredCertificate Certificate, string Outcome, int Before, string? Broken);

/// <summary>Derives certificates again from the events, and compares.</summary>
public static class CertificateVerification
{
    public const string Check = "certificates come out the same from the events that were known then";

    /// <summary>A closing that the service passed by. Others wait for it to come by.</summary>
    public const string EachCheck = "every closing that was passed has its certificate";

    internal const string Reproduced = "reproduced";
    private const string EngineMissing = "engine missing";

    /// <summary>Within it a certificate that could not be recorded at once is tried again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Every certificate of every company. The roots are compared with those of the stored trees.</summary>
    /// <param name="patience">How long ago a closing was recorded that should be certified; two minutes by
    /// default.</param>
    public static async Task<CertificateReport> RunAsync(
        LedgerHost host, IProgress<ProjectionProgress>? progress, CancellationToken ct, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        var started = TimeProvider.System.GetTimestamp();
        var (companies, done) = (new Dictionary<string, ReplayFigures>(StringComparer.Ordinal), 0L);
        var findings = new List<VerificationFinding>();
        foreach (var (company, streams) in await StreamsAsync(host.Database, null, ct))
        {
            progress?.Report(new(Check, done, 0));
            var (reproduced, missing) = (0L, 0L);
            var there = await ReadAsync(host.Store, company, streams, ct);
            var replayed = await ReplayAsync(host, company, there, there.Values, withLeaves: false, ct);
            foreach (var (certificate, outcome, _, _) in replayed)
            {
                if (outcome == Reproduced)
                {
                    reproduced++;
                }
                else if (outcome == EngineMissing)
                {
                    missing++;
                }
                else if (findings.Count < Verification.FindingsMax)
                {
                    var e = certificate.Event;
                    findings.Add(new(Check, $"event {e.Sequence} of {company}, {e.Stream}", outcome, company));
                }
            }

            companies.Add(company, new(reproduced, missing));
            done += reproduced + missing;
        }

        progress?.Report(new(EachCheck, 0, 0));
        var uncertified = await UncertifiedAsync(host, patience ?? Patience, ct);
        findings.AddRange(uncertified.Where(each => each.IsPassedBy).Select(each => new VerificationFinding(
            EachCheck, WhereOf(each),
            "has no certificate, and the service certified later closings or says that it was here", each.Company)));
        return new(
            companies,
            [
                .. uncertified.Where(each => !each.IsPassedBy)
                    .Select(each => new WaitingClosing(each.Company, WhereOf(each), each.Recorded)),
            ],
            findings,
            TimeProvider.System.GetElapsedTime(started));
    }

    private static string WhereOf(UncertifiedClosing closing) =>
        $"event {closing.Sequence} of {closing.Company}, the closing of {closing.Period}";

    private static async Task<IReadOnlyList<UncertifiedClosing>> UncertifiedAsync(
        LedgerHost host, TimeSpan patience, CancellationToken ct)
    {
        await using var connection = await host.Database.OpenConnectionAsync(ct);
        return await CertificateQueries.UncertifiedAsync(connection, patience, Verification.FindingsMax, ct);
    }

    /// <summary>What each certificate comes to, in the order of their closings.</summary>
    internal static async Task<List<ReplayedCertificate>> ReplayAsync(
        LedgerHost host,
        string company,
        Dictionary<string, StoredCertificate> stored,
        IEnumerable<StoredCertificate> given,
        bool withLeaves,
        CancellationToken ct)
    {
        var open = given.ToLookup(each => each.Body.Closing, StringComparer.Ordinal);
        var outcomes = new List<ReplayedCertificate>();
        var chain = new Dictionary<string, (int Before, string? Broken)>(StringComparer.Ordinal);
        var met = new HashSet<string>(StringComparer.Ordinal);
        var upTo = open.SelectMany(each => each).Select(SequenceOf).DefaultIfEmpty().Max();
        await using var connection = await host.Database.OpenConnectionAsync(ct);
        await foreach (var (facts, late) in new CertificateReplay(host.Database, EventCatalog.Ledger)
            .ClosingsAsync(company, upTo, withLeaves, ct))
        {
            var id = facts.Closing.Name.Id;
            met.Add(id);
            var before = facts.Closing.GoesOnFrom;
            var earlier = before is null ? null : stored.GetValueOrDefault(before.Id);
            var previous = earlier is null ? null : Certificates.HashOf(earlier);
            if (stored.TryGetValue(id, out var own))
            {
                chain[id] = LinkOf(own);
            }

            foreach (var certificate in open[id])
            {
                var root = withLeaves
                    ? facts.Root : await AuditTrees.RootAsync(connection, company, facts.Size, ct);
                var outcome = late is { } entry
                    ? $"differs: the entry at sequence {entry} was booked in months that were closed, so that the "
                        + "opening is not the closing before it"
                    : OutcomeOf(certificate, facts with { Root = root, Previous = previous });
                var (links, broken) = LinkOf(certificate);
                outcomes.Add(new(certificate, outcome, links, broken));
            }

            (int Before, string? Broken) LinkOf(StoredCertificate certificate) =>
                before is null
                    ? (0, certificate.Body.Previous is null ? null : $"that of {facts.Closing.Name.Period} should "
                        + "name none before it")
                : previous is null || !chain.TryGetValue(before.Id, out var known)
                    ? (0, $"that of {before.Period} is missing")
                : certificate.Body.Previous != previous
                    ? (known.Before, $"that of {facts.Closing.Name.Period} does not name the one of {before.Period} "
                        + "that is here")
                : (known.Before + 1, known.Broken);
        }

        outcomes.AddRange(open.Where(each => !met.Contains(each.Key)).SelectMany(each => each).Select(certificate =>
            new ReplayedCertificate(
                certificate,
                $"differs: member closing is {certificate.Body.Closing}, which is no closing of {company}",
                0,
                "its closing is not here")));
        return outcomes;
    }

    private static string OutcomeOf(StoredCertificate certificate, CertificateFacts facts) =>
        CertificateFormats.Find(certificate.Body.Format) is not { } format ? EngineMissing
            : CertificateFormats.Difference(certificate.Event.Data, format.Make(facts)) is { } difference
                ? $"differs: {difference}" : Reproduced;

    private static long SequenceOf(StoredCertificate certificate) =>
        long.TryParse(
            certificate.Body.ClosingSequence, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence : 0;

    /// <summary>The certificates of a company by the ids of their closings.</summary>
    internal static async Task<Dictionary<string, StoredCertificate>> ReadAsync(
        Store store, string company, IReadOnlyList<string> streams, CancellationToken ct)
    {
        var read = await store.ReadStreamsAsync(company, [.. streams.Select(each => new StreamPosition(each, 0))], ct);
        return Certificates.Of(read.SelectMany(each => each)).DistinctBy(each => each.Body.Closing)
            .ToDictionary(each => each.Body.Closing, StringComparer.Ordinal);
    }

    /// <summary>The streams of certificates by company.</summary>
    /// <param name="company">Only its; null for all.</param>
    internal static async Task<IReadOnlyList<(string Company, IReadOnlyList<string> Streams)>> StreamsAsync(
        NpgsqlDataSource database, string? company, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            select tenant_id, array_agg(id order by id) from public.mt_streams
            where starts_with(id, $1) and ($2::text is null or tenant_id = $2) group by 1 order by 1
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = PeriodCertificateEvent.StreamPrefix });
        command.Parameters.Add(new()
        {
            Value = (object?)company ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text,
        });
        var streams = new List<(string, IReadOnlyList<string>)>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            streams.Add((rows.GetString(0), rows.GetFieldValue<string[]>(1)));
        }

        return streams;
    }
}

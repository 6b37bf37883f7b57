using System.Globalization;
using System.Text.Json;
using Ledger.Api.Audit;
using Ledger.Domain.Periods;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections;
using Ledger.Projections.Audit;
using Ledger.Projections.Periods;
using Npgsql;

namespace Ledger.Api.Periods;

/// <summary>What deriving all certificates again came to.</summary>
/// <param name="Reproduced">They came out the same, byte for byte.</param>
/// <param name="EngineMissing">This program does not have the format by which they were made.</param>
/// <param name="Findings">Those that came out otherwise: the first hundred.</param>
public sealed record CertificateReport(
    long Reproduced, long EngineMissing, IReadOnlyList<VerificationFinding> Findings, TimeSpan Elapsed);

/// <summary>Derives certificates again from the events, and compares.</summary>
public static class CertificateVerification
{
    public const string Check = "certificates come out the same from the events that were known then";

    private const string Reproduced = "reproduced";
    private const string EngineMissing = "engine missing";

    /// <summary>Every certificate of every company. The roots are compared with those of the stored trees.</summary>
    public static async Task<CertificateReport> RunAsync(
        LedgerHost host, IProgress<ProjectionProgress>? progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(host);
        var started = TimeProvider.System.GetTimestamp();
        var (reproduced, missing) = (0L, 0L);
        var findings = new List<VerificationFinding>();
        foreach (var (company, streams) in await StreamsAsync(host.Database, null, ct))
        {
            progress?.Report(new(Check, reproduced, 0));
            var there = await ReadAsync(host.Store, company, streams, ct);
            var replayed = await ReplayAsync(host, company, there, there.Values, withLeaves: false, ct);
            foreach (var (certificate, outcome) in replayed)
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
                    findings.Add(new(Check, $"event {e.Sequence} of {company}, {e.Stream}", outcome));
                }
            }
        }

        return new(reproduced, missing, findings, TimeProvider.System.GetElapsedTime(started));
    }

    /// <summary>The certificates of a file, as the answer of the API is. The roots are computed from the
    /// events.</summary>
    /// <returns>Whether all of them were reproduced.</returns>
    /// <exception cref="SetUpException">The file cannot be read, or holds no certificate.</exception>
    public static async Task<bool> RunFileAsync(LedgerHost host, string path, TextWriter output, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(output);
        var (company, given) = await FileAsync(path, ct);
        var stored = new Dictionary<string, StoredCertificate>(StringComparer.Ordinal);
        foreach (var (_, streams) in await StreamsAsync(host.Database, company, ct))
        {
            stored = await ReadAsync(host.Store, company, streams, ct);
        }

        var replayed = await ReplayAsync(host, company, stored, given, withLeaves: true, ct);
        foreach (var (certificate, outcome) in replayed)
        {
            await output.WriteLineAsync(
                $"{company} {certificate.Event.Stream} version {certificate.Event.Version}: {outcome}");
        }

        return replayed.All(each => each.Outcome == Reproduced);
    }

    /// <summary>What each certificate comes to, in the order of their closings.</summary>
    private static async Task<List<(StoredCertificate Certificate, string Outcome)>> ReplayAsync(
        LedgerHost host,
        string company,
        Dictionary<string, StoredCertificate> stored,
        IEnumerable<StoredCertificate> given,
        bool withLeaves,
        CancellationToken ct)
    {
        var open = given.ToLookup(each => each.Body.Closing, StringComparer.Ordinal);
        var outcomes = new List<(StoredCertificate, string)>();
        var met = new HashSet<string>(StringComparer.Ordinal);
        var upTo = open.SelectMany(each => each).Select(SequenceOf).DefaultIfEmpty().Max();
        await using var connection = await host.Database.OpenConnectionAsync(ct);
        await foreach (var (facts, late) in new CertificateReplay(host.Database, EventCatalog.Ledger)
            .ClosingsAsync(company, upTo, withLeaves, ct))
        {
            met.Add(facts.Closing.Name.Id);
            foreach (var certificate in open[facts.Closing.Name.Id])
            {
                var root = withLeaves
                    ? facts.Root : await AuditTrees.RootAsync(connection, company, facts.Size, ct);
                var previous = facts.Closing.GoesOnFrom is { } before && stored.TryGetValue(before.Id, out var earlier)
                    ? Certificates.HashOf(earlier) : null;
                outcomes.Add((certificate, late is { } entry
                    ? $"differs: the entry at sequence {entry} was booked in months that were closed, so that the "
                        + "opening is not the closing before it"
                    : OutcomeOf(certificate, facts with { Root = root, Previous = previous })));
            }
        }

        outcomes.AddRange(open.Where(each => !met.Contains(each.Key)).SelectMany(each => each).Select(certificate => (
            certificate, $"differs: member closing is {certificate.Body.Closing}, which is no closing of {company}")));
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
    private static async Task<Dictionary<string, StoredCertificate>> ReadAsync(
        Store store, string company, IReadOnlyList<string> streams, CancellationToken ct)
    {
        var read = await store.ReadStreamsAsync(company, [.. streams.Select(each => new StreamPosition(each, 0))], ct);
        return Certificates.Of(read.SelectMany(each => each)).DistinctBy(each => each.Body.Closing)
            .ToDictionary(each => each.Body.Closing, StringComparer.Ordinal);
    }

    /// <summary>The streams of certificates by company.</summary>
    /// <param name="company">Only its; null for all.</param>
    private static async Task<IReadOnlyList<(string Company, IReadOnlyList<string> Streams)>> StreamsAsync(
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

    private static async Task<(string Company, IReadOnlyList<StoredCertificate> Certificates)> FileAsync(
        string path, CancellationToken ct)
    {
        try
        {
            using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(path, ct));
            var root = file.RootElement;
            var company = root.GetProperty("company").GetString()!;
            var stream = root.GetProperty("stream").GetString()!;
            var given = root.GetProperty("format").GetString() == ProofFile.FormatName
                && stream.StartsWith(PeriodCertificateEvent.StreamPrefix, StringComparison.Ordinal)
                    ? root.GetProperty("events").EnumerateArray()
                        .Select(e => CertificateOf(company, stream, e)).ToList()
                    : [];
            return given.Count > 0 ? (company, given)
                : throw new SetUpException($"'{path}' holds no certificate: {WhatToGive}");
        }
        catch (Exception problem) when (
            problem is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
                or UnreadableEventException or ArgumentException)
        {
            throw new SetUpException($"'{path}' holds no certificate ({problem.Message}): {WhatToGive}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"The certificate cannot be read: {problem.Message}", problem);
        }
    }

    private const string WhatToGive = "give the answer of GET /companies/{company}/periods/{period}/certificate.";

    private static StoredCertificate CertificateOf(string company, string stream, JsonElement e)
    {
        var (envelope, body) = (e.GetProperty("envelope"), e.GetProperty("body"));
        var recorded = new RecordedEvent(
            Number("sequence"), envelope.GetProperty("event").GetGuid(), company, stream, Number("version"),
            EventCatalog.Ledger.NameOf(typeof(PeriodCertified)), JsonSerializer.SerializeToUtf8Bytes(body), default,
            null, null, null, null);
        return new(recorded, (PeriodCertified)EventCatalog.Ledger.Read(recorded));

        long Number(string name) => long.Parse(
            envelope.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
    }
}

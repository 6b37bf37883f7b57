using System.Globalization;
using System.Text.Json;
using Ledger.Api.Audit;
using Ledger.Domain.Periods;
using Ledger.EventStore;
using Ledger.EventStore.Audit;

namespace Ledger.Api.Periods;

/// <summary>
/// Checks certificates in a file, as the answer of the API is: by themselves, as anybody may who has the key, and
/// against the events.
/// </summary>
public static class CertificateFile
{
    /// <summary>The roots are computed from the events.</summary>
    /// <param name="key">By which the file must be signed; null takes those that the ledger itself published.</param>
    /// <param name="witnesses">Who must have signed it as well.</param>
    /// <returns>Whether its signatures and proofs hold, and all of its certificates were reproduced and go on from
    /// those before them.</returns>
    /// <exception cref="SetUpException">The file cannot be read, or holds no certificate.</exception>
    public static async Task<bool> VerifyAsync(
        LedgerHost host,
        string path,
        VerifierKey? key,
        IReadOnlyList<VerifierKey> witnesses,
        TextWriter output,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(witnesses);
        ArgumentNullException.ThrowIfNull(output);
        var (company, note, given) = await ReadAsync(path, ct);
        var signing = key ?? SigningOf(note, await host.AuditKeys.VerifiersAsync(company, ct));
        var offline = await OfflineVerification.RunAsync(new(path), signing, witnesses, ct);
        await output.WriteLineAsync(offline.Holds
            ? $"Signatures and proofs hold, by the key {signing}"
                + (key is null ? ", which is the ledger's own: --key takes one that you have from elsewhere." : ".")
            : "Signatures and proofs do NOT hold.");
        foreach (var line in offline.Lines)
        {
            await output.WriteLineAsync($"  {line}");
        }

        var stored = new Dictionary<string, StoredCertificate>(StringComparer.Ordinal);
        foreach (var (_, streams) in await CertificateVerification.StreamsAsync(host.Database, company, ct))
        {
            stored = await CertificateVerification.ReadAsync(host.Store, company, streams, ct);
        }

        var replayed = await CertificateVerification.ReplayAsync(host, company, stored, given, withLeaves: true, ct);
        foreach (var (certificate, outcome, before, broken) in replayed)
        {
            var what = $"{company} {certificate.Event.Stream} version {certificate.Event.Version}";
            await output.WriteLineAsync($"{what}: {outcome}");
            await output.WriteLineAsync(broken is not null
                ? $"{what} goes on from certificates whose hashes do NOT hold: {broken}"
                : before == 0 ? $"{what} goes on from none"
                : $"{what} goes on from {before} certificates, each with the hash that the next one names");
        }

        return offline.Holds && replayed.All(each =>
            each.Outcome == CertificateVerification.Reproduced && each.Broken is null);
    }

    /// <summary>The one that signed; where none did, the newest, which is then told not to have.</summary>
    private static VerifierKey SigningOf(string note, IReadOnlyList<VerifierKey> keys) =>
        SignedNote.Parse(note) is { } signed && keys.FirstOrDefault(signed.IsSignedBy) is { } own ? own : keys[^1];

    private static async Task<(string Company, string Note, IReadOnlyList<StoredCertificate> Certificates)> ReadAsync(
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
            return given.Count > 0 ? (company, root.GetProperty("checkpoint").GetString() ?? "", given)
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

using System.Text.Json;
using Ledger.Api.PayRuns;
using Ledger.Api.Periods;
using Ledger.Api.Witnesses;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections;
using Ledger.Projections.Audit;

namespace Ledger.Api.Audit;

/// <summary>What a verification of everything came to.</summary>
/// <param name="Store">With the checks and findings of the others.</param>
public sealed record FullReport(
    VerificationReport Store, PayslipReport Payslips, CertificateReport Certificates, WitnessReport Witnesses);

/// <summary>
/// Looks through the whole ledger: the store and its tables, payslips, certificates, and what witnesses saw. The
/// command and the service both do it so.
/// </summary>
public static class FullVerification
{
    /// <param name="keys">Of the log over all logs, which must have signed; where there are none, those of the key file
    /// here.</param>
    /// <exception cref="ProjectionException">Another rebuild or verification is running, or there are no
    /// tables.</exception>
    public static async Task<FullReport> RunAsync(
        LedgerHost host, IReadOnlyList<VerifierKey> keys, IProgress<ProjectionProgress>? progress,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(keys);
        var started = TimeProvider.System.GetTimestamp();

        // Before the look at the database, which goes on meanwhile.
        var trust = await host.AuditKeys.TrustAsync(ct);
        trust = keys.Count == 0 ? trust : trust with { Keys = [.. keys.Select(each => each.PublicKey)] };
        var store = await new Verification(host.Database, EventCatalog.Ledger, host.Vault) { Trust = trust }
            .RunAsync(progress, ct);
        var unread = new List<VerificationFinding>();
        var payslips = await ReadAsync(
            PayslipVerification.Check, unread, PayslipReport.Empty,
            () => PayslipVerification.RunAsync(host, progress, ct));
        var certificates = await ReadAsync(
            CertificateVerification.Check, unread, CertificateReport.Empty,
            () => CertificateVerification.RunAsync(host, progress, ct));
        progress?.Report(new(WitnessVerification.Check, 0, 0));
        var witnesses = await WitnessVerification.RunAsync(host, ct);
        store = store with
        {
            Checks =
            [
                .. store.Checks, PayslipVerification.Check, CertificateVerification.Check,
                CertificateVerification.EachCheck, WitnessVerification.Check,
            ],
            Findings =
            [
                .. store.Findings, .. payslips.Findings, .. certificates.Findings, .. unread, .. witnesses.Findings,
            ],
            Elapsed = TimeProvider.System.GetElapsedTime(started),
        };
        return new(store, payslips, certificates, witnesses);
    }

    /// <summary>What cannot be derived again, because an event was changed so that nobody can read it, is a finding:
    /// what was found before must not be lost over it.</summary>
    private static async Task<T> ReadAsync<T>(
        string check, List<VerificationFinding> findings, T empty, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception fault) when (
            fault is UnreadableEventException or JsonException or InvalidDataException or FormatException
                or AuditLogException)
        {
            findings.Add(new(
                check, "the events", "one of them cannot be read, so nothing behind it was derived again", null));
            return empty;
        }
    }
}

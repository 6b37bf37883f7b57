using System.Security.Cryptography;
using System.Text;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Periods;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using Ledger.Projections.Periods;
using Npgsql;

namespace Ledger.Api.Periods;

/// <summary>A closing cannot be certified; what is wrong, and with what.</summary>
public sealed class CertificateException(string message) : Exception(message);

/// <summary>
/// Records a certificate for each closing once the audit log and the tables of the books have passed it. Several
/// services may do so at once: the version of the stream lets one of them, and the others find its certificate.
/// </summary>
public sealed class Certifier(LedgerHost ledger)
{
    private const int AttemptsMax = 5;

    /// <summary>After a restart up to so many events are looked through again, so that not each round has to be
    /// kept.</summary>
    private const long KeepEach = 1_000;

    private long? checkpoint;
    private long kept;

    /// <summary>Is told of each closing that could not be certified; it is tried again, and later ones of the company
    /// wait for it.</summary>
    public event Action<string>? Troubled;

    /// <summary>Certifies what can be certified now.</summary>
    /// <returns>False when a closing could not be.</returns>
    public async Task<bool> AdvanceAsync(CancellationToken ct)
    {
        await using var connection = await ledger.Database.OpenConnectionAsync(ct);
        var done = checkpoint ??= kept = await CertificateQueries.CheckpointAsync(connection, ct);
        var reached = await CertificateQueries.ReachedAsync(connection, ct);
        if (reached <= done)
        {
            return true;
        }

        var closings = await CertificateQueries.ClosingsAsync(connection, done, reached, ct);
        var waiting = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var closing in closings.Where(closing => !waiting.ContainsKey(closing.Company)))
        {
            try
            {
                await CertifyAsync(connection, closing, ct);
            }
            catch (Exception fault) when (fault is not (OperationCanceledException or NpgsqlException))
            {
                // One company's closing that cannot be certified must not keep others from it.
                waiting.Add(closing.Company, closing.Sequence);
                Troubled?.Invoke(
                    $"The closing at sequence {closing.Sequence} of '{closing.Company}' cannot be certified: "
                        + fault.Message);
            }
        }

        checkpoint = waiting.Count == 0 ? reached : waiting.Values.Min() - 1;
        if (checkpoint - kept >= KeepEach || (closings.Count > 0 && checkpoint > kept))
        {
            await CertificateQueries.KeepCheckpointAsync(connection, checkpoint.Value, ct);
            kept = checkpoint.Value;
        }

        return waiting.Count == 0;
    }

    private async Task CertifyAsync(NpgsqlConnection connection, RecordedClosing recorded, CancellationToken ct)
    {
        var company = recorded.Company;
        var streams = await ledger.Store.ReadStreamsAsync(
            company, [new(Streams.Company, 0), new(Streams.Chart, 0), new(Streams.Periods, 0)], ct);
        var closings = await Certificates.ClosingsAsync(
            ledger.Store, company, streams[2], recorded.Sequence, ct);
        var closing = closings.Newest!;
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var there = await Certificates.ReadAsync(ledger.Store, company, closing.Name.Period, ct);
            if (there.Any(each => each.Body.Closing == closing.Name.Id))
            {
                return;
            }

            var certified = await MakeAsync(connection, company, closing, streams, ct);
            var made = EventCatalog.Ledger.ToStore(certified) with { Id = IdOf(recorded.Id) };
            var result = await ledger.Store.AppendAsync(new(
                company,
                [new(Streams.PeriodCertificate(closing.Name.Period), there.Count, [made])],
                [],
                new("service:certificates", null, closing.Name.Id, null)));
            switch (result)
            {
                case AppendResult.Appended:
                    return;
                case AppendResult.Moved or AppendResult.Unknown:
                    // Another service was quicker, or nobody knows: what is there by now tells.
                    continue;
                default:
                    throw new CertificateException($"it could not be recorded ({result.GetType().Name}).");
            }
        }

        throw new CertificateException("it could not be recorded, since its stream moved again and again.");
    }

    private async Task<PeriodCertified> MakeAsync(
        NpgsqlConnection connection,
        string company,
        Closing closing,
        IReadOnlyList<RecordedEvent>[] streams,
        CancellationToken ct)
    {
        var (sequence, period) = (closing.Name.Sequence, closing.Name.Period);
        var last = period.PlusMonths(1).OnDayOfMonth(1).PlusDays(-1);
        var size = await CertificateQueries.PositionAsync(connection, company, sequence, ct)
            ?? throw new CertificateException("it has no position yet.");
        var settings = As<CompanyEvent>(streams[0], sequence).Aggregate(Company.Initial, Company.Evolve);
        var chart = As<AccountEvent>(streams[1], sequence).Aggregate(Chart.Initial, Chart.Evolve);
        var previous = closing.GoesOnFrom is { } before
            ? await PreviousAsync(connection, company, before, size, ct) : null;
        return CertificateFormats.Find(CertificateFormats.Newest)!.Make(new(
            closing,
            await CertificateQueries.PostedAsync(connection, company, size, last, ct),
            chart,
            settings.FiscalYearOf(last).Name,
            size,
            await AuditTrees.RootAsync(connection, company, size, ct),
            previous));
    }

    /// <summary>The hash of the certificate that another one goes on from, whose opening must be its closing.</summary>
    private async Task<string> PreviousAsync(
        NpgsqlConnection connection, string company, ClosingName before, long size, CancellationToken ct)
    {
        var there = await Certificates.ReadAsync(ledger.Store, company, before.Period, ct);
        var previous = there.FirstOrDefault(each => each.Body.Closing == before.Id)
            ?? throw new CertificateException($"the closing of {before.Period} before it is not certified.");
        var after = await CertificateQueries.PositionAsync(connection, company, before.Sequence, ct) ?? 0;
        return await CertificateQueries.EntryBetweenAsync(connection, company, previous.Body.To, after, size, ct)
            is { } late
                ? throw new CertificateException(
                    $"the entry at sequence {late} was booked in closed months, so that its opening is not the closing "
                        + $"of {before.Period}.")
                : Certificates.HashOf(previous);
    }

    private static IEnumerable<T> As<T>(IReadOnlyList<RecordedEvent> stream, long upTo) =>
        stream.Where(e => e.Sequence <= upTo).Select(e => (T)EventCatalog.Ledger.Read(e));

    /// <summary>The same closing gives the same id.</summary>
    private static Guid IdOf(Guid closing) =>
        new(SHA256.HashData(Encoding.ASCII.GetBytes($"period_certified {closing:D}")).AsSpan(0, 16));
}

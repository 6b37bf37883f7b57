using Ledger.Api.Audit;
using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Domain.Periods;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Periods;

/// <summary>What closings committed to, over HTTP.</summary>
public static class CertificatesApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/periods/{period}/certificate", CertificateAsync)
            .Needs(Permission.ReadReports)
            .Is(
                "getCertificate", "Periods", "Gives the certificate of a closed month with all that proves it",
                "A closing commits to the trial balance, the chart and the audit log as they are with it, some moments "
                    + "after it is recorded; until then the answer is 409. The file stands alone: format "
                    + "`backoffice-proof/1`, which docs/audit-format.md tells byte by byte; its last event is the "
                    + "certificate. `./run verify --certificate FILE` derives it again from the events.")
            .Query(
                "version", ParameterKind.Integer,
                "A certificate of the month by its number, whether or not it is in force; by default the one in force.",
                "1")
            .Refuses(
                RequestProblems.MonthMalformed, RequestProblems.DateOutOfRange, RequestProblems.ParameterMalformed,
                RequestProblems.NotYetCertified, RequestProblems.CertificateUnknown, RequestProblems.ProjectionBehind,
                RequestProblems.AuditContradicted,
                RequestProblems.NotAcceptable, "company-unknown", "id-invalid")
            .Answers<ProofFile>(StatusCodes.Status200OK, "The file.", FileExample);
        surface.Get("/companies/{company}/periods/{period}/certificates", ListAsync)
            .Needs(Permission.ReadReports)
            .Is(
                "listCertificates", "Periods", "Lists the certificates of a month, and what the last one restates",
                "A month that was reopened and closed again has several. `restates` compares one with the one before "
                    + "it: the accounts and units whose figures are others, before, the change, and now.")
            .Query(
                "version", ParameterKind.Integer, "Which certificate is compared; by default the last one.", "2")
            .Refuses(
                RequestProblems.MonthMalformed, RequestProblems.DateOutOfRange, RequestProblems.ParameterMalformed,
                RequestProblems.CertificateUnknown, RequestProblems.NotAcceptable, "company-unknown", "id-invalid")
            .Answers<PeriodCertificates>(StatusCodes.Status200OK, "The certificates.", ListExample);
    }

    private static async ValueTask CertificateAsync(Call call)
    {
        var period = PeriodsApi.PeriodOf(call);
        var wanted = call.Whole("version", 1, int.MaxValue);
        await Registers.RequireCompanyAsync(call);
        var there = await Certificates.ReadAsync(call.Ledger.Store, call.Company, period, call.Gone);
        var version = wanted is { } named ? Named(there, period, named) : await InForceAsync(call, period, there);
        var file = (await Proofs.OfStreamAsync(
            call.Ledger, call.Company, Streams.PeriodCertificate(period), call.Gone))!;
        call.Context.Response.Headers.ContentDisposition =
            $"attachment; filename=\"certificate-{Text(period)}-{version}.proof.json\"";
        await call.WriteAsync<ProofFile>(file with { Events = [.. file.Events.Take((int)version)] });
    }

    private static async ValueTask ListAsync(Call call)
    {
        var period = PeriodsApi.PeriodOf(call);
        var wanted = call.Whole("version", 1, int.MaxValue);
        await Registers.RequireCompanyAsync(call);
        var there = await Certificates.ReadAsync(call.Ledger.Store, call.Company, period, call.Gone);
        var version = (int)(wanted is { } named ? Named(there, period, named) : there.Count);
        var inForce = (await ClosingsAsync(call)).Covering(period)?.Name.Id;
        await call.WriteAsync<PeriodCertificates>(new PeriodCertificates(
            call.Company,
            period,
            [
                .. there.Select(each => new CertificateShown(
                    (int)each.Event.Version, each.Event.Sequence, each.Event.Recorded, each.Body.Closing == inForce,
                    each.Body)),
            ],
            version < 2 ? null : await RestatesAsync(call, there[version - 2].Body, there[version - 1].Body, version)));
    }

    private static async Task<CertificateRestatement?> RestatesAsync(
        Call call, PeriodCertified before, PeriodCertified now, int version)
    {
        var (company, _, _, _) = await Registers.ReadAsync(call, Streams.Company, Streams.CompanyFold);
        await using var connection = await call.Ledger.Database.OpenConnectionAsync(call.Gone);
        return await CertificateRestatements.RowsAsync(
            connection, call.Company, before, now, company.FiscalYearOf(now.To).Name, call.Gone) is { } rows
                ? new(version, version - 1, rows) : null;
    }

    /// <summary>The version of the certificate of the closing that is in force.</summary>
    private static async Task<long> InForceAsync(Call call, YearMonth period, IReadOnlyList<StoredCertificate> there)
    {
        var closings = await ClosingsAsync(call);
        var closing = closings.Covering(period)?.Name;
        if (closing?.Period == period)
        {
            return there.FirstOrDefault(each => each.Body.Closing == closing.Id)?.Event.Version
                ?? throw RequestProblems.Fail(
                    RequestProblems.NotYetCertified,
                    $"{Text(period)} is closed and not yet certified: ask again a little later.");
        }

        var before = there.Count == 0 ? ""
            : $" Those of it that are no longer in force are listed at …/periods/{Text(period)}/certificates.";
        throw Unknown(closing is not null
            ? $"{Text(period)} was closed together with {Text(closing.Period)}: ask for the certificate of "
                + $"{Text(closing.Period)}, which covers it.{before}"
            : closings.Calendar.IsClosed(period)
                ? $"{Text(period)} was closed together with a later month that was reopened: close that month again, "
                    + $"and ask for its certificate.{before}"
                : $"{Text(period)} is open: close it first, and a certificate is made.{before}");
    }

    private static long Named(IReadOnlyList<StoredCertificate> there, YearMonth period, long version) =>
        version <= there.Count ? version : throw Unknown(there.Count == 0
            ? $"{Text(period)} has no certificate: close it first."
            : $"{Text(period)} has {there.Count} certificates: send a version from 1 to {there.Count}.");

    private static async Task<Closings> ClosingsAsync(Call call)
    {
        var periods = await call.Ledger.Store.ReadStreamAsync(call.Company, Streams.Periods, ct: call.Gone);
        return await Certificates.ClosingsAsync(
            call.Ledger.Store, call.Company, periods, long.MaxValue, call.Gone);
    }

    private static string Text(YearMonth period) => YearMonthPattern.Iso.Format(period);

    private static RequestException Unknown(string detail) =>
        RequestProblems.Fail(RequestProblems.CertificateUnknown, detail);

    private const string FileExample = """
        {"format": "backoffice-proof/1", "company": "acme", "stream": "period-certificate/2026-03", "events": [{"index":
        "121", "envelope": {"format": "backoffice-leaf/1"}, "salt": "q83vEjRWeJCrze8SNFZ4kA==", "body": {"format": "1",
        "period": "2026-03"}, "headers": null, "proof": ["jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPG="],
        "saltDeleted": false}],
        "checkpoint": "backoffice-3f9c2a7d10b4e856/acme\n5317\n…", "ledger": null, "witnesses": []}
        """;

    private const string ListExample = """
        {"company": "acme", "period": "2026-03", "certificates": [{"version": 1, "sequence": 1744, "recorded":
        "2026-04-02T08:15:01.123456Z", "inForce": false, "certificate": {"format": "1", "period": "2026-03", "from":
        "2026-03-01", "to": "2026-03-31", "closing": "0b9f0f5e-6f5c-4b0b-9c1b-6d7a0f3c2a11", "closingSequence": "1742",
        "size": "120", "root": "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", "trialBalance":
        "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPG=", "chart": "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "entries": "57", "debit": "120300.5", "credit": "120300.5", "alone": false, "firstNumber": "101", "lastNumber":
        "157", "previous": null, "closedBy": "key:k3yprefx", "approvedBy": null}}], "restates": {"version": 2,
        "against": 1, "rows": [{"account": "503", "unit": "EUR",
        "debit": {"before": "1200", "change": "0", "now": "1200"},
        "credit": {"before": "0", "change": "12.5", "now": "12.5"}, "closing": {"before": "1200", "change": "-12.5",
        "now": "1187.5"}, "baseDebit": {"before": "1200", "change": "0", "now": "1200"}, "baseCredit": {"before": "0",
        "change": "12.5", "now": "12.5"}, "baseClosing": {"before": "1200", "change": "-12.5", "now": "1187.5"}}]}}
        """;
}

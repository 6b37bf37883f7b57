using Ledger.Domain.Periods;
using NodaTime;

namespace Ledger.Api.Periods;

/// <summary>A certificate in a list.</summary>
/// <param name="Version">Its number among those of the month.</param>
/// <param name="Sequence">Of its event.</param>
/// <param name="InForce">The month was not reopened since.</param>
public sealed record CertificateShown(
    int Version, long Sequence, Instant Recorded, bool InForce, PeriodCertified Certificate);

/// <summary>A figure in a certificate, what came to it, and in the one after that.</summary>
public sealed record RestatedAmount(string Before, string Change, string Now);

/// <summary>An account and unit whose figures are others in the later certificate.</summary>
/// <param name="Debit">What was booked in the days of the certificate.</param>
/// <param name="Closing">Debit less credit at their end.</param>
public sealed record RestatedRow(
    string Account,
    string Unit,
    RestatedAmount Debit,
    RestatedAmount Credit,
    RestatedAmount Closing,
    RestatedAmount BaseDebit,
    RestatedAmount BaseCredit,
    RestatedAmount BaseClosing);

/// <summary>What a certificate says otherwise than the one before it of the same month.</summary>
/// <param name="Version">The later certificate.</param>
/// <param name="Against">The earlier one.</param>
public sealed record CertificateRestatement(int Version, int Against, IReadOnlyList<RestatedRow> Rows);

/// <summary>What the closings of a month committed to, the oldest first.</summary>
/// <param name="Restates">Null for the first certificate.</param>
public sealed record PeriodCertificates(
    string Company,
    YearMonth Period,
    IReadOnlyList<CertificateShown> Certificates,
    CertificateRestatement? Restates);

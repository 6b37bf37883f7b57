using NodaTime;

namespace Ledger.Domain.Periods;

/// <summary>Stream <c>period-certificate/{yyyy-MM}</c>: what the closings of a month committed to.</summary>
public abstract record PeriodCertificateEvent
{
    /// <summary>What the streams begin with.</summary>
    public const string StreamPrefix = "period-certificate/";
}

/// <summary>
/// What a closing committed to: the books and the log as they were with it. Numbers and amounts are text, because the
/// text is what is hashed and compared, years later. The format is told in <c>docs/audit-format.md</c>.
/// </summary>
/// <param name="Format">By which calculation the figures were made; another one gets another name.</param>
/// <param name="From">The day after the certified month that this one goes on from.</param>
/// <param name="Closing">The id of the event that closed the month.</param>
/// <param name="Size">Leaves of the company's audit log, with the closing as the last.</param>
/// <param name="Root">Over them, base64.</param>
/// <param name="TrialBalance">Base64 of the hash of the canonical trial balance.</param>
/// <param name="Chart">Base64 of the hash of the canonical chart.</param>
/// <param name="Entries">How many are booked in these days.</param>
/// <param name="Debit">The sum of their debits in the functional currency.</param>
/// <param name="Credit">The sum of their credits in the functional currency.</param>
/// <param name="Alone">A single person approved that the month was reopened before this closing.</param>
/// <param name="FirstNumber">The lowest number of these entries in the fiscal year of <paramref name="To"/>.</param>
/// <param name="LastNumber">The highest one.</param>
/// <param name="Previous">Base64 of the hash of the certificate that this one goes on from.</param>
/// <param name="ClosedBy">The actor of the closing; another program that appended it may have named none.</param>
/// <param name="ApprovedBy">Who agreed that the month was reopened before this closing.</param>
[EventName("period_certified")]
public sealed record PeriodCertified(
    string Format,
    YearMonth Period,
    LocalDate From,
    LocalDate To,
    string Closing,
    string ClosingSequence,
    string Size,
    string Root,
    string TrialBalance,
    string Chart,
    string Entries,
    string Debit,
    string Credit,
    bool Alone,
    string? FirstNumber = null,
    string? LastNumber = null,
    string? Previous = null,
    string? ClosedBy = null,
    string? ApprovedBy = null) : PeriodCertificateEvent;

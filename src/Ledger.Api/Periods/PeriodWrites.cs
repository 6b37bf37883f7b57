using Ledger.Api.Approvals;
using Ledger.Api.Companies;
using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Periods;
using Ledger.EventStore;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Periods;

/// <summary>On which streams commands of periods are decided, and what they write.</summary>
public static class PeriodWrites
{
    /// <param name="ifMatch">The version of the periods that the caller saw; looked at only when something
    /// changes.</param>
    public static async ValueTask<Verdict<Written>> PutAsync(
        YearMonth period, PeriodChange change, long? ifMatch, Reading reading, PostingFacts facts, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(doer);
        var (company, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var periods = await reading.StateAsync(Streams.Periods, Streams.PeriodsFold);
        var calendar = periods.State;
        var decision = change.Status switch
        {
            PeriodStatus.Closed => PeriodDecider.Decide(
                new ClosePeriod(period, change.Through ?? false),
                calendar,
                company,
                calendar.IsClosed(period) || change.Through is true
                    ? null
                    : await facts.EarliestMonthWithEntriesAsync(reading.Company, calendar.ClosedThrough?.PlusMonths(1)),
                CompanyWrites.TodayOf(company, doer.Clock)),
            PeriodStatus.Open => PeriodDecider.Decide(new ReopenPeriod(period, change.Reason ?? ""), calendar, company),
            _ => PeriodDecider.Decide(new FinalizeFiscalYear(period), calendar, company),
        };
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        if (decision.Events.Count == 0)
        {
            return Verdict.Nothing(new Written(periods.Version, periods.Last));
        }

        if (ifMatch is { } seen && seen != periods.Version)
        {
            return RegisterRefusals.IfMatchFailed(seen, periods.Version);
        }

        var written = new Written(periods.Version + decision.Events.Count);
        var verdict = Verdict.Append(written, (Streams.Periods, decision.Events));
        return change.Status == PeriodStatus.Open
            ? await SecondPerson.SeeAsync(
                verdict,
                new(ApprovalKind.ReopenPeriod, YearMonthPattern.Iso.Format(period), decision.Events[0]),
                reading,
                doer)
            : verdict;
    }
}

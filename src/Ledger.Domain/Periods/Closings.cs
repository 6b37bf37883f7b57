using System.Collections.Immutable;
using Ledger.Domain.Approvals;
using NodaTime;

namespace Ledger.Domain.Periods;

/// <summary>Which closing: the id and the sequence of its event.</summary>
public sealed record ClosingName(string Id, YearMonth Period, long Sequence);

/// <summary>A closing, and what a certificate of it says beside figures.</summary>
/// <param name="Actor">Who closed.</param>
/// <param name="GoesOnFrom">The closing of an earlier month that is in force; null where there is none.</param>
/// <param name="ApprovedBy">Who agreed to the reopening before it.</param>
/// <param name="IsAlone">A single person approved that.</param>
public sealed record Closing(
    ClosingName Name,
    string? Actor,
    ClosingName? GoesOnFrom,
    string? ApprovedBy,
    bool IsAlone);

/// <summary>Months that were reopened and not closed again.</summary>
internal sealed record Reopening(long Sequence, YearMonth First, YearMonth Last, string? ApprovedBy, bool IsAlone);

/// <summary>
/// The closings of a company's months, folded from the streams of periods and approvals in the order of sequences. A
/// closing is in force until its month, or an earlier one, is reopened.
/// </summary>
public sealed class Closings
{
    private readonly ImmutableList<Closing> inForce;
    private readonly ImmutableList<Reopening> reopened;
    private readonly ImmutableDictionary<string, string> agreed;

    private Closings(
        FiscalCalendar calendar,
        Closing? newest,
        ImmutableList<Closing> inForce,
        ImmutableList<Reopening> reopened,
        ImmutableDictionary<string, string> agreed) =>
        (Calendar, Newest, this.inForce, this.reopened, this.agreed) = (calendar, newest, inForce, reopened, agreed);

    public static Closings Initial { get; } = new(
        FiscalCalendar.Initial, null, [], [], ImmutableDictionary.Create<string, string>(StringComparer.Ordinal));

    public FiscalCalendar Calendar { get; }

    /// <summary>The last one that was recorded, whether or not it is in force.</summary>
    public Closing? Newest { get; }

    /// <summary>The closing in force that closed a month: its own, or that of a later one.</summary>
    public Closing? Covering(YearMonth period) => inForce.Find(each => each.Name.Period >= period);

    /// <param name="e">Of periods or approvals.</param>
    /// <param name="id">Of the event.</param>
    /// <param name="sequence">Of the event.</param>
    public static Closings Evolve(Closings state, object e, Guid id, long sequence, string? actor)
    {
        ArgumentNullException.ThrowIfNull(state);
        return e switch
        {
            PeriodClosed closed => state.With(closed, id, sequence, actor),
            PeriodReopened again => state.With(again, sequence),
            FiscalYearFinalized final => state.With(FiscalCalendar.Evolve(state.Calendar, final)),
            ApprovalGiven given => state.With(agreed: state.agreed.SetItem(given.Id, given.Holder)),
            ApprovalRefused refused => state.With(agreed: state.agreed.Remove(refused.Id)),
            ApprovalUsed used => state.Approved(sequence, state.agreed.GetValueOrDefault(used.Id), isAlone: false)
                .With(agreed: state.agreed.Remove(used.Id)),
            ApprovedBySinglePerson { Kind: ApprovalKind.ReopenPeriod } alone =>
                state.Approved(sequence, alone.Holder, isAlone: true),
            _ => state,
        };
    }

    private Closings With(PeriodClosed closed, Guid id, long sequence, string? actor)
    {
        var before = inForce.LastOrDefault()?.Name;
        var reopening = reopened.Find(each => each.First <= closed.Period && closed.Period <= each.Last);
        var closing = new Closing(
            new(id.ToString("D"), closed.Period, sequence), actor, before, reopening?.ApprovedBy,
            reopening?.IsAlone ?? false);
        var left = reopened.Where(each => each.Last > closed.Period).Select(each =>
            each.First > closed.Period ? each : each with { First = closed.Period.PlusMonths(1) });
        return new(
            FiscalCalendar.Evolve(Calendar, closed), closing, inForce.Add(closing), [.. left], agreed);
    }

    private Closings With(PeriodReopened again, long sequence)
    {
        // Closed through an earlier month at most, it reopens nothing that would be closed.
        var reopening = new Reopening(sequence, again.Period, Calendar.ClosedThrough ?? again.Period, null, false);
        return new(
            FiscalCalendar.Evolve(Calendar, again), Newest,
            inForce.RemoveAll(each => each.Name.Period >= again.Period), reopened.Add(reopening), agreed);
    }

    /// <summary>An approval is recorded in the same request as what was approved, right behind it.</summary>
    private Closings Approved(long sequence, string? by, bool isAlone)
    {
        var at = reopened.FindIndex(each => each.Sequence == sequence - 1);
        return at < 0 ? this : With(
            reopened: reopened.SetItem(at, reopened[at] with { ApprovedBy = by, IsAlone = isAlone }));
    }

    private Closings With(
        FiscalCalendar? calendar = null,
        ImmutableList<Reopening>? reopened = null,
        ImmutableDictionary<string, string>? agreed = null) =>
        new(calendar ?? Calendar, Newest, inForce, reopened ?? this.reopened, agreed ?? this.agreed);
}

using System.Text.Json;
using Ledger.Domain.Approvals;
using Ledger.Domain.Audit;
using Ledger.Domain.Employees;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using Ledger.Domain.TimeSheets;
using Ledger.EventStore;
using Ledger.Projections.Audit;

namespace Ledger.Api.Audit;

/// <summary>A stream on its way from event to event, by the domain's own rules.</summary>
internal abstract class StreamState
{
    private bool isUnknown;

    /// <summary>That of the stream with this name; null where it has none that decisions rest on.</summary>
    public static StreamState? Of(string stream) => stream switch
    {
        Streams.Company => new Folding<Domain.Companies.Company>(Streams.CompanyFold, StreamsShown.Of),
        Streams.Chart => new Folding<Domain.Accounts.Chart>(Streams.ChartFold, StreamsShown.Of),
        Streams.Dimensions => new Folding<Domain.Dimensions.DimensionCatalog>(
            Streams.DimensionsFold, StreamsShown.Of),
        Streams.Periods => new Folding<Domain.Periods.FiscalCalendar>(Streams.PeriodsFold, state => state),
        Streams.Keys => new Folding<Domain.Keys.KeyRing>(Streams.KeysFold, StreamsShown.Of),
        Streams.Approvals => new Folding<FourEyes>(Streams.FourEyesFold, StreamsShown.Of),
        Streams.PayGroups => new Folding<Domain.PayGroups.PayGroupCatalog>(Streams.PayGroupsFold, StreamsShown.Of),
        _ => OfDocument(stream),
    };

    /// <summary>After a further event. One that this program cannot read leaves no state.</summary>
    public void Then(EventRow row)
    {
        if (isUnknown)
        {
            return;
        }

        try
        {
            Evolve(EventCatalog.Ledger.Read(row.Type, JsonSerializer.SerializeToUtf8Bytes(row.Data)));
        }
        catch (Exception e) when (e is UnknownEventException or JsonException or FormatException or ArgumentException
            or InvalidCastException or KeyNotFoundException)
        {
            isUnknown = true;
        }
    }

    /// <summary>As JSON; null where an event could not be read.</summary>
    public JsonElement? Shown() => isUnknown ? null : Show();

    protected abstract void Evolve(object @event);

    protected abstract JsonElement Show();

    private static StreamState? OfDocument(string stream) =>
        Begins(stream, EntryIds.StreamPrefix)
            ? new Folding<JournalEntry>(Streams.EntryFold, state => state)
        : Begins(stream, Employee.StreamPrefix)
            ? new Folding<Employee>(Streams.EmployeeFold, StreamsShown.Of)
        : Begins(stream, Domain.PayRuns.PayRun.StreamPrefix)
            ? new Folding<Domain.PayRuns.PayRun>(Streams.PayRunFold, StreamsShown.Of)
        : Begins(stream, Domain.PayRuns.PayRun.PayslipStreamPrefix)
            ? new Folding<Domain.PayRuns.PayslipState>(Streams.PayslipFold, state => state)
        : Begins(stream, TimeSheet.StreamPrefix)
            ? new Folding<TimeSheet>(Streams.TimeSheetFold, StreamsShown.Of)
        : Begins(stream, Person.StreamPrefix)
            ? new Folding<Person>(Streams.PersonFold, state => state)
        : Begins(stream, SaltDeletion.StreamPrefix)
            ? new Folding<SaltDeletion>(Streams.SaltDeletionFold, state => state)
        : null;

    private static bool Begins(string stream, string prefix) => stream.StartsWith(prefix, StringComparison.Ordinal);

    private sealed class Folding<TState>(Fold<TState> fold, Func<TState, object> shown) : StreamState
        where TState : notnull
    {
        private TState state = fold.Initial;

        protected override void Evolve(object @event) => state = fold.Evolve(state, @event);

        protected override JsonElement Show()
        {
            var value = shown(state);
            return JsonSerializer.SerializeToElement(value, value.GetType(), EventJson.Options);
        }
    }
}

using Ledger.Domain.TimeSheets;
using Ledger.EventStore;

namespace Ledger.Api.TimeSheets;

/// <summary>On which streams time entries are decided, and what they write.</summary>
public static class TimeSheetWrites
{
    /// <summary>The sheets of the months beside are read as well: an entry of theirs may be at the same time.</summary>
    /// <param name="command">The entry.</param>
    /// <param name="reading">The company's streams.</param>
    /// <param name="ledger">Where events are.</param>
    /// <param name="own">Of a caller who gets only their own; null for whoever gets all.</param>
    public static async ValueTask<Verdict<Written>> PutAsync(
        PutTimeEntry command, Reading reading, LedgerHost ledger, OwnTime? own)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(ledger);
        var month = TimeSheet.MonthOf(command.Details);
        var stream = Streams.TimeSheet(command.Employee, month);
        var (company, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var (person, _) = await reading.RareStateAsync(Streams.Person(command.Employee), Streams.PersonFold);

        // It is never kept in memory: it holds what is personal, and what was erased must be gone everywhere.
        var employee = await reading.NewDocumentAsync(Streams.Employee(command.Employee), Streams.EmployeeFold);
        var before = await SheetAsync(-1);
        var after = await SheetAsync(1);
        var sheet = await SheetAsync(0);
        var isOfAnother = own is not null && !await IsOwnAsync(own);
        if (isOfAnother && reading.IsFresh)
        {
            own!.NoteDenied(command.Employee);
        }

        var decision = TimeSheetDecider.Decide(
            command, sheet.State,
            new(company, person, employee.State, before.State, after.State, own is not null, isOfAnother));
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        if (decision.Events.Count == 0)
        {
            var version = sheet.State.Entries[command.Entry].Version;
            return Verdict.Nothing(new Written(version, await ledger.Facts.PlaceAsync(reading, stream, version)));
        }

        return Verdict.Append(new Written(sheet.Version + 1), (stream, decision.Events));

        async ValueTask<bool> IsOwnAsync(OwnTime caller)
        {
            var sheets = new[] { (-1, before.State), (0, sheet.State), (1, after.State) };
            foreach (var (months, state) in sheets)
            {
                var place = Streams.TimeSheet(command.Employee, month.PlusMonths(months));
                if (state.Entries.TryGetValue(command.Entry, out var known)
                    && !caller.Has(await ledger.Facts.ActorAsync(reading.Company, place, known.Version)))
                {
                    return false;
                }
            }

            return true;
        }

        ValueTask<Loaded<TimeSheet>> SheetAsync(int months) => reading.NewDocumentAsync(
            Streams.TimeSheet(command.Employee, month.PlusMonths(months)), Streams.TimeSheetFold);
    }
}

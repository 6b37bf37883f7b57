using System.Runtime.CompilerServices;
using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Domain.TimeSheets;
using Ledger.EventStore;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.PayRuns;

/// <summary>What a run comes to for one employee.</summary>
/// <param name="Slip">Null when nothing is owed, or there is a refusal.</param>
/// <param name="Before">As it stands in the run until now.</param>
/// <param name="Request">What it was made from; null for an employee who left the run.</param>
/// <param name="Remarks">What to look at of it; null is nothing.</param>
public sealed record MadeSlip(
    string Employee, Payslip? Slip, Refusal? Refusal, PayslipState Before, SlipRequest? Request,
    IReadOnlyList<SlipRemark>? Remarks = null);

/// <summary>Which run, as of what was known.</summary>
/// <param name="Run">With its period.</param>
/// <param name="LawKnownOn">No law counts that was published later, or came into this ledger later.</param>
public sealed record RunAsKnown(
    string Company, string Id, PayRun Run, PayGroupDetails Group, long KnownAtSequence, LawKnown LawKnownOn);

/// <summary>
/// Makes the payslips of a run from the events that were known then, some hundred employees at once, so that a run of
/// any number of people needs the same memory. It records nothing.
/// </summary>
public sealed class PayRunSlips(Store store, PayRunFacts facts)
{
    private const int ChunkEmployees = 200;

    /// <summary>All employees of the run with what it comes to, in the order of their ids.</summary>
    /// <param name="asKnown">Which run.</param>
    /// <param name="only">One employee alone; null is all.</param>
    /// <param name="after">An employee behind whom to begin.</param>
    /// <param name="ct">Gives up.</param>
    public async IAsyncEnumerable<IReadOnlyList<MadeSlip>> MakeAsync(
        RunAsKnown asKnown, string? only = null, string? after = null,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(asKnown);
        var counting = await CountingAsync(asKnown, ct);
        var sheets = await SheetsAsync(asKnown, counting, only, ct);
        var maker = new PayslipMaker();
        var ids = only is not null ? [only]
            : asKnown.Run.Details!.Employees?.Distinct().Order(StringComparer.Ordinal).ToList()
            ?? await facts.IdsAsync(asKnown.Company, Employee.StreamPrefix, ct);
        var chunks = ids.Where(id => string.CompareOrdinal(id, after) > 0).Chunk(ChunkEmployees).ToList();
        var next = chunks.Count == 0 ? null : ReadAsync(asKnown, counting, sheets, chunks[0], ct);
        for (var i = 0; i < chunks.Count; i++)
        {
            var read = await next!;
            next = i + 1 < chunks.Count ? ReadAsync(asKnown, counting, sheets, chunks[i + 1], ct) : null;
            yield return [.. read.Select(each => Make(maker, asKnown, counting, each))];
        }
    }

    private static MadeSlip Make(PayslipMaker maker, RunAsKnown asKnown, Counting counting, ReadEmployee read)
    {
        if (!read.Employee.Exists)
        {
            return new(
                read.Id, null, asKnown.Run.Details!.Employees is null ? null : EmployeeRefusals.Unknown(read.Id),
                read.Before, null);
        }

        if (!read.Employee.Contracts.Values.Any(each => each.Details.PayGroup == asKnown.Run.Details!.PayGroup))
        {
            return new(
                read.Id, null,
                asKnown.Run.Details!.Employees is null
                    ? null : PayRunRefusals.EmployeeOfOtherGroup(read.Id, asKnown.Run.Details.PayGroup),
                read.Before, null);
        }

        var request = RequestOf(asKnown, counting, read);
        try
        {
            return maker.Make(request, out var slip) is { } refusal
                ? new(read.Id, null, refusal, read.Before, request)
                : new(read.Id, slip, null, read.Before, request, maker.Remarks);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // What nobody foresaw in one employee's facts does not stop the others.
            return new(read.Id, null, PayRunRefusals.NotMade(read.Id, fault.GetType().Name), read.Before, request);
        }
    }

    private static SlipRequest RequestOf(RunAsKnown asKnown, Counting counting, ReadEmployee read) => new(
        read.Employee,
        asKnown.Group,
        new PayPeriod(asKnown.Run.From, asKnown.Run.Through),
        asKnown.Run.Details!.PayDate,
        asKnown.Run.Details.Kind,
        read.Earlier,
        counting.First,
        asKnown.LawKnownOn,
        asKnown.Run.Details.PayGroup,
        read.Sheets,
        counting.IsBeforeRegular);

    /// <summary>The runs whose payslips cannot change any more, in the order in which they are paid.</summary>
    private async Task<Counting> CountingAsync(RunAsKnown asKnown, CancellationToken ct)
    {
        var runs = await facts.RunsAsync(asKnown.Company, asKnown.KnownAtSequence, ct);
        var counting = runs.Where(each => each.Value.Counts && each.Key != asKnown.Id)
            .OrderBy(each => each.Value.Details!.PayDate).ThenBy(each => each.Value.From)
            .ThenBy(each => each.Value.Details!.Kind).ThenBy(each => each.Key, StringComparer.Ordinal)
            .ToList();
        var ofGroup = counting.Where(each => each.Value.Details!.Kind == PayRunKind.Regular
            && each.Value.Details.PayGroup == asKnown.Run.Details!.PayGroup).ToList();
        PayPeriod? first = ofGroup.Count == 0 ? null
            : ofGroup.Select(each => new PayPeriod(each.Value.From, each.Value.Through)).MinBy(each => each.From);
        return new(counting, first, !ofGroup.Exists(each => each.Value.From == asKnown.Run.From));
    }

    private async Task<List<ReadEmployee>> ReadAsync(
        RunAsKnown asKnown, Counting counting, ILookup<string, YearMonth> sheets, string[] ids,
        CancellationToken ct)
    {
        var employees = await store.ReadStreamsAsync(
            asKnown.Company, [.. ids.Select(id => new StreamPosition(Streams.Employee(id), 0))], ct);
        var read = ids
            .Zip(employees, (id, events) => (id, facts.Fold(Streams.EmployeeFold, events, asKnown.KnownAtSequence)))
            .ToList();
        var positions = new List<StreamPosition>();
        foreach (var (id, employee) in read)
        {
            positions.Add(new(Streams.Payslip(asKnown.Id, id), 0));
            positions.AddRange(RunsOf(employee, counting).Select(
                run => new StreamPosition(Streams.Payslip(run.Key, id), 0)));
            positions.AddRange(sheets[id].Select(month => new StreamPosition(Streams.TimeSheet(id, month), 0)));
        }

        var streams = new Queue<IReadOnlyList<RecordedEvent>>(
            await store.ReadStreamsAsync(asKnown.Company, positions, ct));
        var result = new List<ReadEmployee>(read.Count);
        foreach (var (id, employee) in read)
        {
            var before = facts.Fold(Streams.PayslipFold, streams.Dequeue());
            var earlier = new List<EarlierSlip>();
            foreach (var run in RunsOf(employee, counting))
            {
                var state = facts.Fold(Streams.PayslipFold, streams.Dequeue(), asKnown.KnownAtSequence);
                if (state.Slip is { } slip)
                {
                    earlier.Add(new(run.Key, run.Value.Details!.Kind, slip));
                }
            }

            var months = new List<SheetOfMonth>();
            foreach (var month in sheets[id])
            {
                months.Add(new(month, facts.Fold(Streams.TimeSheetFold, streams.Dequeue(), asKnown.KnownAtSequence)));
            }

            result.Add(new(
                id, employee, before, earlier, months.Exists(each => each.Sheet.Version > 0) ? months : null));
        }

        return result;
    }

    /// <summary>
    /// The months of time sheets by employee, from a week before the first period on: one question for the whole run,
    /// so that it costs nothing where nobody records time.
    /// </summary>
    private async Task<ILookup<string, YearMonth>> SheetsAsync(
        RunAsKnown asKnown, Counting counting, string? only, CancellationToken ct)
    {
        var prefix = only is null ? TimeSheet.StreamPrefix : Streams.TimeSheets(only);
        var first = LocalDate.Min(counting.First?.From ?? asKnown.Run.From, asKnown.Run.From).PlusDays(-7);
        var (from, through) = (first.ToYearMonth(), asKnown.Run.Through.ToYearMonth());
        return (await facts.IdsAsync(asKnown.Company, prefix, ct))
            .Select(id => (only is null ? id : $"{only}/{id}").Split('/'))
            .Select(parts => (Employee: parts[0], Month: YearMonthPattern.Iso.Parse(parts[1]).Value))
            .Where(each => each.Month >= from && each.Month <= through)
            .ToLookup(each => each.Employee, each => each.Month, StringComparer.Ordinal);
    }

    /// <summary>Runs of the groups that the employee was ever in.</summary>
    private static IEnumerable<KeyValuePair<string, PayRun>> RunsOf(Employee employee, Counting counting) =>
        counting.Runs.Where(
            run => employee.Contracts.Values.Any(each => each.Details.PayGroup == run.Value.Details!.PayGroup));

    /// <param name="First">The period of the first regular run of the group; null when there is none.</param>
    /// <param name="IsBeforeRegular">There is no regular run of the period that counts.</param>
    private sealed record Counting(
        IReadOnlyList<KeyValuePair<string, PayRun>> Runs, PayPeriod? First, bool IsBeforeRegular);

    private sealed record ReadEmployee(
        string Id, Employee Employee, PayslipState Before, IReadOnlyList<EarlierSlip> Earlier,
        IReadOnlyList<SheetOfMonth>? Sheets);
}

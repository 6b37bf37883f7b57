using Ledger.Domain;
using Ledger.Domain.People;
using Ledger.Domain.TimeSheets;
using Ledger.Tests.Employees;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.TimeSheets;

/// <summary>The time sheets of one employee, by the rules of recording them.</summary>
internal sealed class RecordedTime
{
    public static readonly TimeSheetPlace Shop = new(
        Acme, Person.Initial, EmployeeBooks.Of(EmployeeBooks.Registered), TimeSheet.Initial, TimeSheet.Initial);

    private readonly SortedDictionary<YearMonth, TimeSheet> months = [];

    /// <summary>Null where nothing was ever recorded.</summary>
    public IReadOnlyList<SheetOfMonth>? Sheets => months.Count == 0
        ? null : [.. months.Select(each => new SheetOfMonth(each.Key, each.Value))];

    public Refusal? Record(
        string entry, string from, string through, string zone = "Europe/Sofia", bool? withdrawn = null,
        params TimeBreak[] breaks) => Record(entry, new(
        new(from), new(through), zone, breaks.Length == 0 ? null : breaks.ToValueList(), withdrawn));

    /// <summary>Corrects what stands under the id in the same month.</summary>
    public Refusal? Record(string entry, TimeEntryDetails details)
    {
        var month = TimeSheet.MonthOf(details);
        var sheet = Of(month);
        var decision = TimeSheetDecider.Decide(
            new(EmployeeBooks.Id, entry, details, sheet.Entries.GetValueOrDefault(entry)?.Version), sheet,
            Shop with { Before = Of(month.PlusMonths(-1)), After = Of(month.PlusMonths(1)) });
        if (decision.Refusal is null)
        {
            months[month] = decision.Events.Aggregate(sheet, TimeSheet.Evolve);
        }

        return decision.Refusal;
    }

    private TimeSheet Of(YearMonth month) => months.GetValueOrDefault(month, TimeSheet.Initial);
}

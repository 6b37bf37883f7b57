using Ledger.Domain.Accounts;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using NodaTime;

namespace Ledger.Tests.Queries;

/// <summary>
/// Random books as they were known at a position, folded from the events and from nothing else: what reports are held
/// to.
/// </summary>
public sealed class BookFold(RandomBooks script, IReadOnlyList<BookEvent> events, long position)
{
    public IReadOnlyList<BookEvent> Known { get; } = [.. events.Where(each => each.Position <= position)];

    public IReadOnlyList<BookLine> Lines { get; } = [.. QueryBooks.Lines(events, position)];

    /// <summary>The accounts as they were last described.</summary>
    public SortedDictionary<string, AccountDetails> Chart { get; } = ChartIn(events, position);

    /// <summary>The lines that a question keeps.</summary>
    public IEnumerable<BookLine> LinesOf(DimensionQuery dimension) => Lines.Where(line => IsOf(line, dimension));

    public static bool IsOf(BookLine line, DimensionQuery dimension) =>
        dimension.Only.All(only => line.Dimensions.GetValueOrDefault(only.Dimension) == only.Value);

    public bool IsResult(BookLine line) =>
        Chart[line.Account].Type is AccountType.Income or AccountType.Expense;

    /// <summary>The first day of the fiscal year that a day lies in.</summary>
    public LocalDate YearOf(LocalDate day)
    {
        var start = script.FiscalYearStart.InYear(day.Year);
        return start <= day ? start : script.FiscalYearStart.InYear(day.Year - 1);
    }

    /// <summary>The number of an entry: in its fiscal year, in the order of recording.</summary>
    public long NumberOf(BookEvent entry)
    {
        var year = YearOf(((JournalEntryPosted)entry.Event).BookedOn);
        return Known.Count(each => each.Position <= entry.Position
            && each.Event is JournalEntryPosted posted && YearOf(posted.BookedOn) == year);
    }

    /// <summary>The name of a department; other values have none.</summary>
    public string? NameOf(string? value) => Known.Select(each => each.Event).OfType<DimensionValueAdded>()
        .LastOrDefault(added => added.Value == value)?.Details.Name ?? value;

    public static bool IsCounted(EntryKind kind, BeforeKind before) => (before, kind) switch
    {
        (BeforeKind.Nothing, _) => true,
        (BeforeKind.Closing, EntryKind.Closing) => false,
        (BeforeKind.Adjustment, EntryKind.Closing or EntryKind.Adjustment) => false,
        _ => true,
    };

    public static string? ValueOf(BookLine line, DimensionQuery dimension) =>
        dimension.By is null ? null : line.Dimensions.GetValueOrDefault(dimension.By);

    public static Amount In(string unit, decimal value) => new(value, unit == "HUR" ? 1 : 2);

    public static Amount Base(decimal value) => new(value, 2);

    private static SortedDictionary<string, AccountDetails> ChartIn(IReadOnlyList<BookEvent> events, long position)
    {
        var chart = new SortedDictionary<string, AccountDetails>(StringComparer.Ordinal);
        foreach (var each in events.Where(each => each.Position <= position))
        {
            switch (each.Event)
            {
                case AccountOpened opened:
                    chart[opened.Code.Value] = opened.Account;
                    break;
                case AccountChanged changed:
                    chart[changed.Code.Value] = changed.Account;
                    break;
            }
        }

        return chart;
    }
}

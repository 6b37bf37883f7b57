using System.Collections.Frozen;
using System.Globalization;
using Ledger.Projections.Balances;
using Ledger.Projections.Dimensions;
using Ledger.Projections.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Projections.Statements;

/// <summary>A column before it has figures: which range of movements it shows, and which lines of it.</summary>
/// <param name="Range">Which of the plan's ranges.</param>
/// <param name="AllValues">Shows lines of whatever value; else only those of <paramref name="Column"/>'s.</param>
internal sealed record PlannedColumn(StatementColumn Column, int Range, bool AllValues);

/// <summary>The columns of a statement, and the ranges of movements that fill them.</summary>
internal sealed class StatementPlan
{
    /// <summary>
    /// What the other columns of the table are called: a value of a dimension with such an id is named with its
    /// dimension, so that no two columns have one name.
    /// </summary>
    private static readonly FrozenSet<string> Taken = FrozenSet.Create(
        StringComparer.Ordinal, "section", "kind", "account", "name", "level", "amount", "total");

    private readonly List<(LocalDate? From, LocalDate To, Knowledge Known, string Name, Basis? Basis)> spans = [];

    public MovementRanges Movements { get; } = new();

    /// <summary>By span: the range of its last day's fiscal year, and that of all years before.</summary>
    public List<(int Range, int YearsBefore)> Ranges { get; } = [];

    public List<PlannedColumn> Columns { get; } = [];

    /// <param name="snapshot">What the statement is made of.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="counting">True for a balance sheet, which counts from the beginning of the books.</param>
    public static async Task<StatementPlan> OfAsync(Snapshot snapshot, StatementRequest request, bool counting)
    {
        var plan = new StatementPlan();
        var known = snapshot.Knowledge;
        LocalDate? from = counting ? null : request.From;
        if (request.ByMonth)
        {
            plan.AddMonths(request, known, counting);
        }

        if (!request.ByMonth || !counting)
        {
            plan.spans.Add((from, request.To, known, request.ByMonth ? "total" : Name(from, request.To), null));
        }

        if (request.Compare is { } compare)
        {
            var then = compare.KnownAt is null ? known : await snapshot.SettleAsync(compare.KnownAt);
            var basis = compare.KnownAt is null ? Basis.Restated : Basis.AsPublished;
            var words = basis == Basis.Restated ? "restated" : "as published";
            plan.spans.Add((
                counting ? null
                    : compare.From, compare.To, then, $"{Name(counting ? null : compare.From, compare.To)} {words}",
                basis));
        }

        plan.AddRanges(snapshot);
        return plan;
    }

    /// <summary>The same days as known at several times.</summary>
    /// <param name="from">Null counts from the beginning of the books, as a balance sheet does.</param>
    public static StatementPlan Of(Snapshot snapshot, IEnumerable<Knowledge> known, LocalDate? from, LocalDate to)
    {
        var plan = new StatementPlan();
        plan.spans.AddRange(known.Select(each => (from, to, each, Name(from, to), (Basis?)null)));
        plan.AddRanges(snapshot);
        return plan;
    }

    /// <summary>Makes the columns, once the movements tell which values of the dimension there are.</summary>
    public void AddColumns(IEnumerable<string?> values, DimensionQueries names, DimensionQuery dimension)
    {
        var found = values.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        for (var i = 0; i < spans.Count; i++)
        {
            var span = spans[i];
            var column = new StatementColumn(
                span.Name, span.From, span.To, span.Known.Instant, span.Known.Sequence, span.Basis, null, null);
            if (dimension.By is not null)
            {
                var prefix = spans.Count > 1 ? span.Name + " " : "";
                foreach (var value in found)
                {
                    Columns.Add(new(
                        column with
                        {
                            Name = prefix + (Taken.Contains(value) ? $"{dimension.By}:{value}" : value),
                            Value = value,
                            ValueName = names.NameOf(value),
                        },
                        i,
                        false));
                }

                Columns.Add(new(column with { Name = $"{prefix}without {dimension.By}" }, i, false));
                column = column with { Name = prefix + "total" };
            }

            Columns.Add(new(column, i, true));
        }

        if (Columns.Count == 1)
        {
            Columns[0] = Columns[0] with { Column = Columns[0].Column with { Name = "amount" } };
        }
    }

    /// <summary>
    /// The column that tells on which side an account that goes by its sign is shown: the total of its span, so that
    /// columns of a dimension's values add up.
    /// </summary>
    public int SignOf(int column) =>
        Columns.FindIndex(each => each.Range == Columns[column].Range && each.AllValues);

    private void AddRanges(Snapshot snapshot)
    {
        foreach (var span in spans)
        {
            var year = snapshot.Company.FiscalYearOf(span.To);
            Ranges.Add(span.From is { } from
                ? (Movements.Add(from, span.To, span.Known.Position), -1)
                : (Movements.Add(year, span.To, span.Known.Position),
                    Movements.Add(null, year.PlusDays(-1), span.Known.Position)));
        }
    }

    private void AddMonths(StatementRequest request, Knowledge known, bool counting)
    {
        for (var first = request.From; first <= request.To;)
        {
            var next = new LocalDate(first.Year, first.Month, 1).PlusMonths(1);
            var last = LocalDate.Min(next.PlusDays(-1), request.To);
            var month = string.Create(CultureInfo.InvariantCulture, $"{first.Year:0000}-{first.Month:00}");
            spans.Add((counting ? null : first, last, known, month, null));
            first = next;
        }
    }

    private static string Name(LocalDate? from, LocalDate to) => from is { } first
        ? $"{LocalDatePattern.Iso.Format(first)}..{LocalDatePattern.Iso.Format(to)}"
        : LocalDatePattern.Iso.Format(to);
}

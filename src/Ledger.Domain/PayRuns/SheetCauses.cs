using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>Entries of time sheets because of which a payslip has a line.</summary>
internal static class SheetCauses
{
    /// <summary>How far the sheets were known, by month; null where there are none.</summary>
    public static ValueMap<long>? Known(SlipRequest request)
    {
        var known = (request.Sheets ?? []).Where(each => each.Sheet.Version > 0).Select(each =>
            KeyValuePair.Create(TimeSheet.NameOf(each.Month), each.Sheet.Version)).ToList();
        return known.Count == 0 ? null : ValueMap<long>.From(known);
    }

    /// <summary>
    /// Null where there are none. Of the payslip's own period the entries of its hours; of an earlier one those that
    /// were recorded after the last payslip that covered it, also to withdraw them, and where one was moved out of it,
    /// those of its months.
    /// </summary>
    /// <param name="request">Whose payslip it is.</param>
    /// <param name="due">What is due.</param>
    /// <param name="period">For which the line is.</param>
    /// <param name="element">Null for a levy, which all of it may have changed.</param>
    /// <param name="isLate">Whether the period is an earlier one.</param>
    public static ValueList<SheetCause>? Of(
        SlipRequest request, DuePay due, PayPeriod period, int? element, bool isLate)
    {
        if (request.Sheets is null || (element is { } place && !due.Hours.Pays(place, due)))
        {
            return null;
        }

        var found = new SortedSet<(YearMonth Month, long Version)>();
        foreach (var piece in due.Hours.Pieces)
        {
            if (period.Holds(piece.Day) && (!isLate || IsNew(request, period, piece.Sheet, piece.Entry.Version)))
            {
                found.Add((piece.Sheet, piece.Entry.Version));
            }
        }

        if (isLate)
        {
            found.UnionWith(New(request, period, entry =>
                !entry.Counts && period.Holds(entry.Details.From.Local.Date)));
            found.UnionWith(found.Count > 0 ? [] : New(request, period, static _ => true));
        }

        return found.Count == 0 ? null : found.GroupBy(each => each.Month)
            .Select(month => new SheetCause(
                TimeSheet.NameOf(month.Key), month.Select(each => each.Version).ToValueList()))
            .ToValueList();
    }

    /// <summary>Entries of the period's months that no payslip that covered it knew.</summary>
    private static IEnumerable<(YearMonth Month, long Version)> New(
        SlipRequest request, PayPeriod period, Func<TimeEntry, bool> counts)
    {
        var (first, last) = (period.From.ToYearMonth(), period.Through.ToYearMonth());
        return request.Sheets!
            .Where(each => each.Month >= first && each.Month <= last)
            .SelectMany(each => each.Sheet.Entries.Values.Where(counts), (each, entry) => (each.Month, entry.Version))
            .Where(each => IsNew(request, period, each.Month, each.Version));
    }

    /// <summary>Whether no payslip that covered the period knew it.</summary>
    private static bool IsNew(SlipRequest request, PayPeriod period, YearMonth month, long version)
    {
        var name = TimeSheet.NameOf(month);
        foreach (var (_, _, slip) in request.Earlier)
        {
            if (slip.Through >= period.Through && slip.TimeSheets is { } sheets
                && sheets.TryGetValue(name, out var known) && known >= version)
            {
                return false;
            }
        }

        return true;
    }
}

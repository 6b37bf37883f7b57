using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.TimeSheets;

/// <summary>What the law calls a day without work.</summary>
public enum HolidayKind
{
    /// <summary>A public holiday.</summary>
    Holiday,

    /// <summary>A day off instead of a holiday on a day of rest, or by decree; by itself it is none.</summary>
    DayOff,
}

/// <summary>A day of a calendar of public holidays. A day that is decreed later is a further one: none is ever
/// changed.</summary>
/// <param name="Regions">Where it holds; null is everywhere.</param>
/// <param name="Published">When it became known; null is before the year began.</param>
/// <param name="Checked">When its source was last looked at.</param>
public sealed record Holiday(
    LocalDate Day,
    HolidayKind Kind,
    string Name,
    ValueList<string>? Regions,
    LocalDate? Published,
    FigureStatus Status,
    LocalDate Checked,
    string Source)
{
    /// <summary>Unique in its calendar: by it a ledger tells since when it knows the day.</summary>
    public string Key => string.Join(
        ' ', (IEnumerable<string>)[Texts.Camel(Kind), Texts.Shown(Day), .. Regions ?? ValueList<string>.Empty]);

    public bool HoldsIn(string? region) =>
        Regions is null || (region is not null && Regions.AsSpan().Contains(region));
}

using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Domain.Payroll;
using Ledger.Domain.TimeSheets;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Payroll;

/// <summary>Public holidays over HTTP.</summary>
public static class HolidaysApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/payroll/packs/{pack}/holidays", ListAsync)
            .Needs(Permission.ReadPacks)
            .Is(
                "listHolidays", "Payroll", "Lists the public holidays of a pack's country",
                "Of a year, with the days off instead of those that fall on a day of rest; each with its source and "
                + "status. A year that is not known has no rows and `known` false: it is never continued from the one "
                + "before.")
            .NamesCompany()
            .Query("year", ParameterKind.Integer, "The year of the calendar.", "2026", required: true)
            .AnswersTable<HolidayList, HolidayShown>(Example)
            .Refuses(
                RequestProblems.NotAcceptable, RequestProblems.ParameterMissing, RequestProblems.ParameterMalformed,
                "pack-not-found");
    }

    private const string Example = """
        {"pack": "bg", "year": 2026, "known": true, "rows": [{"day": "2026-03-03", "kind": "holiday",
        "name": "Liberation Day", "regions": null, "published": null, "status": "secondary", "checked": "2026-11-27",
        "source": "Labour Code, art. 154 (1)"}]}
        """;

    private static ValueTask ListAsync(Call call)
    {
        var name = call.Route("pack");
        if (Packs.Find(name) is not { } pack)
        {
            return Http.WriteAsync(
                call.Context, Http.ProblemOf(PayrollRefusals.PackUnknown(name, Packs.All.Select(each => each.Name))));
        }

        var year = (int)(call.Whole("year", Json.Dates.YearMin, Json.Dates.YearMax) ?? throw RequestProblems.Fail(
            RequestProblems.ParameterMissing, "year is missing. Send one, such as year=2026."));
        return call.WriteTableAsync(
            (Answer<HolidayList>)new HolidayList(
                pack.Name, year, pack.Holidays.Knows(year), [.. pack.Holidays.Of(year).Select(HolidayShown.Of)]),
            list => list.Rows);
    }
}

/// <summary>The public holidays of a year.</summary>
/// <param name="Known">Whether the calendar of the year is part of the program.</param>
public sealed record HolidayList(string Pack, int Year, bool Known, IReadOnlyList<HolidayShown> Rows);

/// <summary>A public holiday, or a day off instead of one.</summary>
/// <param name="Regions">Parts of the country where it holds; null is everywhere.</param>
/// <param name="Published">Null is before the year began.</param>
/// <param name="Checked">When its source was last looked at.</param>
public sealed record HolidayShown(
    LocalDate Day,
    HolidayKind Kind,
    string Name,
    IReadOnlyList<string>? Regions,
    LocalDate? Published,
    FigureStatus Status,
    LocalDate Checked,
    string Source)
{
    internal static HolidayShown Of(Holiday holiday) => new(
        holiday.Day, holiday.Kind, holiday.Name, holiday.Regions, holiday.Published, holiday.Status, holiday.Checked,
        holiday.Source);
}

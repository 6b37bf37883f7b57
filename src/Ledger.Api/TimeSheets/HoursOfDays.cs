using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Api.TimeSheets;

/// <summary>A day with work, by the law of its contract.</summary>
/// <param name="Pack">Null without a contract.</param>
internal sealed record HoursOfDay(
    DayMinutes Minutes, string? Contract, Pack? Pack, Holiday? Holiday, IReadOnlyList<WorkedPiece> Pieces)
{
    public DayShown Shown()
    {
        var hours = HoursShown.Of(Minutes);
        return new(
            Minutes.Day, Contract, Pack?.Name, Holiday?.Name, Pack?.Holidays.Knows(Minutes.Day.Year) ?? false,
            Minutes.All, hours.Worked, hours.Normal, hours.Overtime, hours.RestDay, hours.PublicHoliday, hours.Night,
            [.. Pieces.Select(PieceShown.Of)]);
    }
}

/// <summary>Tells the hours of somebody apart whose contracts may be of several groups and laws.</summary>
internal static class HoursOfDays
{
    public static IReadOnlyList<HoursOfDay> Of(
        IReadOnlyList<SheetOfMonth> sheets, Employee employee, PayGroupCatalog groups, DateInterval span)
    {
        var byGroup = new Dictionary<string, ILookup<LocalDate, WorkedPiece>>(StringComparer.Ordinal);
        var days = HoursByKind.Of(sheets, WithoutContract).Select(piece => piece.Day).Distinct()
            .Where(span.Contains);
        return [.. days.Select(OfDay)];

        HoursOfDay OfDay(LocalDate day)
        {
            var (id, contract) = ContractOn(employee, day);
            var group = contract is null ? null : groups.Find(contract.PayGroup)?.Details;
            var pack = group is null ? null : Packs.Find(group.Pack);
            var key = pack is null ? "" : contract!.PayGroup;
            if (!byGroup.TryGetValue(key, out var pieces))
            {
                var terms = pack is null ? WithoutContract : PackHours.TermsOf(employee, group!, pack, default);
                pieces = byGroup[key] = HoursByKind.Of(sheets, terms).ToLookup(piece => piece.Day);
            }

            var ofDay = pieces[day].ToList();
            return new(
                HoursByKind.Days(ofDay)[0], id, pack,
                pack?.Holidays.On(day, HolidayRegions.Of(contract!.Place)), ofDay);
        }
    }

    private static HourTerms WithoutContract { get; } = new(
        HourRules.None, HolidayCalendar.Of(""), static _ => null, IsoDayOfWeek.Sunday);

    private static (string? Id, ContractDetails? Contract) ContractOn(Employee employee, LocalDate day)
    {
        foreach (var (id, contract) in employee.Contracts)
        {
            if (contract.Details.From <= day && !(employee.EndOf(contract.Details) < day))
            {
                return (id, contract.Details);
            }
        }

        return (null, null);
    }
}

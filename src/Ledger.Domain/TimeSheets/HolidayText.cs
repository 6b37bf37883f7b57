using System.Globalization;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.TimeSheets;

/// <summary>
/// A year of public holidays as a text file holds it. <c>2026-03-03 holiday Liberation Day</c> is a day, or
/// <c>dayOff</c> for one instead of a holiday; what is said of it stands in lines before it and holds until it is said
/// anew: <c>year 2026</c>, <c>regions WORD …</c>, <c>published DATE</c>, <c>status WORD</c>, <c>checked DATE</c>,
/// <c>source TEXT</c>. <c>#</c> begins a comment.
/// </summary>
public static class HolidayText
{
    /// <exception cref="FormatException">Names the file, the line and what is wrong with it.</exception>
    public static KeyValuePair<int, IReadOnlyList<Holiday>> Parse(string file, string text)
    {
        var said = new Said();
        LawText.Read(file, text, "holiday", said.Hear);
        return new(said.Year ?? throw new FormatException($"{file}: the year is missing."), said.Days);
    }

    /// <summary>What was said until now.</summary>
    private sealed class Said
    {
        private readonly LawText origin = new();
        private ValueList<string>? regions;

        public int? Year { get; private set; }

        public List<Holiday> Days { get; } = [];

        public void Hear(string line)
        {
            if (origin.Hears(line))
            {
                return;
            }

            switch (line.Split(' '))
            {
                case ["year", var year]:
                    Year = int.Parse(year, NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                case ["regions", .. var names]:
                    regions = names.ToValueList();
                    break;
                case [var day, var kind, .. var name] when name.Length > 0:
                    Add(LawText.Date(day), Enum.Parse<HolidayKind>(kind, ignoreCase: true), string.Join(' ', name));
                    break;
                default:
                    throw new FormatException("write 'DATE holiday NAME', or what is said of the days below.");
            }
        }

        private void Add(LocalDate day, HolidayKind kind, string name) => Days.Add(new(
            day.Year == Year ? day : throw new FormatException("it is a day of another year."),
            kind,
            name,
            regions,
            origin.Published,
            origin.Status ?? throw new FormatException("its status is missing."),
            origin.Checked,
            origin.Source));
    }
}

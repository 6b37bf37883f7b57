using System.Globalization;
using Ledger.Domain.Payroll;
using NodaTime;
using NodaTime.Text;

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
        ArgumentNullException.ThrowIfNull(text);
        var said = new Said();
        foreach (var (line, number) in text.Split('\n').Select((line, index) => (line.Trim(), index + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            try
            {
                said.Hear(line);
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                throw new FormatException($"{file}, line {number}: '{line}' is no holiday: {e.Message}", e);
            }
        }

        return new(said.Year ?? throw new FormatException($"{file}: the year is missing."), said.Days);
    }

    /// <summary>What was said until now.</summary>
    private sealed class Said
    {
        private ValueList<string>? regions;
        private LocalDate? published;
        private LocalDate? checkedOn;
        private FigureStatus? status;
        private string? source;

        public int? Year { get; private set; }

        public List<Holiday> Days { get; } = [];

        public void Hear(string line)
        {
            switch (line.Split(' '))
            {
                case ["year", var year]:
                    Year = int.Parse(year, NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                case ["regions", .. var names]:
                    regions = names.ToValueList();
                    break;
                case ["published", var day]:
                    published = Date(day);
                    break;
                case ["status", var word]:
                    status = Enum.Parse<FigureStatus>(word, ignoreCase: true);
                    break;
                case ["checked", var day]:
                    checkedOn = Date(day);
                    break;
                case ["source", ..]:
                    source = line["source ".Length..];
                    break;
                case [var day, var kind, .. var name] when name.Length > 0:
                    Add(Date(day), Enum.Parse<HolidayKind>(kind, ignoreCase: true), string.Join(' ', name));
                    break;
                default:
                    throw new FormatException("write 'DATE holiday NAME', or what is said of the days below.");
            }
        }

        private static LocalDate Date(string text) => LocalDatePattern.Iso.Parse(text).GetValueOrThrow();

        private void Add(LocalDate day, HolidayKind kind, string name) => Days.Add(new(
            day.Year == Year ? day : throw new FormatException("it is a day of another year."),
            kind,
            name,
            regions,
            published,
            status ?? throw new FormatException("its status is missing."),
            checkedOn ?? throw new FormatException("the day on which it was checked is missing."),
            source ?? throw new FormatException("its source is missing.")));
    }
}

using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Domain.Payroll;

/// <summary>
/// Figures as text files hold them. <c>name = 2111.64</c>, <c>name = 6.58%</c> or a list of such values is a figure;
/// what is said of it stands in lines before it and holds until it is said anew: <c>from DATE [through DATE]</c> (which
/// also forgets when the figures before were published), <c>published DATE</c>, <c>status WORD</c>,
/// <c>checked DATE</c>, <c>source TEXT</c>. <c>#</c> begins a comment.
/// </summary>
public static class FigureText
{
    /// <exception cref="FormatException">Names the file, the line and what is wrong with it.</exception>
    public static IReadOnlyList<Figure> Parse(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var figures = new List<Figure>();
        var said = new Said();
        foreach (var (line, number) in text.Split('\n').Select((line, index) => (line.Trim(), index + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            try
            {
                if (line.Split(" = ", 2) is [var name, var values])
                {
                    figures.Add(said.Of(name, values));
                }
                else
                {
                    said.Hear(line);
                }
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                throw new FormatException($"{file}, line {number}: '{line}' is no figure: {e.Message}", e);
            }
        }

        return figures;
    }

    private static decimal Value(string text)
    {
        var isPart = text.EndsWith('%');
        var number = decimal.Parse(
            isPart ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return isPart ? number / 100 : number;
    }

    private static LocalDate Date(string text) => LocalDatePattern.Iso.Parse(text).Value;

    /// <summary>What was said of the figures that follow.</summary>
    private sealed class Said
    {
        private LocalDate? from;
        private LocalDate? through;
        private LocalDate? published;
        private LocalDate? checkedOn;
        private FigureStatus status;
        private string? source;

        public void Hear(string line)
        {
            switch (line.Split(' '))
            {
                case ["from", var first]:
                    (from, through, published) = (Date(first), null, null);
                    break;
                case ["from", var first, "through", var last]:
                    (from, through, published) = (Date(first), Date(last), null);
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
                default:
                    throw new FormatException("write 'name = value', or what is said of the figures below.");
            }
        }

        public Figure Of(string name, string values) => new(
            name,
            from ?? throw new FormatException("the day from which it holds is missing."),
            through,
            values.Split(' ').Select(Value).ToValueList(),
            published,
            status,
            checkedOn ?? throw new FormatException("the day on which it was checked is missing."),
            source ?? throw new FormatException("its source is missing."));
    }
}

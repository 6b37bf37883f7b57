using System.Globalization;
using NodaTime;

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
        var figures = new List<Figure>();
        var said = new Said();
        LawText.Read(file, text, "figure", line =>
        {
            if (line.Split(" = ", 2) is [var name, var values])
            {
                figures.Add(said.Of(name, values));
            }
            else
            {
                said.Hear(line);
            }
        });
        return figures;
    }

    private static decimal Value(string text)
    {
        var isPart = text.EndsWith('%');
        var number = decimal.Parse(
            isPart ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return isPart ? number / 100 : number;
    }

    /// <summary>What was said of the figures that follow.</summary>
    private sealed class Said
    {
        private readonly LawText origin = new();
        private LocalDate? from;
        private LocalDate? through;

        public void Hear(string line)
        {
            switch (line.Split(' '))
            {
                case ["from", var first]:
                    (from, through, origin.Published) = (LawText.Date(first), null, null);
                    break;
                case ["from", var first, "through", var last]:
                    (from, through, origin.Published) = (LawText.Date(first), LawText.Date(last), null);
                    break;
                default:
                    if (!origin.Hears(line))
                    {
                        throw new FormatException("write 'name = value', or what is said of the figures below.");
                    }

                    break;
            }
        }

        public Figure Of(string name, string values) => new(
            name,
            from ?? throw new FormatException("the day from which it holds is missing."),
            through,
            values.Split(' ').Select(Value).ToValueList(),
            origin.Published,
            origin.Status ?? default,
            origin.Checked,
            origin.Source);
    }
}

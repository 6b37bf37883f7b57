using NodaTime;
using NodaTime.Text;

namespace Ledger.Domain.Payroll;

/// <summary>
/// What text files of law have in common: a statement a line, comments after <c>#</c>, and where the statements below
/// are from, which holds until it is said anew: <c>published DATE</c>, <c>status WORD</c>, <c>checked DATE</c>,
/// <c>source TEXT</c>.
/// </summary>
internal sealed class LawText
{
    private LocalDate? checkedOn;
    private string? source;

    public LocalDate? Published { get; set; }

    public FigureStatus? Status { get; private set; }

    /// <exception cref="FormatException">It was not said.</exception>
    public LocalDate Checked =>
        checkedOn ?? throw new FormatException("the day on which it was checked is missing.");

    /// <exception cref="FormatException">It was not said.</exception>
    public string Source => source ?? throw new FormatException("its source is missing.");

    /// <summary>Hands over each line that says something.</summary>
    /// <param name="file">For the message.</param>
    /// <param name="text">All of it.</param>
    /// <param name="what">A line should be, for the message.</param>
    /// <param name="hear">May throw <see cref="FormatException"/> or <see cref="ArgumentException"/>.</param>
    /// <exception cref="FormatException">Names the file, the line and what is wrong with it.</exception>
    public static void Read(string file, string text, string what, Action<string> hear)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var (line, number) in text.Split('\n').Select((line, index) => (line.Trim(), index + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            try
            {
                hear(line);
            }
            catch (Exception e) when (e is FormatException or ArgumentException)
            {
                throw new FormatException($"{file}, line {number}: '{line}' is no {what}: {e.Message}", e);
            }
        }
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static LocalDate Date(string text) => LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var day }
        ? day : throw new FormatException($"'{text}' is no day such as 2026-03-31.");

    /// <summary>Whether a line says where those below are from.</summary>
    public bool Hears(string line)
    {
        switch (line.Split(' '))
        {
            case ["published", var day]:
                Published = Date(day);
                return true;
            case ["status", var word]:
                Status = Enum.Parse<FigureStatus>(word, ignoreCase: true);
                return true;
            case ["checked", var day]:
                checkedOn = Date(day);
                return true;
            case ["source", ..]:
                source = line["source ".Length..];
                return true;
            default:
                return false;
        }
    }
}

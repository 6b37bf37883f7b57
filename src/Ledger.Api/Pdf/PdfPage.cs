using System.Globalization;
using System.Text;

namespace Ledger.Api.Pdf;

/// <summary>
/// A page to draw on, A4 and upright. Places are points from its left and its upper edge; a text stands on its base
/// line. What is drawn later lies above.
/// </summary>
public sealed class PdfPage
{
    public const decimal Width = 595.28m;
    public const decimal Height = 841.89m;

    private readonly StringBuilder content = new();

    internal string Content => content.ToString();

    /// <summary>A text that begins at <paramref name="x"/>.</summary>
    /// <param name="font">One of the document.</param>
    /// <param name="size">In points.</param>
    /// <param name="x">From the left.</param>
    /// <param name="y">From above.</param>
    /// <param name="text">On one line.</param>
    /// <param name="gray">From 0, which is black, to 1.</param>
    public void Text(PdfFont font, decimal size, decimal x, decimal y, string text, decimal gray = 0)
    {
        ArgumentNullException.ThrowIfNull(font);
        Append(
            $"BT {gray} g /{font.Id} {size} Tf {x} {Height - y} Td <{font.Subset.Write(text)}> Tj ET");
    }

    /// <summary>The same, ending at <paramref name="right"/>.</summary>
    public void TextTo(PdfFont font, decimal size, decimal right, decimal y, string text, decimal gray = 0)
    {
        ArgumentNullException.ThrowIfNull(font);
        Text(font, size, right - font.WidthOf(text, size), y, text, gray);
    }

    /// <summary>A line across.</summary>
    public void Rule(decimal left, decimal right, decimal y, decimal thickness, decimal gray) =>
        Append($"{gray} G {thickness} w {left} {Height - y} m {right} {Height - y} l S");

    /// <summary>A filled rectangle.</summary>
    public void Fill(decimal left, decimal top, decimal right, decimal bottom, decimal gray) =>
        Append($"{gray} g {left} {Height - bottom} {right - left} {bottom - top} re f");

    private void Append(FormattableString operators) => content
        .AppendFormat(
            CultureInfo.InvariantCulture, operators.Format,
            [.. operators.GetArguments().Select(each => each is decimal number ? Shown(number) : each)])
        .Append('\n');

    private static string Shown(decimal number) =>
        Math.Round(number, 2, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture);
}

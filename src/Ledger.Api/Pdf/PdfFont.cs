namespace Ledger.Api.Pdf;

/// <summary>A font of a document.</summary>
/// <param name="Id">By which pages name it.</param>
public sealed record PdfFont(string Id, FontSubset Subset)
{
    /// <summary>How wide the text is at a size.</summary>
    public decimal WidthOf(string text, decimal size) => Subset.WidthOf(text, size);

    /// <summary>The text, or as much of its beginning as is not wider.</summary>
    public string Fitting(decimal size, string text, decimal width)
    {
        ArgumentNullException.ThrowIfNull(text);
        var fitting = text;
        while (WidthOf(fitting, size) > width && fitting.Length > 2)
        {
            fitting = string.Concat(fitting.AsSpan(0, fitting.Length - 2).TrimEnd(), "…");
        }

        return fitting;
    }

    /// <summary>The text on lines that are not wider. Only a single word that is wider is cut off.</summary>
    public List<string> Wrapped(decimal size, string text, decimal width)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
        {
            var longer = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
            if (lines[^1].Length == 0 || WidthOf(longer, size) <= width)
            {
                lines[^1] = longer;
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines.ConvertAll(line => Fitting(size, line, width));
    }
}

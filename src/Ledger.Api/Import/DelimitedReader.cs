namespace Ledger.Api.Import;

/// <summary>
/// Reads records of delimited text (RFC 4180 and what is met in practice) as a stream: fields in quotes may hold
/// separators, doubled quotes and line breaks; lines end with LF, CRLF or CR. It knows the line of each record, and
/// after a record that cannot be read it goes on behind that record's first line.
/// </summary>
internal sealed class DelimitedReader
{
    /// <summary>Characters of one record; a quote that is never closed is noticed here.</summary>
    public const int RecordLengthMax = 256 * 1024;

    private readonly RecordBuffer buffer;
    private readonly List<Field> fields = [];
    private int recordLength;
    private long nextLine = 1;

    /// <param name="text">Is read forward only, and not disposed.</param>
    /// <param name="separator">By default the one of comma, semicolon, tab and bar that the first line holds
    /// most.</param>
    public DelimitedReader(TextReader text, char? separator = null)
    {
        buffer = new(text);
        Separator = separator ?? DetectSeparator();
    }

    public char Separator { get; }

    /// <summary>The line, from 1, on which the record begins.</summary>
    public long Line { get; private set; }

    public int Count => fields.Count;

    /// <summary>Why the record cannot be read; null when it can. It has no fields then.</summary>
    public string? Problem { get; private set; }

    /// <summary>The first field of a record that cannot be read, if the problem is behind it.</summary>
    public string? FirstFieldOfBad { get; private set; }

    /// <summary>The text of a field, without its quotes. Valid until the next record.</summary>
    public string this[int index]
    {
        get
        {
            var field = fields[index];
            var span = buffer.Span(field.Start, field.Length);
            return field.HasQuotes ? span.ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : Text(span);
        }
    }

    /// <summary>Whether a field has exactly this text.</summary>
    public bool Is(int index, ReadOnlySpan<char> expected)
    {
        var field = fields[index];
        return field.HasQuotes
            ? this[index].AsSpan().SequenceEqual(expected)
            : buffer.Span(field.Start, field.Length).SequenceEqual(expected);
    }

    /// <summary>Goes to the next record that is not an empty line; false at the end.</summary>
    public bool Read()
    {
        while (true)
        {
            buffer.Skip(recordLength);
            recordLength = 0;
            Problem = null;
            FirstFieldOfBad = null;
            fields.Clear();
            Line = nextLine;
            if (buffer.Peek(0) < 0)
            {
                return false;
            }

            var breaks = 0;
            if (!TryScan(ref breaks))
            {
                FirstFieldOfBad = fields.Count > 0 ? this[0] : null;
                SkipFirstLine();
                return true;
            }

            nextLine += breaks;
            if (fields.Count > 1 || fields[0].Length > 0 || fields[0].Quoted)
            {
                return true;
            }
        }
    }

    private static string Text(ReadOnlySpan<char> span) => span.IsEmpty ? "" : span.ToString();

    private bool TryScan(ref int breaks)
    {
        var at = 0;
        while (true)
        {
            var field = at;
            if (buffer.Peek(at) == '"')
            {
                at = ScanQuoted(field, ref breaks);
                if (at < 0)
                {
                    return false;
                }
            }
            else
            {
                at = ScanPlain(at);
                if (at < 0)
                {
                    return false;
                }

                fields.Add(new(field, at - field, Quoted: false, HasQuotes: false));
            }

            var next = buffer.Peek(at);
            if (next == Separator)
            {
                at++;
                continue;
            }

            recordLength = next < 0 ? at : at + LengthOfBreak(at);
            breaks += next < 0 ? 0 : 1;
            return true;
        }
    }

    /// <returns>Where the field ends, or -1 with a problem.</returns>
    private int ScanPlain(int at)
    {
        while (true)
        {
            var rest = buffer.Rest(at);
            var found = rest.IndexOfAny(Separator, '\r', '\n');
            if (found >= 0)
            {
                return at + found;
            }

            at += rest.Length;
            if (at > RecordLengthMax)
            {
                Problem = $"This line is longer than {RecordLengthMax} characters.";
                return -1;
            }

            if (!buffer.Fill())
            {
                return at;
            }
        }
    }

    private int ScanQuoted(int field, ref int breaks)
    {
        var at = field + 1;
        var hasQuotes = false;
        while (true)
        {
            var rest = buffer.Rest(at);
            var found = rest.IndexOfAny('"', '\r', '\n');
            at += found < 0 ? rest.Length : found;
            if (at > RecordLengthMax)
            {
                Problem = $"The quote that opens at character {field + 1} is not closed, or its text is longer than "
                    + $"{RecordLengthMax} characters.";
                return -1;
            }

            if (found < 0)
            {
                if (!buffer.Fill())
                {
                    Problem = $"The quote that opens at character {field + 1} is never closed.";
                    return -1;
                }

                continue;
            }

            var c = buffer.Peek(at);
            if (c == '"')
            {
                if (buffer.Peek(at + 1) != '"')
                {
                    break;
                }

                hasQuotes = true;
                at++;
            }
            else if (c == '\n' || buffer.Peek(at + 1) != '\n')
            {
                breaks++;
            }

            at++;
        }

        var next = buffer.Peek(at + 1);
        if (next < 0 || next == Separator || next is '\r' or '\n')
        {
            fields.Add(new(field + 1, at - field - 1, Quoted: true, hasQuotes));
            return at + 1;
        }

        Problem = $"Text follows the quote that opened at character {field + 1} and was closed; "
            + "a quote inside quotes is written twice.";
        return -1;
    }

    /// <summary>
    /// After a bad record: its first line alone is given up, because what follows may be whole again.
    /// </summary>
    private void SkipFirstLine()
    {
        fields.Clear();
        while (true)
        {
            var found = buffer.Rest(0).IndexOfAny('\r', '\n');
            if (found >= 0)
            {
                recordLength = found + LengthOfBreak(found);
                nextLine++;
                return;
            }

            buffer.Skip(buffer.Rest(0).Length);
            if (!buffer.Fill())
            {
                return;
            }
        }
    }

    private int LengthOfBreak(int at) => buffer.Peek(at) == '\r' && buffer.Peek(at + 1) == '\n' ? 2 : 1;

    private char DetectSeparator()
    {
        buffer.Skip(buffer.Peek(0) == '\uFEFF' ? 1 : 0);
        var length = 0;
        for (var quoted = false; length < RecordLengthMax && buffer.Peek(length) is >= 0 and var c; length++)
        {
            quoted ^= c == '"';
            if (!quoted && c is '\r' or '\n')
            {
                break;
            }
        }

        var line = buffer.Span(0, length);
        if (Separators.IsHint(line, out var hinted))
        {
            SkipFirstLine();
            return hinted;
        }

        return Separators.Detect(line);
    }

    private readonly record struct Field(int Start, int Length, bool Quoted, bool HasQuotes);
}

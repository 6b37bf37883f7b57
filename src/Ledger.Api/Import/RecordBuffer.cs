namespace Ledger.Api.Import;

/// <summary>
/// Text that is read piece by piece. What is before the start is forgotten, what is behind it stays until it is
/// skipped; positions count from the start.
/// </summary>
internal sealed class RecordBuffer(TextReader text)
{
    private char[] buffer = new char[32 * 1024];
    private int start;
    private int end;
    private bool atEnd;

    public ReadOnlySpan<char> Span(int from, int length) => buffer.AsSpan(start + from, length);

    /// <summary>What has been read already, from a position on.</summary>
    public ReadOnlySpan<char> Rest(int from) => buffer.AsSpan(start + from, end - start - from);

    public void Skip(int length) => start += length;

    /// <returns>-1 at the end of the text.</returns>
    public int Peek(int at)
    {
        while (start + at >= end)
        {
            if (!Fill())
            {
                return -1;
            }
        }

        return buffer[start + at];
    }

    /// <summary>Reads more; false at the end of the text. Spans that were given out are no longer valid.</summary>
    public bool Fill()
    {
        if (atEnd)
        {
            return false;
        }

        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }

        var read = text.Read(buffer, end, buffer.Length - end);
        end += read;
        atEnd = read == 0;
        return read > 0;
    }
}

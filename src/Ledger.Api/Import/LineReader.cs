namespace Ledger.Api.Import;

/// <summary>
/// Reads lines of bytes as a stream, and knows their numbers. Lines that are too long are passed over.
/// </summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>Bytes of a line: an entry of 1,000 lines with long memos fits.</summary>
    public const int LengthMax = 16 << 20;

    private byte[] buffer = new byte[64 * 1024];
    private int start;
    private int end;
    private bool atEnd;

    /// <summary>The number of the line, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The line without its break. Valid until the next one.</summary>
    public ReadOnlyMemory<byte> Text { get; private set; }

    public bool IsTooLong { get; private set; }

    public bool Read()
    {
        IsTooLong = false;
        Text = default;
        for (var searched = 0; ;)
        {
            var found = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                Take(searched + found, searched + found + 1);
                return true;
            }

            searched = end - start;
            if (searched > LengthMax)
            {
                IsTooLong = true;
                (start, end, searched) = (0, 0, 0);
            }

            if (!Fill())
            {
                if (end == start && !IsTooLong)
                {
                    return false;
                }

                Take(end - start, end - start);
                return true;
            }
        }
    }

    private void Take(int length, int withBreak)
    {
        Line++;
        Text = IsTooLong ? default : buffer.AsMemory(start, length);
        start += withBreak;
    }

    private bool Fill()
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

        var read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        atEnd = read == 0;
        return read > 0;
    }
}

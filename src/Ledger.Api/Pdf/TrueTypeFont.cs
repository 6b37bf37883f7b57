using System.Buffers.Binary;
using System.Text;

namespace Ledger.Api.Pdf;

/// <summary>A font file with TrueType outlines: its glyphs, their widths, and which letter each of them is.</summary>
public sealed class TrueTypeFont
{
    private const int DirectoryStart = 12;
    private const int DirectoryEntryBytes = 16;
    private const int UnicodeOfWindows = 0x0003_0001;
    private const int SegmentsToDeltas = 4;

    private readonly byte[] data;
    private readonly Dictionary<string, Range> tables = new(StringComparer.Ordinal);
    private readonly Dictionary<char, int> glyphs = [];
    private readonly int unitsPerEm;
    private readonly int widthsGiven;
    private readonly bool hasLongPlaces;

    /// <exception cref="InvalidDataException">It is none, or of a kind that is not read here.</exception>
    public TrueTypeFont(string name, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        (Name, this.data) = (name, data);
        try
        {
            for (var i = 0; i < UInt16(data.AsSpan(4)); i++)
            {
                var entry = data.AsSpan(DirectoryStart + (i * DirectoryEntryBytes));
                var start = (int)UInt32(entry[8..]);
                tables[Encoding.ASCII.GetString(entry[..4])] = start..(start + (int)UInt32(entry[12..]));
            }

            unitsPerEm = UInt16(Table("head")[18..]);
            hasLongPlaces = Int16(Table("head")[50..]) == 1;
            widthsGiven = UInt16(Table("hhea")[34..]);
            Count = UInt16(Table("maxp")[4..]);
            ReadLetters();
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException
            or KeyNotFoundException)
        {
            throw new InvalidDataException($"{name} is no font with TrueType outlines.", e);
        }
    }

    /// <summary>As PDF readers show it.</summary>
    public string Name { get; }

    /// <summary>How many glyphs there are.</summary>
    public int Count { get; }

    /// <summary>Above the base line, in thousandths of the size.</summary>
    public int Ascent => Thousandths(Int16(Table("hhea")[4..]));

    /// <summary>Below the base line, negative.</summary>
    public int Descent => Thousandths(Int16(Table("hhea")[6..]));

    /// <summary>Left, bottom, right and top of the box that holds each of its glyphs.</summary>
    public int[] Box => [.. Enumerable.Range(0, 4).Select(i => Thousandths(Int16(Table("head")[(36 + (2 * i))..])))];

    public bool Has(char letter) => glyphs.ContainsKey(letter);

    /// <summary>Glyph 0 stands for letters that the font has not: an empty box.</summary>
    public int GlyphOf(char letter) => glyphs.GetValueOrDefault(letter);

    /// <summary>In thousandths of the size.</summary>
    public int WidthOf(int glyph) => Thousandths(AdvanceOf(glyph));

    /// <summary>In units of the font.</summary>
    internal int AdvanceOf(int glyph) => UInt16(Table("hmtx")[(Math.Min(glyph, widthsGiven - 1) * 4)..]);

    /// <summary>Where its outline begins, from its origin, in units of the font.</summary>
    internal int LeftOf(int glyph) => Int16(Table("hmtx")[(glyph < widthsGiven
        ? (glyph * 4) + 2
        : (widthsGiven * 4) + ((glyph - widthsGiven) * 2))..]);

    /// <summary>Empty where the font has no such table.</summary>
    internal ReadOnlySpan<byte> TableOrNothing(string tag) => tables.ContainsKey(tag) ? Table(tag) : [];

    /// <summary>Empty for a glyph without an outline, as blanks are.</summary>
    internal ReadOnlySpan<byte> Outline(int glyph) => Table("glyf")[PlaceOf(glyph)..PlaceOf(glyph + 1)];

    private int PlaceOf(int glyph) => hasLongPlaces
        ? (int)UInt32(Table("loca")[(glyph * 4)..])
        : UInt16(Table("loca")[(glyph * 2)..]) * 2;

    private ReadOnlySpan<byte> Table(string tag) => data.AsSpan(tables[tag]);

    /// <summary>Of the table by segments (format 4), which holds the letters of every script that is needed.</summary>
    private void ReadLetters()
    {
        var map = Table("cmap");
        for (var i = 0; i < UInt16(map[2..]); i++)
        {
            var entry = map[(4 + (i * 8))..];
            if (UInt32(entry) == UnicodeOfWindows)
            {
                ReadSegments(map[(int)UInt32(entry[4..])..]);
                return;
            }
        }

        throw new KeyNotFoundException();
    }

    private void ReadSegments(ReadOnlySpan<byte> map)
    {
        var bytes = UInt16(map[6..]);
        var ends = map[14..];
        var starts = ends[(bytes + 2)..];
        var deltas = starts[bytes..];
        var offsets = deltas[bytes..];
        if (UInt16(map) != SegmentsToDeltas)
        {
            throw new KeyNotFoundException();
        }

        for (var i = 0; i < bytes; i += 2)
        {
            var (first, last, offset) = (UInt16(starts[i..]), UInt16(ends[i..]), UInt16(offsets[i..]));
            for (var letter = first; letter <= last && letter < char.MaxValue; letter++)
            {
                var found = offset == 0 ? letter : UInt16(offsets[(i + offset + ((letter - first) * 2))..]);
                if (offset == 0 || found != 0)
                {
                    glyphs[(char)letter] = (found + UInt16(deltas[i..])) & char.MaxValue;
                }
            }
        }
    }

    private int Thousandths(int units) => ((units * 1000) + (Math.Sign(units) * unitsPerEm / 2)) / unitsPerEm;

    private static int UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static int Int16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt16BigEndian(bytes);

    private static long UInt32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);
}

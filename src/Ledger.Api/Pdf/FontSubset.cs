using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Api.Pdf;

/// <summary>
/// The glyphs of a font that one document uses, numbered in the order of their first use. The same texts in the same
/// order make the same bytes.
/// </summary>
public sealed class FontSubset
{
    private const int TagLetters = 6;
    private const uint ChecksumOfFont = 0xB1B0AFBA;
    private const int ComponentWordArguments = 1;
    private const int ComponentScale = 8;
    private const int ComponentMore = 32;
    private const int ComponentTwoScales = 64;
    private const int ComponentMatrix = 128;

    private readonly List<int> used = [0];
    private readonly Dictionary<int, int> places = new() { [0] = 0 };
    private readonly SortedDictionary<int, char> letters = [];

    public FontSubset(TrueTypeFont font)
    {
        ArgumentNullException.ThrowIfNull(font);
        Font = font;
    }

    public TrueTypeFont Font { get; }

    /// <summary>Where the letters of the document stand among its glyphs.</summary>
    public IReadOnlyDictionary<int, char> Letters => letters;

    /// <summary>How wide each glyph is, in thousandths of the size.</summary>
    public IEnumerable<int> Widths => used.Select(Font.WidthOf);

    /// <summary>The text as the numbers of its glyphs, hexadecimal.</summary>
    public string Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var written = new StringBuilder(text.Length * 4);
        foreach (var letter in text)
        {
            var place = PlaceOf(Font.GlyphOf(letter));
            letters.TryAdd(place, letter);
            written.Append(CultureInfo.InvariantCulture, $"{place:X4}");
        }

        return written.ToString();
    }

    /// <summary>How wide the text is at a size.</summary>
    public decimal WidthOf(string text, decimal size)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Sum(letter => Font.WidthOf(Font.GlyphOf(letter))) * size / 1000;
    }

    /// <summary>Six letters that tell this subset from others of the same font.</summary>
    public static string TagOf(byte[] file) => string.Concat(
        SHA256.HashData(file).Take(TagLetters).Select(each => (char)('A' + (each % 26))));

    /// <summary>A font file with these glyphs alone, and those that they are put together from.</summary>
    public byte[] ToFile()
    {
        var outlines = new MemoryStream();
        var ends = new List<int> { 0 };
        for (var i = 0; i < used.Count; i++)
        {
            outlines.Write(WithPlaces(Font.Outline(used[i]).ToArray()));
            outlines.Write(new byte[-outlines.Length & 3]);
            ends.Add((int)outlines.Length);
        }

        var head = Font.TableOrNothing("head").ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(8), 0);
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        var metrics = Font.TableOrNothing("hhea").ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(metrics.AsSpan(34), (ushort)used.Count);
        var count = Font.TableOrNothing("maxp").ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(count.AsSpan(4), (ushort)used.Count);
        return Assemble(
        [
            ("cvt ", Font.TableOrNothing("cvt ").ToArray()), ("fpgm", Font.TableOrNothing("fpgm").ToArray()),
            ("glyf", outlines.ToArray()), ("head", head), ("hhea", metrics),
            ("hmtx", [.. used.SelectMany(each => Word(Font.AdvanceOf(each)).Concat(Word(Font.LeftOf(each))))]),
            ("loca", [.. ends.SelectMany(end => Long((uint)end))]), ("maxp", count),
            ("prep", Font.TableOrNothing("prep").ToArray()),
        ]);
    }

    private int PlaceOf(int glyph)
    {
        if (!places.TryGetValue(glyph, out var place))
        {
            places[glyph] = place = used.Count;
            used.Add(glyph);
        }

        return place;
    }

    /// <summary>The outline of a letter with its accent names both: they get their numbers of here.</summary>
    private byte[] WithPlaces(byte[] outline)
    {
        if (outline.Length == 0 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0)
        {
            return outline;
        }

        for (var (at, flags) = (10, ComponentMore); (flags & ComponentMore) != 0;)
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(at));
            var glyph = BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(at + 2));
            BinaryPrimitives.WriteUInt16BigEndian(outline.AsSpan(at + 2), (ushort)PlaceOf(glyph));
            at += 4 + ((flags & ComponentWordArguments) != 0 ? 4 : 2)
                + ((flags & ComponentScale) != 0 ? 2
                    : (flags & ComponentTwoScales) != 0 ? 4
                    : (flags & ComponentMatrix) != 0 ? 8
                    : 0);
        }

        return outline;
    }

    private static byte[] Assemble(IReadOnlyList<(string Tag, byte[] Bytes)> all)
    {
        var tables = all.Where(each => each.Bytes.Length > 0).ToList();
        var power = (int)Math.Log2(tables.Count);
        var file = new MemoryStream();
        file.Write(
        [
            0, 1, 0, 0, .. Word(tables.Count), .. Word(16 << power), .. Word(power),
            .. Word((tables.Count - (1 << power)) * 16),
        ]);
        var place = (int)file.Length + (tables.Count * 16);
        foreach (var (tag, bytes) in tables)
        {
            file.Write(Encoding.ASCII.GetBytes(tag));
            file.Write(Long(SumOf(bytes)));
            file.Write(Long((uint)place));
            file.Write(Long((uint)bytes.Length));
            place += (bytes.Length + 3) & ~3;
        }

        var headAt = 0L;
        foreach (var (tag, bytes) in tables)
        {
            headAt = tag == "head" ? file.Length : headAt;
            file.Write(bytes);
            file.Write(new byte[-bytes.Length & 3]);
        }

        var written = file.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(
            written.AsSpan((int)headAt + 8), unchecked(ChecksumOfFont - SumOf(written)));
        return written;
    }

    /// <summary>Of its words of four bytes; the last is filled up with zeros.</summary>
    private static uint SumOf(byte[] bytes)
    {
        var sum = 0u;
        for (var i = 0; i < bytes.Length; i++)
        {
            sum = unchecked(sum + ((uint)bytes[i] << (24 - (8 * (i & 3)))));
        }

        return sum;
    }

    private static byte[] Word(int value) => [(byte)((value >> 8) & byte.MaxValue), (byte)(value & byte.MaxValue)];

    private static byte[] Long(uint value) => [.. Word((int)(value >> 16)), .. Word((int)(value & ushort.MaxValue))];
}

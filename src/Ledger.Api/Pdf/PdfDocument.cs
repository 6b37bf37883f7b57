using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Ledger.Api.Pdf;

/// <summary>
/// A document in the format PDF 1.7 (ISO 32000-1) with its fonts embedded. It holds no instant and nothing by chance:
/// the same pages make the same bytes.
/// </summary>
/// <param name="title">As readers show it.</param>
/// <param name="author">Whose document it is.</param>
/// <param name="language">Of its texts; a BCP 47 tag.</param>
/// <param name="date">When its content came to be.</param>
public sealed class PdfDocument(string title, string author, string language, LocalDate date)
{
    private const int PagesObject = 2;
    private const int FirstFontObject = 4;
    private const int ObjectsOfFont = 5;

    private readonly List<PdfFont> fonts = [];
    private readonly List<PdfPage> pages = [];

    public IReadOnlyList<PdfPage> Pages => pages;

    public PdfFont AddFont(TrueTypeFont font)
    {
        var added = new PdfFont(string.Create(CultureInfo.InvariantCulture, $"F{fonts.Count + 1}"), new(font));
        fonts.Add(added);
        return added;
    }

    public PdfPage AddPage()
    {
        var page = new PdfPage();
        pages.Add(page);
        return page;
    }

    public byte[] ToBytes()
    {
        var objects = new PdfObjects();
        var firstPage = FirstFontObject + (fonts.Count * ObjectsOfFont);
        objects.Add(
            $"<< /Type /Catalog /Pages {Reference(PagesObject)} /Lang {Shown(language)} "
            + "/ViewerPreferences << /DisplayDocTitle true >> >>");
        var kids = string.Join(' ', pages.Select((_, i) => Reference(firstPage + (i * 2))));
        objects.Add(Invariant($"<< /Type /Pages /Kids [{kids}] /Count {pages.Count} >>"));
        objects.Add(
            $"<< /Title {Shown(title)} /Author {Shown(author)} /Producer (BackOffice) "
            + $"/CreationDate (D:{date.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}000000Z) >>");
        foreach (var font in fonts)
        {
            Add(objects, font.Subset);
        }

        var resources = string.Join(
            ' ', fonts.Select((font, i) => $"/{font.Id} {Reference(FirstFontObject + (i * ObjectsOfFont))}"));
        foreach (var page in pages)
        {
            objects.Add(
                $"<< /Type /Page /Parent {Reference(PagesObject)} "
                + $"/MediaBox [0 0 {Number(PdfPage.Width)} {Number(PdfPage.Height)}] "
                + $"/Resources << /Font << {resources} >> >> /Contents {Reference(objects.Count + 2)} >>");
            objects.AddStream("", Encoding.ASCII.GetBytes(page.Content));
        }

        return objects.ToBytes();
    }

    /// <summary>Five objects: the font, its glyphs and their widths, its measures, its file, and the letters of its
    /// glyphs, by which texts are found and copied.</summary>
    private static void Add(PdfObjects objects, FontSubset subset)
    {
        var (first, font) = (objects.Count + 1, subset.Font);
        var file = subset.ToFile();
        var name = $"{FontSubset.TagOf(file)}+{font.Name}";
        objects.Add(
            $"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
            + $"/DescendantFonts [{Reference(first + 1)}] /ToUnicode {Reference(first + 4)} >>");
        objects.Add(
            $"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} "
            + "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /CIDToGIDMap /Identity "
            + Invariant($"/FontDescriptor {first + 2} 0 R /W [0 [{string.Join(' ', subset.Widths)}]] >>"));
        objects.Add(
            $"<< /Type /FontDescriptor /FontName /{name} /Flags 4 "
            + $"/FontBBox [{string.Join(' ', font.Box.Select(each => Number(each)))}] "
            + Invariant($"/ItalicAngle 0 /Ascent {font.Ascent} /Descent {font.Descent} /CapHeight {font.Ascent} ")
            + $"/StemV 80 /FontFile2 {Reference(first + 3)} >>");
        objects.AddStream(Invariant($"/Length1 {file.Length} "), file);
        objects.AddStream("", Encoding.ASCII.GetBytes(LettersOf(subset)));
    }

    private static string LettersOf(FontSubset subset)
    {
        var map = new StringBuilder()
            .Append("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n")
            .Append("/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n")
            .Append("/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n")
            .Append("1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
        foreach (var some in subset.Letters.Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{some.Length} beginbfchar\n");
            foreach (var (glyph, letter) in some)
            {
                map.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}> <{(int)letter:X4}>\n");
            }

            map.Append("endbfchar\n");
        }

        return map.Append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n").ToString();
    }

    private static string Reference(int number) => Invariant($"{number} 0 R");

    private static string Number(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>UTF-16 with its mark, hexadecimal, so that no character needs an escape.</summary>
    private static string Shown(string text) =>
        $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";

    /// <summary>The objects of the file in their order, and the table of where each begins.</summary>
    private sealed class PdfObjects
    {
        private readonly MemoryStream file = new();
        private readonly List<long> places = [];

        public PdfObjects()
        {
            // The second line says that the file holds bytes beyond ASCII.
            Write("%PDF-1.7\n");
            file.Write([(byte)'%', 0xE2, 0xE3, 0xCF, 0xD3, (byte)'\n']);
        }

        public int Count => places.Count;

        public void Add(string value)
        {
            places.Add(file.Length);
            Write(Invariant($"{places.Count} 0 obj\n{value}\nendobj\n"));
        }

        public void AddStream(string members, byte[] content)
        {
            var packed = new MemoryStream();
            using (var packer = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                packer.Write(content);
            }

            places.Add(file.Length);
            Write(Invariant(
                $"{places.Count} 0 obj\n<< {members}/Filter /FlateDecode /Length {packed.Length} >>\nstream\n"));
            packed.WriteTo(file);
            Write("\nendstream\nendobj\n");
        }

        public byte[] ToBytes()
        {
            var id = Convert.ToHexString(SHA256.HashData(file.ToArray()).AsSpan(0, 16));
            var table = file.Length;
            Write(Invariant($"xref\n0 {places.Count + 1}\n0000000000 65535 f \n"));
            foreach (var place in places)
            {
                Write(Invariant($"{place:D10} 00000 n \n"));
            }

            Write(Invariant($"trailer\n<< /Size {places.Count + 1} /Root 1 0 R /Info 3 0 R /ID [<{id}> <{id}>] >>\n"));
            Write(Invariant($"startxref\n{table}\n%%EOF\n"));
            return file.ToArray();
        }

        private void Write(string text) => file.Write(Encoding.ASCII.GetBytes(text));
    }
}

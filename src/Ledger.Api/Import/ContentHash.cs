using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Domain;
using Ledger.Domain.Journals;

namespace Ledger.Api.Import;

/// <summary>The first 128 bits of the SHA-256 of an entry's content.</summary>
internal readonly record struct ContentHash(ulong High, ulong Low)
{
    private const int LengthOfText = 26;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>The reverse of <see cref="ToString"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ContentHash hash)
    {
        var (high, low) = (0UL, 0UL);
        foreach (var c in text)
        {
            var digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
            {
                hash = default;
                return false;
            }

            high = (high << 5) | (low >> 59);
            low = (low << 5) | (uint)digit;
        }

        hash = new(high, low);
        return text.Length == LengthOfText;
    }

    /// <summary>26 letters and digits (base 32 without i, l, o and u).</summary>
    public override string ToString() => string.Create(LengthOfText, this, static (text, hash) =>
    {
        var (high, low) = hash;
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Alphabet[(int)(low & 31)];
            low = (low >> 5) | (high << 59);
            high >>= 5;
        }
    });
}

/// <summary>
/// Makes the content of an entry into a hash. What is derived (base amounts that were inferred) stays outside, so that
/// the same transaction has the same hash however it was priced. Not for several threads at once.
/// </summary>
internal sealed class ContentHasher
{
    private readonly ArrayBufferWriter<byte> content = new(1024);

    /// <param name="entry">Its id does not count.</param>
    /// <param name="withBaseAmounts">Whether base amounts were in the file.</param>
    public ContentHash Hash(PostJournalEntry entry, bool withBaseAmounts)
    {
        content.ResetWrittenCount();
        Add(entry.BookedOn.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture));
        Add(entry.Description);
        Add(entry.Reference);
        Add(entry.Counterparty);
        Add(entry.Kind is null or EntryKind.Normal ? null : entry.Kind.ToString());
        Add(entry.ReverseOn?.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture));
        Add(entry.Corrects);
        Add(entry.Document?.ToString());
        foreach (var line in entry.Lines)
        {
            Add(line.Account.Value);
            Add(line.Side == Side.Debit ? "D" : "C");
            Add(Number(line.Amount));
            Add(line.Currency?.Value);
            Add(line.Memo);
            if (withBaseAmounts)
            {
                Add(line.BaseAmount is { } given ? Number(given) : null);
                Add(line.Rate is { } rate ? Number(rate) : null);
            }

            foreach (var (dimension, value) in line.Dimensions ?? ValueMap<string>.Empty)
            {
                Add(dimension);
                Add(value);
            }

            Add(null);
        }

        return Hash(content.WrittenSpan);
    }

    /// <summary>The hash of an id that the file gives.</summary>
    public static ContentHash HashOf(string id) => Hash(Encoding.UTF8.GetBytes(id));

    private static ContentHash Hash(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }

    private static string Number(decimal value) =>
        FileAmounts.Trimmed(value).ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Each text with its length before it, so that two contents never run together to the same bytes.
    /// </summary>
    private void Add(string? text)
    {
        var length = text is null ? -1 : Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32LittleEndian(content.GetSpan(sizeof(int)), length);
        content.Advance(sizeof(int));
        if (length > 0)
        {
            content.Advance(Encoding.UTF8.GetBytes(text, content.GetSpan(length)));
        }
    }
}

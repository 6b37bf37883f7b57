using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Ledger.Domain;
using Ledger.Domain.Journals;
using NodaTime;

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
/// the same transaction has the same hash however it was priced. Ids are made of it: the layout never changes, or an
/// import that was repeated after an update would book everything twice. Not for several threads at once.
/// </summary>
internal sealed class ContentHasher
{
    private readonly ArrayBufferWriter<byte> content = new(1024);

    /// <param name="entry">Its id does not count.</param>
    /// <param name="withBaseAmounts">Whether base amounts were in the file.</param>
    public ContentHash Hash(PostJournalEntry entry, bool withBaseAmounts)
    {
        content.ResetWrittenCount();
        Add(entry.BookedOn);
        Add(entry.Description);
        Add(entry.Reference);
        Add(entry.Counterparty);
        if (entry.CounterpartyPerson is { } person)
        {
            // Not the name: an id is for ever, and whoever guessed the name could prove it by the id.
            Add(person.Person);
        }

        Add((int)(entry.Kind ?? EntryKind.Normal));
        Add(entry.ReverseOn ?? default);
        Add(entry.Corrects);
        Add(entry.Document?.Type);
        Add(entry.Document?.Number);
        Add(entry.Document?.Date ?? default);
        Add(entry.Document?.Sha256);
        foreach (var line in entry.Lines)
        {
            Add(line.Account.Value);
            Add(line.Side == Side.Debit);
            Add(line.Amount);
            Add(line.Currency?.Value);
            Add(line.Memo);
            if (withBaseAmounts)
            {
                Add(line.BaseAmount is not null);
                Add(line.BaseAmount ?? 0);
                Add(line.Rate is not null);
                Add(line.Rate ?? 0);
            }

            foreach (var (dimension, value) in line.Dimensions ?? ValueMap<string>.Empty)
            {
                Add(dimension);
                Add(value);
            }

            Add(-1);
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

    private void Add(bool value) => Add(value ? 1 : 0);

    private void Add(LocalDate date) => Add((((date.Year * 16) + date.Month) * 32) + date.Day);

    /// <summary>The same bytes for 1.5 and 1.50.</summary>
    private void Add(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(FileAmounts.Trimmed(value), bits);
        foreach (var each in bits)
        {
            Add(each);
        }
    }

    private void Add(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(content.GetSpan(sizeof(int)), value);
        content.Advance(sizeof(int));
    }

    /// <summary>
    /// Each text with its length before it, so that two contents never run together to the same bytes.
    /// </summary>
    private void Add(string? text)
    {
        var length = text is null ? -1 : Encoding.UTF8.GetByteCount(text);
        Add(length);
        if (length > 0)
        {
            content.Advance(Encoding.UTF8.GetBytes(text, content.GetSpan(length)));
        }
    }
}

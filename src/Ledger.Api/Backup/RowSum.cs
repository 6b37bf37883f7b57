using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ledger.Api.Backup;

/// <summary>
/// What rows come to in whatever order they come: how many, and the sum of their hashes. A table that is filled gives
/// room that a long row left free to a short one that comes later, so rows do not lie in it as they came.
/// </summary>
internal sealed class RowSum : IDisposable
{
    private const int HeaderBytes = 19;
    private const int CountBytes = 2;
    private const int LengthBytes = 4;
    private const short End = -1;

    private readonly IncrementalHash row = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ulong[] sum = new ulong[SHA256.HashSizeInBytes / sizeof(ulong)];
    private readonly byte[] small = new byte[HeaderBytes];
    private int held;
    private int wanted = HeaderBytes;
    private int fieldsLeft;
    private int valueLeft;
    private bool hasEnded;

    public long Rows { get; private set; }

    /// <summary>In hexadecimal digits.</summary>
    public string Text => string.Concat(sum.Select(part => part.ToString("x16")));

    /// <summary>Takes the next bytes of what <c>COPY … (format binary)</c> writes.</summary>
    /// <exception cref="InvalidDataException">They are something else.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (valueLeft > 0)
            {
                var part = bytes[..Math.Min(valueLeft, bytes.Length)];
                row.AppendData(part);
                valueLeft -= part.Length;
                bytes = bytes[part.Length..];
                if (valueLeft == 0)
                {
                    EndField();
                }

                continue;
            }

            var taken = Math.Min(wanted - held, bytes.Length);
            bytes[..taken].CopyTo(small.AsSpan(held));
            held += taken;
            bytes = bytes[taken..];
            if (held == wanted)
            {
                held = 0;
                Take(small.AsSpan(0, wanted));
            }
        }
    }

    /// <summary>Passes when the last bytes ended the rows.</summary>
    /// <exception cref="InvalidDataException">They did not.</exception>
    public void MustHaveEnded()
    {
        if (!hasEnded)
        {
            throw new InvalidDataException("The rows have no end.");
        }
    }

    public void Dispose() => row.Dispose();

    private void Take(ReadOnlySpan<byte> number)
    {
        switch (number.Length)
        {
            case HeaderBytes:
                // The signature and flags are PostgreSQL's to look at; of an extension it writes none.
                MustBe(BinaryPrimitives.ReadInt32BigEndian(number[^LengthBytes..]) == 0);
                wanted = CountBytes;
                break;
            case CountBytes:
                MustBe(!hasEnded);
                fieldsLeft = BinaryPrimitives.ReadInt16BigEndian(number);
                hasEnded = fieldsLeft == End;
                MustBe(hasEnded || fieldsLeft > 0);
                wanted = hasEnded ? CountBytes : LengthBytes;
                break;
            default:
                row.AppendData(number);
                valueLeft = Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(number));
                if (valueLeft == 0)
                {
                    EndField();
                }

                break;
        }
    }

    private void EndField()
    {
        if (--fieldsLeft > 0)
        {
            return;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        row.GetHashAndReset(hash);
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = unchecked(sum[i] + BinaryPrimitives.ReadUInt64BigEndian(hash[(i * sizeof(ulong))..]));
        }

        (Rows, wanted) = (Rows + 1, CountBytes);
    }

    private static void MustBe(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("The rows are not as COPY writes them.");
        }
    }
}

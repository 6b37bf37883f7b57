using System.Buffers.Binary;

namespace Ledger.Projections;

/// <summary>
/// Writes a <see cref="decimal"/> as PostgreSQL's binary <c>numeric</c> and keeps its digits behind the point:
/// 1200.00 stays 1200.00.
/// </summary>
internal static class PostgresNumeric
{
    /// <summary>Header of four numbers, and a decimal's 29 digits padded to groups of four on both sides of the
    /// point.</summary>
    public const int LengthMax = 8 + (2 * GroupsMax);

    private const int GroupsMax = 10;
    private const int DigitsOfGroup = 4;
    private const ushort Base = 10_000;
    private const short Negative = 0x4000;

    private static ReadOnlySpan<ushort> PowersOfTen => [1, 10, 100, 1000];

    /// <returns>How many bytes were written.</returns>
    public static int Write(decimal value, Span<byte> to)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        int scale = value.Scale;
        var groupsBehindPoint = (scale + DigitsOfGroup - 1) / DigitsOfGroup;
        var padding = PowersOfTen[(groupsBehindPoint * DigitsOfGroup) - scale];

        Span<ushort> groups = stackalloc ushort[GroupsMax];
        var low = unchecked(((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        var count = bits[2] == 0 && low <= ulong.MaxValue / 1000
            ? Split(low * padding, groups)
            : Split(new UInt128(unchecked((uint)bits[2]), low) * padding, groups);

        // The groups stand least significant first; zeros at that end are not sent.
        var first = 0;
        while (first < count && groups[first] == 0)
        {
            first++;
        }

        BinaryPrimitives.WriteInt16BigEndian(to, (short)(count - first));
        BinaryPrimitives.WriteInt16BigEndian(to[2..], (short)(count == first ? 0 : count - 1 - groupsBehindPoint));
        BinaryPrimitives.WriteInt16BigEndian(to[4..], count > first && bits[3] < 0 ? Negative : (short)0);
        BinaryPrimitives.WriteInt16BigEndian(to[6..], (short)scale);
        var at = 8;
        for (var i = count - 1; i >= first; i--)
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[at..], groups[i]);
            at += 2;
        }

        return at;
    }

    private static int Split(ulong mantissa, Span<ushort> groups)
    {
        var count = 0;
        while (mantissa != 0)
        {
            (mantissa, var group) = Math.DivRem(mantissa, Base);
            groups[count++] = (ushort)group;
        }

        return count;
    }

    private static int Split(UInt128 mantissa, Span<ushort> groups)
    {
        var count = 0;
        while (mantissa > ulong.MaxValue)
        {
            (mantissa, var group) = UInt128.DivRem(mantissa, Base);
            groups[count++] = (ushort)group;
        }

        return count + Split((ulong)mantissa, groups[count..]);
    }
}

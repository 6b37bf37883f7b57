using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Ledger.Domain;
using Ledger.EventStore;
using NodaTime;
using Npgsql;

namespace Ledger.Projections;

/// <summary>
/// The rows of one table in PostgreSQL's binary COPY format, built up in memory while events are folded and sent in one
/// go, so that a projection allocates no object for a row. Every row starts with <see cref="Row"/> and has exactly the
/// columns announced there, in the order of the table.
/// </summary>
internal sealed class CopyBuffer
{
    private static readonly LocalDate Epoch = new(2000, 1, 1);
    private byte[] bytes = new byte[4096];
    private int length;

    public CopyBuffer() => Clear();

    /// <summary>The signature ("PGCOPY" and bytes that a text transfer would spoil), no flags, no header
    /// extension.</summary>
    private static ReadOnlySpan<byte> Header =>
        [0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public int Rows { get; private set; }

    /// <summary>How many bytes the rows take so far.</summary>
    public int Length => length;

    /// <summary>Where the buffer stands, to go back to when an event turns out to be unreadable in its
    /// middle.</summary>
    public (int Length, int Rows) Mark => (length, Rows);

    public void Clear()
    {
        Header.CopyTo(bytes);
        length = Header.Length;
        Rows = 0;
    }

    public void Reset((int Length, int Rows) mark) => (length, Rows) = mark;

    /// <summary>Everything that COPY is to be sent, its end included.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        BinaryPrimitives.WriteInt16BigEndian(Reserve(2), -1);
        length -= 2;
        return bytes.AsMemory(0, length + 2);
    }

    public CopyBuffer Row(short columns)
    {
        BinaryPrimitives.WriteInt16BigEndian(Reserve(2), columns);
        Rows++;
        return this;
    }

    public CopyBuffer Null()
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(4), -1);
        return this;
    }

    public CopyBuffer Text(string? value)
    {
        if (value is null)
        {
            return Null();
        }

        Ensure(4 + Encoding.UTF8.GetMaxByteCount(value.Length));
        var written = Encoding.UTF8.GetBytes(value, bytes.AsSpan(length + 4));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(length), written);
        length += 4 + written;
        return this;
    }

    public CopyBuffer Long(long value)
    {
        var span = Reserve(12);
        BinaryPrimitives.WriteInt32BigEndian(span, 8);
        BinaryPrimitives.WriteInt64BigEndian(span[4..], value);
        return this;
    }

    public CopyBuffer Int(int value)
    {
        var span = Reserve(8);
        BinaryPrimitives.WriteInt32BigEndian(span, 4);
        BinaryPrimitives.WriteInt32BigEndian(span[4..], value);
        return this;
    }

    public CopyBuffer Short(short value)
    {
        var span = Reserve(6);
        BinaryPrimitives.WriteInt32BigEndian(span, 2);
        BinaryPrimitives.WriteInt16BigEndian(span[4..], value);
        return this;
    }

    public CopyBuffer Bool(bool value)
    {
        var span = Reserve(5);
        BinaryPrimitives.WriteInt32BigEndian(span, 1);
        span[4] = value ? (byte)1 : (byte)0;
        return this;
    }

    public CopyBuffer Date(LocalDate? value) =>
        value is { } date ? Int(Period.DaysBetween(Epoch, date)) : Null();

    public CopyBuffer Uuid(Guid value)
    {
        var span = Reserve(20);
        BinaryPrimitives.WriteInt32BigEndian(span, 16);
        value.TryWriteBytes(span[4..], bigEndian: true, out _);
        return this;
    }

    public CopyBuffer Numeric(decimal value)
    {
        Ensure(4 + PostgresNumeric.LengthMax);
        var written = PostgresNumeric.Write(value, bytes.AsSpan(length + 4));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(length), written);
        length += 4 + written;
        return this;
    }

    public CopyBuffer Bytes(ReadOnlySpan<byte> value)
    {
        var span = Reserve(4 + value.Length);
        BinaryPrimitives.WriteInt32BigEndian(span, value.Length);
        value.CopyTo(span[4..]);
        return this;
    }

    /// <summary>A map as a JSON object; null stays null.</summary>
    public CopyBuffer Json<T>(ValueMap<T>? map) =>
        map is null ? Null() : Jsonb(JsonSerializer.SerializeToUtf8Bytes(map, EventJson.Options));

    /// <param name="json">UTF-8.</param>
    public CopyBuffer Jsonb(ReadOnlySpan<byte> json)
    {
        var span = Reserve(5 + json.Length);
        BinaryPrimitives.WriteInt32BigEndian(span, 1 + json.Length);
        span[4] = 1;
        json.CopyTo(span[5..]);
        return this;
    }

    public CopyBuffer TextArray(IReadOnlyCollection<string>? values)
    {
        const int textOid = 25;
        return Array(textOid, values, static (buffer, value) => buffer.Text(value));
    }

    public CopyBuffer NumericArray(IReadOnlyCollection<decimal>? values)
    {
        const int numericOid = 1700;
        return Array(numericOid, values, static (buffer, value) => buffer.Numeric(value));
    }

    /// <summary>
    /// Sends the rows to a table, in the transaction of the connection; none are no round trip. What has begun is
    /// sent to its end: a COPY that is cut off in its middle costs the connection.
    /// </summary>
    public async Task SendAsync(NpgsqlConnection connection, string table, CancellationToken ct)
    {
        if (Rows == 0)
        {
            return;
        }

        ct.ThrowIfCancellationRequested();
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"copy {table} from stdin (format binary)", CancellationToken.None);
        await copy.WriteAsync(Finish(), CancellationToken.None);
    }

    private CopyBuffer Array<T>(int oid, IReadOnlyCollection<T>? values, Action<CopyBuffer, T> element)
    {
        if (values is null)
        {
            return Null();
        }

        var start = length;
        var span = Reserve(values.Count == 0 ? 16 : 24);
        BinaryPrimitives.WriteInt32BigEndian(span[4..], values.Count == 0 ? 0 : 1);
        BinaryPrimitives.WriteInt32BigEndian(span[8..], 0);
        BinaryPrimitives.WriteInt32BigEndian(span[12..], oid);
        if (values.Count > 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(span[16..], values.Count);
            BinaryPrimitives.WriteInt32BigEndian(span[20..], 1);
            foreach (var value in values)
            {
                element(this, value);
            }
        }

        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(start), length - start - 4);
        return this;
    }

    private Span<byte> Reserve(int count)
    {
        Ensure(count);
        var span = bytes.AsSpan(length, count);
        length += count;
        return span;
    }

    private void Ensure(int count)
    {
        if (bytes.Length - length < count)
        {
            System.Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + count));
        }
    }
}

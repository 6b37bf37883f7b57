using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Ledger.EventStore.Audit;

/// <summary>
/// Canonical JSON by RFC 8785: members in the order of their UTF-16 code units, no white space, the shortest numbers of
/// IEEE 754 doubles, and no escape that is not needed. Equal values give equal bytes, in every language.
/// </summary>
public static class CanonicalJson
{
    /// <summary>Objects and lists within each other that have a canonical form.</summary>
    public const int DepthMax = 128;

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    /// <summary>The canonical form of a JSON value in UTF-8.</summary>
    /// <exception cref="JsonException">It is no JSON, or has a name twice in an object.</exception>
    /// <exception cref="FormatException">It holds a number that a double cannot keep digit for digit, or is too
    /// deep.</exception>
    public static byte[] Of(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 1);
        return TryWrite(json, output)
            ? output.WrittenSpan.ToArray()
            : throw new FormatException(
                "A number has more digits than canonical JSON keeps, or it is nested more deeply than "
                + $"{DepthMax} times.");
    }

    /// <summary>The same of a value that was read.</summary>
    /// <exception cref="FormatException">It holds a number that a double cannot keep digit for digit, or is too
    /// deep.</exception>
    public static byte[] Of(JsonElement value) => Of(JsonMarshal.GetRawUtf8Value(value));

    /// <summary>Writes the canonical form of a JSON value in UTF-8.</summary>
    /// <returns>False when it holds a number that a double cannot keep digit for digit, or is deeper than
    /// <see cref="DepthMax"/>: then it has no canonical form that tells it from others, and what was written is to be
    /// thrown away.</returns>
    /// <exception cref="JsonException">It is no JSON, or has a name twice in an object.</exception>
    public static bool TryWrite(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax + 1 });
        reader.Read();
        var members = CanonicalMembers.OfThisThread();
        var isExact = TryWrite(ref reader, output, members);
        if (isExact && reader.Read())
        {
            throw new JsonException("There is more than one value.");
        }

        return isExact;
    }

    /// <summary>Writes a text as a JSON string, or null.</summary>
    public static void WriteString(string? text, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (text is null)
        {
            output.Write("null"u8);
            return;
        }

        output.Write("\""u8);
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var plain = rest.IndexOfAny(Escaped);
            var run = plain < 0 ? rest : rest[..plain];
            if (run.Length > 0)
            {
                Encoding.UTF8.GetBytes(run, output);
            }

            if (plain < 0)
            {
                break;
            }

            WriteEscape(rest[plain], output);
            rest = rest[(plain + 1)..];
        }

        output.Write("\""u8);
    }

    private static void WriteEscape(char escaped, IBufferWriter<byte> output)
    {
        output.Write(escaped switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\t' => "\\t"u8,
            '\n' => "\\n"u8,
            '\f' => "\\f"u8,
            '\r' => "\\r"u8,
            _ => "\\u00"u8,
        });
        if (escaped < 0x20 && escaped is not ('\b' or '\t' or '\n' or '\f' or '\r'))
        {
            Encoding.ASCII.GetBytes(((int)escaped).ToString("x2", CultureInfo.InvariantCulture), output);
        }
    }

    private static bool TryWrite(
        ref Utf8JsonReader reader, ArrayBufferWriter<byte> output, CanonicalMembers members)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= DepthMax:
                return false;
            case JsonTokenType.StartObject:
                return TryWriteObject(ref reader, output, members);
            case JsonTokenType.StartArray:
                output.Write("["u8);
                for (var isFirst = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; isFirst = false)
                {
                    output.Write(isFirst ? default : ","u8);
                    if (!TryWrite(ref reader, output, members))
                    {
                        return false;
                    }
                }

                output.Write("]"u8);
                return true;
            case JsonTokenType.String:
                WriteString(ref reader, output);
                return true;
            case JsonTokenType.Number:
                return TryWriteNumber(ref reader, output);
            default:
                output.Write(reader.ValueSpan);
                return true;
        }
    }

    /// <summary>A string without an escape is canonical as it stands.</summary>
    private static void WriteString(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        if (reader.ValueIsEscaped)
        {
            WriteString(reader.GetString(), output);
            return;
        }

        var length = reader.ValueSpan.Length;
        var space = output.GetSpan(length + 2);
        space[0] = (byte)'"';
        reader.ValueSpan.CopyTo(space[1..]);
        space[length + 1] = (byte)'"';
        output.Advance(length + 2);
    }

    private static bool TryWriteObject(
        ref Utf8JsonReader reader, ArrayBufferWriter<byte> output, CanonicalMembers members)
    {
        // Members are written as they come, and put in order afterwards.
        var first = members.Count;
        output.Write("{"u8);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            output.Write(members.Count == first ? default : ","u8);
            var start = output.WrittenCount;
            WriteString(ref reader, output);
            var nameEnd = output.WrittenCount;
            output.Write(":"u8);
            reader.Read();
            if (!TryWrite(ref reader, output, members))
            {
                return false;
            }

            members.Add(new(start, nameEnd, output.WrittenCount));
        }

        members.PutInOrder(first, MemoryMarshal.AsMemory(output.WrittenMemory));
        output.Write("}"u8);
        return true;
    }

    private static bool TryWriteNumber(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        var sent = Encoding.ASCII.GetString(reader.ValueSpan);
        if (!reader.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            return false;
        }

        var canonical = CanonicalNumber.Of(number);
        if (!CanonicalNumber.AreEqual(sent, canonical))
        {
            return false;
        }

        Encoding.ASCII.GetBytes(canonical, output);
        return true;
    }
}

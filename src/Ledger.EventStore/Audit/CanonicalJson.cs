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
    private const int DepthMax = 128;

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    /// <summary>The canonical form of a JSON value in UTF-8.</summary>
    /// <exception cref="JsonException">It is no JSON, too deep, or has an object that has a name twice.</exception>
    /// <exception cref="FormatException">It holds a number that a double cannot keep digit for digit.</exception>
    public static byte[] Of(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 1);
        return TryWrite(json, output)
            ? output.WrittenSpan.ToArray()
            : throw new FormatException("A number has more digits than canonical JSON keeps.");
    }

    /// <summary>The same of a value that was read.</summary>
    /// <exception cref="FormatException">It holds a number that a double cannot keep digit for digit.</exception>
    public static byte[] Of(JsonElement value) => Of(JsonMarshal.GetRawUtf8Value(value));

    /// <summary>Writes the canonical form of a JSON value in UTF-8.</summary>
    /// <returns>False when it holds a number that a double cannot keep digit for digit: then it has no canonical form
    /// that tells it from others, and what was written is to be thrown away.</returns>
    /// <exception cref="JsonException">It is no JSON, too deep, or has an object that has a name twice.</exception>
    public static bool TryWrite(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        reader.Read();
        var isExact = TryWrite(ref reader, output);
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

    private static bool TryWrite(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return TryWriteObject(ref reader, output);
            case JsonTokenType.StartArray:
                output.Write("["u8);
                for (var isFirst = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; isFirst = false)
                {
                    output.Write(isFirst ? default : ","u8);
                    if (!TryWrite(ref reader, output))
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

        output.Write("\""u8);
        output.Write(reader.ValueSpan);
        output.Write("\""u8);
    }

    private static bool TryWriteObject(ref Utf8JsonReader reader, ArrayBufferWriter<byte> output)
    {
        // Members are written as they come, and put in order afterwards where they are not.
        var start = output.WrittenCount;
        var members = new List<(string Name, int Start, int End)>();
        var isSorted = true;
        output.Write("{"u8);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            output.Write(members.Count == 0 ? default : ","u8);
            var from = output.WrittenCount;
            WriteString(ref reader, output);
            output.Write(":"u8);
            reader.Read();
            if (!TryWrite(ref reader, output))
            {
                return false;
            }

            // Of two members of one name each reader takes another: such an object has no canonical form.
            isSorted = isSorted && (members.Count == 0 || string.CompareOrdinal(members[^1].Name, name) < 0);
            members.Add((name, from, output.WrittenCount));
        }

        if (!isSorted)
        {
            Sort(members, output, start + 1);
        }

        output.Write("}"u8);
        return true;
    }

    private static void Sort(List<(string Name, int Start, int End)> members, ArrayBufferWriter<byte> output, int start)
    {
        var written = MemoryMarshal.AsMemory(output.WrittenMemory).Span;
        var unsorted = written[start..].ToArray();
        members.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        var at = start;
        for (var i = 0; i < members.Count; i++)
        {
            if (i > 0)
            {
                if (members[i].Name == members[i - 1].Name)
                {
                    throw new JsonException("An object has a name twice.");
                }

                written[at++] = (byte)',';
            }

            var member = unsorted.AsSpan(members[i].Start - start, members[i].End - members[i].Start);
            member.CopyTo(written[at..]);
            at += member.Length;
        }
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

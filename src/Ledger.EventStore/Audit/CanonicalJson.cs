using System.Buffers;
using System.Globalization;
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

    /// <summary>The canonical form of a JSON value in UTF-8.</summary>
    /// <exception cref="JsonException">It is no JSON, or too deep.</exception>
    /// <exception cref="FormatException">It holds a number that a double cannot keep digit for digit.</exception>
    public static byte[] Of(ReadOnlyMemory<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length);
        return TryWrite(json, output)
            ? output.WrittenSpan.ToArray()
            : throw new FormatException("A number has more digits than canonical JSON keeps.");
    }

    /// <summary>Writes the canonical form of a JSON value in UTF-8.</summary>
    /// <returns>False when it holds a number that a double cannot keep digit for digit: then it has no canonical form
    /// that tells it from others.</returns>
    /// <exception cref="JsonException">It is no JSON, or too deep.</exception>
    public static bool TryWrite(ReadOnlyMemory<byte> json, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DepthMax });
        return TryWrite(document.RootElement, output);
    }

    /// <summary>Writes a JSON value that was read.</summary>
    /// <returns>False when it holds a number that a double cannot keep digit for digit.</returns>
    public static bool TryWrite(JsonElement value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return TryWriteObject(value, output);
            case JsonValueKind.Array:
                var first = true;
                output.Write("["u8);
                foreach (var element in value.EnumerateArray())
                {
                    output.Write(first ? default : ","u8);
                    first = false;
                    if (!TryWrite(element, output))
                    {
                        return false;
                    }
                }

                output.Write("]"u8);
                return true;
            case JsonValueKind.String:
                WriteString(value.GetString(), output);
                return true;
            case JsonValueKind.Number:
                return TryWriteNumber(value, output);
            case JsonValueKind.True:
                output.Write("true"u8);
                return true;
            case JsonValueKind.False:
                output.Write("false"u8);
                return true;
            default:
                output.Write("null"u8);
                return true;
        }
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

    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

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

    private static bool TryWriteObject(JsonElement value, IBufferWriter<byte> output)
    {
        var members = value.EnumerateObject().ToArray();
        Array.Sort(members, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        output.Write("{"u8);
        for (var i = 0; i < members.Length; i++)
        {
            output.Write(i == 0 ? default : ","u8);
            WriteString(members[i].Name, output);
            output.Write(":"u8);
            if (!TryWrite(members[i].Value, output))
            {
                return false;
            }
        }

        output.Write("}"u8);
        return true;
    }

    private static bool TryWriteNumber(JsonElement value, IBufferWriter<byte> output)
    {
        var sent = value.GetRawText();
        if (!value.TryGetDouble(out var number) || !double.IsFinite(number))
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

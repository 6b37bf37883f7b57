using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ledger.Api.Json;

/// <summary>Says where in a JSON text a token stands, as JSONPath has it: <c>$.lines[3].amount</c>.</summary>
public static class JsonPath
{
    /// <param name="utf8">JSON that has been read without fault up to the offset.</param>
    /// <param name="offset">Where the token starts; the end of an object or list stands for the whole of it.</param>
    public static string To(ReadOnlySpan<byte> utf8, long offset)
    {
        var steps = new Stack<Step>();
        var reader = new Utf8JsonReader(utf8, isFinalBlock: false, new JsonReaderState(new() { MaxDepth = 64 }));
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                if (reader.TokenStartIndex >= offset)
                {
                    return Format(steps.Skip(1));
                }

                steps.Pop();
                continue;
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                steps.Peek().Name = NameOf(ref reader);
            }
            else if (steps.TryPeek(out var list) && list.IsList)
            {
                list.Index++;
            }

            if (reader.TokenStartIndex >= offset)
            {
                return Format(steps);
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                steps.Push(new Step { IsList = reader.TokenType == JsonTokenType.StartArray });
            }
        }

        return Format(steps);
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    private static string Format(IEnumerable<Step> steps)
    {
        var path = new StringBuilder("$");
        foreach (var step in steps.Reverse())
        {
            if (step.IsList)
            {
                path.Append('[').Append(step.Index.ToString(CultureInfo.InvariantCulture)).Append(']');
            }
            else if (step.Name is { Length: > 0 } name && name.All(c => char.IsLetterOrDigit(c) || c == '_'))
            {
                path.Append('.').Append(Cut(name));
            }
            else if (step.Name is not null)
            {
                var quoted = Cut(step.Name).Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("'", "\\'", StringComparison.Ordinal);
                path.Append("['").Append(quoted).Append("']");
            }
        }

        return path.ToString();
    }

    private static string Cut(string name) => name.Length > 60 ? name[..60] + "…" : name;

    private sealed class Step
    {
        public bool IsList { get; init; }

        public int Index { get; set; } = -1;

        public string? Name { get; set; }
    }
}

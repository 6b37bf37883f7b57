using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ledger.Api.Json;

/// <content>How faults are told.</content>
public ref partial struct JsonInput
{
    /// <summary>Refuses the value here. The message goes on after the path: "$.lines[3].amount is …".</summary>
    public readonly RequestException Fail(string code, string message) =>
        FailAt(PathTo(reader.TokenStartIndex), code, message);

    /// <summary>What .NET says is wrong, without its advice to the programmer.</summary>
    public static string Told(JsonException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.Message.Split(" LineNumber")[0]
            .Replace(" Change the reader options.", "", StringComparison.Ordinal)
            .Replace(" which is not supported in this mode", "", StringComparison.Ordinal);
    }

    /// <summary>The value here as it was sent, cut where it is long.</summary>
    public readonly string Shown()
    {
        var text = reader.HasValueSequence ? "" : Encoding.UTF8.GetString(reader.ValueSpan);
        text = text.Length > 60 ? text[..60] + "…" : text;
        return reader.TokenType == JsonTokenType.String ? $"\"{text}\"" : text;
    }

    /// <summary>The reader throws <see cref="InvalidOperationException"/> where it must unescape such a
    /// text.</summary>
    private readonly RequestException HalfPair() => Fail(
        RequestProblems.TextNotAllowed,
        "holds half of a surrogate pair (one of \\ud800–\\udfff alone). Send whole characters.");

    private static RequestException FailAt(string path, string code, string message) =>
        new(RequestProblems.Of(code, $"{path} {message}") with { Path = path });

    private static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);

    private readonly RequestException WrongType(string wanted) => Fail(
        RequestProblems.ValueOfWrongType,
        reader.TokenType switch
        {
            JsonTokenType.StartObject => $"is an object. Send {wanted}.",
            JsonTokenType.StartArray => $"is a list. Send {wanted}.",
            JsonTokenType.String => $"is text, {Shown()}. Send {wanted}.",
            JsonTokenType.Null => $"is null. Send {wanted}.",
            _ => $"is {Shown()}. Send {wanted}.",
        });

    private readonly RequestException Broken(JsonException e) =>
        reader.CurrentDepth >= DepthMax ? RequestProblems.Fail(
            RequestProblems.JsonTooDeep, $"The JSON is nested more than {DepthMax} levels deep.")
        : IsCutOff() ? Incomplete()
        : RequestProblems.Fail(
            RequestProblems.JsonMalformed,
            $"The body is not JSON at line {Invariant(e.LineNumber + 1 ?? 0)}, "
            + $"byte {Invariant(e.BytePositionInLine + 1 ?? 0)}: {Told(e)}");

    private readonly RequestException Incomplete() => RequestProblems.Fail(
        RequestProblems.JsonIncomplete,
        $"The JSON ends after {Invariant(utf8.Length)} bytes, before it is complete. Was it cut off?");

    /// <summary>Whether it would be JSON so far, if more came.</summary>
    private readonly bool IsCutOff()
    {
        var again = new Utf8JsonReader(utf8, isFinalBlock: false, new JsonReaderState(Options));
        try
        {
            while (again.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private readonly string PathTo(long offset) => JsonPath.To(utf8, offset);
}

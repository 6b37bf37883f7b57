using System.Globalization;
using System.Text.Unicode;

namespace Ledger.Api.Json;

/// <summary>Reads a whole body, or one line of a batch.</summary>
public static class JsonBody
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="RequestException">It is empty, not UTF-8, not JSON, or not what it should be.</exception>
    public static T Read<TState, T>(ReadOnlySpan<byte> utf8, JsonRead<TState, T> read, TState state)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (utf8.StartsWith(ByteOrderMark))
        {
            utf8 = utf8[3..];
        }

        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw RequestProblems.Fail(RequestProblems.BodyMissing, "There is no body. Send a JSON object.");
        }

        if (!Utf8.IsValid(utf8))
        {
            var at = IndexOfInvalid(utf8).ToString(CultureInfo.InvariantCulture);
            throw RequestProblems.Fail(
                RequestProblems.BodyNotUtf8, $"The body is not UTF-8: byte {at} (from 0) begins no character.");
        }

        var input = new JsonInput(utf8);
        var value = read(ref input, state);
        input.End();
        return value;
    }

    private static int IndexOfInvalid(ReadOnlySpan<byte> utf8)
    {
        var index = 0;
        while (System.Text.Rune.DecodeFromUtf8(
            utf8[index..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            index += length;
        }

        return index;
    }
}

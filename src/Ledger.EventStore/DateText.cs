using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;

namespace Ledger.EventStore;

/// <summary>
/// Dates in their usual form, <c>2026-01-31</c>, without a detour over text; all others by their pattern.
/// </summary>
internal sealed class DateText : JsonConverter<LocalDate>
{
    private static readonly Noda<LocalDate> Pattern = new(LocalDatePattern.Iso);

    public override LocalDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.ValueSpan;
        if (reader.TokenType == JsonTokenType.String && text.Length == 10 && text[4] == '-' && text[7] == '-'
            && Digits(text[..4], out var year) && Digits(text[5..7], out var month) && Digits(text[8..], out var day)
            && year > 0 && month is > 0 and <= 12 && day > 0 && day <= CalendarSystem.Iso.GetDaysInMonth(year, month))
        {
            return new(year, month, day);
        }

        return Pattern.Read(ref reader, typeToConvert, options);
    }

    public override void Write(Utf8JsonWriter writer, LocalDate value, JsonSerializerOptions options)
    {
        if (value.Year is < 1 or > 9_999)
        {
            Pattern.Write(writer, value, options);
            return;
        }

        Span<byte> text = stackalloc byte[10];
        Put(text[..4], value.Year);
        text[4] = (byte)'-';
        Put(text[5..7], value.Month);
        text[7] = (byte)'-';
        Put(text[8..], value.Day);
        writer.WriteStringValue(text);
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var each in text)
        {
            if (!char.IsAsciiDigit((char)each))
            {
                return false;
            }

            value = (value * 10) + each - '0';
        }

        return true;
    }

    private static void Put(Span<byte> text, int value)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}

using System.Linq.Expressions;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Domain;
using NodaTime;
using NodaTime.Text;

namespace Ledger.EventStore;

/// <summary>
/// A type such as <see cref="AccountCode"/>, which is one text with a meaning. Few such texts stand in very many
/// events, so short ones are kept and found again by their bytes: no text is made for the thousandth "EUR".
/// </summary>
internal sealed class TextConverter<T> : JsonConverter<T>
    where T : struct
{
    private const int KeptLengthMax = 32;
    private static readonly Func<string, T> Wrap = MakeWrap();
    private static readonly Func<T, string> Unwrap = MakeUnwrap();

    // A text's place follows from its bytes; another one in the same place takes it over.
    private readonly Kept?[] kept = new Kept?[4_096];

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"A {typeof(T).Name} is a text, not {reader.TokenType}.");
        }

        if (reader.ValueIsEscaped || reader.HasValueSequence || reader.ValueSpan.Length > KeptLengthMax)
        {
            return Wrap(reader.GetString()!);
        }

        var text = reader.ValueSpan;
        ref var place = ref kept[PlaceOf(text)];
        var found = place;
        if (found is null || !text.SequenceEqual(found.Bytes))
        {
            place = found = new(text.ToArray(), Wrap(Encoding.UTF8.GetString(text)));
        }

        return found.Value;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Unwrap(value));

    private static int PlaceOf(ReadOnlySpan<byte> text)
    {
        var hash = 2_166_136_261u;
        foreach (var each in text)
        {
            hash = unchecked((hash ^ each) * 16_777_619u);
        }

        return (int)((hash ^ (hash >> 16)) & 4_095);
    }

    private static Func<string, T> MakeWrap()
    {
        var text = Expression.Parameter(typeof(string));
        return Expression.Lambda<Func<string, T>>(
            Expression.New(typeof(T).GetConstructor([typeof(string)])!, text), text).Compile();
    }

    private static Func<T, string> MakeUnwrap()
    {
        var value = Expression.Parameter(typeof(T));
        return Expression.Lambda<Func<T, string>>(Expression.Property(value, "Value"), value).Compile();
    }

    private sealed record Kept(byte[] Bytes, T Value);
}

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

/// <summary>Enums by their names in camelCase.</summary>
internal sealed class EnumTexts : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(EnumText<>).MakeGenericType(typeToConvert))!;

    private sealed class EnumText<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly T[] Values = Enum.GetValues<T>();
        private static readonly JsonEncodedText[] Names =
            [.. Values.Select(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()))
                .Select(name => JsonEncodedText.Encode(name))];

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                for (var i = 0; i < Names.Length; i++)
                {
                    if (reader.ValueTextEquals(Names[i].EncodedUtf8Bytes))
                    {
                        return Values[i];
                    }
                }
            }

            throw new JsonException(
                $"A {typeof(T).Name} is one of {string.Join(", ", Names.Select(name => name.ToString()))}.");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            var at = Array.IndexOf(Values, value);
            if (at < 0)
            {
                throw new JsonException($"{value} is not a {typeof(T).Name}.");
            }

            writer.WriteStringValue(Names[at]);
        }
    }
}

using System.Linq.Expressions;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Domain;

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

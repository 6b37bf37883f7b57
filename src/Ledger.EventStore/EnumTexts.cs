using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.EventStore;

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

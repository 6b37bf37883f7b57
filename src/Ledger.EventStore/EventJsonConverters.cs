using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Domain;
using Ledger.Domain.Payroll;
using NodaTime.Text;

namespace Ledger.EventStore;

/// <summary>Money and rates are text, "1200.00", because numbers lose digits in other programs' hands.</summary>
internal sealed class DecimalAsText : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"A decimal is written as text, not as {reader.TokenType}.");
        }

        var text = reader.ValueSpan;
        if (!Utf8Parser.TryParse(text, out decimal value, out var read) || read != text.Length)
        {
            throw new JsonException("A decimal is not written as one.");
        }

        return value;
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[32];
        Utf8Formatter.TryFormat(value, text, out var length);
        writer.WriteStringValue(text[..length]);
    }
}

internal sealed class Noda<T>(IPattern<T> pattern) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString() ?? throw new JsonException($"A {typeof(T).Name} is missing.");
        var parsed = pattern.Parse(text);
        return parsed.Success
            ? parsed.Value
            : throw new JsonException($"A {typeof(T).Name} is not written as one.");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(pattern.Format(value));
}

/// <summary>A fact of payroll law as callers send it: a flag, a whole number, or text.</summary>
internal sealed class FactAsSent : JsonConverter<FactValue>
{
    public override FactValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.True or JsonTokenType.False => new(null, Flag: reader.GetBoolean()),
            JsonTokenType.Number when reader.TryGetInt32(out var count) => new(null, Count: count),
            JsonTokenType.String => new(reader.GetString()),
            _ => throw new JsonException($"A fact is a flag, a whole number or text, not {reader.TokenType}."),
        };

    public override void Write(Utf8JsonWriter writer, FactValue value, JsonSerializerOptions options)
    {
        if (value.Flag is { } flag)
        {
            writer.WriteBooleanValue(flag);
        }
        else if (value.Count is { } count)
        {
            writer.WriteNumberValue(count);
        }
        else
        {
            writer.WriteStringValue(value.Text);
        }
    }
}

/// <summary>The domain's own kinds of value: lists, maps, and types that wrap one text called <c>Value</c>.</summary>
internal sealed class DomainTypes : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => ConverterOf(typeToConvert) is not null;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(ConverterOf(typeToConvert)!)!;

    private static Type? ConverterOf(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
        {
            return typeof(ListConverter<>).MakeGenericType(type.GenericTypeArguments);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueMap<>))
        {
            return typeof(MapConverter<>).MakeGenericType(type.GenericTypeArguments);
        }

        return type.IsValueType && type.Assembly == typeof(ValueList).Assembly && !type.IsEnum
            && type.GetConstructor([typeof(string)]) is not null && type.GetProperty("Value") is not null
            ? typeof(TextConverter<>).MakeGenericType(type)
            : null;
    }
}

internal sealed class ListConverter<T> : JsonConverter<ValueList<T>>
{
    private JsonConverter<T>? item;

    public override ValueList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"A list is expected, not {reader.TokenType}.");
        }

        item ??= (JsonConverter<T>)options.GetConverter(typeof(T));
        var items = ArrayPool<T>.Shared.Rent(8);
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == items.Length)
            {
                var longer = ArrayPool<T>.Shared.Rent(count * 2);
                items.AsSpan().CopyTo(longer);
                ArrayPool<T>.Shared.Return(items, clearArray: true);
                items = longer;
            }

            items[count++] = item.Read(ref reader, typeof(T), options) ?? throw new JsonException("A list holds null.");
        }

        var list = ValueList.Create<T>(items.AsSpan(0, count));
        ArrayPool<T>.Shared.Return(items, clearArray: true);
        return list;
    }

    public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options)
    {
        item ??= (JsonConverter<T>)options.GetConverter(typeof(T));
        writer.WriteStartArray();
        foreach (var each in value.AsSpan())
        {
            item.Write(writer, each, options);
        }

        writer.WriteEndArray();
    }
}

internal sealed class MapConverter<T> : JsonConverter<ValueMap<T>>
{
    private JsonConverter<T>? item;

    public override ValueMap<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"An object is expected, not {reader.TokenType}.");
        }

        item ??= (JsonConverter<T>)options.GetConverter(typeof(T));
        var pairs = new List<KeyValuePair<string, T>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = reader.GetString()!;
            reader.Read();
            var value = item.Read(ref reader, typeof(T), options) ?? throw new JsonException("A value is null.");
            pairs.Add(new(key, value));
        }

        return ValueMap<T>.From(pairs);
    }

    public override void Write(Utf8JsonWriter writer, ValueMap<T> value, JsonSerializerOptions options)
    {
        item ??= (JsonConverter<T>)options.GetConverter(typeof(T));
        writer.WriteStartObject();
        foreach (var (key, each) in value)
        {
            writer.WritePropertyName(key);
            item.Write(writer, each, options);
        }

        writer.WriteEndObject();
    }
}

using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.EventStore;

/// <summary>The code for one member of a record, by its type.</summary>
internal static class RecordMember
{
    public static Expression Read(Type type, Expression reader, Expression given, JsonSerializerOptions options)
    {
        if (type == typeof(string))
        {
            return Expression.Call(Helper(nameof(ReadText)), reader);
        }

        var inner = Nullable.GetUnderlyingType(type);
        var helper = inner is not null
            ? nameof(ReadOptional)
            : type.IsValueType ? nameof(ReadValue) : nameof(ReadObject);
        var read = inner ?? type;
        return Expression.Call(
            Helper(helper).MakeGenericMethod(read), reader, Converter(read, options), given);
    }

    public static Expression Write(
        Type type, Expression writer, JsonEncodedText name, Expression value, Expression given,
        JsonSerializerOptions options)
    {
        var named = Expression.Constant(name);
        if (type == typeof(string))
        {
            return Expression.Call(Helper(nameof(WriteText)), writer, named, value);
        }

        var inner = Nullable.GetUnderlyingType(type);
        var helper = inner is not null
            ? nameof(WriteOptional)
            : type.IsValueType ? nameof(WriteValue) : nameof(WriteObject);
        var written = inner ?? type;
        return Expression.Call(
            Helper(helper).MakeGenericMethod(written), writer, named, value, Converter(written, options), given);
    }

    public static Expression Constant(object value, Type type) =>
        Expression.Convert(Expression.Constant(value), type);

    // Called by the compiled code.
    private static string? ReadText(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Null => null,
        _ => throw new JsonException($"A text is expected, not {reader.TokenType}."),
    };

    private static T ReadValue<T>(ref Utf8JsonReader reader, JsonConverter<T> converter, JsonSerializerOptions options)
        where T : struct =>
        converter.Read(ref reader, typeof(T), options);

    private static T? ReadOptional<T>(
        ref Utf8JsonReader reader, JsonConverter<T> converter, JsonSerializerOptions options)
        where T : struct =>
        reader.TokenType == JsonTokenType.Null ? null : converter.Read(ref reader, typeof(T), options);

    private static T? ReadObject<T>(
        ref Utf8JsonReader reader, JsonConverter<T> converter, JsonSerializerOptions options)
        where T : class =>
        reader.TokenType == JsonTokenType.Null ? null : converter.Read(ref reader, typeof(T), options);

    private static void WriteText(Utf8JsonWriter writer, JsonEncodedText name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteValue<T>(
        Utf8JsonWriter writer, JsonEncodedText name, T value, JsonConverter<T> converter, JsonSerializerOptions options)
        where T : struct
    {
        writer.WritePropertyName(name);
        converter.Write(writer, value, options);
    }

    private static void WriteOptional<T>(
        Utf8JsonWriter writer, JsonEncodedText name, T? value, JsonConverter<T> converter,
        JsonSerializerOptions options)
        where T : struct
    {
        if (value is { } some)
        {
            WriteValue(writer, name, some, converter, options);
        }
    }

    private static void WriteObject<T>(
        Utf8JsonWriter writer, JsonEncodedText name, T? value, JsonConverter<T> converter,
        JsonSerializerOptions options)
        where T : class
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            converter.Write(writer, value, options);
        }
    }

    private static Expression Converter(Type type, JsonSerializerOptions options) =>
        Expression.Constant(options.GetConverter(type), typeof(JsonConverter<>).MakeGenericType(type));

    private static MethodInfo Helper(string name) =>
        typeof(RecordMember).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;
}

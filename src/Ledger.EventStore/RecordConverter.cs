using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ledger.EventStore;

/// <summary>
/// Reads and writes a record by code that is compiled once from its parameters. The serializer's own way boxes each
/// parameter of a record with more than four of them, which is most of the time that reading an entry takes.
/// </summary>
internal sealed class RecordConverter<T> : JsonConverter<T>
    where T : class
{
    private readonly MemberNames names;
    private readonly ReadRecord read;
    private readonly WriteRecord write;

    public RecordConverter(JsonSerializerOptions options)
    {
        var constructor = RecordConverters.ConstructorOf(typeof(T))!;
        var parameters = constructor.GetParameters();
        names = new([.. parameters.Select(parameter => Named(parameter, options))], [.. parameters.Select(IsRequired)]);
        read = CompileRead(constructor, parameters, options);
        write = CompileWrite(parameters, options);
    }

    private delegate T ReadRecord(ref Utf8JsonReader reader, MemberNames names, JsonSerializerOptions options);

    private delegate void WriteRecord(Utf8JsonWriter writer, T value, JsonSerializerOptions options);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"A {typeof(T).Name} is an object, not {reader.TokenType}.");
        }

        return read(ref reader, names, options);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        write(writer, value, options);
        writer.WriteEndObject();
    }

    /// <summary>A parameter without a default that may not be null must be there.</summary>
    private static bool IsRequired(ParameterInfo parameter) =>
        !parameter.HasDefaultValue && IsNotNull(parameter);

    private static bool IsNotNull(ParameterInfo parameter) =>
        new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull;

    private static string Named(ParameterInfo parameter, JsonSerializerOptions options) =>
        options.PropertyNamingPolicy?.ConvertName(parameter.Name!) ?? parameter.Name!;

    /// <summary>One variable a parameter, a loop over the members, and the constructor at its end.</summary>
    private static ReadRecord CompileRead(
        ConstructorInfo constructor, ParameterInfo[] parameters, JsonSerializerOptions options)
    {
        var reader = Expression.Parameter(typeof(Utf8JsonReader).MakeByRefType(), "reader");
        var table = Expression.Parameter(typeof(MemberNames), "names");
        var given = Expression.Parameter(typeof(JsonSerializerOptions), "options");
        var cursor = Expression.Variable(typeof(MemberCursor), "cursor");
        var end = Expression.Label("end");
        var values = parameters.Select(parameter => Expression.Variable(parameter.ParameterType)).ToArray();
        var next = Expression.Call(
            typeof(MemberNames).GetMethod(nameof(MemberNames.Next))!, reader, table, cursor);
        var cases = parameters.Select((parameter, i) => Expression.SwitchCase(
            Expression.Block(
                typeof(void),
                Expression.Assign(values[i], ReadMember(parameter, reader, given, options))),
            Expression.Constant(i)));
        var loop = Expression.Loop(
            Expression.Switch(typeof(void), next, Expression.Break(end), null, cases), end);
        var body = new List<Expression>();
        body.AddRange(parameters.Select((parameter, i) => (parameter, i))
            .Where(each => each.parameter.HasDefaultValue && each.parameter.DefaultValue is not null)
            .Select(each => Expression.Assign(
                values[each.i], RecordMember.Constant(each.parameter.DefaultValue!, each.parameter.ParameterType))));
        body.Add(loop);
        body.Add(Expression.Call(table, typeof(MemberNames).GetMethod(nameof(MemberNames.CheckRequired))!, cursor));
        body.Add(Expression.New(constructor, values));
        return Expression.Lambda<ReadRecord>(
            Expression.Block(typeof(T), [cursor, .. values], body), reader, table, given).Compile();
    }

    /// <summary>A member that is there but null is as good as missing where a record may not hold null.</summary>
    private static Expression ReadMember(
        ParameterInfo parameter, Expression reader, Expression given, JsonSerializerOptions options)
    {
        var value = RecordMember.Read(parameter.ParameterType, reader, given, options);
        return parameter.ParameterType.IsValueType || !IsNotNull(parameter)
            ? value
            : Expression.Coalesce(value, Expression.Throw(
                Expression.New(
                    typeof(JsonException).GetConstructor([typeof(string)])!,
                    Expression.Constant($"'{Named(parameter, options)}' is null.")),
                parameter.ParameterType));
    }

    private static WriteRecord CompileWrite(ParameterInfo[] parameters, JsonSerializerOptions options)
    {
        var writer = Expression.Parameter(typeof(Utf8JsonWriter), "writer");
        var value = Expression.Parameter(typeof(T), "value");
        var given = Expression.Parameter(typeof(JsonSerializerOptions), "options");
        var members = parameters.Select(parameter => RecordMember.Write(
            parameter.ParameterType, writer, JsonEncodedText.Encode(Named(parameter, options), options.Encoder),
            Expression.Property(value, parameter.Name!), given, options));
        return Expression.Lambda<WriteRecord>(
            Expression.Block(typeof(void), [.. members, Expression.Empty()]), writer, value, given).Compile();
    }
}

/// <summary>Finds the records that are made whole by one constructor, as positional records are.</summary>
internal sealed class RecordConverters : JsonConverterFactory
{
    public static ConstructorInfo? ConstructorOf(Type type)
    {
        const BindingFlags own = BindingFlags.Public | BindingFlags.Instance;
        if (!type.IsClass || type.IsAbstract || type.GetMethod("<Clone>$") is null
            || type.GetConstructors() is not [var constructor])
        {
            return null;
        }

        var parameters = constructor.GetParameters().Select(parameter => parameter.Name).ToHashSet();
        var settable = type.GetProperties(own).Where(property => property.SetMethod is not null);
        return parameters.Count <= 64 && settable.All(property => parameters.Contains(property.Name))
            ? constructor
            : null;
    }

    public override bool CanConvert(Type typeToConvert) => ConstructorOf(typeToConvert) is not null;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(RecordConverter<>).MakeGenericType(typeToConvert), options)!;
}

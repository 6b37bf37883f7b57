using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.EventStore;
using Ledger.Projections.Queries;

namespace Ledger.Api.Queries;

/// <summary>How answers are written as JSON: as events are, but with nulls, so that each row has the same
/// members.</summary>
public static class QueryJson
{
    public static JsonSerializerOptions Options { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(EventJson.Options)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
            IgnoreReadOnlyProperties = false,
        };
        options.Converters.Insert(0, new AmountAsText());
        options.MakeReadOnly();
        return options;
    }

    private sealed class AmountAsText : JsonConverter<Amount>
    {
        public override Amount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Answers are only written.");

        public override void Write(Utf8JsonWriter writer, Amount value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}

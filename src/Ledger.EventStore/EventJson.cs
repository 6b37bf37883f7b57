using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NodaTime;
using NodaTime.Text;

namespace Ledger.EventStore;

/// <summary>
/// How events are written for ever: camelCase, nulls left out, money as text that keeps its digits, dates as ISO 8601,
/// the domain's value types as plain text. Unknown members are passed over, so that old programs read newer events.
/// </summary>
public static class EventJson
{
    /// <summary>For stored events only; what callers send is read by stricter options.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>The same JSON by code that is made for each record: for events, of which there are many.</summary>
    internal static JsonSerializerOptions Records { get; } = MakeForRecords();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            IgnoreReadOnlyProperties = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters =
            {
                new DecimalAsText(),
                new Noda<LocalDate>(LocalDatePattern.Iso),
                new Noda<YearMonth>(YearMonthPattern.Iso),
                new Noda<AnnualDate>(AnnualDatePattern.Iso),
                new Noda<Instant>(InstantPattern.ExtendedIso),
                new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
                new DomainTypes(),
                new FactAsSent(),
                new PersonalTextConverter(),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    private static JsonSerializerOptions MakeForRecords()
    {
        var options = new JsonSerializerOptions(Options);
        JsonConverter[] first = [new PersonalTextConverter(), new RecordConverters(), new EnumTexts(), new DateText()];
        for (var i = 0; i < first.Length; i++)
        {
            options.Converters.Insert(i, first[i]);
        }

        options.MakeReadOnly();
        return options;
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Ledger.EventStore.Audit;

namespace Ledger.Tests.Audit;

/// <summary>RFC 8785 by its definition, against what writes millions of them.</summary>
public sealed class CanonicalJsonTests
{
    // Names whose order differs between UTF-8, UTF-16, and their escaped forms.
    private static readonly string[] Names =
        ["", "a", "ab", "a b", "a!", "A", "é", "\u20ac", "\ufb33", "\ud83d\ude00", "a\nb", "\"", "\\", "z~", "\u0080"];

    [Fact]
    public void Members_are_in_the_order_of_utf16_whatever_order_they_are_sent_in() =>
        Prop.ForAll(Objects.ToArbitrary(), given =>
        {
            var sent = given.ToJsonString();
            Assert.Equal(Defined(given), Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(sent))));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_generator_nests_and_needs_to_be_sorted()
    {
        var samples = Objects.Sample(200, 20).ToList();
        Assert.Contains(samples, each => each.Any(member => member.Value is JsonObject { Count: > 1 }));
        Assert.Contains(samples, each => each.ToJsonString() != Defined(each));
    }

    [Theory]
    [InlineData("""{"a": 1, "a": 1}""")]
    [InlineData("""{"b": 1, "a": 2, "b": 3}""")]
    [InlineData("""[{"a": {"x": 1, "\u0078": 2}}]""")]
    public void A_name_that_stands_twice_is_refused(string json) => Assert.StartsWith(
        "The name ",
        Assert.Throws<JsonException>(() => CanonicalJson.Of(Encoding.UTF8.GetBytes(json))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void What_was_refused_in_its_middle_leaves_nothing_behind()
    {
        Assert.ThrowsAny<JsonException>(() => CanonicalJson.Of("""{"b": 1, "c": {"d": 1, """u8));

        Assert.Equal("""{"a":2,"b":1}""", Encoding.UTF8.GetString(CanonicalJson.Of("""{"b": 1, "a": 2}"""u8)));
    }

    private static Gen<JsonObject> Objects => Gen.Sized(size => OfDepth(Math.Min(size, 3)));

    private static Gen<JsonObject> OfDepth(int depth) =>
        from names in Gen.SubListOf(Names)
        from order in Gen.Shuffle(names.ToArray())
        from values in Gen.ListOf(ValueOfDepth(depth), names.Count)
        select new JsonObject(order.Zip(values, (name, value) => KeyValuePair.Create(name, value?.DeepClone())));

    private static Gen<JsonNode?> ValueOfDepth(int depth)
    {
        var plain = Gen.Elements<JsonNode?>(null, true, 1, "x", "é\u0001\"");
        return depth == 0
            ? plain
            : Gen.Frequency((3, plain), (1, OfDepth(depth - 1).Select(each => (JsonNode?)each)));
    }

    private static string Defined(JsonNode? node) => node switch
    {
        JsonObject members => "{" + string.Join(',', members.OrderBy(each => each.Key, StringComparer.Ordinal)
            .Select(each => $"{Text(each.Key)}:{Defined(each.Value)}")) + "}",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(value.GetValue<string>()),
        _ => node?.ToJsonString() ?? "null",
    };

    private static string Text(string text) => "\"" + string.Concat(text.Select(each => each switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        < ' ' => $"\\u{(int)each:x4}",
        _ => each.ToString(),
    })) + "\"";
}

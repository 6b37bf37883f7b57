using System.Text.Json.Nodes;
using Ledger.Domain;
using Ledger.Tests.Golden;
using Ledger.Tests.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Ledger.Tests.OpenApi;

/// <summary>A linter for the description of the API: what generators of clients and readers of it rely on.</summary>
public sealed class ApiDescriptionTests(ApiHost host) : IClassFixture<ApiHost>
{
    /// <summary>What only the command line refuses, what waits for approval instead, and why a payslip of a run
    /// failed.</summary>
    private static readonly string[] NeverAnswered =
    [
        "approval-needed",
        "carry-over-balance-too-large",
        "carry-over-rate-out-of-range",
        "carry-over-result-account-needed",
        "employee-of-other-group",
        "holidays-unknown",
        "hours-unknown",
        "pay-run-attempt-overtaken",
        "payslip-not-made",
    ];

    [Fact]
    public void It_is_openapi_31_and_can_be_read_without_a_word_of_complaint()
    {
        var read = OpenApiDocument.Parse(host.Document.Json, "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors.Select(error => error.ToString()));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => warning.ToString()));
        Assert.Empty(read.Document!.Validate(ValidationRuleSet.GetDefaultRuleSet()).Select(error => error.ToString()));
    }

    [Fact]
    public void Every_endpoint_is_described_and_everything_described_is_an_endpoint()
    {
        // What answers GET answers HEAD; that is said once, for all of them.
        var mapped =
            from endpoint in ((IEndpointRouteBuilder)host.App).DataSources.SelectMany(source => source.Endpoints)
            let route = (RouteEndpoint)endpoint
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
            where method != "HEAD"
            select $"{method} {route.RoutePattern.RawText!.Replace("{**", "{", StringComparison.Ordinal)}";

        Assert.Equal(
            mapped.Order(StringComparer.Ordinal),
            host.Document.Operations.Select(each => $"{each.Method.ToUpperInvariant()} {each.Path}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_operation_has_a_name_of_its_own_and_words_that_end_as_they_should()
    {
        Assert.All(host.Document.Operations, each =>
        {
            Assert.Matches("^[a-z][A-Za-z]+$", Text(each.Operation["operationId"]));
            Assert.Matches("^[A-Z].{8,}[^.]$", Text(each.Operation["summary"]));
            Assert.Matches("(?s)^.{10,}\\.$", Text(each.Operation["description"]));
            Assert.Single(each.Operation["tags"]!.AsArray());
        });
        var names = host.Document.Operations.Select(each => Text(each.Operation["operationId"])).ToArray();
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void Every_parameter_is_described_with_a_schema_and_an_example_that_fits_it() =>
        Assert.All(
            from each in host.Document.Operations
            from parameter in each.Operation["parameters"]?.AsArray() ?? []
            select (Where: $"{each.Method} {each.Path} {parameter!["name"]}", Parameter: parameter),
            each =>
            {
                Assert.Matches("\\.$", Text(each.Parameter["description"]));
                AssertFits(each.Where, each.Parameter["schema"]!, each.Parameter["example"]);
            });

    [Fact]
    public void Every_path_parameter_of_a_pattern_is_a_parameter() =>
        Assert.All(host.Document.Operations, each => Assert.Equal(
            each.Path.Split('{')[1..].Select(part => part.Split('}')[0]),
            (each.Operation["parameters"]?.AsArray() ?? []).Where(parameter => Text(parameter!["in"]) == "path")
                .Select(parameter => Text(parameter!["name"]))));

    [Fact]
    public void Every_body_has_a_schema_and_an_example_that_fits_it()
    {
        var contents =
            from each in host.Document.Operations
            from body in each.Operation["responses"]!.AsObject().Select(response => response.Value)
                .Append(each.Operation["requestBody"])
            where body is not null
            from content in body["content"]?.AsObject() ?? []
            from example in ExamplesOf(content.Value!)
            select (Where: $"{each.Method} {each.Path} {content.Key}", Type: content.Key, Content: content.Value,
                example);

        Assert.All(contents, each =>
        {
            Assert.NotNull(each.Content["schema"]);
            if (each.Type == "application/x-ndjson")
            {
                Assert.Single(Text(each.example).Trim().Split('\n'));
            }
            else
            {
                AssertFits(each.Where, each.Content["schema"]!, each.example);
            }
        });
    }

    [Fact]
    public void Every_operation_says_what_it_answers_when_all_is_well_and_when_it_is_not() =>
        Assert.All(host.Document.Operations, each =>
        {
            var statuses = each.Operation["responses"]!.AsObject().Select(response => response.Key).ToArray();
            Assert.Contains(statuses, status => status.StartsWith('2'));
            Assert.Contains("500", statuses);
            Assert.Equal(each.Operation["security"] is null, statuses.Contains("401"));
        });

    [Fact]
    public void Every_property_says_what_it_is_and_what_is_sent_has_no_other()
    {
        var schemas = host.Document.Root["components"]!["schemas"]!.AsObject();

        Assert.All(schemas.SelectMany(schema => schema.Value!["properties"]!.AsObject()), property =>
            Assert.Contains(property.Value!.AsObject(), rule => rule.Key is "type" or "$ref" or "anyOf"));
        Assert.All(schemas.Where(schema => schema.Key.EndsWith("Request", StringComparison.Ordinal)), schema =>
            Assert.False(schema.Value!["additionalProperties"]!.GetValue<bool>()));
    }

    [Fact]
    public void Every_status_of_a_problem_is_the_one_that_is_answered() =>
        Assert.All(host.Document.Root["components"]!["examples"]!.AsObject(), example =>
        {
            Assert.Equal(Ledger.Api.Http.StatusOf(example.Key), example.Value!["value"]!["status"]!.GetValue<int>());
            Assert.Equal(example.Key, Text(example.Value["value"]!["code"]));
        });

    [Fact]
    public void Every_refusal_is_described_at_an_operation_that_can_answer_it() => Assert.Equal(
        NeverAnswered,
        RefusalCatalog.All.Select(refusal => refusal.Code).Distinct()
            .Where(code => !host.Document.Json.Contains($"`{code}`", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void The_description_is_the_one_that_was_reviewed() =>
        GoldenFile.Matches("tests/Ledger.Tests/OpenApi/openapi.json", host.Document.Json + "\n");

    private static IEnumerable<JsonNode?> ExamplesOf(JsonNode content) => content["examples"] is { } several
        ? several.AsObject().Select(each => each.Value!["$ref"])
        : [content["example"]];

    private void AssertFits(string where, JsonNode schema, JsonNode? value)
    {
        if (value is JsonValue reference && reference.TryGetValue<string>(out var text)
            && text.StartsWith("#/components/examples/", StringComparison.Ordinal))
        {
            value = JsonSchema.Resolve(host.Document.Root, text)["value"];
        }

        Assert.NotNull(value);
        var faults = JsonSchema.Check(host.Document.Root, schema, value).ToArray();
        Assert.True(faults.Length == 0, $"{where}: {string.Join("; ", faults)}");
    }

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}

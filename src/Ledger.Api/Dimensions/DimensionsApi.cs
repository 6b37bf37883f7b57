using Ledger.Api.OpenApi;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Keys;
using NodaTime;

namespace Ledger.Api.Dimensions;

/// <summary>Dimensions over HTTP, what changes them.</summary>
public static class DimensionsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/dimensions/{dimension}/{value}", PutAsync)
            .Needs(Permission.ChangeChart)
            .Is(
                "putDimensionValue", "Dimensions", "Adds a value to a dimension, or changes it",
                "A dimension is there once it has a value. To change a value that exists, send all of it with "
                    + "`If-Match`.")
            .Changes()
            .Reads<DimensionValueDetails>("""{"name": "Sales", "names": {"az": "Satış"}}""")
            .Writes<DimensionValueWritten>(Example)
            .Refuses(Refusals.Of("Dimension", "Text", "Register"))
            .Refuses("company-unknown");
        surface.Get("/companies/{company}/dimensions/{dimension}/{value}", GetAsync)
            .Needs(Permission.ReadChart)
            .Is("getDimensionValue", "Dimensions", "Reads a value of a dimension as it was last sent",
                "What was left out is null, so that it can be changed and sent back with `If-Match`.")
            .Shows<DimensionValueDetails>("""{"name": "Sales", "names": null, "archived": null}""")
            .Refuses("company-unknown", RequestProblems.DimensionValueNotFound);
    }

    private const string Example = """
        {"dimension": "department", "value": "sales", "version": 1, "sequence": 12,
        "recorded": "2026-01-02T08:00:00.123456Z"}
        """;

    private static async ValueTask GetAsync(Call call)
    {
        var (dimension, value) = (call.Id("dimension"), call.Id("value"));
        await Registers.RequireCompanyAsync(call);
        var catalog = await Registers.ReadAsync(call, Streams.Dimensions, Streams.DimensionsFold);
        var known = catalog.State.Find(dimension, value) ?? throw RequestProblems.Fail(
            RequestProblems.DimensionValueNotFound, $"The dimension '{dimension}' has no value '{value}'.");
        await Registers.WriteAsync(call, known.Details, known.Version);
    }

    private static async ValueTask PutAsync(Call call)
    {
        var (company, dimension, value) = (call.Company, call.Id("dimension"), call.Id("value"));
        var details = await call.BodyAsync(DimensionJson.Read, 0);
        var command = new PutDimensionValue(dimension, value, details, call.IfMatch);
        var outcome = await call.TransactAsync(
            reading => DimensionWrites.PutAsync(command, reading, call.Ledger.Facts));
        await Writes.AnswerAsync(
            call,
            outcome,
            static (json, put) =>
            {
                json.WriteString("dimension"u8, put.Dimension);
                json.WriteString("value"u8, put.Value);
            },
            command);
    }
}

/// <param name="Version">That of all dimensions at the last change of this value.</param>
public sealed record DimensionValueWritten(
    string Dimension, string Value, long Version, long Sequence, Instant Recorded);

using Ledger.Domain.Dimensions;

namespace Ledger.Api.Dimensions;

/// <summary>Dimensions over HTTP, what changes them.</summary>
public static class DimensionsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/dimensions/{dimension}/{value}", PutAsync);
    }

    private static async ValueTask PutAsync(Call call)
    {
        var (company, dimension, value) = (call.Company, call.Id("dimension"), call.Id("value"));
        var details = await call.BodyAsync(DimensionJson.Read, 0);
        var command = new PutDimensionValue(dimension, value, details, call.IfMatch);
        var outcome = await call.Ledger.Transact.RunAsync(
            company, call.Metadata, reading => DimensionWrites.PutAsync(command, reading, call.Ledger.Facts));
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

using System.Text.Json.Nodes;

namespace Ledger.Api.OpenApi;

/// <summary>The description of the API over HTTP.</summary>
public static class OpenApiApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        var document = new Lazy<byte[]>(() => ApiDescription.Write(surface.Operations));
        surface.GetOpen(ApiDescription.Path, context =>
                Http.WriteAsync(context, StatusCodes.Status200OK, Http.Json, document.Value).AsTask())
            .Is("getOpenApi", "Service", "Describes the API", "This document, as OpenAPI 3.1.")
            .Answers<JsonObject>(StatusCodes.Status200OK, "The description.", """{"openapi": "3.1.0"}""");
    }
}

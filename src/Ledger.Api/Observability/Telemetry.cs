using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ledger.EventStore;
using Ledger.Projections;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ledger.Api.Observability;

/// <summary>
/// Metrics for Prometheus at <c>/metrics</c>; metrics and traces to a collector as well, when OpenTelemetry's own
/// variables name one (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>).
/// </summary>
public sealed class Telemetry : IDisposable
{
    private const string Name = "Ledger.Api";
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    private readonly Meter meter;

    public Telemetry(LedgerHost ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        meter = new(new MeterOptions(Name) { Scope = ledger });
        meter.CreateObservableGauge(
            "ledger.projection.sequence", () => ledger.Books.Status.Sequence, "{event}",
            "The tables have read up to here.");
        meter.CreateObservableGauge(
            "ledger.projection.lag", () => Now(ledger, lag => lag.Events), "{event}",
            "Events that are not in the tables yet.");
        meter.CreateObservableGauge(
            "ledger.projection.lag.duration", () => Now(ledger, lag => (double)lag.Seconds), "s",
            "How long the oldest of them has been waiting.");
        meter.CreateObservableGauge(
            "ledger.projection.stopped", () => ledger.Books.Status.Stopped is null ? 0 : 1, null,
            "1 when the loop met an event that it cannot read.");
    }

    private static string? ServiceVersion =>
        typeof(Telemetry).Assembly.GetName().Version?.ToString(fieldCount: 3);

    public static void Add(WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var otlp = IsSet(builder.Configuration, Endpoint);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("backoffice", serviceVersion: ServiceVersion));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(
                StoreMetrics.Name, Name, "Npgsql", "Microsoft.AspNetCore.Hosting",
                "Microsoft.AspNetCore.Server.Kestrel",
                "System.Runtime");
            metrics.AddPrometheusExporter();
            if (otlp)
            {
                metrics.AddOtlpExporter();
            }
        });
        if (otlp || IsSet(builder.Configuration, TracesEndpoint))
        {
            telemetry.WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation(asp => asp.EnrichWithHttpResponse = KeepToTheRoute)
                .AddSource(StoreMetrics.Name, "Npgsql")
                .SetSampler(new ParentBasedSampler(new RequestsOnly()))
                .AddOtlpExporter());
        }
    }

    public void Map(Surface surface, IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(routes);
        var scrape = routes.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();
        surface.GetOpen("/metrics", scrape)
            .Is(
                "getMetrics", "Service", "Metrics for Prometheus",
                "Latency of appends, size of batches, length of the queue, lag of the projections, requests by route.")
            .Answers<string>(200, "The text format of Prometheus.", "# TYPE ledger_append_queue gauge", "text/plain");
    }

    public void Dispose() => meter.Dispose();

    private static bool IsSet(IConfiguration configuration, string name) => !string.IsNullOrEmpty(configuration[name]);

    /// <summary>A trace says what the log of requests says: the route, and nothing that a caller wrote.</summary>
    private static void KeepToTheRoute(Activity activity, HttpResponse response)
    {
        activity.SetTag("url.path", RequestLog.RouteOf(response.HttpContext));
        foreach (var written in new[] { "url.query", "user_agent.original", "http.request.method_original" })
        {
            activity.SetTag(written, null);
        }
    }

    /// <summary>
    /// What the database says whenever the metrics are collected, by whomever; nothing when it does not answer. Those
    /// who collect them have no other way than to wait for it here.
    /// </summary>
    private static IEnumerable<Measurement<T>> Now<T>(LedgerHost ledger, Func<ProjectionLag, T> part)
        where T : struct =>
        HealthApi.LagAsync(ledger).GetAwaiter().GetResult() is { } lag ? [new(part(lag))] : [];
}

/// <summary>A trace begins with a request. What the loops ask the database all the time belongs to none.</summary>
internal sealed class RequestsOnly : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(samplingParameters.Kind == ActivityKind.Server);
}

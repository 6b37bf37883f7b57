using Ledger.Api.Accounts;
using Ledger.Api.Companies;
using Ledger.Api.Dimensions;
using Ledger.Api.Journals;
using Ledger.Api.Observability;
using Ledger.Api.OpenApi;
using Ledger.Api.Pages;
using Ledger.Api.People;
using Ledger.Api.Periods;
using Ledger.Api.Queries;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ledger.Api;

/// <summary>The ledger over HTTP: Kestrel, the few things that stand around every request, and the surface.</summary>
public static class WebHost
{
    /// <summary>How long what was accepted may take to end when the service is asked to stop.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    /// <param name="ledger">Open; whoever opened it disposes of it, after the service has stopped.</param>
    /// <param name="urls">Where to listen; port 0 takes a free one.</param>
    /// <param name="requestLog">Where the log of requests goes; null writes none.</param>
    public static WebApplication Build(LedgerHost ledger, string urls, TextWriter? requestLog)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(urls);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(WebHost).Assembly.GetName().Name,
            ContentRootPath = Settings.ContentRoot,
        });
        builder.WebHost.ConfigureKestrel(Limit);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopWithin);
        builder.Services.AddSingleton(_ => new RequestLog(requestLog, ledger.Clock));
        builder.Services.AddSingleton(_ => new Telemetry(ledger));
        builder.Services.AddHostedService(services =>
            new ErasureService(ledger, services.GetRequiredService<ILogger<ErasureService>>()));
        Telemetry.Add(builder);

        // Else every request becomes an activity and a logging scope, which nobody reads and which cost throughput.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.None);

        var app = builder.Build();
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            app.Urls.Add(url);
        }

        app.UseMiddleware<Edge>();
        Map(app, new Surface(app, ledger));
        return app;
    }

    private static void Map(WebApplication app, Surface surface)
    {
        HealthApi.Map(surface);
        app.Services.GetRequiredService<Telemetry>().Map(surface, app);
        HomePage.Map(surface);
        ProblemPages.Map(surface);
        OpenApiApi.Map(surface);
        CompaniesApi.Map(surface);
        AccountsApi.Map(surface);
        DimensionsApi.Map(surface);
        PeriodsApi.Map(surface);
        JournalsApi.Map(surface);
        JournalBatchApi.Map(surface);
        QueriesApi.Map(surface);
        PersonalDataApi.Map(surface);
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        // Each operation has its own limit. The server's would end the connection before the caller could read why.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxRequestLineSize = 16 * 1024;
        kestrel.AllowResponseHeaderCompression = false;
    }
}

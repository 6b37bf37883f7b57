using Ledger.Api.Accounts;
using Ledger.Api.Approvals;
using Ledger.Api.Audit;
using Ledger.Api.Companies;
using Ledger.Api.Dimensions;
using Ledger.Api.Employees;
using Ledger.Api.Journals;
using Ledger.Api.Keys;
using Ledger.Api.Leave;
using Ledger.Api.Limits;
using Ledger.Api.Observability;
using Ledger.Api.OpenApi;
using Ledger.Api.Pages;
using Ledger.Api.PayGroups;
using Ledger.Api.Payroll;
using Ledger.Api.PayRuns;
using Ledger.Api.People;
using Ledger.Api.Periods;
using Ledger.Api.Queries;
using Ledger.Api.Readers;
using Ledger.Api.TimeSheets;
using Ledger.Api.Witnesses;

namespace Ledger.Api;

/// <summary>The ledger over HTTP: Kestrel, the few things that stand around every request, and the surface.</summary>
public static class WebHost
{
    /// <summary>How long what was accepted may take to end when the service is asked to stop.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    private const StringSplitOptions Blanks = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    /// <param name="ledger">Open; whoever opened it disposes of it, after the service has stopped.</param>
    /// <param name="urls">Where to listen, unless <c>Kestrel:Endpoints</c> says so; port 0 takes a free one.</param>
    /// <param name="requestLog">Where the log of requests goes; null writes none.</param>
    /// <exception cref="SetUpException">A setting cannot be read.</exception>
    public static WebApplication Build(LedgerHost ledger, string urls, TextWriter? requestLog)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(urls);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(WebHost).Assembly.GetName().Name,
            ContentRootPath = Settings.ContentRoot,

            // Else every write of the private database, which lies below that folder, is looked at for settings.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        var configuration = ledger.Settings.Configuration;
        var limits = EdgeLimits.Read(configuration);
        var origins = CrossOrigins.Read(configuration);
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listening.Limit(kestrel, limits));
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => CrossOrigins.Allow(policy, origins)));
        builder.Services.AddSingleton(limits).AddSingleton<RateLimits>();
        var accessLog = AccessLogSettings.Read(configuration);
        builder.Services.AddSingleton(services => new AccessLog(
            ledger.Database, accessLog, ledger.Clock, services.GetRequiredService<ILogger<AccessLog>>()));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopWithin);
        builder.Services.AddSingleton(_ => new RequestLog(requestLog, ledger.Clock));
        builder.Services.AddSingleton(_ => new Telemetry(ledger));
        var pause = VerificationRuns.PauseOf(configuration);
        builder.Services.AddSingleton(services =>
            new VerificationRuns(ledger, pause, services.GetRequiredService<ILogger<VerificationRuns>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<VerificationRuns>());
        builder.Services.AddHostedService(services =>
            new ErasureService(ledger, services.GetRequiredService<ILogger<ErasureService>>()));
        if (!configuration.GetValue("Projections:Paused", false))
        {
            builder.Services.AddHostedService(services =>
                new AuditService(ledger, services.GetRequiredService<ILogger<AuditService>>()));
            if (configuration.GetValue(CertificateService.Setting, true))
            {
                builder.Services.AddHostedService(services =>
                    new CertificateService(ledger, services.GetRequiredService<ILogger<CertificateService>>()));
            }
            builder.Services.AddHostedService(services =>
                new WitnessService(ledger, services.GetRequiredService<ILogger<WitnessService>>()));
        }

        Telemetry.Add(builder);

        // Else every request becomes an activity and a logging scope, which nobody reads and which cost throughput.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.None);

        var app = builder.Build();
        var stopped = new StoppedLog(app.Services.GetRequiredService<ILogger<StoppedLog>>());
        stopped.Follow(ledger.Books);
        stopped.Follow(ledger.PayRuns);
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();
        foreach (var url in endpoints ? [] : urls.Split(';', Blanks))
        {
            app.Urls.Add(url);
        }

        app.UseMiddleware<Edge>();
        if (origins.Length > 0)
        {
            app.UseCors();
        }

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
        CertificatesApi.Map(surface);
        KeysApi.Map(surface);
        ReadersApi.Map(surface);
        ApprovalsApi.Map(surface);
        JournalsApi.Map(surface);
        JournalBatchApi.Map(surface);
        QueriesApi.Map(surface);
        PersonalDataApi.Map(surface);
        EmployeesApi.Map(surface);
        EmployeeBatchApi.Map(surface);
        EmployeeReadsApi.Map(surface);
        EmployeeListApi.Map(surface);
        TimeSheetsApi.Map(surface);
        TimeSheetQueriesApi.Map(surface);
        PayrollApi.Map(surface);
        HolidaysApi.Map(surface);
        PayGroupsApi.Map(surface);
        PayRunsApi.Map(surface);
        PayRunQueriesApi.Map(surface);
        PaymentsApi.Map(surface);
        EmployeePayslipsApi.Map(surface);
        YearToDateApi.Map(surface);
        PayrollRegisterApi.Map(surface);
        PayrollCostApi.Map(surface);
        StaffTurnoverApi.Map(surface);
        LeaveBalancesApi.Map(surface);
        LeaveLiabilityApi.Map(surface);
        ProofsApi.Map(surface);
        SaltDeletionApi.Map(surface);
        LedgerLogApi.Map(surface);
        VerificationApi.Map(surface);
    }
}

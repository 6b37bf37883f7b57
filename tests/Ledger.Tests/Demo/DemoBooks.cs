using Ledger.Api.Demo;
using Ledger.Tests.Http;

namespace Ledger.Tests.Demo;

/// <summary>The service with the demo's books in it.</summary>
public sealed class DemoBooks : IAsyncLifetime
{
    public const string Company = "demo";

    public ApiHost Host { get; } = new();

    internal List<string> Said { get; } = [];

    internal DemoReport Report { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        Report = await TellAsync();
    }

    public Task DisposeAsync() => Host.DisposeAsync();

    internal Task<DemoReport> TellAsync(
        string company = Company, Action<string>? say = null, CancellationToken cancellation = default) =>
        new DemoRun(Host.Ledger, company, say ?? Said.Add).RunAsync(cancellation);

    public async Task<string> TrialBalanceAsync(string company = Company) =>
        (await Host.GetAsync(
            $"/companies/{company}/reports/trial-balance?to=2025-12-31"
                + $"&atLeast={await Host.Ledger.Store.HeadAsync()}",
            ("Accept", "text/csv"))).Is(200).Body;
}

using Ledger.Tests.Http;

namespace Ledger.Tests.Keys;

public sealed class SlowDatabaseTests(ApiHost host) : IClassFixture<ApiHost>
{
    /// <summary>What this process knows of keys is believed for a second; the database takes longer than that to say it
    /// again.</summary>
    [Fact]
    public async Task A_key_is_not_refused_because_the_database_answers_late()
    {
        (await host.GetAsync("/companies/nowhere")).IsProblem(404, "company-unknown");
        var busy = host.ExecuteAsSuperuserAsync(
            "begin; lock table public.mt_events in access exclusive mode; select pg_sleep(3); commit");
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        (await host.GetAsync("/companies/nowhere")).IsProblem(404, "company-unknown");
        await busy;
    }
}

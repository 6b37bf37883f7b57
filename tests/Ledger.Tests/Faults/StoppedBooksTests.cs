using Ledger.Benchmarks.Faults;
using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Tests.Http;
using Ledger.Tests.Projections;

namespace Ledger.Tests.Faults;

/// <summary>Events that a service cannot read: it says so, answers no question behind them, and goes on to
/// record.</summary>
public sealed class StoppedBooksTests
{
    [Fact]
    public async Task An_event_of_a_newer_version_stops_answers_and_no_recording_and_the_newer_version_has_it_all()
    {
        await using var stopped = await StoppedAsync("loop_test_happened", """{"what": "x"}""", "keys");
        await stopped.ThenRecordsAndAnswersNothingAsync("loop_test_happened");

        await using (var newer = new ProjectionLoop(
            stopped.Host.Ledger.Database, BooksDatabase.Catalog, BooksDatabase.Hurried))
        {
            newer.Start();
            await stopped.ThenAllIsThereAsync(BooksDatabase.Catalog);
        }
    }

    [Fact]
    public async Task A_poisoned_event_stops_answers_and_no_recording_and_nothing_but_it_is_found()
    {
        await using var stopped = await StoppedAsync(
            "account_opened", """{"settings": "none"}""", "chart-of-nobody");
        await stopped.ThenRecordsAndAnswersNothingAsync("account_opened");

        Assert.All(
            await stopped.BrokenAsync(EventCatalog.Ledger),
            finding => Assert.Contains("chart-of-nobody", finding, StringComparison.Ordinal));
    }

    private static async Task<Stopped> StoppedAsync(string type, string json, string stream)
    {
        var host = await ApiHost.StartAsync();
        var books = host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        await host.ExecuteAsSuperuserAsync($"""
            insert into public.mt_streams (tenant_id, id, version, timestamp, created)
            values ('another', '{stream}', 1, clock_timestamp(), clock_timestamp());
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            select max(seq_id) + 1, gen_random_uuid(), '{stream}', 1, '{json}', '{type}', clock_timestamp(), 'another'
            from public.mt_events
            """);
        return new(host, books);
    }

    private sealed class Stopped(ApiHost host, Scenario books) : IAsyncDisposable
    {
        private const int Sales = 20;
        private readonly Told told = new();

        public ApiHost Host => host;

        public async Task ThenRecordsAndAnswersNothingAsync(string type)
        {
            for (var i = 0; i < Sales; i++)
            {
                var sale = Steps.Sale($"e{i}");
                var document = new Document(
                    books.Company, $"journal-entry/e{i}", sale.Method, sale.Path, sale.Json!, $"e{i}");
                told.Sending(document);
                var answer = await books.SendAsync(sale);
                Assert.True(told.Answered(document, answer.Status, answer.Json), answer.Body);
            }

            var refused = (await books.SendAsync(Step.Get("/balances?asOf=2026-12-31"))).IsProblem(
                503, "projection-behind");
            Assert.Contains(type, refused.Body, StringComparison.Ordinal);
            var report = await new Verification(host.Ledger.Database, EventCatalog.Ledger).RunAsync();
            Assert.Contains(
                report.Findings, finding => finding.ToString().Contains(type, StringComparison.Ordinal));
        }

        public async Task ThenAllIsThereAsync(EventCatalog catalog)
        {
            ApiAnswer balances;
            do
            {
                balances = await books.SendAsync(Step.Get($"/balances?asOf=2026-12-31&atLeast={told.Head}"));
            }
            while (balances.Status == 503);

            Assert.Contains("\"240.00\"", balances.Is(200).Body, StringComparison.Ordinal);
            Assert.Empty(await BrokenAsync(catalog));
        }

        public Task<IReadOnlyList<string>> BrokenAsync(EventCatalog catalog) =>
            new Invariants(host.Ledger.Database, told, catalog: catalog).BrokenAsync();

        public async ValueTask DisposeAsync() => await host.DisposeAsync();
    }
}

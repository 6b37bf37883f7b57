using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Ledger.EventStore;
using Ledger.Tests.People;
using Ledger.Tests.Projections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Ledger.Tests.Http;

public sealed class HealthTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Health_says_how_far_the_tables_are_and_what_waits()
    {
        await host.Ledger.Books.WaitForAsync(await host.Ledger.Store.HeadAsync(), TimeSpan.FromSeconds(30));

        var health = (await host.GetAsync("/healthz", ("Authorization", "none"))).Is(200).Json;

        Assert.Equal("ok", health.GetProperty("status").GetString());
        Assert.Equal(0, health.GetProperty("queue").GetInt32());
        var books = health.GetProperty("projections").EnumerateArray().Single();
        Assert.Equal("books", books.GetProperty("name").GetString());
        Assert.Equal(0, books.GetProperty("events").GetInt64());
        Assert.Equal(health.GetProperty("head").GetInt64(), books.GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task The_service_is_ready_once_the_tables_have_what_was_there_at_the_start()
    {
        await host.Ledger.Books.WaitForAsync(host.Ledger.HeadAtStart, TimeSpan.FromSeconds(30));

        Assert.Equal("""{"ready":true}""", (await host.GetAsync("/readyz")).Is(200).Body);
    }

    [Fact]
    public async Task Whoever_asks_is_told_which_event_stops_the_tables_and_nothing_of_its_company_or_stream()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var (acme, beta) = (own.Host.Given(Steps.Company), own.Host.Given(Steps.Company));
        await beta.PrepareAsync();
        await acme.PrepareAsync();
        var unknown = BooksDatabase.Catalog.ToStore(new LoopTestHappened("x"));
        var stopped = Assert.IsType<AppendResult.Appended>(await own.Host.Ledger.Store.AppendAsync(new(
            acme.Company, [new("journal-entry/secret-5512", 0, [unknown])], [], new("key:x", null, null, null))))
            .LastSequence;
        await own.Host.RestartAsync();
        while (own.Host.Ledger.Books.Status.Stopped is null)
        {
            await Task.Delay(10);
        }

        var health = (await own.Host.GetAsync("/healthz", ("Authorization", "none"))).Is(200);
        Assert.Equal(
            $"Event {stopped} ('loop_test_happened')",
            health.Json.GetProperty("projections")[0].GetProperty("stopped").GetString());
        foreach (var told in new[]
        {
            health,
            (await own.Host.GetAsync("/readyz", ("Authorization", "none"))).IsProblem(503, "projection-behind"),
            (await beta.SendAsync(Step.Get($"/balances?atLeast={stopped}"))).IsProblem(503, "projection-behind"),
        })
        {
            Assert.Contains($"Event {stopped} ('loop_test_happened')", told.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", told.Body, StringComparison.Ordinal);
            Assert.DoesNotContain($"'{acme.Company}'", told.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_a_trouble_whoever_asks_is_told_the_kind_and_the_log_what_the_database_said()
    {
        using var log = new CapturedLog();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        own.Host.App.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        await own.Host.ExecuteAsSuperuserAsync("""
            create function public.refuse() returns trigger language plpgsql as
                $$begin raise exception 'secret-5512 of acme' using errcode = '42501'; end$$;
            create trigger refuse before update on public.mt_event_progression
                for each statement execute function public.refuse();
            """);
        await own.Host.Given(Steps.Company).PrepareAsync();
        while (own.Host.Ledger.Books.Status.Trouble is null)
        {
            await Task.Delay(10);
        }

        var health = (await own.Host.GetAsync("/healthz", ("Authorization", "none"))).Is(200);
        var books = health.Json.GetProperty("projections")[0];
        Assert.Equal("degraded", health.Json.GetProperty("status").GetString());
        Assert.Equal("database-refuses", books.GetProperty("troubleCode").GetString());
        Assert.StartsWith("The database refuses", books.GetProperty("trouble").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("5512", health.Body, StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.Contains("secret-5512 of acme", StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_the_audit_logs_stopped_is_told_to_all_and_the_reason_to_the_log_of_the_service()
    {
        using var log = new CapturedLog();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        own.Host.App.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        await own.Host.Given(Steps.Company).PrepareAsync();
        await own.Host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        var signed = Directory.GetFiles(own.Host.DataFolder, "audit.key.*.signed").Single();
        var kept = await File.ReadAllTextAsync(signed);
        await File.WriteAllTextAsync(signed, "torn");
        await own.Host.Given(Steps.Company).PrepareAsync();
        while (own.Host.Ledger.AuditLog.Status.Trouble is null)
        {
            await Task.Delay(10);
        }

        var health = (await own.Host.GetAsync("/healthz", ("Authorization", "none"))).Is(200);
        var logs = health.Json.GetProperty("auditLogs");
        Assert.Equal("degraded", health.Json.GetProperty("status").GetString());
        Assert.Equal("audit-log-stopped", logs.GetProperty("troubleCode").GetString());
        Assert.StartsWith(
            "Nothing is added to the audit logs", logs.GetProperty("trouble").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(own.Host.DataFolder, health.Body, StringComparison.Ordinal);
        Assert.Contains(
            log.Lines, line => line.Contains("does not hold the checkpoint", StringComparison.Ordinal)
                && line.Contains(signed, StringComparison.Ordinal));

        await File.WriteAllTextAsync(signed, kept);
        while (own.Host.Ledger.AuditLog.Status.Trouble is not null)
        {
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task Metrics_tell_of_appends_the_queue_and_the_lag()
    {
        var books = host.Given(Steps.Company);
        await books.PrepareAsync();

        var metrics = (await host.GetAsync("/metrics")).Is(200).Body;

        foreach (var name in new[]
        {
            "ledger_append_duration_seconds_count", "ledger_append_batch_requests_count", "ledger_append_queue",
            "ledger_projection_lag_duration_seconds", "ledger_projection_sequence", "ledger_projection_stopped",
            "http_server_request_duration_seconds_count",
        })
        {
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_lag_is_that_of_the_moment_whoever_collects_the_metrics()
    {
        await host.Ledger.Books.WaitForAsync(await host.Ledger.Store.HeadAsync(), TimeSpan.FromSeconds(30));
        using var listener = new MeterListener();
        var events = new ConcurrentQueue<long>();
        var waits = new ConcurrentQueue<bool>();
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Name.StartsWith("ledger.projection.lag", StringComparison.Ordinal)
                && instrument.Meter.Scope == host.Ledger)
            {
                to.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => events.Enqueue(count));
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => waits.Enqueue(seconds > 0));
        listener.Start();
        listener.RecordObservableInstruments();

        // Nobody writes the tables while another holds them.
        await using (var held = new NpgsqlConnection(host.Ledger.ConnectionString + ";Pooling=false"))
        {
            await held.OpenAsync();
            await using var hold = new NpgsqlCommand(
                "select pg_advisory_lock(ledger_read.lock_of('books', 1))", held);
            await hold.ExecuteNonQueryAsync();
            foreach (var name in new[] { "One", "Two" })
            {
                (await host.PutAsync(
                    $"/companies/lag-{name}", $$"""{"name":"{{name}}","currency":"EUR","country":"DE"}""")).Is(201);
                listener.RecordObservableInstruments();
            }
        }

        await host.Ledger.Books.WaitForAsync(await host.Ledger.Store.HeadAsync(), TimeSpan.FromSeconds(30));
        listener.RecordObservableInstruments();
        Assert.Equal([0, 1, 2, 0], events);
        Assert.Equal([false, true, true, false], waits);
    }

    [Fact]
    public async Task Metrics_do_not_tell_where_the_database_is()
    {
        await host.Given(Steps.Company).When(Step.Get("/accounts")).Then(200);
        var connection = new NpgsqlConnectionStringBuilder(host.Ledger.ConnectionString);

        var metrics = (await host.GetAsync("/metrics")).Is(200).Body;

        // Other tests of this process have databases of their own, and are in these metrics too.
        Assert.Contains("=\"ledger-queries\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(connection.Database!, metrics, StringComparison.Ordinal);
    }
}

using System.Text.Json;
using Ledger.Benchmarks.Faults;
using Ledger.Tests.Http;

namespace Ledger.Tests.Faults;

/// <summary>The invariants find what is broken: without that, no test that finds them whole shows anything.</summary>
public sealed class InvariantsTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task What_was_acknowledged_or_denied_wrongly_is_found_by_name()
    {
        var books = host.Given([.. Steps.CompanyWithChart, Steps.Sale("there")]);
        await books.PrepareAsync();
        var told = new Told();
        Tell(told, Entry(books.Company, "lost"), 201, """{"sequence": 3}""");
        Tell(told, Entry(books.Company, "there"), 503, """{"code": "store-unavailable"}""");
        told.Sending(Entry(books.Company, "never"));
        told.Lost(Entry(books.Company, "never"));
        Tell(told, Entry(books.Company, "wrong"), 500, """{"code": "internal-error"}""");
        Tell(told, Entry(books.Company, "two"), 201, """{"sequence": 4}""");
        Tell(told, Entry(books.Company, "two"), 200, """{"sequence": 5}""");

        var broken = await new Invariants(host.Ledger.Database, told).BrokenAsync();

        foreach (var (id, words) in new[]
        {
            ("lost", "was acknowledged and is not recorded"),
            ("there", "is recorded although every answer said that it is not"),
            ("never", "never came to an answer"),
            ("wrong", "was answered 500"),
            ("two", "was acknowledged as event 4, and as 5"),
        })
        {
            Assert.Contains(broken, each => each.Contains($"/{id} {words}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_is_recorded_wrongly_is_found_by_its_number()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var books = own.Host.Given([.. Steps.CompanyWithChart, Steps.JanuaryClosed, Steps.Sale("e1", "2026-02-28")]);
        await books.PrepareAsync();
        await own.Host.ExecuteAsSuperuserAsync("""
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            select e.seq_id + 2, gen_random_uuid(), e.stream_id, 3,
                jsonb_set(jsonb_set(e.data::jsonb, '{bookedOn}', '"2026-01-31"'), '{lines,0,amount}', '"13.00"'),
                e.type, e.timestamp - interval '1 hour', e.tenant_id
            from public.mt_events e where e.type = 'journal_entry_posted'
            """);

        var broken = string.Join('\n', await new Invariants(own.Host.Ledger.Database, new Told()).BrokenAsync());

        foreach (var words in new[]
        {
            "comes after", "has an instant before that of its predecessor", "is version 3 of journal-entry/e1, not 2",
            "posts journal-entry/e1 a second time", "does not balance", "is booked in a month that was closed before",
        })
        {
            Assert.Contains(words, broken, StringComparison.Ordinal);
        }
    }

    private static Document Entry(string company, string id) => Document.Entry(company, id, "2026-01-31", 100);

    private static void Tell(Told told, Document document, int status, string body)
    {
        told.Sending(document);
        told.Answered(document, status, JsonDocument.Parse(body).RootElement);
    }

    private sealed class OwnHost(ApiHost host) : IAsyncDisposable
    {
        public ApiHost Host => host;

        public async ValueTask DisposeAsync() => await host.DisposeAsync();
    }
}

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
        Tell(told, Entry(books.Company, "page"), 200, "<html></html>");
        Tell(told, Entry(books.Company, "empty"), 500, "");

        var broken = await new Invariants(host.Ledger.Database, told).BrokenAsync();

        foreach (var (id, words) in new[]
        {
            ("lost", "was acknowledged and is not recorded"),
            ("there", "is recorded although every answer said that it is not"),
            ("never", "never came to an answer"),
            ("wrong", "was answered 500"),
            ("two", "was acknowledged as event 4, and as 5"),
            ("page", "was answered 200 with what is no JSON: '<html></html>'"),
            ("empty", "was answered 500 with what is no JSON: ''"),
        })
        {
            Assert.Contains(broken, each => each.Contains($"/{id} {words}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Contents_that_changed_places_numbers_of_others_and_wrong_balances_are_found()
    {
        var books = host.Given([
            Steps.Company, Step.Put("/accounts/501", """{"name": "Cash", "type": "asset"}"""),
            Step.Put("/accounts/703", """{"name": "Sales", "type": "income"}""")]);
        await books.PrepareAsync();
        var told = new Told();
        var sent = new[] { ("e-1", 100), ("e-12", 250) }
            .Select(each => Document.Entry(books.Company, each.Item1, "2026-01-31", each.Item2)).ToList();
        foreach (var document in sent)
        {
            var step = Step.Put($"/journal-entries/{document.Id}", document.Json);
            Tell(told, document, 201, (await books.SendAsync(step)).Is(201).Body);
        }

        var question = await books.SendAsync(Step.Get("/balances?asOf=2026-12-31"));
        told.Balanced("/balances", books.Company, question.Is(200).Body);
        Assert.Empty(await new Invariants(host.Ledger.Database, told).BrokenAsync());

        // As if a batch had swapped two bodies, and had answered with the number of the neighbour.
        var swapped = new Told();
        var (first, second) = (told.Standings[0].Sequence, told.Standings[1].Sequence);
        Tell(swapped, sent[0] with { Json = sent[1].Json }, 201, $$"""{"sequence": {{first}}}""");
        Tell(swapped, sent[1], 201, $$"""{"sequence": {{first}}}""");
        swapped.Balanced("/balances", books.Company, """{"rows": [], "knownAtSequence": 1000000}""");
        swapped.Balanced("/none", books.Company, "[]");

        var broken = await new Invariants(host.Ledger.Database, swapped, [told]).BrokenAsync();

        Assert.Equal(
            [
                "GET /none was answered with what are no balances: '[]'",
                $"{sent[0].Path} was acknowledged as {sent[1].Content()}, and is recorded as {sent[0].Content()}",
                $"{sent[1].Path} was acknowledged as event {first}, which is ({books.Company}, {sent[0].Stream})",
                "/balances says that 501 comes to 0 at event 1000000, and it is 3.50",
            ],
            broken);
        Assert.Equal("2026-01-31|501 debit 2.50|703 credit 2.50", sent[1].Content());
        Assert.Equal(
            "2026-02-01|501 credit 2.50|703 debit 2.50", Document.Reversal(sent[1], "2026-02-01").Content());
        Assert.NotEqual(first, second);
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
        told.Answered(document, status, body);
    }

    private sealed class OwnHost(ApiHost host) : IAsyncDisposable
    {
        public ApiHost Host => host;

        public async ValueTask DisposeAsync() => await host.DisposeAsync();
    }
}

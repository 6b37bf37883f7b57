using System.Text.Json;
using Ledger.Api.People;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Ledger.Tests.Http;
using NodaTime;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.People.PeopleSteps;

namespace Ledger.Tests.People;

public sealed class PersonalDataApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task An_entry_names_a_natural_person_whose_name_is_stored_sealed()
    {
        var books = host.Given([.. BulgarianBooks, SaleTo("e1", "p-17", "Ana Petrova")]);
        await books.PrepareAsync();

        var entry = (await books.SendAsync(Step.Get("/journal-entries/e1"))).Is(200).Json.GetProperty("entry");

        Assert.Equal(JsonValueKind.Null, entry.GetProperty("counterparty").ValueKind);
        Assert.Equal(
            """{"person":"p-17","name":"Ana Petrova","erased":false}""",
            entry.GetProperty("counterpartyPerson").GetRawText());
        var stored = (await books.SendAsync(Step.Get("/events?type=journal_entry_posted"))).Is(200);
        var person = stored.Json.GetProperty("rows")[0].GetProperty("data").GetProperty("counterpartyPerson");
        Assert.Equal(
            ["person", "purpose", "ciphertext"],
            person.EnumerateObject().Select(member => member.Name).OrderBy(name => name.Length));
        Assert.DoesNotContain("Ana", stored.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_is_the_same_name_and_another_name_is_other_content()
    {
        var books = host.Given([.. BulgarianBooks, SaleTo("e1", "p-17", "Ana Petrova")]);
        await books.PrepareAsync();

        (await books.SendAsync(SaleTo("e1", "p-17", "Ana Petrova"))).Is(200);
        (await books.SendAsync(SaleTo("e1", "p-17", "Ana Petrov"))).IsProblem(409, "journal-entry-exists");
        (await books.SendAsync(SaleTo("e1", "p-18", "Ana Petrova"))).IsProblem(409, "journal-entry-exists");
        (await books.SendAsync(Sale("e1"))).IsProblem(409, "journal-entry-exists");
    }

    [Theory]
    [InlineData("""{"person": "Ana Petrova", "name": "Ana"}""", 400, "id-invalid")]
    [InlineData("""{"person": "p-17", "name": " "}""", 422, "text-empty")]
    [InlineData("""{"name": "Ana"}""", 400, "field-missing")]
    [InlineData("""{"person": "p-17", "name": "Ana", "purpose": "consent"}""", 400, "field-unknown")]
    [InlineData("17", 400, "value-of-wrong-type")]
    public async Task A_counterparty_that_is_neither_text_nor_a_person_is_refused(
        string counterparty, int status, string code) =>
        await host.Given(BulgarianBooks).When(SaleWith("e1", counterparty)).ThenProblem(status, code);

    [Fact]
    public async Task Persons_are_found_by_name_and_by_id_in_every_list()
    {
        var books = host.Given([
            .. BulgarianBooks, SaleTo("e1", "p-17", "Ana Petrova"), SaleTo("e2", "p-18", "Boris"),
            SaleWith("e3", "\"Ana Ltd\""), SaleTo("e4", "p-17", "Ana Petrova-Ilieva")]);
        await books.PrepareAsync();

        Assert.Equal(["e1", "e4"], await FoundAsync(books, "counterparty=ana%20%20petrova"));
        Assert.Equal(["e1", "e4"], await FoundAsync(books, "person=p-17"));
        Assert.Equal(["e3"], await FoundAsync(books, "counterparty=Ana%20Ltd"));
        Assert.Empty(await FoundAsync(books, "counterparty=Ana"));
        Assert.Empty(await FoundAsync(books, "text=Petrova"));
        foreach (var path in (string[])
        [
            "/journal-entries", "/journal-entries:export",
            "/reports/general-ledger?account=400&from=2026-01-01&to=2026-12-31",
        ])
        {
            var list = (await books.SendAsync(Step.Get(path, ("Accept", "text/csv")))).Is(200).Body;
            Assert.Contains("Ana Petrova-Ilieva", list, StringComparison.Ordinal);
            Assert.Contains("Ana Ltd", list, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_reversal_names_the_person_anew()
    {
        var books = host.Given([.. BulgarianBooks, SaleTo("e1", "p-17", "Ana Petrova")]);
        await books.PrepareAsync();
        (await books.SendAsync(Step.Post(
            "/journal-entries/e1/reversal", """{"bookedOn": "2026-01-31", "reason": "Wrong"}""",
            ("Prefer", "return=representation")))).Is(201);

        Assert.Equal("Ana Petrova", await NameAsync(books, "e1~reversal"));
        var ciphertexts = (await books.RecordedAsync()).Where(e => e.Type == "journal_entry_posted")
            .Select(e => JsonDocument.Parse(e.Data).RootElement.GetProperty("counterpartyPerson").GetRawText());
        Assert.Equal(2, ciphertexts.Distinct().Count());
    }

    [Fact]
    public async Task What_the_law_keeps_is_refused_with_its_date_and_then_goes_by_itself_once()
    {
        var books = host.Given([.. BulgarianBooks, SaleTo("e1", "p-17", "Ana Petrova"), Sale("e2")]);
        await books.PrepareAsync();
        var before = (await books.SendAsync(Step.Get("/reports/trial-balance?from=2026-01-01&to=2026-12-31"))).Body;

        var asked = (await books.SendAsync(Erase("p-17"))).Is(201);
        (await books.SendAsync(Erase("p-17"))).Is(200);

        Assert.Equal(
            """[{"purpose":"consent","erased":true,"retainedUntil":null,"waitsFor":null},"""
                + """{"purpose":"bookkeeping","erased":false,"retainedUntil":"2037-01-01","waitsFor":null}]""",
            asked.Json.GetProperty("purposes").GetRawText());
        Assert.Equal("Ana Petrova", await NameAsync(books, "e1"));
        await PersonalDataErasure.CarryOutAllAsync(host.Ledger, At(2036, 12, 31), default);
        Assert.Equal("Ana Petrova", await NameAsync(books, "e1"));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            PersonalDataErasure.CarryOutAllAsync(host.Ledger, At(2037, 1, 1), default)));

        Assert.Equal("erased", await NameAsync(books, "e1"));
        Assert.Equal(
            [
                "personal_data_erasure_requested", "personal_data_erased", "personal_data_erasure_due",
                "personal_data_erased",
            ],
            (await books.EventsAsync()).Where(type => type.StartsWith("personal", StringComparison.Ordinal)));
        Assert.Empty(await FoundAsync(books, "counterparty=Ana%20Petrova"));
        Assert.Equal(["e1"], await FoundAsync(books, "person=p-17"));
        var after = (await books.SendAsync(Step.Get("/reports/trial-balance?from=2026-01-01&to=2026-12-31"))).Body;
        Assert.Equal(RowsOf(before), RowsOf(after));
    }

    [Fact]
    public async Task After_erasure_the_person_is_gone_for_writers_and_the_books_can_still_be_corrected()
    {
        var books = host.Given([.. ShortBooks, SaleTo("e1", "p-17", "Ana Petrova", "2019-05-05")]);
        await books.PrepareAsync();
        (await books.SendAsync(Erase("p-17"))).Is(201);
        Assert.Equal("erased", await NameAsync(books, "e1"));

        (await books.SendAsync(SaleTo("e1", "p-17", "Ana Petrova", "2019-05-05")))
            .IsProblem(410, "personal-data-erased");
        (await books.SendAsync(SaleTo("e2", "p-17", "Ana Petrova"))).IsProblem(410, "personal-data-erased");
        Assert.Contains(
            "personal-data-erased",
            (await books.SendAsync(Step.Post(
                "/journal-entries:batch", "[" + SaleJsonTo("e3", "p-17", "Ana") + "]"))).Is(200).Body,
            StringComparison.Ordinal);
        (await books.SendAsync(Step.Post(
            "/journal-entries/e1/reversal", """{"bookedOn": "2026-01-31", "reason": "Wrong"}"""))).Is(201);
        Assert.Equal("erased", await NameAsync(books, "e1~reversal"));
        (await books.SendAsync(Sale("e4"))).Is(201);
    }

    [Fact]
    public async Task A_person_is_given_everything_on_them_and_nothing_on_others()
    {
        var books = host.Given([
            .. BulgarianBooks, SaleTo("e1", "p-17", "Ana Petrova"), SaleTo("e2", "p-18", "Boris"), Sale("e3")]);
        await books.PrepareAsync();
        (await books.SendAsync(Erase("p-17"))).Is(201);

        var export = (await books.SendAsync(Step.Get("/people/p-17/data-export"))).Is(200);

        var row = Assert.Single(export.Json.GetProperty("rows").EnumerateArray());
        Assert.Equal(
            ("counterpartyPerson", "bookkeeping", "Ana Petrova", "journal_entry_posted"),
            (Text(row, "path"), Text(row, "purpose"), Text(row, "value"), Text(row, "type")));
        var events = export.Json.GetProperty("events").EnumerateArray().ToArray();
        Assert.Equal(
            [
                "journal_entry_posted", "personal_data_erasure_requested", "personal_data_erased",
                "approved_by_single_person",
            ],
            events.Select(e => Text(e, "type")));
        Assert.Equal(
            "Ana Petrova", Text(events[0].GetProperty("data").GetProperty("counterpartyPerson"), "value"));
        Assert.DoesNotContain("Boris", export.Body, StringComparison.Ordinal);
        (await books.SendAsync(Step.Get("/people/p-99/data-export"))).IsProblem(404, "person-unknown");
    }

    [Fact]
    public async Task A_person_of_whom_nothing_is_kept_cannot_be_erased() =>
        await host.Given(BulgarianBooks).When(Erase("p-17")).ThenProblem(404, "person-unknown");

    [Fact]
    public async Task Where_nobody_knows_how_long_data_is_kept_the_company_must_say()
    {
        Step french = Step.Put("", """{"name": "Acme", "currency": "EUR", "country": "FR"}""");
        var answer = await host.Given([.. BooksOf(french), SaleTo("e1", "p-17", "Ana Petrova")])
            .When(Erase("p-17")).ThenProblem(422, "retention-unknown");

        Assert.Contains("bookkeeping", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erasure_that_was_cut_off_is_completed_at_the_next_start()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var books = own.Host.Given([.. ShortBooks, SaleTo("e1", "p-17", "Ana Petrova", "2019-05-05")]);
        await books.PrepareAsync();
        var stream = Ledger.Api.Streams.Person("p-17");
        await own.Host.Ledger.Transact.RunAsync<int>(books.Company, new("key:x", null, null, null), async reading =>
        {
            await reading.StateAsync(stream, Ledger.Api.Streams.PersonFold);
            return Verdict.Append(0, (stream, [
                new PersonalDataErasureRequested(), new PersonalDataErased([Purpose.Bookkeeping])]));
        });
        Assert.Equal("Ana Petrova", await NameAsync(books, "e1"));

        await own.Host.RestartAsync();

        while (await NameAsync(books, "e1") != "erased")
        {
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task What_one_process_erases_another_refuses_at_once_and_reads_no_more_within_its_second()
    {
        var books = host.Given([.. ShortBooks, SaleTo("e1", "p-17", "Ana Petrova", "2019-05-05")]);
        await books.PrepareAsync();
        await using var other = await Api.LedgerHost.OpenAsync(host.Ledger.Settings, _ => { });
        var command = new PostJournalEntry(
            "e2", new(2019, 5, 5), "Order",
            [SmallBooks.Debit("100", 12.00m), SmallBooks.Credit("400", 12.00m)],
            CounterpartyPerson: PersonalText.Open("p-17", Purpose.Bookkeeping, "Ana Petrova"));
        Task<Transacted<Api.Written>> PostAsync(PostJournalEntry entry) => other.Transact.RunAsync(
            books.Company, new("key:other", null, null, null),
            reading => Api.Journals.JournalWrites.PostAsync(entry, reading, other.Owner));
        Assert.IsType<Transacted<Api.Written>.Done>(await PostAsync(command));

        (await books.SendAsync(Erase("p-17"))).Is(201);

        var refused = Assert.IsType<Transacted<Api.Written>.Refused>(await PostAsync(command with { Id = "e3" }));
        Assert.Equal("personal-data-erased", refused.Refusal.Code);
        await Task.Delay(Vault.KeptFor);
        refused = Assert.IsType<Transacted<Api.Written>.Refused>(await PostAsync(command));
        Assert.Equal("personal-data-erased", refused.Refusal.Code);
    }

    [Fact]
    public async Task What_is_posted_while_a_person_is_erased_is_recorded_before_it_or_refused()
    {
        var books = host.Given([.. ShortBooks, SaleTo("first", "p-17", "Ana Petrova", "2019-05-05")]);
        await books.PrepareAsync();
        var next = 0;
        var posting = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (; ; )
            {
                var answer = await books.SendAsync(
                    SaleTo($"e{Interlocked.Increment(ref next)}", "p-17", "Ana Petrova", "2019-05-05"));
                if (answer.Status == 410)
                {
                    return;
                }

                answer.Is(201);
            }
        })));
        while (Volatile.Read(ref next) < 40)
        {
            await Task.Delay(5);
        }

        // A posting that came in just before puts the erasure off until it is known; asking again finds it.
        while (!posting.IsCompleted)
        {
            Assert.Contains((await books.SendAsync(Erase("p-17"))).Status, new[] { 200, 201, 503 });
            await PersonalDataErasure.CarryOutAllAsync(host.Ledger, host.Ledger.Clock, default);
        }

        await posting;
        var recorded = await books.RecordedAsync();
        var erased = recorded.Last(e => e.Type == "personal_data_erased").Sequence;
        var named = recorded.Where(e => e.Type == "journal_entry_posted").ToList();
        Assert.True(named.Count > 40);
        Assert.All(named, e => Assert.True(e.Sequence < erased));
        Assert.Equal(0, await host.CountAsync($"ledger.person_key where company = '{books.Company}' and person <> ''"));
    }

    private static FixedClock At(int year, int month, int day) => new(Instant.FromUtc(year, month, day, 12, 0));

    private static string RowsOf(string json) => JsonDocument.Parse(json).RootElement.GetProperty("rows").GetRawText();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static async Task<string[]> FoundAsync(Scenario books, string query) =>
    [
        .. (await books.SendAsync(Step.Get($"/journal-entries?{query}"))).Is(200).Json.GetProperty("rows")
            .EnumerateArray().Select(row => row.GetProperty("id").GetString()!).Order(),
    ];
}

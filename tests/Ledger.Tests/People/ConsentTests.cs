using Ledger.Api.Journals;
using Ledger.Api.People;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.Tests.Http;
using NodaTime;
using static Ledger.Tests.People.PeopleSteps;

namespace Ledger.Tests.People;

/// <summary>What was given freely goes as soon as the person wishes, whatever becomes of the rest.</summary>
public sealed class ConsentTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task It_goes_at_once_although_nobody_said_how_long_the_rest_is_kept_which_goes_once_somebody_does()
    {
        var company = """{"name": "Acme", "currency": "EUR", "country": "FR"}""";
        var books = host.Given([.. BooksOf(Step.Put("", company)), SaleTo("kept", "p-17", "Ana Petrova")]);
        await books.PrepareAsync();
        await GiveAsync(books, "given");
        Assert.Equal(("Ana", "Ana Petrova"), (await NameAsync(books, "given"), await NameAsync(books, "kept")));

        var asked = (await books.SendAsync(Erase("p-17"))).Is(201);

        Assert.Equal(
            """[{"purpose":"consent","erased":true,"retainedUntil":null,"waitsFor":null},"""
                + """{"purpose":"bookkeeping","erased":false,"retainedUntil":null,"waitsFor":"retentionSetting"}]""",
            asked.Json.GetProperty("purposes").GetRawText());
        Assert.Equal(("erased", "Ana Petrova"), (await NameAsync(books, "given"), await NameAsync(books, "kept")));
        await CarryOutAsync();
        Assert.Equal("Ana Petrova", await NameAsync(books, "kept"));

        (await books.SendAsync(Step.Put(
            "", company.Replace("\"FR\"", "\"FR\", \"retention\": {\"bookkeeping\": 5}", StringComparison.Ordinal),
            ("If-Match", "\"1\"")))).Is(201);
        await CarryOutAsync();
        Assert.Equal("erased", await NameAsync(books, "kept"));
    }

    private Task CarryOutAsync() => PersonalDataErasure.CarryOutAllAsync(
        host.Ledger, new FixedClock(Instant.FromUtc(2099, 1, 1, 0, 0)), default);

    /// <summary>Nothing can be sent for consent yet, so it is recorded by what records entries.</summary>
    private async Task GiveAsync(Scenario books, string entry)
    {
        var command = new PostJournalEntry(
            entry, new(2026, 1, 31), "Order", [SmallBooks.Debit("100", 12.00m), SmallBooks.Credit("400", 12.00m)],
            CounterpartyPerson: PersonalText.Open("p-17", Purpose.Consent, "Ana"));
        Assert.IsType<Transacted<Api.Written>.Done>(await host.Ledger.Transact.RunAsync(
            books.Company, new("key:test", null, null, null),
            reading => JournalWrites.PostAsync(command, reading, host.Ledger.Owner)));
        await host.CatchUpAsync();
    }
}

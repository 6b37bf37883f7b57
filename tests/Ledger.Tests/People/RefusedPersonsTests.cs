using Ledger.Api;
using Ledger.Api.Journals;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.People.PeopleSteps;

namespace Ledger.Tests.People;

/// <summary>What is refused, or was recorded before, leaves neither a key nor a name that can be found.</summary>
public sealed class RefusedPersonsTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Somebody_erased_is_not_found_again_through_a_process_that_does_not_know_of_it_yet()
    {
        var books = host.Given([.. ShortBooks, SaleTo("e1", "p-17", "Ana Petrova", "2019-05-05")]);
        await books.PrepareAsync();
        (await books.SendAsync(Erase("p-17"))).Is(201);
        await using var other = await LedgerHost.OpenAsync(host.Ledger.Settings, _ => { });

        foreach (var id in (string[])["e1", "e2"])
        {
            Assert.Equal("personal-data-erased", await RefusedAsync(other, books, EntryOf(id, "p-17")));
        }

        var many = await other.Transact.RunManyAsync(
            books.Company, new("key:other", null, null, null), [EntryOf("e1", "p-17"), EntryOf("e3", "p-17")],
            (entry, reading) => JournalWrites.PostAsync(entry, reading, other.Owner));
        Assert.All(many, each => Assert.Equal(
            "personal-data-erased", Assert.IsType<Transacted<Written>.Refused>(each).Refusal.Code));
        Assert.Equal((0, 0), await KeptAsync(books));
        Assert.Empty(await FoundAsync(books, "Ana Petrova"));
    }

    [Fact]
    public async Task Another_name_for_an_entry_that_exists_finds_nothing()
    {
        var books = host.Given([.. BulgarianBooks, SaleTo("e1", "p-17", "Ana Petrova")]);
        await books.PrepareAsync();

        (await books.SendAsync(SaleTo("e1", "p-17", "Mallory"))).IsProblem(409, "journal-entry-exists");
        var batch = (await books.SendAsync(Step.Post(
            "/journal-entries:batch", $"[{SaleJsonTo("e1", "p-17", "Mallory")},{SaleJsonTo("e1", "p-18", "Eve")}]")))
            .Is(200);

        Assert.Equal([409, 409], batch.Json.EnumerateArray().Select(each => each.GetProperty("status").GetInt32()));
        Assert.Equal((1, 1), await KeptAsync(books));
        Assert.Empty(await FoundAsync(books, "Mallory"));
        Assert.Equal(["e1"], await FoundAsync(books, "Ana Petrova"));
    }

    [Fact]
    public async Task Nothing_is_kept_on_whom_only_a_refused_entry_names()
    {
        var books = host.Given([.. BulgarianBooks, Sale("e1")]);
        await books.PrepareAsync();
        await using var other = await LedgerHost.OpenAsync(host.Ledger.Settings, _ => { });
        Assert.IsType<Transacted<Written>.Done>(await PostAsync(other, books, EntryOf("e2", null)));
        (await books.SendAsync(JanuaryClosed)).Is(201);

        // The other process still takes January for open, so that its first decision is to record it.
        Assert.Equal("period-closed", await RefusedAsync(other, books, EntryOf("e3", "p-99")));

        Assert.Equal((0, 0), await KeptAsync(books));
    }

    [Fact]
    public async Task Entries_of_a_batch_are_recorded_in_their_order_whether_or_not_they_name_persons()
    {
        var books = host.Given(BulgarianBooks);
        await books.PrepareAsync();
        var plain = SaleJsonTo("e2", "p-17", "Ana").Replace(
            """{"person": "p-17", "name": "Ana"}""", "\"Ana Ltd\"", StringComparison.Ordinal);

        var batch = (await books.SendAsync(Step.Post(
            "/journal-entries:batch",
            $"[{SaleJsonTo("e1", "p-17", "Ana")},{plain},{SaleJsonTo("e1", "p-17", "Ana")},"
                + $"{SaleJsonTo("e3", "p-18", "Boris")}]"))).Is(200);

        Assert.Equal(
            [201, 201, 200, 201],
            batch.Json.EnumerateArray().Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal((2, 2), await KeptAsync(books));
    }

    private static PostJournalEntry EntryOf(string id, string? person) => new(
        id, new(2026, 1, 31), "Order", [SmallBooks.Debit("100", 12.00m), SmallBooks.Credit("400", 12.00m)],
        CounterpartyPerson: person is null ? null : PersonalText.Open(person, Purpose.Bookkeeping, "Ana Petrova"));

    private static Task<Transacted<Written>> PostAsync(LedgerHost ledger, Scenario books, PostJournalEntry entry) =>
        ledger.Transact.RunAsync(
            books.Company, new("key:other", null, null, null),
            reading => JournalWrites.PostAsync(entry, reading, ledger.Owner));

    private static async Task<string> RefusedAsync(LedgerHost ledger, Scenario books, PostJournalEntry entry) =>
        Assert.IsType<Transacted<Written>.Refused>(await PostAsync(ledger, books, entry)).Refusal.Code;

    private static async Task<string[]> FoundAsync(Scenario books, string name) =>
    [
        .. (await books.SendAsync(Step.Get($"/journal-entries?counterparty={Uri.EscapeDataString(name)}"))).Is(200)
            .Json.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("id").GetString()!).Order(),
    ];

    /// <summary>Keys of persons, and names by which they are found.</summary>
    private async Task<(long Keys, long Names)> KeptAsync(Scenario books) => (
        await host.CountAsync($"ledger.person_key where company = '{books.Company}' and person <> ''"),
        await host.CountAsync($"ledger.person_index where company = '{books.Company}'"));
}

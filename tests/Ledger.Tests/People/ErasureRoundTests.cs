using Ledger.Api;
using Ledger.Api.People;
using Ledger.Domain.Keys;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Npgsql;
using static Ledger.Tests.People.PeopleSteps;

namespace Ledger.Tests.People;

/// <summary>Erasures of many persons, and all that is kept on one of whom much is.</summary>
public sealed class ErasureRoundTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task What_goes_wrong_with_one_person_keeps_no_other_from_being_erased()
    {
        var books = host.Given([
            .. ShortBooks, SaleTo("e1", "p-1", "Ana", "2019-05-05"), SaleTo("e2", "p-2", "Boris", "2019-05-05")]);
        await books.PrepareAsync();
        foreach (var person in (string[])["p-1", "p-2"])
        {
            var stream = Streams.Person(person);
            await host.Ledger.Transact.RunAsync<int>(books.Company, new("key:x", null, null, null), async reading =>
            {
                await reading.StateAsync(stream, Streams.PersonFold);
                return Verdict.Append(0, (stream, [
                    new PersonalDataErasureRequested(), new PersonalDataErased([Purpose.Bookkeeping])]));
            });
        }

        await host.ExecuteAsSuperuserAsync("""
            create function public.refuse() returns trigger language plpgsql as $$
            begin raise 'Not this one.'; end $$;
            create trigger refuse before delete on ledger.person_key for each row
                when (old.person = 'p-1') execute function public.refuse()
            """);
        await Assert.ThrowsAsync<PostgresException>(CarryOutAsync);

        Assert.Equal(("Ana", "erased"), (await NameAsync(books, "e1"), await NameAsync(books, "e2")));
        await host.ExecuteAsSuperuserAsync("drop function public.refuse() cascade");
        await CarryOutAsync();
        Assert.Equal("erased", await NameAsync(books, "e1"));

        Task CarryOutAsync() => PersonalDataErasure.CarryOutAllAsync(host.Ledger, host.Ledger.Clock, default);
    }

    [Fact]
    public async Task However_much_is_kept_on_a_person_all_of_it_is_given_once_and_in_order()
    {
        var books = host.Given(BulgarianBooks);
        await books.PrepareAsync();
        string[] ids = [.. Enumerable.Range(0, 1_100).Select(i => $"e{i:0000}")];
        foreach (var chunk in ids.Chunk(550))
        {
            (await books.SendAsync(Step.Post("/journal-entries:batch", "["
                + string.Join(',', chunk.Select(id => SaleJsonTo(id, "p-17", $"Ana {id}"))) + "]"))).Is(200);
        }

        (await books.SendAsync(SaleTo("other", "p-18", "Boris"))).Is(201);
        await new CompanyKeys(host, books.Company).IssueAsync("ana", Role.Employee, "ana");

        var export = (await books.SendAsync(Step.Get("/people/p-17/data-export"))).Is(200).Json;

        Assert.Equal("p-17", export.GetProperty("person").GetString());
        Assert.Equal(
            ids.Select(id => $"Ana {id}"),
            export.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("value").GetString()!));
        var events = export.GetProperty("events").EnumerateArray().ToArray();
        Assert.Equal(
            [.. ids.Select(id => $"journal-entry/{id}"), "keys"],
            events.Select(each => each.GetProperty("stream").GetString()!));
        Assert.Equal(
            "Ana e1099",
            events[^2].GetProperty("data").GetProperty("counterpartyPerson").GetProperty("value").GetString());
        Assert.Equal("ana", events[^1].GetProperty("data").GetProperty("id").GetString());
    }
}

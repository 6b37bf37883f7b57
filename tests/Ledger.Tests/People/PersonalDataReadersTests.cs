using Ledger.Api.Audit;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Tests.People.PeopleSteps;

namespace Ledger.Tests.People;

/// <summary>Who gets names, who does not, and what of it is noted.</summary>
public sealed class PersonalDataReadersTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly string[] Lists =
    [
        "/journal-entries", "/journal-entries/e1", "/journal-entries:export",
        "/reports/general-ledger?account=400&from=2026-01-01&to=2026-12-31",
    ];

    [Theory]
    [InlineData(Role.Approver, false)]
    [InlineData(Role.Accountant, true)]
    [InlineData(Role.Auditor, true)]
    public async Task Names_are_opened_and_found_only_for_roles_that_may_open_them(Role role, bool may)
    {
        var (books, keys) = await BooksAsync();
        var key = await keys.IssueAsync("reader", role, "rada");

        foreach (var path in Lists)
        {
            var answer = (await keys.SendAsync(key, Step.Get(path))).Is(200).Body;
            Assert.Contains("p-17", answer, StringComparison.Ordinal);
            Assert.Equal(may, answer.Contains("Ana Petrova", StringComparison.Ordinal));
        }

        var found = (await keys.SendAsync(key, Step.Get("/journal-entries?counterparty=Ana%20Petrova"))).Is(200).Json;
        Assert.Equal(may ? 1 : 0, found.GetProperty("rows").GetArrayLength());
        Assert.Equal(may, (await NotedAsync(books, key)).Contains(AccessLog.PersonalDataRead));
    }

    [Fact]
    public async Task A_program_that_posts_names_does_not_get_them_back()
    {
        var (_, keys) = await BooksAsync();
        var shop = await keys.IssueAsync("shop", Role.Integrator, "shop");
        (await keys.SendAsync(shop, SaleTo("own", "p-19", "Vera"))).Is(201);

        var own = (await keys.SendAsync(shop, Step.Get("/journal-entries/own"))).Is(200);

        Assert.Contains("""{"person":"p-19","name":null,"erased":false}""", own.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_names_is_noted_with_who_read_whose()
    {
        var (books, keys) = await BooksAsync();
        var key = await keys.IssueAsync("reader", Role.Accountant, "rada");
        const string entry = "/companies/{company}/journal-entries/{id}";

        (await keys.SendAsync(key, Step.Get("/journal-entries/e1"))).Is(200);
        (await keys.SendAsync(key, Step.Get("/journal-entries/e1"))).Is(200);
        (await keys.SendAsync(key, Step.Get("/journal-entries/plain"))).Is(200);
        (await keys.SendAsync(key, Step.Get("/journal-entries"))).Is(200);
        (await keys.SendAsync(key, Step.Get("/journal-entries?person=p-17"))).Is(200);
        (await keys.SendAsync(key, Step.Get("/journal-entries:export", ("Accept", "text/csv")))).Is(200);

        Assert.Equal(
            [
                (entry, "p-17", 2), ("/companies/{company}/journal-entries", "-", 1),
                ("/companies/{company}/journal-entries", "p-17", 1),
                ("/companies/{company}/journal-entries:export", "-", 1),
            ],
            (await RowsAsync(books, key)).Where(row => row.Code == AccessLog.PersonalDataRead)
                .GroupBy(row => (row.Route, row.Person))
                .Select(rows => (rows.Key.Route, rows.Key.Person, rows.Sum(row => row.Count)))
                .OrderBy(row => row.Route != entry).ThenBy(row => row.Route, StringComparer.Ordinal)
                .ThenBy(row => row.Person, StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_employee_is_given_their_own_data_and_what_they_try_of_others_is_noted()
    {
        var (books, keys) = await BooksAsync();
        var ana = await keys.IssueAsync("ana", Role.Employee, "ana");

        var own = (await keys.SendAsync(ana, Step.Get("/people/p-17/data-export"))).Is(200);
        Assert.Contains("Ana Petrova", own.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Boris", own.Body, StringComparison.Ordinal);
        Assert.Contains("key_issued", own.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("sha256", own.Body, StringComparison.Ordinal);
        var another = (await keys.SendAsync(ana, Step.Get("/people/p-18/data-export")))
            .IsProblem(404, "person-unknown");
        var nobody = (await keys.SendAsync(ana, Step.Get("/people/p-99/data-export")))
            .IsProblem(404, "person-unknown");

        Assert.Equal(nobody.Body, another.Body.Replace("p-18", "p-99", StringComparison.Ordinal));
        const string export = "/companies/{company}/people/{person}/data-export";
        Assert.Equal(
            [
                (export, "permission-missing", "p-18", 1L), (export, "permission-missing", "p-99", 1L),
                (export, AccessLog.PersonalDataRead, "p-17", 1L),
            ],
            (await RowsAsync(books, ana)).OrderBy(row => (row.Code, row.Person)));
    }

    [Fact]
    public async Task Asking_for_the_entry_of_another_is_noted_though_it_is_answered_as_unknown()
    {
        var (books, keys) = await BooksAsync();
        var shop = await keys.IssueAsync("shop", Role.Integrator, "shop");
        (await keys.SendAsync(shop, Step.Get("/journal-entries/e1"))).IsProblem(404, "journal-entry-unknown");
        (await keys.SendAsync(shop, Step.Get("/journal-entries/none"))).IsProblem(404, "journal-entry-unknown");
        foreach (var id in new[] { "e1", "none" })
        {
            (await keys.SendAsync(shop, Step.Post(
                $"/journal-entries/{id}/reversal", """{"bookedOn": "2026-02-01", "reason": "Returned"}""")))
                .IsProblem(404, "journal-entry-unknown");
        }

        Assert.Equal(
            [
                ("/companies/{company}/journal-entries/{id}", "permission-missing", "-", 1L),
                ("/companies/{company}/journal-entries/{id}/reversal", "permission-missing", "-", 1L),
            ],
            (await RowsAsync(books, shop)).OrderBy(row => row.Route, StringComparer.Ordinal));
    }

    [Fact]
    public async Task With_a_second_person_an_erasure_waits_until_they_approve_and_nothing_goes_before()
    {
        var books = host.Given([.. ShortBooks, SaleTo("e1", "p-17", "Ana Petrova", "2019-05-05")]);
        await books.PrepareAsync();
        var keys = new CompanyKeys(host, books.Company);
        var petar = await keys.IssueAsync("petar", Role.People, "petar");
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        var before = await books.EventsAsync();

        var waits = (await keys.SendAsync(petar, Erase("p-17"))).Is(202).Json.GetProperty("approval").GetString();
        Assert.Equal("Ana Petrova", await NameAsync(books, "e1"));
        Assert.Equal([.. before, "approval_requested"], await books.EventsAsync());
        (await keys.SendAsync(maria, Step.Post($"/approvals/{waits}/approval", "") with { Json = null })).Is(201);
        Assert.Equal("Ana Petrova", await NameAsync(books, "e1"));
        (await keys.SendAsync(petar, Erase("p-17"))).Is(201);

        Assert.Equal("erased", await NameAsync(books, "e1"));
        Assert.Contains("approval_used", await books.EventsAsync());
    }

    private async Task<(Scenario Books, CompanyKeys Keys)> BooksAsync()
    {
        var books = host.Given([
            .. BulgarianBooks, SaleTo("e1", "p-17", "Ana Petrova"), SaleTo("e2", "p-18", "Boris"),
            SaleWith("plain", "\"Ana Ltd\"")]);
        await books.PrepareAsync();
        return (books, new(host, books.Company));
    }

    private async Task<IEnumerable<string>> NotedAsync(Scenario books, string key) =>
        (await RowsAsync(books, key)).Select(row => row.Code);

    /// <summary>What the log of accesses has of a key.</summary>
    private async Task<(string Route, string Code, string Person, long Count)[]> RowsAsync(Scenario books, string key)
    {
        await host.App.Services.GetRequiredService<AccessLog>().FlushAsync();
        var actor = (await new CompanyKeys(host, books.Company).SendAsync(key, Step.Get("/me"))).Is(200).Json
            .GetProperty("actor").GetString();
        return
        [
            .. (await books.SendAsync(Step.Get($"/access-log?actor={actor}"))).Is(200).Json.GetProperty("rows")
                .EnumerateArray().Select(row => (
                    row.GetProperty("route").GetString()!, row.GetProperty("code").GetString()!,
                    row.GetProperty("person").GetString() ?? "-", row.GetProperty("count").GetInt64())),
        ];
    }
}

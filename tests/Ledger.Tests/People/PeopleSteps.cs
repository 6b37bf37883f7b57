using Ledger.Tests.Http;
using NodaTime;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.People;

/// <summary>What scenarios with natural persons begin with.</summary>
internal static class PeopleSteps
{
    /// <summary>Books that the law keeps for ten years.</summary>
    public static readonly Step[] BulgarianBooks = BooksOf(
        Step.Put("", """{"name": "Acme", "currency": "EUR", "country": "BG"}"""));

    /// <summary>Books that are kept to the end of their fiscal year.</summary>
    public static readonly Step[] ShortBooks = BooksOf(Step.Put(
        "", """{"name": "Acme", "currency": "EUR", "country": "FR", "retention": {"bookkeeping": 0}}"""));

    public static Step[] BooksOf(Step company) => [company, .. CompanyWithChart[1..]];

    public static Step SaleTo(string id, string person, string name, string bookedOn = "2026-01-31") =>
        SaleWith(id, $$"""{"person": "{{person}}", "name": "{{name}}"}""", bookedOn);

    public static Step SaleWith(string id, string counterparty, string bookedOn = "2026-01-31") =>
        Step.Put($"/journal-entries/{id}", Json(null, counterparty, bookedOn));

    public static string SaleJsonTo(string id, string person, string name) =>
        Json(id, $$"""{"person": "{{person}}", "name": "{{name}}"}""", "2026-01-31");

    public static Step Erase(string person) => new(HttpMethod.Delete, $"/people/{person}/personal-data", null);

    /// <summary>The name of an entry's counterparty as it is answered; <c>erased</c> when it is.</summary>
    public static async Task<string?> NameAsync(Scenario books, string entry)
    {
        var answer = (await books.SendAsync(Step.Get($"/journal-entries/{entry}"))).Is(200);
        var person = answer.Json.GetProperty("entry").GetProperty("counterpartyPerson");
        return person.GetProperty("erased").GetBoolean() ? "erased" : person.GetProperty("name").GetString();
    }

    /// <summary>Waits until everybody reads what was recorded by others.</summary>
    public static async Task CatchUpAsync(this ApiHost host) => Assert.True(
        await host.Ledger.Books.WaitForAsync(await host.Ledger.Store.HeadAsync(), TimeSpan.FromSeconds(30)));

    public static async Task<long> CountAsync(this ApiHost host, string from)
    {
        await using var command = host.Ledger.Database.CreateCommand($"select count(*) from {from}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static string Json(string? id, string counterparty, string bookedOn) => $$"""
        {{{(id is null ? "" : $"\"id\": \"{id}\", ")}}"bookedOn": "{{bookedOn}}", "description": "Order",
        "counterparty": {{counterparty}}, "lines": [
            {"account": "100", "side": "debit", "amount": "12.00"},
            {"account": "400", "side": "credit", "amount": "12.00"}]}
        """;
}

/// <summary>A clock that stands.</summary>
internal sealed class FixedClock(Instant now) : IClock
{
    public Instant GetCurrentInstant() => now;
}

/// <summary>A host of one test.</summary>
internal sealed class OwnHost(ApiHost host) : IAsyncDisposable
{
    public ApiHost Host { get; } = host;

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();
}

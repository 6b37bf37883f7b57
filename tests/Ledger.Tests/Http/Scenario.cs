using System.Globalization;
using Ledger.EventStore;

namespace Ledger.Tests.Http;

/// <summary>One request to a company, said as a sentence.</summary>
public sealed record Step(HttpMethod Method, string Path, string? Json, params (string Name, string Value)[] Headers)
{
    public static Step Put(string path, string json, params (string Name, string Value)[] headers) =>
        new(HttpMethod.Put, path, json, headers);

    public static Step Post(string path, string json, params (string Name, string Value)[] headers) =>
        new(HttpMethod.Post, path, json, headers);

    public static Step Get(string path, params (string Name, string Value)[] headers) =>
        new(HttpMethod.Get, path, null, headers);
}

/// <summary>
/// Given/When/Then over the real host: <c>await host.Given(CompanyWithChart,
/// JanuaryClosed).When(Put(…)).ThenProblem(…)</c>.
/// Each scenario has a company of its own. Paths begin behind <c>/companies/{company}</c>.
/// </summary>
public sealed class Scenario(ApiHost host, IReadOnlyList<Step> given)
{
    private static int companies;
    private Step? when;

    public string Company { get; } =
        string.Create(CultureInfo.InvariantCulture, $"company-{Interlocked.Increment(ref companies)}");

    public Scenario When(Step step)
    {
        when = step;
        return this;
    }

    /// <summary>The request is refused with this code, and nothing was recorded by it.</summary>
    public async Task<ApiAnswer> ThenProblem(int status, string code)
    {
        await PrepareAsync();
        var before = await EventsAsync();
        var answer = (await SendAsync(when!)).IsProblem(status, code);
        Assert.Equal(before, await EventsAsync());
        return answer;
    }

    /// <summary>
    /// The request is answered with this status, and exactly these events were recorded by it, in order.
    /// </summary>
    public async Task<ApiAnswer> Then(int status, params string[] eventTypes)
    {
        await PrepareAsync();
        var before = await EventsAsync();
        var answer = (await SendAsync(when!)).Is(status);
        Assert.Equal([.. before, .. eventTypes], await EventsAsync());
        return answer;
    }

    /// <summary>Does what was given; for tests that go on by themselves.</summary>
    public async Task PrepareAsync()
    {
        foreach (var step in given)
        {
            var answer = await SendAsync(step);
            Assert.True(answer.Status is 200 or 201, $"Given {step.Method} {step.Path}: {answer.Body}");
        }
    }

    public Task<ApiAnswer> SendAsync(Step step) => host.SendAsync(ApiHost.Request(
        step.Method, $"/companies/{Company}{step.Path}", step.Json, step.Headers));

    /// <summary>The types of all events of the company, in the order in which they were recorded.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync() => [.. (await RecordedAsync()).Select(e => e.Type)];

    public async Task<IReadOnlyList<RecordedEvent>> RecordedAsync() =>
        [.. (await host.Ledger.Store.ReadAllAsync(0, 1_000_000)).Where(e => e.Company == Company)];
}

/// <summary>What scenarios begin with.</summary>
public static class Steps
{
    public static readonly Step Company = Step.Put("", """
        {"name": "Acme", "currency": "EUR", "country": "DE", "retainedEarnings": "300"}
        """);

    /// <summary>100 bank, 200 suppliers, 300 retained earnings, 400 sales, 500 rent.</summary>
    public static readonly Step[] CompanyWithChart =
    [
        Company,
        Account("100", "Bank", "asset"),
        Account("200", "Suppliers", "liability"),
        Account("300", "Retained earnings", "equity"),
        Account("400", "Sales", "income"),
        Account("500", "Rent", "expense"),
    ];

    public static readonly Step JanuaryClosed = Step.Put("/periods/2026-01", """{"status": "closed"}""");

    public static Step Account(string code, string name, string type) => Step.Put(
        $"/accounts/{code}", $$"""{"name": "{{name}}", "type": "{{type}}"}""");

    /// <summary>A sale: bank against sales.</summary>
    public static Step Sale(string id, string bookedOn = "2026-01-31", string amount = "12.00") =>
        Step.Put($"/journal-entries/{id}", SaleJson(bookedOn, amount));

    public static string SaleJson(string bookedOn = "2026-01-31", string amount = "12.00") => $$"""
        {"bookedOn": "{{bookedOn}}", "description": "Order", "lines": [
            {"account": "100", "side": "debit", "amount": "{{amount}}"},
            {"account": "400", "side": "credit", "amount": "{{amount}}"}]}
        """;

    public static Scenario Given(this ApiHost host, params Step[] steps) => new(host, steps);
}

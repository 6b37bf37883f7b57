using Ledger.Api;
using Ledger.Api.People;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;
using Ledger.Tests.Http;
using Ledger.Tests.People;
using NodaTime;
using static Ledger.Tests.Employees.EmployeeSteps;
using static Ledger.Tests.Http.Step;

namespace Ledger.Tests.Employees;

/// <summary>How long what is recorded of employees is kept: a name is recorded once, and pay goes on.</summary>
public sealed class PayrollRetentionTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Nothing_goes_of_whoever_is_employed_and_the_answer_says_what_to_do()
    {
        var shop = await host.ShopAsync(Ana(), Contract());

        var refused = await shop.RefusesAsync(PeopleSteps.Erase("p-17"), 422, "person-employed");
        Assert.Contains("termination", refused.Body, StringComparison.Ordinal);

        (await shop.SendAsync(Left("2090-12-31"))).Is(201);
        Assert.Equal("2141-01-01", UntilOf((await shop.SendAsync(PeopleSteps.Erase("p-17"))).Is(201)));
    }

    [Fact]
    public async Task The_end_of_the_last_contract_counts_whatever_was_recorded_when()
    {
        var shop = await host.ShopAsync(Ana(), Put(
            "/employees/p-17/contracts/c1",
            """
            {"payGroup": "sofia", "from": "2026-01-01", "to": "2088-06-30", "type": "fixedTerm", "position": "Clerk",
            "weeklyHours": "40"}
            """));

        Assert.Equal("2139-01-01", UntilOf((await shop.SendAsync(PeopleSteps.Erase("p-17"))).Is(201)));
    }

    [Fact]
    public async Task Pay_after_the_request_keeps_the_name_and_it_goes_when_the_time_of_that_pay_is_over()
    {
        var shop = await host.ShopAsync(Ana(), Contract(), Account(), Left("2026-01-31"));
        var asked = UntilOf((await shop.SendAsync(PeopleSteps.Erase("p-17"))).Is(201))!;
        await PaidOnAsync(shop, new(2099, 6, 30));

        Assert.Equal("2150-01-01", UntilOf((await shop.SendAsync(PeopleSteps.Erase("p-17"))).Is(200)));
        await CarryOutAsync(2149, 12, 31);
        Assert.True(string.CompareOrdinal(asked, "2149-12-31") < 0);
        Assert.Equal("Ana Petrova", await NameAsync(shop));

        await CarryOutAsync(2150, 1, 1);
        Assert.Null(await NameAsync(shop));
    }

    [Fact]
    public async Task Whoever_asked_as_a_customer_and_was_hired_since_is_forgotten_as_a_customer_only()
    {
        var shop = await host.ShopAsync(
            Steps.Account("100", "Bank", "asset"), Steps.Account("400", "Sales", "income"),
            PeopleSteps.SaleTo("e1", "p-17", "Ana Petrova"), PeopleSteps.Erase("p-17"), Ana(), Contract());

        await CarryOutAsync(2199, 1, 1);

        Assert.Equal("erased", await PeopleSteps.NameAsync(shop, "e1"));
        Assert.Equal("Ana Petrova", await NameAsync(shop));
        var waits = (await shop.SendAsync(PeopleSteps.Erase("p-17"))).Is(200).Json.GetProperty("purposes")
            .EnumerateArray().Single(each => each.GetProperty("purpose").GetString() == "payroll");
        Assert.Equal("endOfContract", waits.GetProperty("waitsFor").GetString());
        Assert.Null(waits.GetProperty("retainedUntil").GetString());
    }

    private Task CarryOutAsync(int year, int month, int day) => PersonalDataErasure.CarryOutAllAsync(
        host.Ledger, new FixedClock(Instant.FromUtc(year, month, day, 12, 0)), default);

    /// <summary>A payslip as a run records it, on a day for which no law is known yet.</summary>
    private async Task PaidOnAsync(Scenario shop, LocalDate payDate)
    {
        var slip = new PayslipCalculated(1, new(
            "c1", "bg", 1, SmallBooks.Eur, payDate, payDate, payDate, [], EmployeeVersion: 2));
        var stream = Streams.Payslip("late", "p-17");
        Assert.IsType<Transacted<int>.Done>(await host.Ledger.Transact.RunAsync<int>(
            shop.Company, new("key:test", null, null, null), async reading =>
            {
                await reading.StateAsync(stream, Streams.PayslipFold);
                return Verdict.Append(0, (stream, [slip]));
            }));
    }

    private static async Task<string?> NameAsync(Scenario shop) =>
        (await shop.SendAsync(Show())).Is(200).Json.GetProperty("details").GetProperty("name").GetString();

    private static string? UntilOf(ApiAnswer answer) => answer.Json.GetProperty("purposes").EnumerateArray()
        .Single(each => each.GetProperty("purpose").GetString() == "payroll").GetProperty("retainedUntil").GetString();
}

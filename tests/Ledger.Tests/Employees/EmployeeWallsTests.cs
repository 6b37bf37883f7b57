using System.Text.Json;
using Ledger.Api.People;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.People;
using NodaTime;
using static Ledger.Tests.Employees.EmployeeSteps;
using static Ledger.Tests.Http.Step;

namespace Ledger.Tests.Employees;

/// <summary>Who may see and change what of employees, and what becomes of it when they are forgotten.</summary>
public sealed class EmployeeWallsTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Employees_see_what_is_theirs_and_nothing_of_others()
    {
        var shop = await host.ShopAsync(Ana(), Contract(), Salary(), Ana("p-18", "Boris"));
        (await shop.SendAsync(Put("/four-eyes", """{"exempt": ["changeKey"]}"""))).Is(201);
        var keys = new CompanyKeys(host, shop.Company);
        var own = await keys.IssueAsync("own", Role.Employee, "ana");

        var shown = (await keys.SendAsync(own, Show())).Is(200);
        Assert.Equal("Ana Petrova", shown.Json.GetProperty("details").GetProperty("name").GetString());
        (await keys.SendAsync(own, Get("/employees/p-17/history"))).Is(200);
        var other = await keys.SendAsync(own, Show(id: "p-18"));
        var nobody = await keys.SendAsync(own, Show(id: "p-99"));
        other.IsProblem(404, "employee-unknown");
        Assert.Equal(nobody.Body.Replace("p-99", "p-18", StringComparison.Ordinal), other.Body);
        (await keys.SendAsync(own, Get("/employees"))).Is(403);
        (await keys.SendAsync(own, Salary("2026-02-01", "9000.00"))).Is(403);
    }

    [Fact]
    public async Task An_approver_sees_what_is_paid_and_no_name()
    {
        var shop = await host.ShopAsync(Ana(), Contract(), Salary(), Account());
        (await shop.SendAsync(Put("/four-eyes", """{"exempt": ["changeKey"]}"""))).Is(201);
        var keys = new CompanyKeys(host, shop.Company);
        var approver = await keys.IssueAsync("approver", Role.Approver, "boris");

        var shown = (await keys.SendAsync(approver, Show())).Is(200);
        Assert.Equal("1500.00", shown.Json.GetProperty("pay")[0].GetProperty("amount").GetString());
        Assert.Equal(JsonValueKind.Null, shown.Json.GetProperty("details").GetProperty("name").ValueKind);
        Assert.False(shown.Json.GetProperty("details").GetProperty("erased").GetBoolean());
        Assert.Equal(JsonValueKind.Null, shown.Json.GetProperty("bankAccounts")[0].GetProperty("account").ValueKind);
        foreach (var path in (string[])["/employees", "/employees/p-17/history"])
        {
            var body = (await keys.SendAsync(approver, Get(path))).Is(200).Body;
            Assert.DoesNotContain("Ana", body, StringComparison.Ordinal);
            Assert.DoesNotContain("ciphertext", body, StringComparison.Ordinal);
        }

        Assert.Empty((await keys.SendAsync(approver, Get("/employees?name=Ana%20Petrova"))).Is(200)
            .Json.GetProperty("rows").EnumerateArray());
    }

    [Fact]
    public async Task Who_read_a_name_stands_in_the_log_of_accesses()
    {
        var shop = await host.ShopAsync(Ana());
        (await shop.SendAsync(Show())).Is(200);
        (await shop.SendAsync(Get("/employees/p-17/history"))).Is(200);

        for (var attempt = 0; ; attempt++)
        {
            var log = (await shop.SendAsync(Get("/access-log?person=p-17"))).Is(200).Body;
            if (log.Contains("{employee}/history", StringComparison.Ordinal)
                && log.Contains("employees/{employee}\"", StringComparison.Ordinal))
            {
                return;
            }

            Assert.True(attempt < 100, log);
            await Task.Delay(50);
        }
    }

    [Theory]
    [InlineData("/streams/employee/p-17", "streams/{stream}/{document}", "p-17")]
    [InlineData("/events?type=pay_recorded", "/events", "p-17")]
    [InlineData("/events", "/events", "")]
    public async Task So_does_who_read_the_events_that_figures_on_somebody_are_made_of(
        string path, string route, string person)
    {
        var shop = await host.ShopAsync(Ana(), Contract(), Salary(), Ana("p-18", "Boris"));
        (await shop.SendAsync(Get(path))).Is(200);

        for (var attempt = 0; ; attempt++)
        {
            var log = (await shop.SendAsync(Get("/access-log"))).Is(200).Json.GetProperty("rows").EnumerateArray()
                .Where(row => row.GetProperty("code").GetString() == "personal-data-read");
            if (log.Any(row => row.GetProperty("route").GetString()!.EndsWith(route, StringComparison.Ordinal)
                && (row.GetProperty("person").GetString() ?? "") == person))
            {
                return;
            }

            Assert.True(attempt < 100, path);
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task A_person_is_given_all_that_is_kept_on_them_as_an_employee()
    {
        var shop = await host.ShopAsync(Ana(), Contract(), Salary(), Account(), Ana("p-18", "Boris"));

        var export = (await shop.SendAsync(Get("/people/p-17/data-export"))).Is(200);

        Assert.Equal(
            ["details.name Ana Petrova", "details.birthDate 1990-03-31", $"details.account {Iban}"],
            export.Json.GetProperty("rows").EnumerateArray().Select(row =>
                $"{row.GetProperty("path").GetString()} {row.GetProperty("value").GetString()}"));
        Assert.Equal(
            ["employee_registered", "contract_recorded", "pay_recorded", "bank_account_recorded"],
            export.Json.GetProperty("events").EnumerateArray().Select(each => each.GetProperty("type").GetString()));
        Assert.DoesNotContain("Boris", export.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_law_lets_go_of_somebody_their_name_is_gone_and_the_figures_stay()
    {
        var shop = await host.ShopAsync(Ana(), Contract(), Salary(), Account(), Left("2026-06-30"));
        var asked = (await shop.SendAsync(PeopleSteps.Erase("p-17"))).Is(201);
        var until = asked.Json.GetProperty("purposes").EnumerateArray()
            .Single(each => each.GetProperty("purpose").GetString() == "payroll").GetProperty("retainedUntil")
            .GetString();
        Assert.EndsWith("-01-01", until, StringComparison.Ordinal);
        Assert.Equal(
            "Ana Petrova",
            (await shop.SendAsync(Show())).Json.GetProperty("details").GetProperty("name").GetString());

        await PersonalDataErasure.CarryOutAllAsync(
            host.Ledger, new FixedClock(Instant.FromUtc(2099, 1, 1, 0, 0)), default);

        var shown = (await shop.SendAsync(Show())).Is(200).Json;
        Assert.Equal(JsonValueKind.Null, shown.GetProperty("details").GetProperty("name").ValueKind);
        Assert.True(shown.GetProperty("details").GetProperty("erased").GetBoolean());
        Assert.True(shown.GetProperty("bankAccounts")[0].GetProperty("erased").GetBoolean());
        Assert.Equal("1500.00", shown.GetProperty("pay")[0].GetProperty("amount").GetString());
        var listed = (await shop.SendAsync(Get("/employees"))).Is(200).Json.GetProperty("rows")[0];
        Assert.True(listed.GetProperty("erased").GetBoolean());
        await shop.RefusesAsync(Ana(), 410, "personal-data-erased");
        await shop.RefusesAsync(Salary("2026-03-01"), 410, "personal-data-erased");
        (await shop.SendAsync(Salary())).Is(200);
    }
}

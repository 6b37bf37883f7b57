using Ledger.Tests.Employees;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.PayRuns;

/// <summary>Supplementary runs over the real service: before the regular one, and after it.</summary>
public sealed class SupplementaryRunsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_supplementary_run_pays_only_what_is_owed_beside()
    {
        var shop = await PreparedAsync();
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        foreach (var step in Hired("e2"))
        {
            (await shop.SendAsync(step)).Is(201);
        }

        var run = await shop.CalculateAsync(Run("2026-01", "supplementary", "late"));
        Assert.Equal(1, run.Json.GetProperty("count").GetInt32());
        Assert.Equal("salary 1500.00", await shop.LinesAsync("late", "e2"));
        (await shop.SendAsync(Get("/employees/p-17/payslips/late"))).IsProblem(404, "payslip-unknown");
    }

    [Fact]
    public async Task Two_supplementary_runs_side_by_side_do_not_pay_the_same_twice()
    {
        var shop = await PreparedAsync();
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        (await shop.SendAsync(EmployeeSteps.Salary(amount: "1600.00", ifMatch: 3))).Is(201);
        var one = await shop.CalculateAsync(Run("2026-01", "supplementary", "one"));
        var other = await shop.CalculateAsync(Run("2026-01", "supplementary", "other"));
        await shop.ApproveAsync(one);
        (await shop.SendAsync(Approval(other))).IsProblem(409, "pay-run-inputs-changed");
        Assert.Equal("salary 100.00", await shop.LinesAsync("one"));
    }

    [Fact]
    public async Task A_supplementary_run_before_the_regular_one_leaves_the_salary_to_it()
    {
        var shop = await PreparedAsync();
        (await shop.SendAsync(Put(
            "/employees/p-17/pay/bonus/2026-01-10", """{"amount": "200.00", "per": "once"}"""))).Is(201);
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01", "supplementary", "early")));
        Assert.Equal("bonus 200.00", await shop.LinesAsync("early"));
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        Assert.Equal("salary 1500.00", await shop.LinesAsync("2026-01"));
    }

    [Fact]
    public async Task A_run_that_names_its_employees_is_not_stopped_by_what_is_recorded_of_others()
    {
        var shop = host.Given([.. PaidShop, .. Hired("e2")]);
        await shop.PrepareAsync();
        (await shop.SendAsync(Put(
            "/employees/p-17/pay/bonus/2026-01-10", """{"amount": "200.00", "per": "once"}"""))).Is(201);
        var run = await shop.CalculateAsync(Run("2026-01", "supplementary", "early", "[\"p-17\"]"));
        (await shop.SendAsync(EmployeeSteps.Salary(amount: "1600.00", id: "e2", ifMatch: 3))).Is(201);
        await shop.ApproveAsync(run);
        (await shop.SendAsync(EmployeeSteps.Salary(amount: "1600.00", ifMatch: 3))).Is(201);
        (await shop.SendAsync(Posting("early"))).IsProblem(409, "pay-run-inputs-changed");
    }

    [Fact]
    public async Task Payslips_of_an_employee_can_be_asked_as_they_were_known()
    {
        var shop = await PreparedAsync();
        var first = await shop.CalculateAsync(Run("2026-01"));
        await shop.ApproveAsync(first);
        var then = (await shop.SendAsync(Posting("2026-01"))).Is(201).Json.GetProperty("sequence").GetInt64();
        (await shop.SendAsync(Post(
            "/pay-runs/2026-01/reversal", """{"bookedOn": "2026-01-31", "reason": "Wrong"}"""))).Is(201);
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01", id: "again")));

        async Task<string> StatusesAsync(string query) => string.Join(", ",
            (await shop.SendAsync(Get($"/employees/p-17/payslips{query}"))).Is(200).Json.GetProperty("rows")
                .EnumerateArray().Select(row => $"{row.GetProperty("run")} {row.GetProperty("status")}")
                .Order(StringComparer.Ordinal));
        Assert.Equal("2026-01 posted", await StatusesAsync($"?knownAtSequence={then}"));
        Assert.Equal("2026-01 reversed, again approved", await StatusesAsync(""));
    }

    private async Task<Scenario> PreparedAsync()
    {
        var shop = host.Given(PaidShop);
        await shop.PrepareAsync();
        return shop;
    }
}

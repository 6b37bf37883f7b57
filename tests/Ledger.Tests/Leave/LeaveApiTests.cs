using System.Text.Json;
using Ledger.Domain.Keys;
using Ledger.Tests.Employees;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.PayRuns;
using static Ledger.Tests.Http.Step;

namespace Ledger.Tests.Leave;

/// <summary>Leave over the real service: entitlements, balances and what they are worth, on both clocks.</summary>
public sealed class LeaveApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Balances = "/employees/p-17/leave-balances";
    private const string Liability = "/reports/leave-liability";

    [Fact]
    public async Task Leave_is_earned_taken_and_left_as_known_then()
    {
        var shop = await HiredAsync();
        var before = (await shop.SendAsync(Leave("2026-02-02", "2026-02-06"))).Is(201).Sequence - 1;

        Assert.Equal(
            "2026: 20.00 of the year, 0.00 + 4.93 - 5.00 = -0.07, planned 0.00",
            await ShownAsync(shop, "?asOf=2026-03-31"));
        Assert.Equal(
            "2026: 20.00 of the year, 0.00 + 4.93 - 0.00 = 4.93, planned 0.00",
            await ShownAsync(shop, $"?asOf=2026-03-31&knownAtSequence={before}"));
        Assert.Equal(
            "2026: 20.00 of the year, 0.00 + 1.70 - 0.00 = 1.70, planned 5.00",
            await ShownAsync(shop, "?asOf=2026-01-31"));
        Assert.Equal(
            "2026: 20.00 of the year, 0.00 + 20.00 - 5.00 = 15.00, planned 0.00 | "
            + "2027: 20.00 of the year, 15.00 + 20.00 - 0.00 = 35.00, planned 0.00",
            await ShownAsync(shop, "?asOf=2027-12-31"));
        (await shop.SendAsync(Get(Balances + "?knownAt=2020-01-01"))).IsProblem(404, "employee-unknown");
        (await shop.SendAsync(Get(Balances + "?asOf=soon"))).IsProblem(400, "parameter-malformed");
    }

    [Fact]
    public async Task An_entitlement_is_recorded_corrected_shown_and_no_less_than_the_law_grants()
    {
        var shop = await HiredAsync();
        var recorded = (await shop.SendAsync(Entitlement("25"))).Is(201);
        Assert.StartsWith(
            """{"employee":"p-17","effectiveFrom":"2026-01-01","version":4,""", recorded.Body,
            StringComparison.Ordinal);
        (await shop.SendAsync(Entitlement("25"))).Is(200);
        await shop.RefusesAsync(Entitlement("30"), 428, "if-match-required");
        await shop.RefusesAsync(Entitlement("15", ifMatch: 4), 422, "leave-below-law");
        await shop.RefusesAsync(Entitlement("many"), 400, "amount-malformed");

        Assert.Equal(
            """[{"effectiveFrom":"2026-01-01","daysPerYear":"25","carryOverMax":"5","version":4}]""",
            (await shop.SendAsync(EmployeeSteps.Show())).Is(200).Json.GetProperty("leaveEntitlements").GetRawText());
        Assert.Equal(
            "2026: 25.00 of the year, 0.00 + 25.00 - 0.00 = 25.00, planned 0.00 | "
            + "2027: 25.00 of the year, 5.00 + 25.00 - 0.00 = 30.00, planned 0.00",
            await ShownAsync(shop, "?asOf=2027-12-31"));
        (await shop.SendAsync(Entitlement("30", ifMatch: 4))).Is(201);
        Assert.Equal("leave_entitlement_recorded", (await shop.EventsAsync())[^1]);
        Assert.Contains(
            "leave_entitlement_recorded", (await shop.SendAsync(Get("/employees/p-17/history"))).Is(200).Body,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entitlements_come_by_the_batch_as_well()
    {
        var shop = await HiredAsync();
        (await shop.SendAsync(Post(
            "/employees:batch",
            """
            [{"type": "leaveEntitlement", "employee": "p-17", "effectiveFrom": "2026-01-01",
            "content": {"daysPerYear": "26"}}]
            """))).Is(200);
        Assert.Contains("26.00 of the year", await ShownAsync(shop, "?asOf=2026-12-31"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payslip_says_what_leave_was_left_at_the_end_of_its_period_and_stays_as_it_was()
    {
        var shop = host.Given([.. PayRunSteps.PaidShop, Leave("2026-01-05", "2026-01-06")]);
        await shop.PrepareAsync();
        await shop.ApproveAsync(await shop.CalculateAsync(PayRunSteps.Run("2026-01")));
        var slip = (await shop.SendAsync(Get("/employees/p-17/payslips/2026-01"))).Is(200);

        Assert.Equal(
            """{"unit":"workingDays","entitlement":"20.00","opening":"0.00","accrued":"1.70","taken":"2.00","""
            + "\"balance\":\"-0.30\"}",
            slip.Json.GetProperty("leave").GetRawText());
        (await shop.SendAsync(Leave("2026-01-12", "2026-01-12", "a2"))).Is(201);
        Assert.Equal(slip.Body, (await shop.SendAsync(Get("/employees/p-17/payslips/2026-01"))).Is(200).Body);
        await shop.CalculateAsync(PayRunSteps.Run("2026-02"));
        Assert.Equal(
            "3.00",
            (await shop.SendAsync(Get("/employees/p-17/payslips/2026-02"))).Is(200).Json.GetProperty("leave")
                .GetProperty("taken").GetString());
        Assert.True((await shop.SendAsync(Get("/employees/p-17/payslips/2026-01/lines/1/explanation"))).Is(200).Json
            .GetProperty("reproduced").GetBoolean());
    }

    [Fact]
    public async Task What_was_not_taken_when_employment_ends_is_valued()
    {
        var shop = await HiredAsync();
        Assert.Equal(JsonValueKind.Null, (await SettlementAsync(shop)).ValueKind);
        (await shop.SendAsync(Post(
            "/employees/p-17/termination", """{"lastDay": "2026-02-28", "reason": "resigned"}"""))).Is(201);
        Assert.Equal(
            """{"element":"leaveCompensation","days":"3.23","dailyPay":"75.00","amount":"242.25","currency":"EUR"}""",
            (await SettlementAsync(shop)).GetRawText());
    }

    [Fact]
    public async Task What_nobody_has_taken_yet_is_worth_days_times_pay_by_employee_and_by_dimension()
    {
        var shop = await HiredAsync();
        foreach (var step in (Step[])
        [
            EmployeeSteps.Ana("p-18"), EmployeeSteps.Contract("p-18", from: "2026-03-01"), EmployeeSteps.Ana("p-19"),
        ])
        {
            (await shop.SendAsync(step)).Is(201);
        }

        var before = (await shop.SendAsync(Leave("2026-02-02", "2026-02-03"))).Is(201).Sequence - 1;
        var report = (await shop.SendAsync(Get(Liability + "?asOf=2026-03-31"))).Is(200).Json;

        Assert.Equal(
            """{"employee":"p-17","value":null,"employees":1,"withoutPay":0,"unit":"workingDays","days":"2.93","""
            + "\"dailyPay\":\"68.18\",\"amount\":\"199.77\",\"currency\":\"EUR\"}",
            report.GetProperty("rows")[0].GetRawText());
        Assert.Equal(
            """[{"currency":"EUR","employees":2,"withoutPay":1,"amount":"199.77"}]""",
            report.GetProperty("totals").GetRawText());
        var csv = (await shop.SendAsync(Get(
            Liability + $"?asOf=2026-03-31&dimension=department&knownAtSequence={before}", ("Accept", "text/csv"))))
            .Is(200);
        Assert.Equal(
            "employee,value,employees,withoutPay,unit,days,dailyPay,amount,currency\r\n"
            + ",sales,2,1,workingDays,6.63,,336.13,EUR\r\n",
            csv.Body);
        Assert.Empty((await shop.SendAsync(Get(Liability + "?asOf=2026-03-31&dimension=department:ops"))).Is(200).Json
            .GetProperty("rows").EnumerateArray());
        Assert.Empty((await shop.SendAsync(Get(Liability + "?asOf=2025-12-31"))).Is(200).Json
            .GetProperty("rows").EnumerateArray());
    }

    [Fact]
    public async Task Employees_see_their_own_leave_and_what_all_of_it_is_worth_is_for_payroll_approver_and_auditor()
    {
        var shop = await HiredAsync();
        (await shop.SendAsync(EmployeeSteps.Ana("p-18"))).Is(201);
        (await shop.SendAsync(Put("/four-eyes", """{"exempt": ["changeKey"]}"""))).Is(201);
        var keys = new CompanyKeys(host, shop.Company);
        var own = await keys.IssueAsync("own", Role.Employee, "ana");
        (await keys.SendAsync(own, Get(Balances))).Is(200);
        (await keys.SendAsync(own, Get("/employees/p-18/leave-balances"))).IsProblem(404, "employee-unknown");
        (await keys.SendAsync(own, Entitlement("30"))).IsProblem(403, "permission-missing");
        (await keys.SendAsync(own, Get(Liability))).IsProblem(403, "permission-missing");
        var accountant = await keys.IssueAsync("accountant", Role.Accountant, "vera");
        (await keys.SendAsync(accountant, Get(Liability))).IsProblem(403, "permission-missing");
        (await keys.SendAsync(accountant, Get(Balances))).IsProblem(403, "permission-missing");
        var auditor = await keys.IssueAsync("auditor", Role.Auditor, "ivan");
        (await keys.SendAsync(auditor, Get(Liability))).Is(200);
        (await keys.SendAsync(auditor, Get(Balances))).Is(200);
    }

    private async Task<Scenario> HiredAsync() =>
        await host.ShopAsync(EmployeeSteps.Ana(), EmployeeSteps.Contract(), EmployeeSteps.Salary());

    private static Step Leave(string from, string to, string id = "a1") => Put(
        $"/employees/p-17/absences/{id}", $$"""{"kind": "leave", "from": "{{from}}", "to": "{{to}}"}""");

    private static Step Entitlement(string days, string carryOverMax = "5", long? ifMatch = null) => Put(
        "/employees/p-17/leave-entitlement/2026-01-01",
        $$"""{"daysPerYear": "{{days}}", "carryOverMax": "{{carryOverMax}}"}""",
        ifMatch is { } version ? [("If-Match", $"\"{version}\"")] : []);

    private static async Task<JsonElement> SettlementAsync(Scenario shop) =>
        (await shop.SendAsync(Get(Balances + "?asOf=2026-12-31"))).Is(200).Json.GetProperty("settlement");

    private static async Task<string> ShownAsync(Scenario shop, string query)
    {
        var rows = (await shop.SendAsync(Get(Balances + query))).Is(200).Json.GetProperty("rows");
        return string.Join(" | ", rows.EnumerateArray().Select(row =>
        {
            string Of(string name) => row.GetProperty(name).GetString()!;
            return $"{row.GetProperty("year").GetInt32()}: {Of("entitlement")} of the year, {Of("opening")} + "
                + $"{Of("accrued")} - {Of("taken")} = {Of("balance")}, planned {Of("planned")}";
        }));
    }
}

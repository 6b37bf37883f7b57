using Ledger.Tests.Employees;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.PayRuns;

/// <summary>Reports where the tax year begins on 6 April.</summary>
public sealed class BritishReportsTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task The_year_begins_in_April_and_a_payslip_taken_back_after_it_is_a_correction_due()
    {
        var shop = await ShopAsync();
        Assert.Equal("3000.00", await SalaryAsync(shop, 2024));
        Assert.Equal("3000.00", await SalaryAsync(shop, 2025));

        var reversal = (await shop.SendAsync(Reversal("2025-03", "2025-03-31"))).Is(201).Sequence;

        Assert.Null(await SalaryAsync(shop, 2024));
        Assert.Equal("3000.00", await SalaryAsync(shop, 2025));
        foreach (var path in new[] { "/employees/e1/year-to-date", "/reports/year-to-date" })
        {
            var due = Assert.Single((await shop.SendAsync(Get($"{path}?year=2024"))).Is(200).Json
                .GetProperty("correctionsDue").EnumerateArray());
            Assert.Equal("2025-03", due.GetProperty("run").GetString());
            Assert.Equal("2025-03-28", due.GetProperty("payDate").GetString());
            Assert.Equal("3000.00", due.GetProperty("amounts").GetProperty("salary").GetString());
            Assert.Equal(reversal - 2, due.GetProperty("sequence").GetInt64());
            Assert.Empty((await shop.SendAsync(Get($"{path}?year=2025"))).Is(200).Json
                .GetProperty("correctionsDue").EnumerateArray());
            Assert.Empty((await shop.SendAsync(Get($"{path}?year=2024&knownAtSequence={reversal - 3}"))).Is(200).Json
                .GetProperty("correctionsDue").EnumerateArray());
        }
    }

    [Fact]
    public async Task What_is_due_goes_by_the_tax_month_from_the_6th_to_the_5th()
    {
        var shop = await ShopAsync();
        var due = (await shop.SendAsync(Get("/reports/contributions-due?from=2025-01-01&to=2025-12-31"))).Is(200).Json
            .GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(
            [
                // By the allowance of the whole year that is nearly over, no tax is due in March.
                "2025-04-22 nationalInsurance 2025-03", "2025-04-22 nationalInsuranceEmployer 2025-03",
                "2025-05-22 incomeTax 2025-04", "2025-05-22 nationalInsurance 2025-04",
                "2025-05-22 nationalInsuranceEmployer 2025-04",
            ],
            due.Select(row => $"{row.GetProperty("dueOn")} {row.GetProperty("code")} {row.GetProperty("period")}"));
        Assert.All(due, row => Assert.Equal("HM Revenue & Customs", row.GetProperty("authority").GetString()));
    }

    private static async Task<string?> SalaryAsync(Scenario shop, int year) =>
        (await shop.SendAsync(Get($"/employees/e1/year-to-date?year={year}"))).Is(200).Json.GetProperty("rows")
            .EnumerateArray().Where(row => row.GetProperty("code").GetString() == "salary")
            .Select(row => row.GetProperty("total").GetString()).SingleOrDefault();

    private async Task<Scenario> ShopAsync()
    {
        var shop = host.Given(
        [
            Put("", """{"name": "Shop", "currency": "GBP", "country": "GB"}"""),
            Put("/dimensions/department/sales", """{"name": "Sales"}"""), .. Chart,
            Put("/pay-groups/sofia", GroupJson("gb")), EmployeeSteps.Ana("e1", "Ann Smith"),
            EmployeeSteps.Contract("e1", from: "2025-03-01"), EmployeeSteps.Salary("2025-03-01", "3000.00", "e1"),
            Put(
                "/employees/e1/statutory/2025-03-01",
                """
                {"pack": "gb", "facts": {"taxCode": "1257L", "nationalInsuranceCategory": "A", "studentLoan": "none",
                "pension": "none"}}
                """),
        ]);
        await shop.PrepareAsync();
        await shop.PostedAsync(Run("2025-03"));
        await shop.PostedAsync(Run("2025-04"));
        return shop;
    }
}

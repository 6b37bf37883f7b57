using System.Globalization;
using System.Text.Json;
using Ledger.Domain.Keys;
using Ledger.Tests.Employees;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.Reports;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.PayRuns;

/// <summary>Reports on payslips over the real service: three runs of a shop, of which the last is taken back.</summary>
public sealed class PayrollReportsTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Year = "from=2026-01-01&to=2026-12-31";

    [Fact]
    public async Task A_register_holds_the_payslips_that_count_and_its_totals_are_their_sums_on_both_clocks()
    {
        var (shop, posted) = await ShopAsync();
        var then = await ReadAsync(shop, $"payroll-register?{Year}&knownAtSequence={posted}");
        (await shop.SendAsync(Reversal("2026-03", "2026-03-31"))).Is(201);
        var now = await ReadAsync(shop, $"payroll-register?{Year}");
        var all = await ReadAsync(shop, $"payroll-register?{Year}&show=all");

        Assert.Equal((9, 6, 9), (Rows(then).Count, Rows(now).Count, Rows(all).Count));
        Assert.Equal(3, Rows(all).Count(row => Text(row, "status") == "reversed"));
        Assert.Equal(now.GetProperty("totals").GetRawText(), all.GetProperty("totals").GetRawText());
        foreach (var table in new[] { then, now })
        {
            var total = Assert.Single(table.GetProperty("totals").EnumerateArray());
            foreach (var name in new[] { "gross", "deductions", "net", "employerContributions", "employerCost" })
            {
                Assert.Equal(Number(total, name), Rows(table).Sum(row => Number(row, name)));
            }

            foreach (var code in total.GetProperty("amounts").EnumerateObject())
            {
                Assert.Equal(
                    Number(code.Value),
                    Rows(table).Sum(row => row.GetProperty("amounts").TryGetProperty(code.Name, out var amount)
                        ? Number(amount) : 0));
            }
        }

        Assert.Equal(
            then.GetProperty("rows").GetRawText(),
            (await ReadAsync(shop, $"payroll-register?{Year}&knownAtSequence={posted}")).GetProperty("rows")
                .GetRawText());
    }

    [Fact]
    public async Task Each_row_of_a_register_is_the_payslip_as_its_employee_sees_it()
    {
        var (shop, _) = await ShopAsync();
        foreach (var row in Rows(await ReadAsync(shop, "payroll-register?from=2026-03-01&to=2026-03-31&run=2026-03")))
        {
            var slip = (await shop.SendAsync(
                Get($"/employees/{Text(row, "employee")}/payslips/{Text(row, "run")}"))).Is(200).Json;
            foreach (var name in new[] { "gross", "deductions", "net", "employerContributions", "through", "payDate" })
            {
                Assert.Equal(Text(slip, name), Text(row, name));
            }

            var lines = slip.GetProperty("lines").EnumerateArray().GroupBy(
                line => Text(line, "code")!, line => Number(line, "amount"));
            Assert.Equal(
                lines.OrderBy(code => code.Key, StringComparer.Ordinal).Select(code => (code.Key, code.Sum())),
                row.GetProperty("amounts").EnumerateObject().Select(code => (code.Name, Number(code.Value))));
        }
    }

    [Fact]
    public async Task Pages_of_a_register_fit_together_and_CSV_has_the_same_columns_on_each()
    {
        var (shop, _) = await ShopAsync();
        var whole = await ReadAsync(shop, $"payroll-register?{Year}");
        var (rows, cursor, headers) = (new List<string>(), "", new HashSet<string>());
        do
        {
            var path = $"payroll-register?{Year}&limit=2{cursor}";
            var page = await ReadAsync(shop, path);
            rows.AddRange(Rows(page).Select(row => row.GetRawText()));
            var csv = Csv.Records((await shop.SendAsync(Get($"/reports/{path}", ("Accept", "text/csv")))).Is(200).Body);
            Assert.All(csv, record => Assert.Equal(csv[0].Length, record.Length));
            headers.Add(string.Join(',', csv[0]));
            cursor = page.GetProperty("next").GetString() is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(Rows(whole).Select(row => row.GetRawText()), rows);
        Assert.Equal(
            "employee,run,payGroup,kind,status,contract,from,through,payDate,currency,gross,deductions,net,"
            + "employerContributions,employerCost,salary,health,pensions,sicknessAndMaternity,unemployment,"
            + "universalPensionFund,incomeTax,healthEmployer,pensionsEmployer,sicknessAndMaternityEmployer,"
            + "unemploymentEmployer,universalPensionFundEmployer,workAccidentEmployer",
            Assert.Single(headers));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cost_by_department_and_month_is_what_the_books_say(bool isReversed)
    {
        var (shop, _) = await ShopAsync();
        if (isReversed)
        {
            (await shop.SendAsync(Reversal("2026-03", "2026-04-30"))).Is(201);
        }

        var cost = await ReadAsync(shop, $"payroll-cost?{Year}&dimension=department&by=month");
        Assert.Equal(isReversed ? 8 : 6, Rows(cost).Count);
        foreach (var row in Rows(cost))
        {
            var month = Text(row, "month")!;
            var end = month == "2026-02" ? 28 : month == "2026-04" ? 30 : 31;
            var books = (await shop.SendAsync(Get(
                $"/reports/trial-balance?from={month}-01&to={month}-{end}&dimension=department"))).Is(200).Json;
            decimal Booked(string account) => Rows(books)
                .Where(line => Text(line, "account") == account && Text(line, "value") == Text(row, "value"))
                .Sum(line => Number(line, "debit") - Number(line, "credit"));
            Assert.Equal(Booked("grossPay"), Number(row, "pay"));
            Assert.Equal(Booked("employerContributions"), Number(row, "employerContributions"));
            Assert.Equal(Number(row, "pay") + Number(row, "employerContributions"), Number(row, "total"));
        }
    }

    [Fact]
    public async Task Cost_as_it_was_earned_has_arrears_in_the_month_that_they_are_for()
    {
        var (shop, _) = await ShopAsync();
        async Task<string> PayAsync(string query) => string.Join(", ", Rows(await ReadAsync(
            shop, $"payroll-cost?{Year}&by=month&dimension=department:sales{query}"))
            .Select(row => $"{Text(row, "month")} {Text(row, "pay")}"));

        Assert.Equal("2026-01 4500.00, 2026-02 4500.00, 2026-03 6500.00", await PayAsync(""));
        Assert.Equal("2026-01 4500.00, 2026-02 5500.00, 2026-03 5500.00", await PayAsync("&basis=earned"));
    }

    [Fact]
    public async Task Who_may_not_read_pay_runs_sees_no_cost_of_a_single_person()
    {
        var (shop, _) = await ShopAsync();
        var keys = new CompanyKeys(host, shop.Company);
        var accountant = await keys.IssueAsync("books", Role.Accountant, "boris");
        var path = $"/reports/payroll-cost?{Year}&dimension=department";
        var seen = Rows((await keys.SendAsync(accountant, Get(path))).Is(200).Json);
        var whole = Rows((await shop.SendAsync(Get(path))).Is(200).Json);

        var row = Assert.Single(seen);
        Assert.Equal((true, null, 3), (
            row.GetProperty("putTogether").GetBoolean(), Text(row, "value"), row.GetProperty("employees").GetInt32()));
        Assert.Equal(whole.Sum(each => Number(each, "total")), Number(row, "total"));
        Assert.Equal(2, whole.Count);
        (await keys.SendAsync(accountant, Get($"/reports/payroll-register?{Year}")))
            .IsProblem(403, "permission-missing");
        (await keys.SendAsync(accountant, Get("/reports/year-to-date?year=2026")))
            .IsProblem(403, "permission-missing");
        (await keys.SendAsync(accountant, Get("/employees/p-17/year-to-date?year=2026")))
            .IsProblem(403, "permission-missing");
    }

    [Fact]
    public async Task What_is_due_by_authority_and_day_is_what_the_books_owe()
    {
        var (shop, _) = await ShopAsync();
        var due = Rows(await ReadAsync(shop, "contributions-due?from=2026-01-01&to=2026-12-31"));
        var balances = Rows((await shop.SendAsync(Get("/balances?asOf=2026-12-31"))).Is(200).Json);
        decimal Owed(string account) => -Number(
            Assert.Single(balances, row => Text(row, "account") == account), "balance");

        Assert.Equal(
            [
                "National Revenue Agency, contributions 2026-02-25", "National Revenue Agency, tax 2026-02-25",
                "National Revenue Agency, contributions 2026-03-25", "National Revenue Agency, tax 2026-03-25",
                "National Revenue Agency, contributions 2026-04-25", "National Revenue Agency, tax 2026-04-25",
            ],
            due.Select(row => $"{Text(row, "authority")} {Text(row, "dueOn")}").Distinct());
        Assert.Equal(
            Owed("taxes"), due.Where(row => Text(row, "code") == "incomeTax").Sum(row => Number(row, "total")));
        Assert.Equal(
            Owed("contributions"), due.Where(row => Text(row, "code") != "incomeTax").Sum(row => Number(row, "total")));
        Assert.All(due, row => Assert.NotNull(Text(row, "source")));
        Assert.Equal(2, Rows(await ReadAsync(shop, "contributions-due?from=2026-03-01&to=2026-03-31"))
            .Select(row => Text(row, "authority")).Distinct().Count());
    }

    [Fact]
    public async Task A_reversed_payslip_leaves_the_year_to_date_and_opening_figures_are_part_of_it()
    {
        var (shop, posted) = await ShopAsync();
        (await shop.SendAsync(Put(
            "/employees/e3/opening-figures/2026",
            """{"through": "2026-01-01", "lines": {"salary": "500.00", "bonus": "70.00"}}"""))).Is(201);
        async Task<string> SumsAsync(string employee, string query = "") => string.Join(", ", Rows((
            await shop.SendAsync(Get($"/employees/{employee}/year-to-date?year=2026{query}"))).Is(200).Json)
            .Where(row => Text(row, "kind") is null or "earning" or "tax")
            .Select(row => $"{Text(row, "code")} {Text(row, "opening")} {Text(row, "total")}"));

        Assert.Equal("salary 0.00 11000.00, incomeTax 0.00 1012.70", await SumsAsync("e2"));
        (await shop.SendAsync(Reversal("2026-03", "2026-03-31"))).Is(201);
        Assert.Equal("salary 0.00 6000.00, incomeTax 0.00 541.80", await SumsAsync("e2"));
        Assert.Equal("salary 0.00 3000.00, incomeTax 0.00 270.90", await SumsAsync("e2", "&asOf=2026-01-31"));
        Assert.Equal(
            "salary 0.00 11000.00, incomeTax 0.00 1012.70", await SumsAsync("e2", $"&knownAtSequence={posted}"));
        Assert.Equal(
            "bonus 70.00 70.00, salary 500.00 4500.00, incomeTax 0.00 344.88", await SumsAsync("e3"));
        Assert.Equal("", await SumsAsync("e2", "&asOf=2025-12-31"));

        var register = await ReadAsync(shop, "year-to-date?year=2026&limit=2");
        Assert.Equal(["e2", "e3"], Rows(register).Select(row => Text(row, "employee")));
        Assert.Equal("4500.00", Text(Rows(register)[1].GetProperty("amounts"), "salary"));
        Assert.Empty(register.GetProperty("correctionsDue").EnumerateArray());
        var last = await ReadAsync(
            shop, $"year-to-date?year=2026&limit=2&cursor={register.GetProperty("next").GetString()}");
        Assert.Equal("p-17", Text(Assert.Single(Rows(last)), "employee"));
        var csv = Csv.Records((await shop.SendAsync(
            Get("/reports/year-to-date?year=2026", ("Accept", "text/csv")))).Is(200).Body);
        Assert.Equal(["employee", "pack", "year", "currency"], csv[0][..4]);
        Assert.All(csv, record => Assert.Equal(csv[0].Length, record.Length));
    }

    [Fact]
    public async Task Employees_see_their_own_year_and_nobody_elses()
    {
        var (shop, _) = await ShopAsync();
        var keys = new CompanyKeys(host, shop.Company);
        var own = await keys.IssueAsync("own", Role.Employee, "ana");
        Assert.NotEmpty(Rows((await keys.SendAsync(own, Get("/employees/p-17/year-to-date?year=2026"))).Is(200).Json));
        (await keys.SendAsync(own, Get("/employees/e2/year-to-date?year=2026"))).IsProblem(404, "payslip-unknown");
        (await keys.SendAsync(own, Get("/reports/year-to-date?year=2026"))).IsProblem(403, "permission-missing");
    }

    [Theory]
    [InlineData("/reports/payroll-register?show=some")]
    [InlineData("/reports/payroll-cost?by=year")]
    [InlineData("/reports/payroll-cost?basis=paid")]
    [InlineData("/reports/contributions-due?from=2026-02-30")]
    [InlineData("/reports/contributions-due?from=2026-03-31&to=2026-03-01")]
    [InlineData("/reports/staff-turnover?dimension=a:b")]
    [InlineData("/reports/year-to-date?year=20x6")]
    public async Task What_cannot_be_meant_is_refused_by_its_name(string path)
    {
        var shop = host.Given(EmployeeSteps.Shop);
        await shop.PrepareAsync();
        (await shop.SendAsync(Get(path))).IsProblem(400, "parameter-malformed");
    }

    /// <summary>Ana and Eva in sales, Boris alone in the office; Eva's raise from February comes late.</summary>
    /// <returns>The shop, and the last event of its third run.</returns>
    private async Task<(Scenario Shop, long Posted)> ShopAsync()
    {
        var shop = host.Given(
        [
            .. PaidShop, Put("/dimensions/department/office", """{"name": "Office"}"""), .. Hired("e2", "3000.00"),
            .. Hired("e3", "2000.00").Select(step => step with
            {
                Json = step.Json!.Replace("\"sales\"", "\"office\"", StringComparison.Ordinal),
            }),
        ]);
        await shop.PrepareAsync();
        await shop.PostedAsync(Run("2026-01"));
        await shop.PostedAsync(Run("2026-02"));
        (await shop.SendAsync(EmployeeSteps.Salary("2026-02-01", "4000.00", "e2"))).Is(201);
        return (shop, await shop.PostedAsync(Run("2026-03")));
    }

    private static async Task<JsonElement> ReadAsync(Scenario shop, string report) =>
        (await shop.SendAsync(Get($"/reports/{report}"))).Is(200).Json;

    private static List<JsonElement> Rows(JsonElement table) => [.. table.GetProperty("rows").EnumerateArray()];

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();

    private static decimal Number(JsonElement row, string name) => Number(row.GetProperty(name));

    private static decimal Number(JsonElement amount) =>
        decimal.Parse(amount.GetString()!, CultureInfo.InvariantCulture);
}

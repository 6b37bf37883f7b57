using System.Xml;
using System.Xml.Schema;
using Ledger.Domain.Keys;
using Ledger.Tests.Employees;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.PayRuns;

/// <summary>Pay runs over the real service, from their opening until the money has arrived.</summary>
public sealed class PayRunsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Schema = "../xsd/iso20022/pain.001.001.09.xsd";

    [Fact]
    public async Task A_run_is_calculated_approved_booked_paid_and_confirmed()
    {
        var shop = await PreparedAsync();
        var calculated = await shop.CalculateAsync(Run("2026-01"));
        await shop.ApproveAsync(calculated);
        (await shop.SendAsync(Posting("2026-01"))).Is(201);
        (await shop.SendAsync(Post("/pay-runs/2026-01/payment", PaymentOrder))).Is(201);
        (await shop.SendAsync(Post(
            "/pay-runs/2026-01/payment-confirmation", """{"file": 1, "bookedOn": "2026-02-05"}"""))).Is(201);

        var run = (await shop.SendAsync(Get("/pay-runs/2026-01"))).Is(200).Json;
        Assert.Equal("paid", run.GetProperty("status").GetString());
        Assert.Equal(
            [
                "pay_run_opened", "pay_run_calculation_started", "payslip_calculated", "pay_run_calculated",
                "pay_run_approved", "approved_by_single_person", "pay_run_posted", "journal_entry_posted",
                "payment_file_issued", "approved_by_single_person", "payments_confirmed", "journal_entry_posted",
            ],
            (await shop.EventsAsync()).SkipWhile(type => type != "pay_run_opened"));
        Assert.Equal(
            "503 -1163.97, contributions -490.50, employerContributions 283.80, grossPay 1500.00, netPay 0.00, "
            + "taxes -129.33",
            await shop.BalancesAsync());
        var slip = (await shop.SendAsync(Get("/employees/p-17/payslips/2026-01"))).Is(200).Json;
        Assert.Equal("1163.97", slip.GetProperty("net").GetString());
    }

    [Fact]
    public async Task What_is_recorded_late_is_paid_by_the_next_run_and_payslips_of_before_stay_as_they_are()
    {
        var shop = host.Given([.. PaidShop, .. Hired("e2", "3000.00")]);
        await shop.PrepareAsync();
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-02")));
        var february = (await shop.SendAsync(Get("/employees/e2/payslips/2026-02"))).Is(200).Body;

        (await shop.SendAsync(EmployeeSteps.Salary(amount: "4000.00", id: "e2", ifMatch: 3))).Is(201);
        var due = (await shop.SendAsync(Get("/employees/e2/arrears"))).Is(200).Json;
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-03")));

        Assert.Equal("2000.00", due.GetProperty("total").GetString());
        Assert.Equal(
            "salary 4000.00, salary 2026-01 1000.00, salary 2026-02 1000.00", await shop.LinesAsync("2026-03", "e2"));
        Assert.Equal(february, (await shop.SendAsync(Get("/employees/e2/payslips/2026-02"))).Is(200).Body);
        Assert.Equal("salary 1500.00", await shop.LinesAsync("2026-03"));
        Assert.Empty((await shop.SendAsync(Get("/employees/e2/arrears"))).Is(200).Json.GetProperty("rows")
            .EnumerateArray());
    }

    [Fact]
    public async Task What_changed_after_the_calculation_stops_approval_and_posting_until_it_is_calculated_again()
    {
        var shop = await PreparedAsync();
        var first = await shop.CalculateAsync(Run("2026-01"));
        (await shop.SendAsync(EmployeeSteps.Salary(amount: "1600.00", ifMatch: 3))).Is(201);
        (await shop.SendAsync(Approval(first))).IsProblem(409, "pay-run-inputs-changed");

        (await shop.SendAsync(new(HttpMethod.Post, "/pay-runs/2026-01/calculation", null))).Is(202);
        var second = await shop.CalculatedAsync("2026-01");
        (await shop.SendAsync(Approval(first))).IsProblem(409, "pay-run-hash-differs");
        await shop.ApproveAsync(second);
        Assert.Equal("salary 1600.00", await shop.LinesAsync("2026-01"));
        (await shop.SendAsync(EmployeeSteps.Salary(amount: "1700.00", ifMatch: 6))).Is(201);
        (await shop.SendAsync(Posting("2026-01"))).IsProblem(409, "pay-run-inputs-changed");
    }

    [Fact]
    public async Task Two_runs_that_were_calculated_side_by_side_do_not_pay_the_same_twice()
    {
        var shop = await PreparedAsync();
        var regular = await shop.CalculateAsync(Run("2026-01"));
        var later = await shop.CalculateAsync(Run("2026-02"));
        await shop.ApproveAsync(regular);

        (await shop.SendAsync(Approval(later))).IsProblem(409, "pay-run-inputs-changed");
        (await shop.SendAsync(new(HttpMethod.Post, "/pay-runs/2026-02/calculation", null))).Is(202);
        await shop.ApproveAsync(await shop.CalculatedAsync("2026-02"));
        Assert.Equal("salary 1500.00", await shop.LinesAsync("2026-02"));
        (await shop.SendAsync(Posting("2026-01"))).Is(201);
        (await shop.SendAsync(Posting("2026-02"))).Is(201);
    }

    [Fact]
    public async Task Somebody_whom_the_run_does_not_pay_may_change_meanwhile()
    {
        var shop = await PreparedAsync();
        var calculated = await shop.CalculateAsync(Run("2026-01"));
        (await shop.SendAsync(EmployeeSteps.Ana("e9", "Boris"))).Is(201);
        await shop.ApproveAsync(calculated);
        (await shop.SendAsync(Posting("2026-01"))).Is(201);
    }

    [Fact]
    public async Task One_of_a_run_that_fails_says_why_and_does_not_stop_the_others()
    {
        var shop = await PreparedAsync();
        foreach (var step in new[]
        {
            EmployeeSteps.Ana("e2"), EmployeeSteps.Contract("e2"), EmployeeSteps.Salary(id: "e2"),
        })
        {
            (await shop.SendAsync(step)).Is(201);
        }

        var run = await shop.CalculateAsync(Run("2026-01"));
        var rows = (await shop.SendAsync(Get("/pay-runs/2026-01/payslips"))).Is(200).Json.GetProperty("rows");

        Assert.Equal(1, run.Json.GetProperty("failed").GetInt32());
        Assert.Equal("e2", rows[0].GetProperty("employee").GetString());
        Assert.Equal("fact-missing", rows[0].GetProperty("failedCode").GetString());
        Assert.Equal("1163.97", rows[1].GetProperty("net").GetString());
    }

    [Fact]
    public async Task Two_persons_see_a_run_where_there_are_two()
    {
        var shop = await PreparedAsync();
        var keys = new CompanyKeys(host, shop.Company);
        var issued = new List<string>();
        foreach (var (id, role, holder) in new[]
        {
            ("payroll", Role.Payroll, "maria"), ("second", Role.Approver, "maria"),
            ("approver", Role.Approver, "anna"),
        })
        {
            issued.Add(await keys.IssueAsync(id, CompanyKeys.JsonOf(role, holder)));
        }

        var payroll = await keys.OwnAsync("payroll", issued[0]);
        var mariasOwn = await keys.OwnAsync("second", issued[1]);
        var approver = await keys.OwnAsync("approver", issued[2]);
        (await keys.SendAsync(payroll, Run("2026-01"))).Is(202);
        var calculated = await shop.CalculatedAsync("2026-01");

        (await keys.SendAsync(payroll, Approval(calculated))).IsProblem(403, "permission-missing");
        (await keys.SendAsync(mariasOwn, Approval(calculated))).IsProblem(422, "pay-run-approved-by-calculator");
        (await keys.SendAsync(approver, Approval(calculated))).Is(201);
        (await keys.SendAsync(payroll, Approval(calculated))).IsProblem(403, "permission-missing");
        (await keys.SendAsync(payroll, Posting("2026-01"))).Is(201);
        (await keys.SendAsync(payroll, Post("/pay-runs/2026-01/payment", PaymentOrder)))
            .IsProblem(403, "permission-missing");
    }

    [Fact]
    public async Task Employees_see_their_own_payslips_once_they_are_approved_and_nobody_elses()
    {
        var shop = host.Given([.. PaidShop, .. Hired("e2")]);
        await shop.PrepareAsync();
        var own = await new CompanyKeys(host, shop.Company).IssueAsync("own", Role.Employee, "ana");
        Task<ApiAnswer> Ask(string path) => new CompanyKeys(host, shop.Company).SendAsync(own, Get(path));
        var calculated = await shop.CalculateAsync(Run("2026-01"));

        (await Ask("/employees/p-17/payslips/2026-01")).IsProblem(404, "payslip-unknown");
        await shop.ApproveAsync(calculated);
        (await Ask("/employees/p-17/payslips/2026-01")).Is(200);
        Assert.Single((await Ask("/employees/p-17/payslips")).Is(200).Json.GetProperty("rows").EnumerateArray());
        (await Ask("/employees/e2/payslips/2026-01")).IsProblem(404, "payslip-unknown");
        (await Ask("/employees/e2/arrears")).IsProblem(404, "payslip-unknown");
        (await Ask("/pay-runs/2026-01/payslips")).IsProblem(403, "permission-missing");
    }

    [Fact]
    public async Task A_line_says_why_it_is_what_it_is()
    {
        var shop = await PreparedAsync();
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));

        var why = (await shop.SendAsync(Get("/employees/p-17/payslips/2026-01/lines/2/explanation"))).Is(200).Json;

        Assert.True(why.GetProperty("reproduced").GetBoolean());
        Assert.Contains("insurable income", why.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_records_nothing()
    {
        var shop = await PreparedAsync();
        var before = await shop.EventsAsync();
        var preview = (await shop.SendAsync(Post("/pay-runs:preview", Run("2026-01").Json!))).Is(200).Json;
        Assert.Equal("1163.97", preview.GetProperty("net").GetString());
        Assert.Equal(before, await shop.EventsAsync());
    }

    [Fact]
    public async Task The_entry_of_a_run_is_reversed_only_with_it_and_the_run_can_be_made_again()
    {
        var shop = await PreparedAsync();
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        (await shop.SendAsync(Posting("2026-01"))).Is(201);
        (await shop.SendAsync(Post(
            "/journal-entries/2026-01~pay/reversal", """{"bookedOn": "2026-01-31", "reason": "Wrong"}""")))
            .IsProblem(422, "entry-of-pay-run");

        (await shop.SendAsync(Post(
            "/pay-runs/2026-01/reversal", """{"bookedOn": "2026-01-31", "reason": "Wrong"}"""))).Is(201);
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01", id: "again")));
        Assert.Equal("salary 1500.00", await shop.LinesAsync("again"));
    }

    [Fact]
    public async Task Payments_come_by_the_page_and_payslips_in_the_export_of_a_person()
    {
        var shop = host.Given([.. PaidShop, .. Hired("e2")]);
        await shop.PrepareAsync();
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        (await shop.SendAsync(Posting("2026-01"))).Is(201);

        var first = (await shop.SendAsync(Get("/pay-runs/2026-01/payments?limit=1"))).Is(200).Json;
        var next = first.GetProperty("next").GetString();
        var second = (await shop.SendAsync(Get($"/pay-runs/2026-01/payments?limit=1&cursor={next}"))).Is(200).Json;
        Assert.Equal(
            ["e2", "p-17"],
            new[] { first, second }.Select(
                page => page.GetProperty("rows").EnumerateArray().Single().GetProperty("employee").GetString()));
        Assert.Null(second.GetProperty("next").GetString());

        var export = (await shop.SendAsync(Get("/people/e2/data-export"))).Is(200).Json;
        Assert.Contains(
            export.GetProperty("events").EnumerateArray(),
            each => each.GetProperty("stream").GetString() == "payslip/2026-01/e2");
    }

    [FactWithVectors(Schema, "https://www.iso20022.org")]
    public async Task A_payment_file_is_what_banks_take()
    {
        var shop = await PreparedAsync();
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        (await shop.SendAsync(Posting("2026-01"))).Is(201);
        (await shop.SendAsync(Post("/pay-runs/2026-01/payment", PaymentOrder))).Is(201);

        var file = (await shop.SendAsync(Get(
            "/pay-runs/2026-01/payments?file=1", ("Accept", "application/xml")))).Is(200).Body;

        var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema };
        settings.Schemas.Add(null, FactWithVectorsAttribute.PathOf(Schema));
        settings.ValidationFlags |= XmlSchemaValidationFlags.ReportValidationWarnings;
        using var reader = XmlReader.Create(new StringReader(file), settings);
        while (reader.Read())
        {
        }

        Assert.Contains("<CtrlSum>1163.97</CtrlSum>", file, StringComparison.Ordinal);
        Assert.Contains("<Nm>Ana Petrova</Nm>", file, StringComparison.Ordinal);
        Assert.Contains($"<IBAN>{EmployeeSteps.Iban}</IBAN>", file, StringComparison.Ordinal);
    }

    private async Task<Scenario> PreparedAsync()
    {
        var shop = host.Given(PaidShop);
        await shop.PrepareAsync();
        return shop;
    }
}

using System.IO.Compression;
using Ledger.Domain.Keys;
using Ledger.Tests.Employees;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.PayRuns;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.Payslips;

/// <summary>Payslips as they are printed, over the real service.</summary>
public sealed class PayslipFilesTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Font = "DejaVuSans.ttf";
    private const string Slip = "/employees/p-17/payslips/2026-02";

    [FactWith(Font, PdfReader.ToText)]
    public async Task A_payslip_says_it_in_English_with_its_numbers_and_dates()
    {
        var shop = await PaidAsync();
        var text = await PdfReader.TextAsync(await PdfAsync(shop, Slip + "?language=en"));

        Assert.Contains("Shop Payslip", text, StringComparison.Ordinal);
        Assert.Contains(
            "Employee Ana Petrova Period 1 February 2026 – 28 February 2026", text, StringComparison.Ordinal);
        Assert.Contains("Employee no. p-17 Pay date 28 February 2026", text, StringComparison.Ordinal);
        Assert.Contains("Position Shop assistant", text, StringComparison.Ordinal);
        Assert.Contains("Salary 1,600.00 3,200.00", text, StringComparison.Ordinal);
        Assert.Contains("Salary, January 2026 100.00", text, StringComparison.Ordinal);
        Assert.Contains("Gross pay 1,700.00 3,200.00", text, StringComparison.Ordinal);
        Assert.Contains("Page 1 of 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Draft", text, StringComparison.Ordinal);
    }

    [FactWith(Font, PdfReader.ToText)]
    public async Task A_payslip_says_it_in_the_employees_language()
    {
        var shop = await PaidAsync();
        var text = await PdfReader.TextAsync(await PdfAsync(shop, Slip));

        Assert.Contains("Фиш за заплата", text, StringComparison.Ordinal);
        Assert.Contains("Служител Ana Petrova Период 01.02.2026 г. – 28.02.2026 г.", text, StringComparison.Ordinal);
        Assert.Contains("Основна заплата, януари 2026 г. 100,00", text, StringComparison.Ordinal);
        Assert.Contains("Брутно възнаграждение 1 700,00 3 200,00", text, StringComparison.Ordinal);
        Assert.Contains("Сума за получаване", text, StringComparison.Ordinal);
        Assert.Contains("Страница 1 от 1", text, StringComparison.Ordinal);
    }

    [FactWith(Font, PdfReader.ToText)]
    public async Task A_payslip_says_it_in_Azerbaijani()
    {
        var shop = await PaidAsync();
        var text = await PdfReader.TextAsync(await PdfAsync(shop, Slip + "?language=az"));

        Assert.Contains("Əməkhaqqı vərəqəsi", text, StringComparison.Ordinal);
        Assert.Contains("İşçi Ana Petrova Dövr 01.02.2026 – 28.02.2026", text, StringComparison.Ordinal);
        Assert.Contains("Əməkhaqqı, yanvar 2026 100,00", text, StringComparison.Ordinal);
        Assert.Contains("Cəmi hesablanıb 1.700,00 3.200,00", text, StringComparison.Ordinal);
    }

    [FactWith(Font, PdfReader.Fonts)]
    public async Task Its_fonts_are_embedded_and_its_bytes_are_the_same_each_time()
    {
        var shop = await PaidAsync();
        var pdf = await PdfAsync(shop, Slip);

        Assert.Equal(pdf, await PdfAsync(shop, Slip));
        Assert.Equal(pdf, await PdfAsync(shop, "/pay-runs/2026-02/payslips/p-17"));
        Assert.Equal("%PDF-1.7"u8.ToArray(), pdf[..8]);
        var fonts = (await PdfReader.RunAsync(PdfReader.Fonts, pdf)).Split(
            '\n', StringSplitOptions.RemoveEmptyEntries)[2..];
        Assert.Equal(2, fonts.Length);
        Assert.All(fonts, font => Assert.Matches(@"^[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes yes yes", font));
    }

    [FactWith(Font, PdfReader.ToText)]
    public async Task A_payslip_stays_as_it_was_when_its_employee_changes_later()
    {
        var shop = await PaidAsync();
        var before = await PdfAsync(shop, Slip);
        (await shop.SendAsync(Put(
            "/employees/p-17", """{"name": "Ana Ivanova", "language": "en"}""", ("If-Match", "\"1\"")))).Is(201);
        Assert.Equal(before, await PdfAsync(shop, Slip));
    }

    [FactWith(Font, PdfReader.ToText)]
    public async Task A_payslip_that_nobody_approved_is_marked_as_a_draft()
    {
        var shop = host.Given(PaidShop);
        await shop.PrepareAsync();
        await shop.CalculateAsync(Run("2026-02"));
        var text = await PdfReader.TextAsync(await PdfAsync(shop, Slip + "?language=en"));
        Assert.Contains("Draft: not approved yet", text, StringComparison.Ordinal);
    }

    [FactWith(Font, PdfReader.ToText)]
    public async Task Employees_get_their_own_and_nobody_elses()
    {
        var shop = await PaidAsync();
        var keys = new CompanyKeys(host, shop.Company);
        var own = await keys.IssueAsync("own", Role.Employee, "ana");
        var text = await PdfReader.TextAsync(await PdfAsync(shop, Slip + "?language=en", own));
        Assert.Contains("Employee Ana Petrova", text, StringComparison.Ordinal);
        (await keys.SendAsync(own, Get("/employees/e2/payslips/2026-02", ("Accept", "application/pdf"))))
            .IsProblem(404, "payslip-unknown");
        (await keys.SendAsync(own, Get("/pay-runs/2026-02/payslips", ("Accept", "application/zip"))))
            .IsProblem(403, "permission-missing");
    }

    [FactWith(Font)]
    public async Task All_payslips_of_a_run_come_as_one_ZIP_the_same_each_time()
    {
        var shop = await PaidAsync();
        var bytes = await BytesAsync(shop, "/pay-runs/2026-02/payslips", "application/zip");
        Assert.Equal(bytes, await BytesAsync(shop, "/pay-runs/2026-02/payslips", "application/zip"));

        using var zip = new ZipArchive(new MemoryStream(bytes));
        Assert.Equal(["e2.pdf", "p-17.pdf"], zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(new DateTime(2026, 2, 28), entry.LastWriteTime.DateTime));
        using var content = new MemoryStream();
        await zip.Entries[1].Open().CopyToAsync(content);
        Assert.Equal(await PdfAsync(shop, Slip), content.ToArray());
    }

    [FactWith(Font)]
    public async Task What_makes_no_sense_is_refused()
    {
        var shop = await PaidAsync();
        (await shop.SendAsync(Get(Slip + "?language=de", ("Accept", "application/pdf"))))
            .IsProblem(400, "parameter-malformed");
        (await shop.SendAsync(Get("/pay-runs/2026-02/payslips?limit=5", ("Accept", "application/zip"))))
            .IsProblem(400, "parameter-malformed");
        (await shop.SendAsync(Get("/pay-runs/none/payslips", ("Accept", "application/zip"))))
            .IsProblem(404, "pay-run-unknown");
        (await shop.SendAsync(Get(Slip, ("Accept", "image/png")))).IsProblem(406, "not-acceptable");
    }

    /// <summary>Two employees, two months, and a raise of 100 that was recorded between them.</summary>
    private async Task<Scenario> PaidAsync()
    {
        var shop = host.Given([.. PaidShop, .. Hired("e2")]);
        await shop.PrepareAsync();
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        (await shop.SendAsync(EmployeeSteps.Salary(amount: "1600.00", ifMatch: 3))).Is(201);
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-02")));
        return shop;
    }

    private Task<byte[]> PdfAsync(Scenario shop, string path, string? key = null) =>
        BytesAsync(shop, path, "application/pdf", key);

    private async Task<byte[]> BytesAsync(Scenario shop, string path, string type, string? key = null)
    {
        using var request = ApiHost.Request(
            HttpMethod.Get, $"/companies/{shop.Company}{path}", null, [("Accept", type)]);
        using var anybody = new HttpClient { BaseAddress = host.Address };
        request.Headers.Authorization = new("Bearer", key ?? host.OwnerKeyText);
        using var response = await anybody.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
        return await response.Content.ReadAsByteArrayAsync();
    }
}

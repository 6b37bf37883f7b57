using Ledger.Api.Payslips;
using Ledger.Domain;
using Ledger.Domain.Leave;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;

namespace Ledger.Tests.Payslips;

/// <summary>How payslips are laid out, and what they are written with.</summary>
public sealed class PayslipPdfTests
{
    private const string Font = "DejaVuSans.ttf";

    private static readonly SlipLine Salary = new("salary", LineKind.Earning, 2000);

    [FactWith(Font, PdfReader.ToText)]
    public async Task A_long_payslip_goes_on_on_further_pages_that_say_whose_it_is()
    {
        var lines = Enumerable.Range(1, 90).Select(i => new SlipLine("bonus", LineKind.Earning, i));
        var pages = (await PdfReader.TextAsync(Write([.. lines]))).Split('\f');

        Assert.Equal(3, pages.Length - 1);
        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("Acme Payslip", pages[i], StringComparison.Ordinal);
            Assert.Contains("Employee Ana Petrova", pages[i], StringComparison.Ordinal);
            Assert.Contains("Base Rate Amount, EUR", pages[i], StringComparison.Ordinal);
            Assert.Contains($"Page {i + 1} of 3", pages[i], StringComparison.Ordinal);
        }

        Assert.Contains("Gross pay 4,095.00", string.Concat(pages), StringComparison.Ordinal);
    }

    [FactWith(Font, PdfReader.ToText)]
    public async Task A_rate_stands_only_where_it_and_its_base_make_the_amount()
    {
        var text = await PdfReader.TextAsync(Write(
            new("salary", LineKind.Earning, 2000),
            new("pensions", LineKind.Contribution, 131.60m, Base: 2000, Rate: 0.0658m),
            new("incomeTax", LineKind.Tax, 150, Base: 1868.40m, Rate: 0.1m)));
        Assert.Contains("State pension 2,000.00 6.58% 131.60", text, StringComparison.Ordinal);
        Assert.Contains("Income tax 1,868.40 150.00", text, StringComparison.Ordinal);
    }

    [FactWith(Font, PdfReader.ToText)]
    public async Task What_the_table_of_names_does_not_know_is_shown_by_its_code() => Assert.Contains(
        "notYetNamed 12.00",
        await PdfReader.TextAsync(Write(new SlipLine("notYetNamed", LineKind.Deduction, 12))),
        StringComparison.Ordinal);

    [FactWith(Font, PdfReader.ToText)]
    public async Task Leave_stands_below_what_the_employer_pays_in_the_days_of_the_law_and_the_words_of_the_language()
    {
        var leave = new SlipLeave(LeaveUnit.WorkingDays, 20, 12.5m, 4.93m, 2, 15.43m);
        Assert.Contains(
            "Leave, in working days\nOf the year Brought forward Accrued Taken Balance\n"
            + "20.00 12.50 4.93 2.00 15.43\n",
            await PdfReader.TextAsync(WriteIn("en", leave, Salary)), StringComparison.Ordinal);
        Assert.Contains(
            "Платен отпуск, в работни дни\nЗа годината Пренесен Натрупан Ползван Остатък\n"
            + "20,00 12,50 4,93 2,00 15,43\n",
            await PdfReader.TextAsync(WriteIn("bg", leave, Salary)), StringComparison.Ordinal);
        Assert.Contains(
            "Məzuniyyət, təqvim günləri ilə\nİl üzrə Əvvəlki qalıq Qazanılıb İstifadə edilib Qalıq\n"
            + "20,00 12,50 4,93 2,00 15,43\n",
            await PdfReader.TextAsync(WriteIn("az", leave with { Unit = LeaveUnit.CalendarDays }, Salary)),
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "Leave", await PdfReader.TextAsync(WriteIn("en", null, Salary)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_font_is_passed_over()
    {
        var folder = Directory.CreateTempSubdirectory("backoffice-fonts-");
        try
        {
            Assert.Null(PayslipFonts.Find([folder.FullName, Path.Combine(folder.FullName, "missing")]));
            foreach (var name in (string[])["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"])
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), "This is no font, but it is long enough.");
            }

            Assert.Null(PayslipFonts.Find([folder.FullName]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Where_there_is_no_font_the_problem_names_the_package_to_install()
    {
        var problem = Assert.Throws<Ledger.Api.RequestException>(() => PayslipFonts.Require(null)).Problem;
        Assert.Equal((503, "font-missing"), (problem.Status, problem.Code));
        Assert.Contains("apt-get install fonts-dejavu-core", problem.Detail, StringComparison.Ordinal);
    }

    private static byte[] Write(params SlipLine[] lines) => WriteIn("en", null, lines);

    private static byte[] WriteIn(string language, SlipLeave? leave, params SlipLine[] lines)
    {
        var slip = new Payslip(
            "c1", "bg", 1, new UnitCode("EUR"), new(2026, 3, 1), new(2026, 3, 31), new(2026, 4, 5), [.. lines], 5,
            Leave: leave);
        return PayslipPdf.Write(
            new(
                "Acme", "march", PayRunStatus.Approved, "e1", "Ana Petrova", language, "Clerk", slip, new(2026, 1, 1),
                [.. lines.GroupBy(line => (line.Code, line.Kind)).Select(same => new PaidToDate(
                    same.Key.Code, same.Key.Kind, same.Sum(line => line.Amount)))]),
            PayslipFonts.Require());
    }
}

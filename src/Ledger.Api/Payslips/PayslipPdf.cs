using Ledger.Api.Pdf;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;

namespace Ledger.Api.Payslips;

/// <summary>
/// Draws a payslip on A4: who is paid by whom and for when, then what is paid, what is taken, what is left, and what it
/// costs, each line beside its sum of the year. An ordinary one fits on a page; further pages repeat whose it is.
/// </summary>
public sealed class PayslipPdf
{
    public const string ContentType = "application/pdf";

    private const decimal Left = 48;
    private const decimal Right = PdfPage.Width - Left;
    private const decimal Middle = 300;
    private const decimal NameRight = 258;
    private const decimal BaseRight = 320;
    private const decimal RateRight = 376;
    private const decimal AmountRight = 458;
    private const decimal Bottom = PdfPage.Height - 64;
    private const decimal Size = 8.5m;
    private const decimal LabelWidth = 78;
    private const decimal Padding = 6;
    private const decimal TitleSize = 15;
    private const decimal CompanySize = 11;
    private const decimal NetSize = 10.5m;
    private const decimal SmallSize = 7.5m;
    private const decimal LineHeight = 13.5m;
    private const decimal WrappedHeight = 10.5m;
    private const decimal Gray = 0.4m;
    private const decimal RuleGray = 0.7m;
    private const decimal BandGray = 0.93m;

    private readonly PayslipDocument of;
    private readonly Payslip slip;
    private readonly PayslipWords words;
    private readonly PdfDocument pdf;
    private readonly PdfFont regular;
    private readonly PdfFont bold;
    private PdfPage page;
    private decimal y;

    private PayslipPdf(PayslipDocument of, PayslipFonts fonts)
    {
        (this.of, slip, words) = (of, of.Slip, PayslipWords.Of(of.Language));
        pdf = new(
            $"{words.Title} {words.Dates(slip.From, slip.Through)}, {of.Name ?? of.Employee}", of.Company, of.Language,
            slip.PayDate);
        (regular, bold) = (pdf.AddFont(fonts.Regular), pdf.AddFont(fonts.Bold));
        page = pdf.AddPage();
    }

    /// <summary>The same payslip gives the same bytes.</summary>
    public static byte[] Write(PayslipDocument document, PayslipFonts fonts)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(fonts);
        var payslip = new PayslipPdf(document, fonts);
        payslip.Draw();
        return payslip.pdf.ToBytes();
    }

    private void Draw()
    {
        DrawHead();
        DrawWho();
        DrawTableHead();
        DrawSection(words.Earnings, LineKind.Earning);
        DrawSection(words.Benefits, LineKind.Benefit);
        DrawTotal(words.Gross, slip.Gross(), of.ToDateOf(LineKind.Earning, LineKind.Benefit));
        DrawSection(words.Contributions, LineKind.Contribution);
        DrawSection(words.Taxes, LineKind.Tax);
        DrawSection(words.OtherDeductions, LineKind.Deduction);
        var deductions = of.ToDateOf(LineKind.Contribution, LineKind.Tax, LineKind.Deduction);
        DrawTotal(words.Deductions, slip.Deductions(), deductions);
        DrawNet(of.ToDateOf(LineKind.Earning) - deductions);
        DrawSection(words.EmployersContributions, LineKind.EmployerContribution);
        DrawTotal(
            words.EmployersCost, slip.Gross() + slip.EmployerContributions(),
            of.ToDateOf(LineKind.Earning, LineKind.Benefit, LineKind.EmployerContribution));
        DrawFeet();
    }

    private void DrawHead()
    {
        y = 62;
        var width = bold.WidthOf(words.Title, TitleSize);
        page.TextTo(bold, TitleSize, Right, y, words.Title);
        page.Text(bold, CompanySize, Left, y, bold.Fitting(CompanySize, of.Company, Right - Left - width - 16));
        page.Rule(Left, Right, y + 8, 1.2m, 0);
        y += 26;
    }

    private void DrawWho()
    {
        var status = of.Status is PayRunStatus.Reversed ? words.Reversed
            : of.Status is PayRunStatus.Opened or PayRunStatus.Calculating or PayRunStatus.Calculated ? words.Draft
            : null;
        if (status is not null)
        {
            page.Fill(Left - Padding, y - 11, Right + Padding, y + 5, BandGray);
            page.Text(bold, Size, Left, y, status);
            y += 22;
        }

        DrawPair(words.Employee, of.Name ?? of.Employee, words.Period, words.Dates(slip.From, slip.Through));
        DrawPair(
            words.Number, of.Name is null ? null : of.Employee, words.PayDate, words.Date(slip.PayDate));
        DrawPair(words.Contract, slip.Contract, words.Run, of.Run);
        DrawPair(words.Position, of.Position, "", null);
        y += 16;
    }

    private void DrawPair(string label, string? value, string secondLabel, string? secondValue)
    {
        if (value is null && secondValue is null)
        {
            return;
        }

        var lines = Math.Max(
            DrawNamed(Left, Middle - 10, label, value), DrawNamed(Middle, Right, secondLabel, secondValue));
        y += LineHeight + 0.5m + ((lines - 1) * WrappedHeight);
    }

    /// <summary>How many lines it needs: a name is never cut off.</summary>
    private int DrawNamed(decimal left, decimal right, string label, string? value)
    {
        if (value is null)
        {
            return 1;
        }

        page.Text(regular, SmallSize, left, y, label, Gray);
        var lines = regular.Wrapped(Size, value, right - left - LabelWidth);
        for (var i = 0; i < lines.Count; i++)
        {
            page.Text(regular, Size, left + LabelWidth, y + (i * WrappedHeight), lines[i]);
        }

        return lines.Count;
    }

    private void DrawTableHead()
    {
        page.TextTo(regular, SmallSize, BaseRight, y, words.Base, Gray);
        page.TextTo(regular, SmallSize, RateRight, y, words.Rate, Gray);
        page.TextTo(regular, SmallSize, AmountRight, y, $"{words.Amount}, {slip.Currency}", Gray);
        var lines = regular.Wrapped(SmallSize, words.ToDate, Right - AmountRight - 8);
        for (var i = 0; i < lines.Count; i++)
        {
            page.TextTo(regular, SmallSize, Right, y - ((lines.Count - 1 - i) * 9), lines[i], Gray);
        }

        page.Rule(Left, Right, y + 4, 0.6m, RuleGray);
        y += 6;
    }

    /// <summary>The lines of a kind, then what was paid in the year and is not on this payslip.</summary>
    private void DrawSection(string title, LineKind kind)
    {
        var lines = slip.Lines.Where(line => line.Kind == kind).ToList();
        var before = of.ToDate.Where(paid => paid.Kind == kind && paid.Amount != 0
            && !lines.Exists(line => line.Code == paid.Code)).ToList();
        if (lines.Count + before.Count == 0)
        {
            return;
        }

        Advance(LineHeight + 4, LineHeight);
        page.Text(bold, Size, Left, y, title);
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            DrawLine(NameOf(line), line, shown.Add(line.Code)
                ? of.ToDate.Where(paid => paid.Kind == kind && paid.Code == line.Code).Sum(paid => paid.Amount) : null);
        }

        foreach (var paid in before)
        {
            DrawLine(PayslipNames.Of(words.Language, slip.Pack, paid.Code), null, paid.Amount);
        }

        y += 3;
    }

    private string NameOf(SlipLine line) => PayslipNames.Of(words.Language, slip.Pack, line.Code)
        + (line.EarnedThrough is { } end ? $", {words.Earned(end)}" : "")
        + (line.Deduction is { } id ? $" ({id})" : "");

    private void DrawLine(string name, SlipLine? line, decimal? toDate)
    {
        var lines = regular.Wrapped(Size, name, (line?.Base is null ? BaseRight : NameRight) - Left - 8);
        Advance(LineHeight, (lines.Count - 1) * WrappedHeight);
        if (line is not null)
        {
            page.TextTo(regular, Size, AmountRight, y, words.Money(line.Amount));
            if (line.Base is { } @base)
            {
                page.TextTo(regular, Size, BaseRight, y, words.Money(@base), Gray);
            }

            if (line.Rate is { } rate && IsProduct(line))
            {
                page.TextTo(regular, Size, RateRight, y, words.Percent(rate), Gray);
            }
        }

        if (toDate is { } sum)
        {
            page.TextTo(regular, Size, Right, y, words.Money(sum));
        }

        for (var i = 0; i < lines.Count; i++)
        {
            y += i == 0 ? 0 : WrappedHeight;
            page.Text(regular, Size, Left + (i == 0 ? 0 : 8), y, lines[i]);
        }
    }

    /// <summary>A rate stands beside its base only where the one times the other is the amount: not where bands were
    /// added up, or what was taken before was taken off.</summary>
    private static bool IsProduct(SlipLine line) =>
        line.Base is { } @base && Math.Abs((@base * line.Rate!.Value) - line.Amount) <= 0.01m;

    private void DrawTotal(string name, decimal amount, decimal toDate)
    {
        Advance(LineHeight + 2, 0);
        page.Rule(Left, Right, y - 10, 0.6m, RuleGray);
        page.Text(bold, Size, Left, y, name);
        page.TextTo(bold, Size, AmountRight, y, words.Money(amount));
        page.TextTo(bold, Size, Right, y, words.Money(toDate));
        y += 4;
    }

    private void DrawNet(decimal toDate)
    {
        Advance(27, 9);
        page.Fill(Left - Padding, y - 16, Right + Padding, y + 9, BandGray);
        page.Text(bold, NetSize, Left, y, words.Net);
        page.TextTo(bold, NetSize, AmountRight, y, words.Money(slip.Net()));
        page.TextTo(bold, Size, Right, y, words.Money(toDate));
        y += 14;
    }

    private void DrawFeet()
    {
        for (var i = 0; i < pdf.Pages.Count; i++)
        {
            var each = pdf.Pages[i];
            each.Rule(Left, Right, PdfPage.Height - 50, 0.6m, RuleGray);
            each.Text(regular, SmallSize, Left, PdfPage.Height - 38, words.ToDateOf(of.YearStart, slip.PayDate), Gray);
            each.TextTo(
                regular, SmallSize, Right, PdfPage.Height - 38, words.Page(i + 1, pdf.Pages.Count), Gray);
        }
    }

    /// <summary>Goes down to the next base line; to a new page where what follows has no room on this.</summary>
    private void Advance(decimal step, decimal below)
    {
        if (y + step + below > Bottom)
        {
            page = pdf.AddPage();
            DrawHead();
            DrawPair(words.Employee, of.Name ?? of.Employee, words.Period, words.Dates(slip.From, slip.Through));
            y += 16;
            DrawTableHead();
        }

        y += step;
    }
}

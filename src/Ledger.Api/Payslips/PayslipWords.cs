using System.Globalization;
using Ledger.Domain.Leave;
using Ledger.Domain.PayRuns;
using NodaTime;

namespace Ledger.Api.Payslips;

/// <summary>The words of a payslip in one language, and how it writes numbers and dates.</summary>
public sealed class PayslipWords
{
    private const string English = "en";
    private const string Bulgarian = "bg";
    private const string Azerbaijani = "az";

    private static readonly string[] EnglishMonths =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ];

    private static readonly string[] BulgarianMonths =
    [
        "януари", "февруари", "март", "април", "май", "юни", "юли", "август", "септември", "октомври", "ноември",
        "декември",
    ];

    private static readonly string[] AzerbaijaniMonths =
    [
        "yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avqust", "sentyabr", "oktyabr", "noyabr", "dekabr",
    ];

    private readonly NumberFormatInfo numbers;
    private readonly Func<LocalDate, string> date;
    private readonly Func<LocalDate, string> month;

    private PayslipWords(
        string language, string groups, string decimals, Func<LocalDate, string> date, Func<LocalDate, string> month)
    {
        Language = language;
        numbers = new() { NumberGroupSeparator = groups, NumberDecimalSeparator = decimals };
        (this.date, this.month) = (date, month);
    }

    /// <summary>A BCP 47 tag.</summary>
    public string Language { get; }

    public required string Title { get; init; }

    public required string Employee { get; init; }

    public required string Number { get; init; }

    public required string Contract { get; init; }

    public required string Position { get; init; }

    public required string Period { get; init; }

    public required string PayDate { get; init; }

    public required string Run { get; init; }

    public required string Base { get; init; }

    public required string Rate { get; init; }

    public required string Amount { get; init; }

    public required string ToDate { get; init; }

    public required string Earnings { get; init; }

    public required string Benefits { get; init; }

    public required string Contributions { get; init; }

    public required string Taxes { get; init; }

    public required string OtherDeductions { get; init; }

    public required string Gross { get; init; }

    public required string Deductions { get; init; }

    public required string Net { get; init; }

    public required string EmployersContributions { get; init; }

    public required string EmployersCost { get; init; }

    public required string LeaveInWorkingDays { get; init; }

    public required string LeaveInCalendarDays { get; init; }

    public required string LeaveOfYear { get; init; }

    public required string LeaveOpening { get; init; }

    public required string LeaveAccrued { get; init; }

    public required string LeaveTaken { get; init; }

    public required string LeaveBalance { get; init; }

    public required string Draft { get; init; }

    public required string Reversed { get; init; }

    /// <summary>{0} is the first day of the year that counts, {1} the pay date.</summary>
    public required string ToDateMeans { private get; init; }

    /// <summary>{0} is the page, {1} how many there are.</summary>
    public required string PageOf { private get; init; }

    /// <summary>{0} is the last day of an earlier period that is no month.</summary>
    public required string Through { private get; init; }

    /// <summary>That of the employee's language tag, if it is one of these; else that of the pack's country.</summary>
    public static string LanguageOf(string? tag, string pack) =>
        tag is not null && Languages.Contains(tag.Split('-')[0].ToLowerInvariant())
            ? tag.Split('-')[0].ToLowerInvariant()
            : Languages.Contains(pack) ? pack : English;

    public static PayslipWords Of(string language) => All[PlaceOf(language)];

    public string TitleOf(SlipLeave leave)
    {
        ArgumentNullException.ThrowIfNull(leave);
        return leave.Unit == LeaveUnit.CalendarDays ? LeaveInCalendarDays : LeaveInWorkingDays;
    }

    /// <summary>What is said of leave; the balance comes last.</summary>
    public IReadOnlyList<(string Name, decimal Days)> ColumnsOf(SlipLeave leave)
    {
        ArgumentNullException.ThrowIfNull(leave);
        return
        [
            (LeaveOfYear, leave.Entitlement), (LeaveOpening, leave.Opening), (LeaveAccrued, leave.Accrued),
            (LeaveTaken, leave.Taken), (LeaveBalance, leave.Balance),
        ];
    }

    public string Money(decimal amount) => amount.ToString("#,##0.00", numbers);

    /// <summary>A part of one, in percent.</summary>
    public string Percent(decimal part) => (part * 100).ToString("0.####", numbers) + "%";

    public string Date(LocalDate day) => date(day);

    public string Dates(LocalDate from, LocalDate through) => $"{date(from)} – {date(through)}";

    /// <summary>For which period late pay is: its month, or its last day where that does not end a month.</summary>
    public string Earned(LocalDate end) =>
        end.PlusDays(1).Day == 1 ? month(end) : string.Format(CultureInfo.InvariantCulture, Through, date(end));

    public string Page(int number, int count) => string.Format(CultureInfo.InvariantCulture, PageOf, number, count);

    public string ToDateOf(LocalDate first, LocalDate payDate) =>
        string.Format(CultureInfo.InvariantCulture, ToDateMeans, date(first), date(payDate));

    private static string Of(LocalDate day, string[] months) => months[day.Month - 1];

    private static string Dotted(LocalDate day) => day.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture);

    private static string Year(LocalDate day) => day.Year.ToString(CultureInfo.InvariantCulture);

    /// <summary>In the order of the columns of the names.</summary>
    public static IReadOnlyList<PayslipWords> All { get; } =
    [
        new(
            English, ",", ".",
            day => string.Create(CultureInfo.InvariantCulture, $"{day.Day} {Of(day, EnglishMonths)} {day.Year}"),
            day => $"{Of(day, EnglishMonths)} {Year(day)}")
        {
            Title = "Payslip",
            Employee = "Employee",
            Number = "Employee no.",
            Contract = "Contract",
            Position = "Position",
            Period = "Period",
            PayDate = "Pay date",
            Run = "Pay run",
            Base = "Base",
            Rate = "Rate",
            Amount = "Amount",
            ToDate = "Year to date",
            Earnings = "Earnings",
            Benefits = "Benefits in kind, not paid out",
            Contributions = "Contributions",
            Taxes = "Taxes",
            OtherDeductions = "Other deductions",
            Gross = "Gross pay",
            Deductions = "Total deductions",
            Net = "Net pay",
            EmployersContributions = "Employer's contributions",
            EmployersCost = "Employer's total cost",
            LeaveInWorkingDays = "Leave, in working days",
            LeaveInCalendarDays = "Leave, in calendar days",
            LeaveOfYear = "Of the year",
            LeaveOpening = "Brought forward",
            LeaveAccrued = "Accrued",
            LeaveTaken = "Taken",
            LeaveBalance = "Balance",
            Draft = "Draft: not approved yet",
            Reversed = "Reversed: this payslip does not count any more",
            ToDateMeans = "Year to date: what was paid from {0} through {1}.",
            PageOf = "Page {0} of {1}",
            Through = "period to {0}",
        },
        new(
            Bulgarian, "\u00A0", ",", day => $"{Dotted(day)} г.",
            day => $"{Of(day, BulgarianMonths)} {Year(day)} г.")
        {
            Title = "Фиш за заплата",
            Employee = "Служител",
            Number = "Служебен №",
            Contract = "Договор",
            Position = "Длъжност",
            Period = "Период",
            PayDate = "Дата на плащане",
            Run = "Ведомост",
            Base = "Основа",
            Rate = "Ставка",
            Amount = "Сума",
            ToDate = "От началото на годината",
            Earnings = "Начисления",
            Benefits = "Доходи в натура, които не се изплащат",
            Contributions = "Осигурителни вноски",
            Taxes = "Данъци",
            OtherDeductions = "Други удръжки",
            Gross = "Брутно възнаграждение",
            Deductions = "Общо удръжки",
            Net = "Сума за получаване",
            EmployersContributions = "Вноски за сметка на работодателя",
            EmployersCost = "Общо разход на работодателя",
            LeaveInWorkingDays = "Платен отпуск, в работни дни",
            LeaveInCalendarDays = "Платен отпуск, в календарни дни",
            LeaveOfYear = "За годината",
            LeaveOpening = "Пренесен",
            LeaveAccrued = "Натрупан",
            LeaveTaken = "Ползван",
            LeaveBalance = "Остатък",
            Draft = "Проект: още не е одобрен",
            Reversed = "Сторниран: този фиш вече не важи",
            ToDateMeans = "От началото на годината: изплатеното от {0} до {1}",
            PageOf = "Страница {0} от {1}",
            Through = "период до {0}",
        },
        new(
            Azerbaijani, ".", ",", Dotted, day => $"{Of(day, AzerbaijaniMonths)} {Year(day)}")
        {
            Title = "Əməkhaqqı vərəqəsi",
            Employee = "İşçi",
            Number = "İşçi nömrəsi",
            Contract = "Müqavilə",
            Position = "Vəzifə",
            Period = "Dövr",
            PayDate = "Ödəniş tarixi",
            Run = "Hesablama",
            Base = "Baza",
            Rate = "Dərəcə",
            Amount = "Məbləğ",
            ToDate = "İlin əvvəlindən",
            Earnings = "Hesablanıb",
            Benefits = "Natura şəklində gəlir, ödənilmir",
            Contributions = "Sığorta haqları",
            Taxes = "Vergilər",
            OtherDeductions = "Digər tutulmalar",
            Gross = "Cəmi hesablanıb",
            Deductions = "Cəmi tutulub",
            Net = "Ödəniləcək məbləğ",
            EmployersContributions = "İşəgötürənin sığorta haqları",
            EmployersCost = "İşəgötürənin ümumi xərci",
            LeaveInWorkingDays = "Məzuniyyət, iş günləri ilə",
            LeaveInCalendarDays = "Məzuniyyət, təqvim günləri ilə",
            LeaveOfYear = "İl üzrə",
            LeaveOpening = "Əvvəlki qalıq",
            LeaveAccrued = "Qazanılıb",
            LeaveTaken = "İstifadə edilib",
            LeaveBalance = "Qalıq",
            Draft = "Layihə: hələ təsdiq edilməyib",
            Reversed = "Ləğv edilib: bu vərəqə artıq qüvvədə deyil",
            ToDateMeans = "İlin əvvəlindən: {0} tarixindən {1} tarixinədək ödənilənlər.",
            PageOf = "Səhifə {0} / {1}",
            Through = "{0} tarixinədək dövr",
        },
    ];

    /// <summary>Those that there are.</summary>
    public static IReadOnlyList<string> Languages { get; } = [.. All.Select(each => each.Language)];

    /// <summary>The place of a language among all.</summary>
    internal static int PlaceOf(string language) =>
        Enumerable.Range(0, Languages.Count).First(i => Languages[i] == language);
}

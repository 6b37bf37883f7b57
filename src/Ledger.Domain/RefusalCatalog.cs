using System.Linq.Expressions;
using Ledger.Domain.Accounts;
using Ledger.Domain.Approvals;
using Ledger.Domain.Audit;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Employees;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Domain.People;
using Ledger.Domain.Periods;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Domain;

/// <summary>A way to say no, for documentation.</summary>
/// <param name="Group">What it is about: <c>Journal</c> of <c>JournalRefusals</c>.</param>
/// <param name="Name">Its function there.</param>
/// <param name="Example">Its code, and its message for an example.</param>
public sealed record CataloguedRefusal(string Group, string Name, Refusal Example)
{
    public string Code => Example.Code;
}

/// <summary>All refusals of the domain, in the order in which they are declared, each with an example.</summary>
public static class RefusalCatalog
{
    private static readonly UnitCode Eur = new("EUR");
    private static readonly UnitCode Usd = new("USD");
    private static readonly UnitCode Hours = new("VACHR");
    private static readonly AccountCode Bank = new("503");
    private static readonly AccountCode Bill = new("401");
    private static readonly AccountCode Group = new("50");
    private static readonly YearMonth December = new(2025, 12);
    private static readonly YearMonth January = new(2026, 1);
    private static readonly LocalDate NewYear = new(2026, 1, 1);
    private static readonly LocalDate January31 = new(2026, 1, 31);
    private static readonly LocalDate NextYear = new(2027, 12, 31);
    private static readonly AnnualDate FirstOfJanuary = new(1, 1);
    private static readonly string[] PackNames = ["az", "bg", "gb", "us"];
    private static readonly string[] ElementNames = ["salary", "bonus"];
    private static readonly string[] SettingNames = ["lateTax"];
    private static readonly string[] FactNames = ["taxCode", "pension"];
    private static readonly Fact AccidentRate = new("accidentRate", FactKind.Percent, "The employer's rate.", true);
    private static readonly ContractDetails Contract = new("shop", NewYear, ContractType.Permanent, "Clerk", 40m);
    private static readonly AbsenceDetails Absence = new(AbsenceKind.Leave, NewYear, January31);
    private static readonly WallTime Dawn = new("2026-03-02T06:00");
    private static readonly WallTime Morning = new("2026-03-02T08:00");
    private static readonly Offset[] TwoHours = [Offset.FromHours(2)];
    private static readonly TimeEntry Night = new("t-1", new(Dawn, Morning), new("Europe/Sofia", default, default), 1);
    private const string SomeEvent = "0b9f0f5e-6f5c-4b0b-9c1b-6d7a0f3c2a11";
    private static readonly string[] Zones = ["America/Chicago", "America/New_York"];

    public static IReadOnlyList<CataloguedRefusal> All { get; } =
    [
        Of(() => TextRefusals.IdInvalid("The entry's id", "rent/january")),
        Of(() => TextRefusals.Empty("name")),
        Of(() => TextRefusals.TooLong("description", 1_240, Texts.DescriptionLengthMax)),
        Of(() => TextRefusals.NotAllowed("description", 16, '\u001b')),
        Of(() => TextRefusals.LanguageInvalid("bg_BG")),
        Of(() => RegisterRefusals.IfMatchRequired(3)),
        Of(() => RegisterRefusals.IfMatchFailed(2, 3)),
        Of(() => CompanyRefusals.Unknown()),
        Of(() => CompanyRefusals.CurrencyUnknown(new UnitCode("EURO"))),
        Of(() => CompanyRefusals.CountryUnknown("UK")),
        Of(() => CompanyRefusals.TimeZoneNeeded("US", Zones)),
        Of(() => CompanyRefusals.TimeZoneUnknown("Sofia")),
        Of(() => CompanyRefusals.FiscalYearStartWithinMonth(new AnnualDate(4, 6))),
        Of(() => CompanyRefusals.BooksEndBeforeTheyBegin(NewYear, new LocalDate(2025, 12, 31))),
        Of(() => CompanyRefusals.RetentionPurposeUnknown("consent", Retention.Settable)),
        Of(() => CompanyRefusals.TooManyUnits(10_001, CompanyDecider.UnitsMax)),
        Of(() => CompanyRefusals.UnitInvalid("3M")),
        Of(() => CompanyRefusals.DigitsOutOfRange(Hours, 13, CompanyDecider.DigitsMax)),
        Of(() => CompanyRefusals.DigitsLowered(Eur, 1, 2)),
        Of(() => CompanyRefusals.UnitWithdrawn(Hours, 1)),
        Of(() => CompanyRefusals.RetainedEarningsNotEquity(Bank)),
        Of(() => CompanyRefusals.CurrencyFixed(Eur, Usd)),
        Of(() => CompanyRefusals.FiscalYearStartFixed(FirstOfJanuary, new AnnualDate(4, 1))),
        Of(() => AccountRefusals.CodeInvalid("The code", "401/1")),
        Of(() => AccountRefusals.UnitUnknown(Hours)),
        Of(() => AccountRefusals.BySignNeedsBalanceSheet(AccountType.Income)),
        Of(() => AccountRefusals.TooManyRequired(11, AccountDecider.RequiredDimensionsMax)),
        Of(() => AccountRefusals.RequiredTwice("department")),
        Of(() => AccountRefusals.ParentUnknown(Group)),
        Of(() => AccountRefusals.ParentCycle(Group, Bank)),
        Of(() => AccountRefusals.ParentTooDeep(Bank, AccountDecider.DepthMax)),
        Of(() => AccountRefusals.TypeFixed(Bank, AccountType.Asset, AccountType.Liability)),
        Of(() => AccountRefusals.CurrencyFixed(Bank, Eur, Usd)),
        Of(() => AccountRefusals.TemplateUnknown("germany", ChartTemplates.Names)),
        Of(() => DimensionRefusals.TooManyDimensions(DimensionDecider.DimensionsMax)),
        Of(() => PeriodRefusals.OutsideBooks(new YearMonth(2062, 1), January, new YearMonth(2027, 12))),
        Of(() => PeriodRefusals.EarlierPeriodOpen(January, December)),
        Of(() => PeriodRefusals.Final(new YearMonth(2025, 11), December)),
        Of(() => PeriodRefusals.NotFiscalYearEnd(January, new YearMonth(2026, 12))),
        Of(() => PeriodRefusals.FiscalYearNotClosed(December, new YearMonth(2025, 11))),
        Of(() => PeriodRefusals.Closed(January)),
        Of(() => JournalRefusals.OtherContent("rent-2026-01")),
        Of(() => JournalRefusals.IdReserved("rent-2026-01~reversal")),
        Of(() => JournalRefusals.DocumentHashInvalid("E3B0C44298FC1C14")),
        Of(() => JournalRefusals.TooFewLines(1)),
        Of(() => JournalRefusals.TooManyLines(JournalDecider.LinesMax)),
        Of(() => JournalRefusals.DateOutsideBooks("bookedOn", new LocalDate(2062, 1, 31), NewYear, NextYear)),
        Of(() => JournalRefusals.ReverseOnNotLater(NewYear, January31)),
        Of(() => JournalRefusals.CorrectedEntryUnknown("rent-2026-00")),
        Of(() => JournalRefusals.SumTooLarge(Hours)),
        Of(() => JournalRefusals.OffBalanceNotBalanced(1_200.00m, 1_180.50m, Eur)),
        Of(() => JournalRefusals.NotBalanced(1_200.00m, 1_180.50m, Eur)),
        Of(() => JournalRefusals.UnpricedNotBalanced(8.0m, 7.5m, Hours)),
        Of(() => LineRefusals.AccountUnknown(2, Bank)),
        Of(() => LineRefusals.AccountArchived(2, Bank)),
        Of(() => LineRefusals.AccountNotPostable(2, Group)),
        Of(() => LineRefusals.WrongCurrency(2, Bank, Eur, Usd)),
        Of(() => LineRefusals.AmountTooLarge(2, "amount", 1_000_000_000_000_000.00m)),
        Of(() => LineRefusals.TooManyDigits(2, "amount", 1_200.005m, Eur, 2)),
        Of(() => LineRefusals.NegativeAmount(2, "amount", -1_200.00m)),
        Of(() => LineRefusals.BaseAmountAndRate(2)),
        Of(() => LineRefusals.ZeroAmount(2)),
        Of(() => LineRefusals.BaseAmountDiffers(2, 1_200.00m, 1_100.00m, Eur)),
        Of(() => LineRefusals.RateOfFunctionalCurrency(2, 1.1m, Eur)),
        Of(() => LineRefusals.BaseAmountMissing(2, Usd, Eur)),
        Of(() => LineRefusals.RateOutOfRange(2, 0m)),
        Of(() => LineRefusals.BaseAmountSign(2, -1_200.00m, 1_100.00m)),
        Of(() => LineRefusals.DimensionUnknown(2, "colour")),
        Of(() => LineRefusals.DimensionValueUnknown(2, "department", "slaes")),
        Of(() => LineRefusals.DimensionValueArchived(2, "department", "sales")),
        Of(() => LineRefusals.DimensionMissing(2, Bill, "department")),
        Of(() => ReversalRefusals.EntryUnknown("rent-2026-01")),
        Of(() => ReversalRefusals.AlreadyReversed("rent-2026-01", "rent-2026-01~reversal", January31)),
        Of(() => ReversalRefusals.OfPayRun("office-2026-01~pay")),
        Of(() => ReversalRefusals.ReversalOfReversal("rent-2026-01~reversal", "rent-2026-01")),
        Of(() => ReversalRefusals.BeforeEntry(NewYear, January31)),
        Of(() => CarryOverRefusals.RateOutOfRange(0m)),
        Of(() => CarryOverRefusals.BalanceTooLarge(Bank, 120_000_000_000_000_000.00m, 0.000000000001m)),
        Of(() => CarryOverRefusals.ResultAccountNeeded(new AccountCode("702"))),
        Of(() => KeyRefusals.Unknown("shop")),
        Of(() => KeyRefusals.Revoked("shop")),
        Of(() => KeyRefusals.RolesMissing()),
        Of(() => KeyRefusals.RoleTwice()),
        Of(() => KeyRefusals.HolderMissing()),
        Of(() => KeyRefusals.HolderReserved()),
        Of(() => KeyRefusals.EndsBeforeItBegins(January31, NewYear)),
        Of(() => KeyRefusals.PersonOfEmployee()),
        Of(() => KeyRefusals.HolderDiffersByCase("Maria", "maria")),
        Of(() => KeyRefusals.RolesExclude("maria", Role.People, Role.Payer)),
        Of(() => KeyRefusals.TooMany(KeyDecider.KeysMax)),
        Of(() => KeyRefusals.PrefixTaken("k7")),
        Of(() => KeyRefusals.OverlapTooLong(KeyDecider.OverlapMax)),
        Of(() => KeyRefusals.SecretOfBefore()),
        Of(() => KeyRefusals.RotatedTooOften(
            KeyDecider.RotationsMax, NodaConstants.UnixEpoch + Duration.FromDays(20_487), false)),
        Of(() => ApprovalRefusals.Unknown("7h3kq2mz4x")),
        Of(() => ApprovalRefusals.Outsider()),
        Of(() => ApprovalRefusals.OfOneself("7h3kq2mz4x")),
        Of(() => ApprovalRefusals.Needed("2026-01")),
        Of(() => ApprovalRefusals.AskedByKnownSecret("2026-01")),
        Of(() => ApprovalRefusals.TooManyOfOne(ApprovalDecider.OpenOfOneMax)),
        Of(() => ApprovalRefusals.TooMany(ApprovalDecider.OpenMax)),
        Of(() => ApprovalRefusals.LimitNegative()),
        Of(() => ApprovalRefusals.TooManyAccounts(1_001, ApprovalDecider.AccountsMax)),
        Of(() => ApprovalRefusals.AccountUnknown(new AccountCode("42l"))),
        Of(() => PayrollRefusals.PackUnknown("fr", PackNames)),
        Of(() => PayrollRefusals.ElementsTooMany(PayslipDecider.ElementsMax)),
        Of(() => PayrollRefusals.ElementUnknown("wage", ElementNames)),
        Of(() => PayrollRefusals.ElementNegative("allowance", -50.00m)),
        Of(() => PayrollRefusals.ElementDigits("allowance", 50.005m)),
        Of(() => PayrollRefusals.FactUnknown("taxcode", FactNames)),
        Of(() => PayrollRefusals.FactInvalid(AccidentRate, new FactValue("high", null, null))),
        Of(() => PayrollRefusals.FactMissing(AccidentRate)),
        Of(() => PayrollRefusals.FactsContradict("formW4", "allowances", "as forms since 2020 have none")),
        Of(() => PayrollRefusals.FigureUnknown("gb", "incomeTax.rest", new LocalDate(2031, 4, 6))),
        Of(() => PayrollRefusals.FrequencyNotCovered("bg", PayFrequency.Weekly)),
        Of(() => PayrollRefusals.NetTargetNotReached(1_000_000_000.00m)),
        Of(() => PayrollRefusals.SettingMissing("lateTax", "by which month late pay is levied", "earned or paid")),
        Of(() => PayslipRefusals.PeriodInvalid("2026-3", "a month like 2026-03")),
        Of(() => PayslipRefusals.HoursUnknown("salary")),
        Of(() => PayGroupRefusals.Unknown("office")),
        Of(() => PayGroupRefusals.Archived("office")),
        Of(() => PayGroupRefusals.PackFixed("bg", "gb")),
        Of(() => PayGroupRefusals.CalendarFixed()),
        Of(() => PayGroupRefusals.SettingUnknown("lateTaxes", "az", SettingNames)),
        Of(() => PayGroupRefusals.SettingInvalid(AccidentRate, "101")),
        Of(() => PayGroupRefusals.SettingFixed("lateTax", "earned")),
        Of(() => PayGroupRefusals.DayOutOfRange("payDay", 32)),
        Of(() => PayGroupRefusals.PeriodEndOfMonthly()),
        Of(() => PayGroupRefusals.WeekStartNeeded(PayFrequency.Weekly)),
        Of(() => PayGroupRefusals.AccountNameUnknown("grosspay", PayAccounts.All)),
        Of(() => PayGroupRefusals.AccountMissing(PayAccounts.NetPay)),
        Of(() => PayGroupRefusals.AccountUnusable(PayAccounts.NetPay, Bank)),
        Of(() => PayGroupRefusals.TooMany(PayGroupDecider.GroupsMax)),
        Of(() => PayRunRefusals.OtherContent("office-2026-01")),
        Of(() => PayRunRefusals.IdInvalid("office~2026")),
        Of(() => PayRunRefusals.PayDateOutside(new LocalDate(2062, 1, 31), NewYear, NextYear)),
        Of(() => PayRunRefusals.CurrencyDiffers(Eur, Usd)),
        Of(() => PayRunRefusals.TooManyEmployees(1_001, PayRunDecider.EmployeesMax)),
        Of(() => PayRunRefusals.EmployeesOfRegular()),
        Of(() => PayRunRefusals.RegularExists("office-2026-01", "2026-01")),
        Of(() => PayRunRefusals.EmployeeOfOtherGroup("e-17", "office")),
        Of(() => PayRunRefusals.NotMade("e-17", "OverflowException")),
        Of(() => PayRunRefusals.Unknown("office-2026-01")),
        Of(() => PayRunRefusals.Reversed("office-2026-01")),
        Of(() => PayRunRefusals.AlreadyPosted("office-2026-01")),
        Of(() => PayRunRefusals.NotCalculated("office-2026-01")),
        Of(() => PayRunRefusals.OvertakenByAttempt(1, 2)),
        Of(() => PayRunRefusals.HashDiffers("9f86d081884c7d65")),
        Of(() => PayRunRefusals.NotApproved("office-2026-01")),
        Of(() => PayRunRefusals.InputsChanged("e-17")),
        Of(() => PayRunRefusals.ApprovedByCalculator()),
        Of(() => PayRunRefusals.NothingToPost("office-2026-01")),
        Of(() => PayRunRefusals.TooManyLines(1_001, JournalDecider.LinesMax)),
        Of(() => PayRunRefusals.NotPosted("office-2026-01")),
        Of(() => PayRunRefusals.HasPayments("office-2026-01")),
        Of(() => PayRunRefusals.PayslipUnknown("office-2026-01", "e-17")),
        Of(() => PaymentRefusals.BicInvalid("BNBG")),
        Of(() => PaymentRefusals.AccountUnusable(Bank)),
        Of(() => PaymentRefusals.NothingToPay("office-2026-01")),
        Of(() => PaymentRefusals.FileUnknown(2)),
        Of(() => PaymentRefusals.NotInFile("e-17", 1)),
        Of(() => PaymentRefusals.AccountErased("e-17")),
        Of(() => EmployeeRefusals.Unknown("p-17")),
        Of(() => EmployeeRefusals.IdReserved(EmployeeDecider.ReservedId)),
        Of(() => EmployeeRefusals.BirthDateInvalid()),
        Of(() => EmployeeRefusals.NoContract("p-17")),
        Of(() => EmployeeRefusals.NoContractBy("effectiveFrom", NewYear)),
        Of(() => EmployeeRefusals.YearDiffers(2025, new LocalDate(2027, 3, 31))),
        Of(() => EmployeeRefusals.TooManyLines(201, OpeningFiguresDecider.LinesMax)),
        Of(() => EmployeeRefusals.PayGroupFixed("c1", "office")),
        Of(() => EmployeeRefusals.HoursOutOfRange("weeklyHours", 400m, ContractDecider.WeeklyHoursMax)),
        Of(() => EmployeeRefusals.DimensionUnknown("colour")),
        Of(() => EmployeeRefusals.DimensionValueUnknown("department", "slaes")),
        Of(() => EmployeeRefusals.DimensionValueArchived("department", "sales")),
        Of(() => EmployeeRefusals.TooPrecise("amount", 1_500.005m, 2)),
        Of(() => EmployeeRefusals.EndsBeforeItBegins(January31, NewYear)),
        Of(() => EmployeeRefusals.ContractsOverlap("c2", "c1", Contract)),
        Of(() => EmployeeRefusals.ContractAfterTermination(NextYear, January31)),
        Of(() => EmployeeRefusals.OnceHasNoEnd("bonus")),
        Of(() => EmployeeRefusals.TwoBases("salary", NewYear, new PayDetails(1_500m, PayPer.Month, NextYear))),
        Of(() => EmployeeRefusals.IbanMalformed()),
        Of(() => EmployeeRefusals.IbanLength("BG", 21, 22, 22)),
        Of(() => EmployeeRefusals.IbanCheckDigits()),
        Of(() => EmployeeRefusals.BankMissing()),
        Of(() => EmployeeRefusals.AbsencesOverlap("a2", "a1", Absence)),
        Of(() => EmployeeRefusals.DeductionNotPositive(0m)),
        Of(() => EmployeeRefusals.DeductionTotalTooSmall(100.00m, 50.00m)),
        Of(() => EmployeeRefusals.TerminationBeforeHire(NewYear, January31)),
        Of(() => EmployeeRefusals.LeaveOutOfRange("daysPerYear", 400m, LeaveEntitlementDecider.DaysMax)),
        Of(() => EmployeeRefusals.LeaveBelowLaw(15m, 20m, "Labour Code, art. 155 (4)")),
        Of(() => TimeSheetRefusals.OfAnother("t-1")),
        Of(() => TimeSheetRefusals.OfOtherMonth("t-1", January)),
        Of(() => TimeSheetRefusals.InMissingHour(
            "from", new("2026-03-29T03:30"), "Europe/Sofia", new(2026, 3, 29, 3, 0), new(2026, 3, 29, 4, 0))),
        Of(() => TimeSheetRefusals.Ambiguous(
            "through", new("2026-10-25T03:30"), "Europe/Sofia", Offset.FromHours(3), Offset.FromHours(2))),
        Of(() => TimeSheetRefusals.OffsetWrong(
            "from", new("2026-03-02T08:00+01:00"), "Europe/Sofia", TwoHours)),
        Of(() => TimeSheetRefusals.EndsBeforeItBegins("The entry", Morning, Dawn)),
        Of(() => TimeSheetRefusals.TooLong(Dawn, new("2026-03-03T08:00"), TimeSheetDecider.HoursMax)),
        Of(() => TimeSheetRefusals.TooManyBreaks(21, TimeSheetDecider.BreaksMax)),
        Of(() => TimeSheetRefusals.BreakOutside("breaks[0]", new(Dawn, Morning))),
        Of(() => TimeSheetRefusals.BreaksOverlap("breaks[1]", new(Dawn, Morning))),
        Of(() => TimeSheetRefusals.Overlap("t-2", Night)),
        Of(() => TimeSheetRefusals.HolidaysUnknown("BG", 2031)),
        Of(() => PersonRefusals.Erased("p-17")),
        Of(() => PersonRefusals.Unknown("p-17")),
        Of(() => PersonRefusals.RetentionUnknown(Purpose.Bookkeeping, "FR")),
        Of(() => PersonRefusals.Employed("p-17")),
        Of(() => SaltDeletionRefusals.OtherContent("old-visitors")),
        Of(() => SaltDeletionRefusals.EventsMissing()),
        Of(() => SaltDeletionRefusals.TooManyEvents(501, SaltDeletionDecider.EventsMax)),
        Of(() => SaltDeletionRefusals.EventTwice(SomeEvent)),
        Of(() => SaltDeletionRefusals.EventUnknown(SomeEvent)),
        Of(() => SaltDeletionRefusals.OfDeletion(SomeEvent)),
        Of(() => SaltDeletionRefusals.Retained(
            SomeEvent, "journal_entry_posted", Purpose.Bookkeeping, new LocalDate(2037, 1, 1))),
    ];

    private static CataloguedRefusal Of(Expression<Func<Refusal>> example)
    {
        var function = ((MethodCallExpression)example.Body).Method;
        var group = function.DeclaringType!.Name[..^"Refusals".Length];
        return new CataloguedRefusal(group, function.Name, example.Compile(preferInterpretation: true)());
    }
}

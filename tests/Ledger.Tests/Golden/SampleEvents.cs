using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Approvals;
using Ledger.Domain.Audit;
using Ledger.Domain.Backup;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.Domain.Leave;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Domain.People;
using Ledger.Domain.Periods;
using Ledger.Domain.TimeSheets;
using Ledger.EventStore;
using Ledger.Tests.Employees;
using Ledger.Tests.People;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Golden;

/// <summary>One event of each kind with every member filled.</summary>
internal static class SampleEvents
{
    private static readonly CompanySettings Settings = new(
        "Акме ООД", Eur, "BG", "Europe/Sofia", new AnnualDate(4, 1), new AccountCode("122"),
        Digits(("VACHR", 1), ("VBMPX", 3)), new LocalDate(2026, 1, 1), new LocalDate(2027, 12, 31),
        Digits(("bookkeeping", 12)));

    private static readonly AccountDetails Account = new(
        "Разплащателна сметка", AccountType.OffBalance, Map(("az", "Bank hesabı"), ("en", "Bank")),
        new AccountCode("50"), Usd, Postable: false, Archived: true, Requires: ["department"], BySign: true);

    private static readonly DimensionValueDetails Value = new("Sales", Map(("bg", "Продажби")), Archived: true);

    private static readonly KeyDetails Key = new(
        [Role.Employee, Role.Auditor], "maria", new LocalDate(2026, 1, 1), new LocalDate(2026, 12, 31), "p-17");

    private static readonly Instant KeyEnd = Instant.FromUtc(2026, 12, 31, 22, 0);

    private static readonly PayGroupDetails Group = new(
        "bg", PayFrequency.FourWeekly,
        ValueMap<AccountCode>.From([new(PayAccounts.NetPay, new AccountCode("421"))]), "Офис", 5, 25,
        new LocalDate(2026, 1, 5), Proration.CalendarDays, Map(("lateTax", "earned")), Archived: true);

    private static readonly object[] All =
    [
        new CompanyRegistered(Settings, "Europe/Sofia", new AnnualDate(4, 1)),
        new CompanyChanged(Settings, "Europe/Sofia", new AnnualDate(4, 1)),
        new AccountOpened(new AccountCode("503"), Account),
        new AccountChanged(new AccountCode("503"), Account),
        new DimensionValueAdded("department", "sales", Value),
        new DimensionValueChanged("department", "sales", Value),
        new PeriodClosed(new YearMonth(2026, 1)),
        new PeriodReopened(new YearMonth(2026, 1), "Late invoice"),
        new FiscalYearFinalized(new YearMonth(2026, 3)),
        new PeriodCertified(
            "1", new YearMonth(2026, 3), new LocalDate(2026, 3, 1), new LocalDate(2026, 3, 31),
            "0b9f0f5e-6f5c-4b0b-9c1b-6d7a0f3c2a11", "1742", "120", "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
            "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPE=", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=", "57",
            "120300.5", "120300.5", true, "101", "157", "mrTFbr/CeZ0dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", "key:k3yprefx",
            "user:ivan"),
        new JournalEntryPosted(
            new LocalDate(2026, 1, 31), "Наем", Eur,
            [
                new JournalLine(
                    new AccountCode("602"), Side.Debit, 1200.00m, Usd, 1080.00m, null, "January",
                    Map(("department", "sales")), new ResolvedAmount(Usd, 1080.00m)),
                new JournalLine(
                    new AccountCode("503"), Side.Credit, -1200.00m, Usd, null, 0.900000m, null, null,
                    new ResolvedAmount(Usd, -1080.00m)),
            ],
            EntryKind.Adjustment, "R-17",
            new EntryDocument("invoice", "0000000077", new LocalDate(2026, 1, 30), new string('a', 64)), "supplier-7",
            new LocalDate(2026, 2, 1), "rent-2025-12", "rent-2026-01", "Wrong amount", ReversalMethod.Red,
            PersonalText.Sealed("p-17", Purpose.Bookkeeping, FieldSealTests.GoldenCiphertext)),
        new JournalEntryReversed(
            "rent-2026-01~reversal", new LocalDate(2026, 2, 1), "Wrong amount", ReversalMethod.Mirror),
        new KeyIssued("k7", new string('0', 64), "shop", Key, Instant.FromUtc(2026, 1, 1, 0, 0), KeyEnd),
        new KeyChanged("shop", Key, Instant.FromUtc(2026, 1, 1, 0, 0), KeyEnd),
        new KeyRotated("shop", "k8", new string('1', 64), KeyEnd, true),
        new KeyRevoked("shop", "Напусна"),
        new FourEyesChanged(new(
            10_000.00m, 500.00m, [new AccountCode("421")], [ApprovalKind.ReopenPeriod, ApprovalKind.ChangeKey], true)),
        new ApprovalRequested(
            "9f86d081884c7d659a2feaa0c55ad015", ApprovalKind.PostToPayrollAccount, "pay-2026-01", "{}", "maria",
            new string('2', 64)),
        new ApprovalContentRecorded("""{"bookedOn":"2026-01-31"}"""),
        new ApprovalGiven("9f86d081884c7d659a2feaa0c55ad015", "anna"),
        new ApprovalRefused("9f86d081884c7d659a2feaa0c55ad015", "anna", "Not without the slips"),
        new ApprovalUsed("9f86d081884c7d659a2feaa0c55ad015"),
        new ApprovedBySinglePerson(ApprovalKind.ReverseEntry, "rent-2026-01", "maria", ["boris"]),
        new LedgerRestored(new string('4', 64), Instant.FromUtc(2026, 3, 31, 22, 0), 1_742, 1_811, "anna"),
        new PayGroupAdded("office", Group),
        new PayGroupChanged("office", Group),
        new PayRunOpened(
            new("office", "2026-03", new LocalDate(2026, 4, 5), PayRunKind.Supplementary, ["e-17"]),
            new LocalDate(2026, 3, 1), new LocalDate(2026, 3, 31)),
        new PayRunCalculationStarted(1, 411, new LocalDate(2026, 4, 5), "maria"),
        new PayRunCalculated(1, 12, 1, new string('3', 64)),
        new PayRunApproved(1, new string('3', 64)),
        new PayRunPosted("office-2026-03~pay", new LocalDate(2026, 3, 31)),
        new PaymentFileIssued(
            1, 11, 17_071.56m, new string('4', 64),
            new(new AccountCode("503"), "BG80BNBG96611020345678", new LocalDate(2026, 4, 5), "BNBGBGSD"),
            ["e-17"], ["e-18"]),
        new PaymentsConfirmed(1, "office-2026-03~paid-1", new LocalDate(2026, 4, 5), 15_519.60m, ["e-17"]),
        new PaymentsReturned(1, ["e-17"], "AC04", new LocalDate(2026, 4, 6), "office-2026-03~paid-2"),
        new PayRunReversed(new LocalDate(2026, 4, 7), "Wrong period"),
        new PayslipCalculated(1, new(
            "c1", "bg", 1, Eur, new LocalDate(2026, 3, 1), new LocalDate(2026, 3, 31), new LocalDate(2026, 4, 5),
            [new("pensions", LineKind.Contribution, 131.60m, new LocalDate(2026, 2, 28), 2_000.00m, 0.0658m,
                "pensions.employee", "loan-1", [7, 9], [new("2026-02", [3, 4])])],
            9, Map(("department", "sales")),
            new(LeaveUnit.WorkingDays, 20.00m, 12.50m, 4.93m, 2.00m, 15.43m),
            ValueMap<long>.From([new("2026-02", 4)]))),
        new PayslipFailed(1, "fact-missing", "The fact accidentRate is not known."),
        new PayslipWithdrawn(2),
        new AuditKeyPublished("backoffice-1", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        new SaltsDeleted(
            "Nobody needs it any more",
            ["0b9f0f5e-6f5c-4b0b-9c1b-6d7a0f3c2a11", "7d2c9a10-3b1e-4f7a-8e55-1c2d3e4f5a6b"], [1_742, 1_650]),
        new AuditKeyRetired("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "Its private half is lost."),
        new PackPublished("bg", 1, ["incomeTax 2026-01-01 2026-01-01"]),
        new PersonalDataErasureRequested(ValueMap<LocalDate>.From([new("bookkeeping", new LocalDate(2037, 1, 1))])),
        new PersonalDataErasureDue([Purpose.Bookkeeping]),
        new PersonalDataErased([Purpose.Consent, Purpose.Bookkeeping]),
        .. EmployeeSamples.All,
        new TimeEntryRecorded(
            "t-1",
            new(
                new("2026-10-24T22:00"), new("2026-10-25T03:30+02:00"), "Europe/Sofia",
                [new(new("2026-10-25T00:00"), new("2026-10-25T00:30"))], true),
            new(
                "Europe/Sofia", Instant.FromUtc(2026, 10, 24, 19, 0), Instant.FromUtc(2026, 10, 25, 1, 30),
                [new(Instant.FromUtc(2026, 10, 24, 21, 0), Instant.FromUtc(2026, 10, 24, 21, 30))])),
    ];

    public static object Of(string name) =>
        All.FirstOrDefault(sample => EventCatalog.Ledger.NameOf(sample.GetType()) == name)
        ?? throw new InvalidOperationException($"{name} has no sample: add one with every member filled.");
}

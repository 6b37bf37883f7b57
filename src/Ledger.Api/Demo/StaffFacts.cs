using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using static Ledger.Api.Demo.StaffYear;

namespace Ledger.Api.Demo;

/// <summary>The shop's people in four countries, each employed by a company there, and what becomes of them in a
/// year.</summary>
internal static class StaffFacts
{
    public const int Year = 2026;
    public const string Group = "staff";
    public const string Department = "department";

    public static readonly PutDimensionValue[] Departments =
    [
        new(Department, "office", new("Office")),
        new(Department, "store", new("Store")),
        new(Department, "support", new("Customer service")),
    ];

    private static readonly FactValue No = new(null, Flag: false);
    private static readonly FactValue Yes = new(null, Flag: true);

    public static IEnumerable<Employer> Employers() => [Bulgaria(), Azerbaijan(), UnitedKingdom(), UnitedStates()];

    /// <summary>A raise that is recorded two months late, a sick leave, a leaver, a team that is paid by the hour in
    /// summer, and a payslip that is found to be wrong before it is approved.</summary>
    private static Employer Bulgaria()
    {
        (string, FactValue)[] born = [("bornBefore1960", No), ("accidentRate", new("0.4"))];
        var year = new StaffYear("bg", "bg")
            .Hire(1, "ana", "Ана Петрова", "Office manager", "office", 2_100, "BG55BNBG96611020340017", born)
            .Hire(1, "boris", "Борис Иванов", "Shop assistant", "store", 1_350, "BG81BNBG96611020340034", born)
            .Hire(1, "vera", "Вера Димитрова", "Shop assistant", "store", 1_280, "BG10BNBG96611020340051", born)
            .Hire(3, "ivan", "Иван Георгиев", "Warehouse clerk", "store", 1_420, "BG36BNBG96611020340068", born)
            .Absent(3, "boris", AbsenceKind.Sick, Day(3, 9), Day(3, 13))
            .Pay(4, "ana", "salary", Day(2, 1), 2_400, PayPer.Month)
            .Leave(5, "vera", Day(5, 15), "resigned")
            .Absent(7, "ana", AbsenceKind.Leave, Day(7, 13), Day(7, 24))
            .HireForSeason(6, 8, "petar", "Петър Стоянов", "Summer help", "store", 6.80m, "BG62BNBG96611020340085",
                born)
            .HireForSeason(6, 8, "maria", "Мария Колева", "Summer help", "store", 7.20m, "BG88BNBG96611020340102",
                born)
            .Work("petar", new(Year, 7, 11, 10, 0), 6)
            .Work("maria", new(Year, 7, 18, 10, 0), 6)
            .Work("maria", new(Year, 8, 29, 20, 0), 6)
            .Deduct(9, "boris", "g-1", new(DeductionKind.Garnishment, 120, Day(9, 1), "bailiff-871"))
            .Find(10, new PutPay("ivan", "bonus", Day(10, 20), new(150, PayPer.Once)))
            .PayExtra(12, new PutPay("ana", "bonus", Day(12, 30), new(500, PayPer.Once)));
        return new(
            "bg", SettingsOf("Fernweh Bulgaria EOOD", "EUR", "BG"),
            GroupOf("bg", [new("garnishmentKeepsMinimumWage", "yes")]), "BG80BNBG96611020345678", year.Months);
    }

    /// <summary>Leave has a pay of its own there.</summary>
    private static Employer Azerbaijan()
    {
        (string, FactValue)[] facts =
            [("sector", new("privateNonOil")), ("mainWorkplace", Yes), ("insuranceRecord", new(null, Count: 9))];
        var year = new StaffYear("az", "az")
            .Hire(1, "leyla", "Leyla Məmmədova", "Customer service", "support", 1_450, "AZ89NABZ00000000137010001011",
                facts)
            .Hire(1, "rashad", "Rəşad Əliyev", "Customer service", "support", 2_700, "AZ83NABZ00000000137010001022",
                facts)
            .Absent(8, "leyla", AbsenceKind.Leave, Day(8, 3), Day(8, 16))
            .Pay(6, "rashad", "bonus", Day(6, 15), 400, PayPer.Once)
            .Pay(11, "leyla", "salary", Day(10, 1), 1_600, PayPer.Month);
        return new(
            "az", SettingsOf("Fernweh Service MMC", "AZN", "AZ"), GroupOf("az", [new("lateTax", "earned")]),
            "AZ77NABZ00000000137010001033", year.Months);
    }

    /// <summary>Whoever comes without a P45 is taxed month by month, until the tax year is over.</summary>
    private static Employer UnitedKingdom()
    {
        (string, FactValue)[] Facts(string code, string loan, string pension) =>
        [
            ("taxCode", new(code)), ("nationalInsuranceCategory", new("A")), ("studentLoan", new(loan)),
            ("pension", new(pension)), .. pension == "none" ? [] : new (string, FactValue)[]
            {
                ("pensionRate", new("5")), ("pensionEmployerRate", new("3")), ("pensionOnAllPay", Yes),
            },
        ];
        var year = new StaffYear("gb", "en")
            .Hire(1, "olivia", "Olivia Bennett", "Store manager", "store", 3_450, "GB94NWBK60161331926813",
                Facts("1257L M1", "none", "atSource"))
            .Hire(1, "noah", "Noah Clarke", "Shop assistant", "store", 2_380, "GB34NWBK60161331926826",
                Facts("1257L M1", "plan2", "none"))
            .Know(4, "olivia", Day(4, 6), Facts("1257L", "none", "atSource"))
            .Know(4, "noah", Day(4, 6), Facts("1257L", "plan2", "none"))
            .Hire(9, "isla", "Isla Fraser", "Buyer", "office", 2_900, "GB71NWBK60161331926839",
                Facts("S1257L M1", "plan4", "netPay"))
            .Pay(6, "noah", "salary", Day(5, 1), 2_500, PayPer.Month);
        return new(
            "gb", SettingsOf("Fernweh Outdoor UK Ltd", "GBP", "GB"), GroupOf("gb", []), "GB11NWBK60161331926852",
            year.Months);
    }

    private static Employer UnitedStates()
    {
        (string, FactValue)[] Facts(string status) =>
            [("filingStatus", new(status)), ("workState", new("TX")), ("formW4", new("since2020"))];
        var year = new StaffYear("us", "en")
            .Hire(1, "emma", "Emma Johnson", "Sales manager", "office", 6_900, "111000025/000123456789",
                Facts("marriedJointly"))
            .Hire(1, "liam", "Liam Garcia", "Customer service", "support", 3_850, "111000025/000123456790",
                Facts("single"))
            .Pay(12, "emma", "bonus", Day(12, 15), 3_000, PayPer.Once);
        return new(
            "us", SettingsOf("Fernweh Outdoor Inc.", "USD", "US") with { TimeZone = "America/Chicago" },
            GroupOf("us", []), "GB48NWBK60161331926865",
            year.Months);
    }

    private static CompanySettings SettingsOf(string name, string currency, string country) => new(
        name, new UnitCode(currency), country,
        RetainedEarnings: new AccountCode(ShopFacts.Account.RetainedEarnings));

    private static PayGroupDetails GroupOf(string pack, KeyValuePair<string, string>[] settings) => new(
        pack,
        PayFrequency.Monthly,
        ValueMap<AccountCode>.From(
        [
            new(PayAccounts.GrossPay, new("6110")), new(PayAccounts.EmployerContributions, new("6120")),
            new(PayAccounts.NetPay, new("2310")), new(PayAccounts.Taxes, new("2240")),
            new(PayAccounts.Contributions, new("2250")), new(PayAccounts.Deductions, new("2190")),
            new(PayAccounts.Receivables, new("1230")),
        ]),
        "Staff",
        Settings: settings.Length == 0 ? null : ValueMap<string>.From(settings));
}

using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using Ledger.Domain.People;
using Ledger.Domain.TimeSheets;
using NodaTime;
using static System.FormattableString;

namespace Ledger.Api.Demo;

/// <summary>Writes down what is recorded of the people of one company in a year, month by month.</summary>
internal sealed class StaffYear(string pack, string language)
{
    private readonly SortedDictionary<int, StaffMonth> months = [];

    public IReadOnlyList<StaffMonth> Months => [.. months.Values];

    public static LocalDate Day(int month, int day) => new(StaffFacts.Year, month, day);

    /// <summary>Hires somebody, who is paid by the month.</summary>
    public StaffYear Hire(
        int month, string id, string name, string position, string department, decimal salary, string account,
        params (string Fact, FactValue Value)[] facts) =>
        Register(month, id, name, account, facts)
            .Contract(month, id, new(
                StaffFacts.Group, Day(month, 1), ContractType.Permanent, position, 40,
                Dimensions: DepartmentOf(department)))
            .Pay(month, id, "salary", Day(month, 1), salary, PayPer.Month);

    /// <summary>Hires somebody for some months, who is paid by the hour and works from nine to six on weekdays.
    /// </summary>
    public StaffYear HireForSeason(
        int first, int last, string id, string name, string position, string department, decimal wage, string account,
        params (string Fact, FactValue Value)[] facts)
    {
        Register(first, id, name, account, facts)
            .Contract(first, id, new(
                StaffFacts.Group, Day(first, 1), ContractType.Seasonal, position, 40, LastDay(last),
                Dimensions: DepartmentOf(department)))
            .Pay(first, id, "salary", Day(first, 1), wage, PayPer.Hour);
        for (var day = Day(first, 1); day <= LastDay(last); day = day.PlusDays(1))
        {
            if (day.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday))
            {
                Work(id, day.At(new(9, 0)), 9, [new(
                    WallTime.Of(day.At(new(13, 0))), WallTime.Of(day.At(new(14, 0))))]);
            }
        }

        return this;
    }

    /// <summary>Time that somebody worked.</summary>
    public StaffYear Work(string id, LocalDateTime from, int hours, ValueList<TimeBreak>? breaks = null)
    {
        var month = Of(from.Month);
        months[from.Month] = month with
        {
            Worked =
            [
                .. month.Worked,
                new(id, Invariant($"{from:MM-dd}"), new(
                    WallTime.Of(from), WallTime.Of(from.PlusHours(hours)), Breaks: breaks)),
            ],
        };
        return this;
    }

    public StaffYear Pay(
        int month, string id, string element, LocalDate from, decimal amount, PayPer per) =>
        Record(month, new PutPay(id, element, from, new(amount, per)));

    /// <summary>Statutory facts that hold from a day on.</summary>
    public StaffYear Know(int month, string id, LocalDate from, (string Fact, FactValue Value)[] facts) =>
        Record(month, new PutStatutoryFacts(id, from, new(pack, ValueMap<FactValue>.From(
            facts.Select(each => KeyValuePair.Create(each.Fact, each.Value))))));

    public StaffYear Absent(int month, string id, AbsenceKind kind, LocalDate from, LocalDate to) =>
        Record(month, new PutAbsence(id, Invariant($"absence-{from:MM-dd}"), new(kind, from, to)));

    public StaffYear Leave(int month, string id, LocalDate lastDay, string reason) =>
        Record(month, new TerminateEmployment(id, new(lastDay, reason)));

    public StaffYear Deduct(int month, string id, string deduction, DeductionDetails details) =>
        Record(month, new PutDeduction(id, deduction, details));

    /// <summary>It is found when the payslips of the month are looked at, so they are made again.</summary>
    public StaffYear Find(int month, EmployeeCommand command)
    {
        months[month] = Of(month) with { Found = [.. Of(month).Found, command] };
        return this;
    }

    /// <summary>It is paid by a supplementary run.</summary>
    public StaffYear PayExtra(int month, EmployeeCommand command)
    {
        months[month] = Of(month) with { Extra = [.. Of(month).Extra, command] };
        return this;
    }

    private static LocalDate LastDay(int month) =>
        Day(month, CalendarSystem.Iso.GetDaysInMonth(StaffFacts.Year, month));

    private static ValueMap<string> DepartmentOf(string department) =>
        ValueMap<string>.From([new(StaffFacts.Department, department)]);

    private StaffYear Register(
        int month, string id, string name, string account, (string Fact, FactValue Value)[] facts)
    {
        var isIban = char.IsAsciiLetter(account[0]);
        var parts = account.Split('/');
        return Record(month, new PutEmployee(id, new(Text(id, name), Language: language)))
            .Know(month, id, Day(month, 1), facts)
            .Record(month, new PutBankAccount(id, Day(month, 1), new(
                Text(id, parts[^1]), isIban, isIban ? null : parts[0])));
    }

    private StaffYear Contract(int month, string id, ContractDetails details) =>
        Record(month, new PutContract(id, "c1", details));

    private StaffYear Record(int month, EmployeeCommand command)
    {
        months[month] = Of(month) with { Before = [.. Of(month).Before, command] };
        return this;
    }

    private StaffMonth Of(int month)
    {
        for (var each = 1; each <= 12; each++)
        {
            months.TryAdd(each, new(new YearMonth(StaffFacts.Year, each), [], [], [], []));
        }

        return months[month];
    }

    private static PersonalText Text(string id, string text) => PersonalText.Open(id, Purpose.Payroll, text);
}

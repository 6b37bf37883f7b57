using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.People;
using NodaTime;
using NodaTime.Text;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Employees;

/// <summary>Employees that decider tests share, and the company that they work for.</summary>
internal static class EmployeeBooks
{
    public const string Id = "p-17";

    public static readonly PayGroupDetails Sofia = new(
        "bg", PayFrequency.Monthly, ValueMap<AccountCode>.Empty);

    public static readonly PayGroupCatalog Groups = new PayGroupEvent[]
    {
        new PayGroupAdded("sofia", Sofia),
        new PayGroupAdded("closed", Sofia with { Archived = true }),
    }.Aggregate(PayGroupCatalog.Initial, PayGroupCatalog.Evolve);

    public static readonly Workplace Shop = new(Acme, AcmeDimensions, Groups, Person.Initial);

    public static readonly Workplace Nowhere = Shop with
    {
        Company = Domain.Companies.Company.Initial,
        Person = Person.Initial with { Erased = [Purpose.Payroll] },
    };

    public static readonly EmployeeDetails Ana = new(Text("Ana Petrova"));

    public static readonly EmployeeRegistered Registered = new(Ana);

    public static readonly ContractDetails Clerk = new(
        "sofia", Day("2026-01-01"), ContractType.Permanent, "Clerk", 40m);

    public static readonly ContractRecorded Hired = new("c1", Clerk);

    public static PersonalText Text(string text) => PersonalText.Open(Id, Purpose.Payroll, text);

    public static LocalDate Day(string text) => LocalDatePattern.Iso.Parse(text).Value;

    public static Given<Employee, EmployeeEvent> Given(params EmployeeEvent[] events) =>
        new Given<Employee, EmployeeEvent>(Employee.Initial, Employee.Evolve).And(events);

    public static Then<Employee, EmployeeEvent> When(
        this Given<Employee, EmployeeEvent> given, EmployeeCommand command, Workplace? at = null) =>
        given.When(employee => EmployeeDecider.Decide(command, employee, at ?? Shop));

    public static Employee Of(params EmployeeEvent[] events) => Given(events).State;

    /// <summary>A case in which something of an employee is sent.</summary>
    public static EmployeeCase Case(EmployeeCommand command, params EmployeeEvent[] known) =>
        new(command, Employee.Initial, Of(known), Nowhere);

    /// <summary>The faults that every register of an employee has before its own.</summary>
    public static IEnumerable<Fault<EmployeeCase>> Before(Func<EmployeeCommand, EmployeeCommand> named) =>
    [
        new("company-unknown", a => a with { At = a.At with { Company = Acme } }),
        new("id-invalid", a => a with { Command = named(a.Command) }),
        new("personal-data-erased", a => a with { At = a.At with { Person = Person.Initial } }),
        new("employee-unknown", a => a with { Employee = a.Known }),
    ];
}

/// <summary>A command, on nobody until <paramref name="Known"/> is put in their place.</summary>
internal sealed record EmployeeCase(EmployeeCommand Command, Employee Employee, Employee Known, Workplace At)
{
    public Refusal? Decide() => EmployeeDecider.Decide(Command, Employee, At).Refusal;

    public EmployeeCase With<T>(Func<T, T> change)
        where T : EmployeeCommand => this with { Command = change((T)Command) };
}

using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.People;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Benchmarks.PayRuns;

/// <summary>A Bulgarian company with people in ten departments, each with a contract, pay and facts.</summary>
internal static class PayRunSeed
{
    public const string Company = "acme";
    public const string Group = "office";
    private const int EmployeesOfRequest = 200;
    private const int Departments = 10;

    private static readonly RequestMetadata Who = new("key:bench", null, null, null);
    private static readonly LocalDate FirstDay = new(2026, 1, 1);

    public static async Task FillAsync(Store store, int employees)
    {
        var accounts = PayAccounts.All.Select(name => KeyValuePair.Create(name, new AccountCode(name)));
        await AppendAsync(store,
        [
            Write("company", new CompanyRegistered(
                new CompanySettings("Acme", new UnitCode("EUR"), "BG"), "Europe/Sofia", new(1, 1))),
            Write("chart", [.. PayAccounts.All.Select(name => new AccountOpened(
                new AccountCode(name), new AccountDetails(name, AccountType.Liability)))]),
            Write("dimensions", [.. Enumerable.Range(0, Departments).Select(
                each => new Domain.Dimensions.DimensionValueAdded("department", Department(each), new("D")))]),
            Write("pay-groups", new PayGroupAdded(
                Group, new("bg", PayFrequency.Monthly, ValueMap<AccountCode>.From(accounts)))),
        ]);
        foreach (var chunk in Enumerable.Range(0, employees).Chunk(EmployeesOfRequest))
        {
            await AppendAsync(store, [.. chunk.Select(each => Write($"employee/{Id(each)}", Of(each)))]);
        }
    }

    public static string Id(int employee) => FormattableString.Invariant($"e{employee:D7}");

    public static decimal PayOf(int employee) => 900 + (employee % 2_000);

    /// <summary>A raise that everybody gets late, from the beginning of the year on.</summary>
    public static async Task RaiseAsync(Store store, int employees)
    {
        foreach (var chunk in Enumerable.Range(0, employees).Chunk(EmployeesOfRequest))
        {
            await AppendAsync(store, [.. chunk.Select(each => new Write(
                $"employee/{Id(each)}", 4,
                [
                    EventCatalog.Ledger.ToStore(new PayRecorded(
                        "salary", FirstDay, new(PayOf(each) + 100, PayPer.Month))),
                ]))]);
        }
    }

    private static object[] Of(int employee) =>
    [
        new EmployeeRegistered(new(PersonalText.Erased(Id(employee), Purpose.Payroll))),
        new ContractRecorded("c1", new(
            Group, FirstDay, ContractType.Permanent, "Clerk", 40,
            Dimensions: ValueMap<string>.From([new("department", Department(employee % Departments))]))),
        new PayRecorded("salary", FirstDay, new(PayOf(employee), PayPer.Month)),
        new StatutoryFactsRecorded(FirstDay, new("bg", ValueMap<FactValue>.From(
            [new("bornBefore1960", new(null, Flag: employee % 20 == 0)), new("accidentRate", new("0.4"))]))),
    ];

    private static string Department(int number) => FormattableString.Invariant($"d{number}");

    private static Write Write(string stream, params object[] events) =>
        new(stream, 0, [.. events.Select(EventCatalog.Ledger.ToStore)]);

    private static async Task AppendAsync(Store store, IReadOnlyList<Write> writes)
    {
        if (await store.AppendAsync(new(Company, writes, [], Who)) is not AppendResult.Appended)
        {
            throw new InvalidOperationException("The people could not be recorded.");
        }
    }
}

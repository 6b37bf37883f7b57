using Ledger.Domain.Employees;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using Ledger.Domain.Periods;
using Ledger.Projections;
using Ledger.Tests.PayRuns;
using Ledger.Tests.Projections;
using Ledger.Tests.Queries;
using NodaTime;
using Npgsql;

namespace Ledger.Tests.Roles;

/// <summary>Two companies, the words of the second of which nobody else may see, and a reader of the first.</summary>
public sealed class ReaderBooks : IAsyncLifetime
{
    /// <summary>Stands in the texts of the second company.</summary>
    public const string Secret = "Beta's secret";

    private TestLogin login = null!;
    private ProjectionLoop loop = null!;

    internal BooksDatabase Books { get; private set; } = null!;

    /// <summary>Reads acme, with what each person is paid, and nothing else.</summary>
    public string Reader => login.Name;

    /// <summary>Every view of the schema <c>views</c>.</summary>
    public string[] Views { get; private set; } = [];

    public async Task InitializeAsync()
    {
        login = await TestLogin.CreateAsync("in role ledger_reader");
        Books = await BooksDatabase.CreateAsync();
        loop = Books.StartLoop();
        var last = 0L;
        foreach (var company in new[] { "acme", "beta" })
        {
            foreach (var (stream, @event) in new RandomBooks(3).Events(20))
            {
                await Books.AppendAsync(company, stream, Told(company, @event));
            }

            await Books.AppendAsync(company, "journal-entry/named", new JournalEntryPosted(
                new(2020, 1, 31), "Sale", new("EUR"),
                [new(new("1"), Side.Debit, 1.00m), new(new("2"), Side.Credit, 1.00m)],
                CounterpartyPerson: PersonalText.Sealed("p-17", Purpose.Bookkeeping, "c2VhbGVk")));
            foreach (var each in new EmployeeEvent[]
            {
                new EmployeeRegistered(new(PersonalText.Sealed("p-17", Purpose.Payroll, "c2VhbGVk"))),
                new ContractRecorded("c1", new(
                    "office", new(2020, 1, 1), ContractType.Permanent, company == "beta" ? Secret : "Clerk", 40)),
                new EmploymentTerminated(new(new(2020, 12, 31), "left")),
            })
            {
                await Books.AppendAsync(company, "employee/p-17", each);
            }

            foreach (var (stream, @event) in PayEvents.All())
            {
                await Books.AppendAsync(company, stream, @event);
            }

            last = await Books.AppendAsync(company, "periods", new PeriodClosed(new YearMonth(2020, 1)));
        }

        Assert.True(await loop.WaitForAsync(last, TimeSpan.FromSeconds(30)), loop.Status.ToString());
        await Books.ExecuteAsSuperuserAsync(
            $"insert into ledger.readers values ('{Reader}', 'acme', true); analyze");
        Views = await Books.RowsAsync("select viewname from pg_views where schemaname = 'views' order by 1");
    }

    public async Task DisposeAsync()
    {
        await loop.DisposeAsync();
        await Books.DisposeAsync();
        await login.DisposeAsync();
    }

    public Task<NpgsqlConnection> LogInAsync() => LogInAsync(login);

    internal async Task<NpgsqlConnection> LogInAsync(TestLogin other)
    {
        var connection = new NpgsqlConnection(other.To(Books.ConnectionString));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>The first column of the answer as text.</summary>
    public static async Task<string[]> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var rows = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        do
        {
            while (await rows.ReadAsync())
            {
                texts.Add(await rows.IsDBNullAsync(0) ? "" : rows.GetString(0));
            }
        }
        while (await rows.NextResultAsync());

        return [.. texts];
    }

    private static object Told(string company, object @event) =>
        company == "beta" && @event is Domain.Journals.JournalEntryPosted entry
            ? entry with { Description = Secret }
            : @event;
}

using Ledger.Api;
using Ledger.Api.Import;
using Ledger.Domain;
using Ledger.Domain.Companies;
using Microsoft.Extensions.Configuration;
using NodaTime;

namespace Ledger.Tests.Import;

/// <summary>A ledger on a database of its own, and imports into it as the command runs them.</summary>
public sealed class ImportBooks : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-import-");
    private TestDatabase? database;

    internal LedgerHost Ledger { get; private set; } = null!;

    public string ConnectionString => database!.ConnectionString;

    public string DataFolder => folder.FullName;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateMigratedAsync();
        Ledger = await LedgerHost.OpenAsync(
            new Settings("", folder.FullName, database.ConnectionString, new ConfigurationBuilder().Build()), _ => { });
    }

    public async Task DisposeAsync()
    {
        await Ledger.DisposeAsync();
        await database!.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>Imports text into a company that is registered in euro if need be; answers all that was said.</summary>
    internal async Task<Imported> ImportAsync(
        string company, string text, Func<ImportOptions, ImportOptions>? with = null)
    {
        var path = Path.Combine(folder.FullName, "input");
        await File.WriteAllTextAsync(path, text);
        return await ImportFileAsync(company, path, with);
    }

    internal async Task<Imported> ImportFileAsync(
        string company, string path, Func<ImportOptions, ImportOptions>? with = null)
    {
        var options = new ImportOptions(company)
        {
            NewCompany = new CompanySettings(company, new UnitCode("EUR"), "DE"),
        };
        var said = new Said();
        using var file = ImportFile.Open(path);
        var run = new ImportRun(Ledger, with is null ? options : with(options), said);
        var isDone = await run.RunAsync(file, CancellationToken.None);
        return new(isDone, said.Sentences, said.Complaints);
    }

    /// <summary>Account, unit and balance of everything that is not zero, in ordinal order of the accounts.</summary>
    public async Task<SortedDictionary<string, decimal>> BalancesAsync(
        string company, LocalDate? asOf = null, bool inFunctionalCurrency = false)
    {
        await CatchUpAsync();
        var columns = inFunctionalCurrency ? "'', sum(base_debit - base_credit)" : "unit, sum(debit - credit)";
        await using var command = Ledger.Database.CreateCommand(
            $"""
            select account, {columns} from views.journal_line
            where company = $1 and booked_on <= $2 group by 1, 2 having {columns.Split(", ")[1]} <> 0
            """);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = (asOf ?? new LocalDate(2199, 12, 31)).ToDateOnly() });
        var balances = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            balances.Add($"{rows.GetString(0)} {rows.GetString(1)}".Trim(), rows.GetDecimal(2));
        }

        return balances;
    }

    /// <summary>Everything that was recorded for a company, by type.</summary>
    public async Task<IReadOnlyList<(string Stream, string Type)>> EventsAsync(string company)
    {
        var events = new List<(string, string)>();
        for (long after = 0; ;)
        {
            var page = await Ledger.Store.ReadAllAsync(after, 1_000);
            if (page.Count == 0)
            {
                return events;
            }

            events.AddRange(page.Where(each => each.Company == company).Select(each => (each.Stream, each.Type)));
            after = page[^1].Sequence;
        }
    }

    public Task ExecuteAsSuperuserAsync(string statements) => database!.ExecuteAsSuperuserAsync(statements);

    public async Task CatchUpAsync() =>
        Assert.True(
            await Ledger.Books.WaitForAsync(await Ledger.Store.HeadAsync(), TimeSpan.FromSeconds(60)),
            Ledger.Books.Status.ToString());

    private sealed class Said : IImportDisplay
    {
        public List<string> Sentences { get; } = [];

        public List<string> Complaints { get; } = [];

        public void Say(string sentence) => Sentences.Add(sentence);

        public void Complain(string what) => Complaints.Add(what);

        public Task FollowAsync(string doing, ImportFile file, ImportReport report, Func<Task> work) => work();
    }
}

/// <summary>What an import came to, and everything that it said.</summary>
internal sealed record Imported(bool IsDone, IReadOnlyList<string> Sentences, IReadOnlyList<string> Complaints);

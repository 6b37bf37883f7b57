using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ledger.Api;
using Ledger.Api.Import;
using Ledger.Api.Periods;
using Ledger.Benchmarks.Http;
using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Tests.Import;

/// <summary>What may happen to an import between deciding everything and having recorded it.</summary>
public sealed class AtomicImportTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    private const int Entries = 12_000;

    private static readonly YearMonth January = new(2026, 1);

    [Fact]
    public async Task Killed_in_the_middle_the_same_command_completes_it_with_each_entry_once()
    {
        var path = await WriteAsync("large", Enumerable.Range(1, Entries).Select(i => Entry(i, "2026-01-31")));
        string[] command =
        [
            "import", "--company", "killed", "--currency", "EUR", "--country", "DE", "--atomic", path,
            "--connection", books.ConnectionString, "--data", books.DataFolder,
        ];

        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "backoffice.dll"), .. command])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using (var process = Process.Start(start)!)
        {
            while (await CountAsync("killed") == 0)
            {
                Assert.False(process.HasExited, "The import ended before anything was recorded.");
                await Task.Delay(5);
            }

            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.InRange(await CountAsync("killed"), 1, Entries - 1);
        var (exitCode, printed) = await ServiceProcess.RunAsync(command);

        Assert.True(exitCode == 0, printed);
        Assert.Equal(Entries, await CountAsync("killed"));
        Assert.Equal(
            new() { ["Assets:Bank EUR"] = Entries, ["Income:Sales EUR"] = -Entries },
            await books.BalancesAsync("killed"));
    }

    [Fact]
    public async Task A_month_that_is_closed_between_deciding_and_recording_is_said_and_the_rest_is_added_later()
    {
        var path = await WriteAsync("between", [Entry(1, "2026-01-31"), Entry(2, "2026-02-28")]);
        var target = await BooksTarget.OpenAsync(books.Ledger, "between", new("", null, null, null));
        Assert.Null(await target.RegisterAsync(new("between", new UnitCode("EUR"), "DE")));
        var closing = new Between(() => ChangeAsync("between", new PeriodChange(PeriodStatus.Closed)));

        Assert.False(await RunAsync("between", path, closing));

        Assert.EndsWith("(period-closed)", Assert.Single(closing.Complaints), StringComparison.Ordinal);
        Assert.Equal(
            "The books were changed while this was recorded (a month was closed, an account archived …), so that all "
            + "but what is named above is in. Undo that change and run the same command again: it records the rest. "
            + "Or reverse what is in.",
            closing.Sentences[^1]);
        Assert.Equal(1, await CountAsync("between"));

        await ChangeAsync("between", new PeriodChange(PeriodStatus.Open, "Late import"));
        Assert.True(await RunAsync("between", path, new Between(() => Task.CompletedTask)));
        Assert.Equal(2, await CountAsync("between"));
    }

    [Fact]
    public async Task Reversals_of_what_is_missing_are_decided_before_anything_is_recorded()
    {
        ImportOptions Bank(ImportOptions options) => options with { Source = "bank", Atomic = true };
        await books.ImportAsync("missing", Entry(1, "2026-01-31"), Bank);
        await ChangeAsync("missing", new PeriodChange(PeriodStatus.Closed));
        var before = await books.EventsAsync("missing");

        var refused = await books.ImportAsync(
            "missing", Entry(2, "2026-02-28"), options => Bank(options) with { ReverseMissing = true });

        Assert.Equal("1 cannot go in, so nothing was recorded.", refused.Sentences[^1]);
        Assert.EndsWith(
            "(period-closed) Name an open day with --reverse-on.", Assert.Single(refused.Complaints),
            StringComparison.Ordinal);
        Assert.Equal(before, await books.EventsAsync("missing"));
    }

    private static string Entry(int number, string date) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"id\":\"e{number}\",\"bookedOn\":\"{date}\",\"description\":\"Sale {number}\",\"lines\":["
        + $"{{\"account\":\"Assets:Bank\",\"side\":\"debit\",\"amount\":\"1.00\"}},"
        + $"{{\"account\":\"Income:Sales\",\"side\":\"credit\",\"amount\":\"1.00\"}}]}}\n");

    private async Task<string> WriteAsync(string name, IEnumerable<string> lines)
    {
        var path = Path.Combine(books.DataFolder, name);
        await File.WriteAllTextAsync(path, string.Concat(lines), Encoding.UTF8);
        return path;
    }

    private async Task<bool> RunAsync(string company, string path, IImportDisplay display)
    {
        var options = new ImportOptions(company)
        {
            Atomic = true, NewCompany = new CompanySettings(company, new UnitCode("EUR"), "DE"),
        };
        using var file = ImportFile.Open(path);
        return await new ImportRun(books.Ledger, options, display).RunAsync(file, CancellationToken.None);
    }

    private async Task<int> CountAsync(string company)
    {
        await using var command = books.Ledger.Database.CreateCommand(
            "select count(*)::int from public.mt_streams where tenant_id = $1 and id like 'journal-entry/%'");
        command.Parameters.Add(new() { Value = company });
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private async Task ChangeAsync(string company, PeriodChange change)
    {
        var who = new RequestMetadata("", null, null, null);
        Assert.IsType<Transacted<Written>.Done>(await books.Ledger.Transact.RunAsync(
            company, who, reading => PeriodWrites.PutAsync(
                January, change, null, reading, books.Ledger.Facts,
                    books.Ledger.Owner)));
    }

    /// <summary>Does something when everything is decided and nothing is recorded yet.</summary>
    private sealed class Between(Func<Task> then) : IImportDisplay
    {
        public List<string> Sentences { get; } = [];

        public List<string> Complaints { get; } = [];

        public void Say(string sentence) => Sentences.Add(sentence);

        public void Complain(string what) => Complaints.Add(what);

        public async Task FollowAsync(string doing, ImportFile file, ImportReport report, Func<Task> work)
        {
            if (doing == "Importing")
            {
                await then();
            }

            await work();
        }
    }
}

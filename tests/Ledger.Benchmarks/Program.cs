using Ledger.Api.Postgres;
using Ledger.Benchmarks.Audit;
using Ledger.Benchmarks.CatchUp;
using Ledger.Benchmarks.Faults;
using Ledger.Benchmarks.Http;
using Ledger.Benchmarks.Import;
using Ledger.Benchmarks.Payroll;
using Ledger.Benchmarks.PayRuns;
using Ledger.Benchmarks.Queries;

namespace Ledger.Benchmarks;

/// <summary>
/// <c>./run bench [group …] [--quick] [--write FILE]</c>: measures and prints one table; FILE gets it as Markdown.
/// Exit code 1 when a floor is missed, 2 when it is asked for a group that does not exist. <c>soak</c> is the other
/// thing that it does.
/// </summary>
public static class Program
{
    private static readonly BenchmarkGroup[] Groups =
    [
        CatchUps.Group, AuditLogs.Group, Questions.Group, Appends.Appends.Group, HttpAppends.Group, Imports.Group,
        Payslips.Group, PayRunRuns.Group,
    ];

    public static async Task<int> Main(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (args is ["soak", .. var options])
        {
            return await SoakCommand.RunAsync(options);
        }

        var known = string.Join(", ", Groups.Select(group => group.Name));
        var (names, quick, write) = (new List<string>(), false, (string?)null);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--quick":
                    quick = true;
                    break;
                case "--write" when i + 1 < args.Length:
                    write = args[++i];
                    break;
                case var name when Array.Exists(Groups, group => group.Name == name):
                    names.Add(name);
                    break;
                case var unknown:
                    await Console.Error.WriteLineAsync(
                        $"'{unknown}' is neither a group ({known}) nor an option (--quick, --write FILE). The "
                            + "databases are the benchmark's own.");
                    return 2;
            }
        }

        var folder = Path.Combine(Path.GetTempPath(), "backoffice-bench-" + Environment.UserName);
        await using var server = await PrivatePostgres.StartAsync(
            new PrivatePostgresOptions(folder) { Say = Console.Error.WriteLine });
        await using var databases = new BenchmarkDatabases(server);
        var context = new BenchmarkContext(databases.NewAsync, quick, Console.Error.WriteLine);
        var rows = new List<BenchmarkRow>();
        foreach (var group in Groups.Where(group => names.Count == 0 || names.Contains(group.Name)))
        {
            await foreach (var row in group.RunAsync(context))
            {
                rows.Add(row);
                await Console.Error.WriteLineAsync(BenchmarkReport.Line(row));
            }

            await databases.DropAllAsync();
        }

        Console.WriteLine(BenchmarkReport.Markdown(rows, quick));
        if (write is not null)
        {
            await BenchmarkReport.ReplaceTableAsync(write, BenchmarkReport.Markdown(rows, quick));
        }

        return rows.Any(row => row.Met == false) ? 1 : 0;
    }
}

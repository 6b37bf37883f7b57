using System.Diagnostics;
using System.Globalization;
using Ledger.Api;
using Npgsql;

namespace Ledger.Benchmarks.Import;

/// <summary>
/// <c>import</c> as its users run it: what <c>hledger print -O csv</c> writes, of three lines an entry, into an empty
/// database, until the command has ended. The peak of its memory must not grow with the file.
/// </summary>
internal static class Imports
{
    private const long MemoryFloor = 400_000_000;
    private const int PeerEntriesMax = 100_000;
    private const int Accounts = 200;

    public static BenchmarkGroup Group { get; } = new("import", RunAsync);

    private static async IAsyncEnumerable<BenchmarkRow> RunAsync(BenchmarkContext context)
    {
        foreach (var entries in context.Quick ? [5_000, 20_000] : new[] { 100_000, 1_000_000 })
        {
            context.Say(FormattableString.Invariant($"import: {entries} entries"));
            var file = Path.GetTempFileName();
            try
            {
                var bytes = WriteFile(file, entries);
                var peer = entries <= PeerEntriesMax ? await RateOfHledgerAsync(context, entries) : null;
                var connection = await context.NewDatabaseAsync();
                await using (var source = NpgsqlDataSource.Create(connection))
                {
                    await LedgerHost.MigrateAsync(source, CancellationToken.None);
                }

                var (seconds, peak) = await ImportAsync(BenchmarkDatabases.AsService(connection), file);
                var work = FormattableString.Invariant(
                    $"import of {entries:N0} entries, {bytes / 1_000_000:N0} MB of CSV");
                yield return new(
                    work, entries / seconds, "entries/s", peer is null ? "" : "hledger reads the same books", peer,
                    Note: FormattableString.Invariant($"{seconds:0.0} s"));
                yield return new(
                    work + ", peak memory", peak / 1e6, "MB", Floor: "< 400 MB", Met: peak < MemoryFloor);
            }
            finally
            {
                File.Delete(file);
            }
        }
    }

    private static long WriteFile(string file, int entries)
    {
        using var writer = new StreamWriter(file) { NewLine = "\n" };
        writer.WriteLine(
            "\"txnidx\",\"date\",\"date2\",\"status\",\"code\",\"description\",\"comment\",\"account\",\"amount\","
            + "\"commodity\",\"credit\",\"debit\",\"posting-status\",\"posting-comment\"");
        foreach (var (number, day, lines) in Books(entries))
        {
            foreach (var (account, cents) in lines)
            {
                var (amount, minus) = (Amount(Math.Abs(cents)), cents < 0 ? "-" : "");
                writer.WriteLine(
                    $"\"{number}\",\"{day}\",\"\",\"*\",\"{number}\",\"Order {number}\",\"\",\"{account}\","
                    + $"\"{minus}{amount}\",\"EUR\",\"{(cents < 0 ? amount : "")}\","
                    + $"\"{(cents < 0 ? "" : amount)}\",\"\",\"\"");
            }
        }

        writer.Flush();
        return writer.BaseStream.Length;
    }

    private static async Task<double?> RateOfHledgerAsync(BenchmarkContext context, int entries)
    {
        const string hledger = "/usr/bin/hledger";
        if (!File.Exists(hledger))
        {
            context.Say("import: without its peer, because hledger is not installed");
            return null;
        }

        var journal = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(journal, Books(entries).Select(entry =>
                $"{entry.Day} * ({entry.Number}) Order {entry.Number}\n"
                + string.Concat(entry.Lines.Select(line => $"    {line.Account}  {Amount(line.Cents)} EUR\n"))));
            var clock = Stopwatch.StartNew();
            var start = new ProcessStartInfo(hledger, ["-f", "journal:" + journal, "stats"]);
            start.RedirectStandardOutput = true;
            using var process = Process.Start(start)!;
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? entries / clock.Elapsed.TotalSeconds : null;
        }
        finally
        {
            File.Delete(journal);
        }
    }

    private static IEnumerable<(int Number, string Day, (string Account, int Cents)[] Lines)> Books(int entries)
    {
        var random = new Random(7);
        for (var entry = 1; entry <= entries; entry++)
        {
            var gross = random.Next(100, 100_000);
            var tax = gross / 6;
            var day = new DateOnly(2024, 1, 1).AddDays(entry % 700);
            yield return (entry, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            [
                ($"assets:bank:{random.Next(Accounts / 4)}", gross),
                ($"income:sales:{random.Next(Accounts / 2)}", tax - gross),
                ($"liabilities:vat:{random.Next(Accounts / 4)}", -tax),
            ]);
        }
    }

    private static string Amount(int cents) => (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private static async Task<(double Seconds, long PeakBytes)> ImportAsync(string connection, string file)
    {
        var data = Directory.CreateTempSubdirectory("backoffice-bench-").FullName;
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "backoffice.dll"), "import", "--company", "bench", "--currency",
            "EUR", "--country", "DE", "--connection", connection, "--data", data, file,
        ];
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var printed = process.StandardOutput.ReadToEndAsync();
        var peak = 0L;
        while (!process.HasExited)
        {
            process.Refresh();
            peak = Math.Max(peak, process.PeakWorkingSet64);
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(50));
        }

        return process.ExitCode == 0
            ? (clock.Elapsed.TotalSeconds, peak)
            : throw new InvalidOperationException($"The import ended with {process.ExitCode}: {await printed}");
    }
}

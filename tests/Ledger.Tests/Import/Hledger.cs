using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Ledger.Api.Import;
using NodaTime;

namespace Ledger.Tests.Import;

/// <summary>hledger and beancount as programs, to compare with.</summary>
internal static partial class Hledger
{
    /// <summary>Where Debian's beancount keeps its example books.</summary>
    public const string Examples = "/usr/share/doc/beancount/examples";

    /// <summary>
    /// A book of beancount in hledger's format, mended where beancount's export writes what hledger cannot read: a sale
    /// has its cost and its price (hledger balances by the cost), stored queries span lines, and commodities with dots
    /// need quotes.
    /// </summary>
    public static async Task<string> OfBeancountAsync(string file)
    {
        var text = await RunAsync("bean-report", file, "hledger");
        text = Queries().Replace(text, "\n");
        text = SecondPrices().Replace(text, " @ ${cost}");
        return DottedCommodities().Replace(text, "commodity \"${name}\"");
    }

    /// <summary>Every balance that is not zero, by account and commodity, at the end of a day.</summary>
    public static async Task<SortedDictionary<string, decimal>> BalancesAsync(
        string journal, LocalDate asOf, params string[] more)
    {
        var until = asOf.PlusDays(1).ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
        var csv = await RunAsync(
            "hledger", ["-f", journal, "bal", "--flat", "-N", "--layout=bare", "-O", "csv", "-e", until, .. more]);
        var rows = new DelimitedReader(new StringReader(csv));
        Assert.True(rows.Read());
        var balances = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        while (rows.Read())
        {
            Assert.True(FileAmounts.TryParseNumber(rows[2], out var balance), rows[2]);
            if (balance != 0)
            {
                balances.Add($"{rows[0]} {rows[1].Trim('"')}".Trim(), balance);
            }
        }

        return balances;
    }

    /// <returns>What it wrote to its output.</returns>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await error}");
        return await output;
    }

    [GeneratedRegex("\n;; Query:[^\n]*\"\n(?:.*?\n)??\"\n", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Queries();

    [GeneratedRegex(" @ (?<cost>[^@\n]*?) +@ [^\n]*", RegexOptions.CultureInvariant)]
    private static partial Regex SecondPrices();

    [GeneratedRegex("^commodity (?<name>[A-Z0-9]*[^A-Z0-9\n ][^ \n]*)$",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex DottedCommodities();
}

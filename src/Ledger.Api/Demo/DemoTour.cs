using System.Globalization;
using Ledger.Api.CommandLine;
using Ledger.Api.Import;
using Ledger.Api.Keys;

namespace Ledger.Api.Demo;

/// <summary>One of the five things to look at.</summary>
/// <param name="What">What there is to see.</param>
/// <param name="Paths">What is asked for, behind the company's address.</param>
internal sealed record Sight(string What, params string[] Paths);

/// <summary>What the demo prints at its end: what was recorded, and where to look.</summary>
internal static class DemoTour
{
    /// <param name="published">The event with which the corrected month was first closed.</param>
    public static IReadOnlyList<Sight> Sights(long published)
    {
        var (year, then) = (ShopFacts.Year, published.ToString(CultureInfo.InvariantCulture));
        return
        [
            new("The trial balance of the year: debits equal credits, in euro and in dollars.",
                $"reports/trial-balance?to={year}-12-31"),
            new("The income statement month by month. November and December are still open.",
                $"reports/income-statement?from={year}-01-01&to={year}-12-31&columns=month"),
            new($"The balance sheet of March as it was published: all that was known at event {then}, its closing.\n"
                + "   Then what changed since, line by line; and who opened the month again, and why.",
                $"reports/balance-sheet?asOf={year}-03-31&knownAtSequence={then}",
                $"reports/restatements?period={year}-03",
                "events?type=period_reopened"),
            new("What the card processor owes: each charge, refund and payout of December, with the running balance.",
                $"reports/general-ledger?account={ShopFacts.Account.CardClearing}&from={year}-12-01&to={year}-12-31"
                + "&limit=1000"),
            new("What is earned in each country: sales, refunds and cost of goods by the dimension 'country'.",
                $"reports/income-statement?from={year}-01-01&to={year}-12-31&dimension=country"),
        ];
    }

    public static IEnumerable<string> Lines(DemoReport report, string company, Settings settings)
    {
        yield return $"{ShopFacts.Settings.Name}, an online shop, kept its books of {ShopFacts.Year} in the company "
            + $"'{company}':";
        yield return $"{ImportReport.Number(report.Entries)} entries in euro and US dollars, "
            + report.Added switch
            {
                0 => "all of them there already: nothing was added.",
                var added when added == report.Entries => "all new.",
                var added => $"{ImportReport.Number(added)} of them new.",
            };
        yield return "January to October are closed. March was opened once more, because its stock count was wrong.";
        yield return "";
        var isDefault = settings.Connection is null
            && settings.Data == Path.GetFullPath(Settings.DefaultData, Settings.ContentRoot);
        yield return $"While ./run serves in another shell{(isDefault ? "" : ", with the same options as here")}, "
            + "paste this once:";
        yield return "";
        var key = OwnerKey.PathIn(settings.Data).Replace("'", @"'\''", StringComparison.Ordinal);
        var address = new Uri(HealthCommand.AddressOf(settings.Urls), $"companies/{company}/");
        yield return $"ask() {{ curl -sS -H \"Authorization: Bearer $(cat '{key}')\" -H 'Accept: text/csv' "
            + $"\"{address}$1\"; echo; }}";
        yield return "";
        yield return "and then look at five things. The answers are CSV: end a line with > table.csv to open it in a "
            + "spreadsheet.";
        var number = 0;
        foreach (var sight in Sights(report.Published))
        {
            yield return "";
            foreach (var line in $"{++number}. {sight.What}".Split('\n'))
            {
                yield return line;
            }

            foreach (var path in sight.Paths)
            {
                yield return $"ask '{path}'";
            }
        }
    }
}

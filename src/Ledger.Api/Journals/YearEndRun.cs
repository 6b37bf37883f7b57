using Ledger.Api.Import;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;

namespace Ledger.Api.Journals;

/// <summary>Posts the closing entries of a fiscal year. Running it again posts what changed since.</summary>
internal static class YearEndRun
{
    /// <param name="host">The ledger.</param>
    /// <param name="company">Whose year.</param>
    /// <param name="name">The fiscal year, by the calendar year of its first day.</param>
    /// <param name="to">Takes the result; by default retained earnings.</param>
    /// <param name="say">Is told what was done, one sentence at a time.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>True when the year is closed.</returns>
    /// <exception cref="SetUpException">It cannot be done; the message says why and what to do.</exception>
    public static async Task<bool> RunAsync(
        LedgerHost host, string company, int name, AccountCode? to, Action<string> say, CancellationToken cancellation)
    {
        var target = await BooksTarget.OpenAsync(host, company, new(host.OwnerActor, null, null, null));
        if (!target.Company.Exists)
        {
            throw new SetUpException($"There is no company {company}.");
        }

        var retainedEarnings = to ?? target.Company.Settings!.RetainedEarnings ?? throw new SetUpException(
            $"{company} names no account of retained earnings: say which one takes the result, with --to.");
        if (target.Chart.Find(retainedEarnings) is not { Details.Type: AccountType.Equity })
        {
            throw new SetUpException(
                $"{company} has no account {retainedEarnings} of type equity: open it, or name another with --to.");
        }

        var start = target.Company.FiscalYearStart;
        var year = FiscalYear.Of(start.InYear(name), start);
        await BooksFollowing.CatchUpAsync(host, say, cancellation);
        var books = new ClosingBalances(host.Database, host.Vault, company);
        var series = await books.OfAsync(YearEnd.Series(year), cancellation);
        var balances = await books.AtAsync(year.Last, year, cancellation);
        if (balances.Exists(balance => balance.IsOfEarlierYears))
        {
            say($"Note: years before {year.Name} have results that are not closed; close each by itself.");
        }

        var entries = YearEnd.Close(
            year, balances, retainedEarnings, target.Company.Currency,
            FormattableString.Invariant($"Closing of the year {name}"), series.LastNumber);
        if (entries.Count == 0)
        {
            say(FormattableString.Invariant($"The year {name} of {company} is closed: nothing is left to move."));
            return true;
        }

        var (posted, refused) = await PlannedEntries.PostAsync(target, entries, say);
        say(FormattableString.Invariant($"Posted in {company} on {year.Last:uuuu-MM-dd}: ")
            + $"{ImportReport.Count(posted, "closing entry", "closing entries")}.");
        return refused == 0;
    }
}

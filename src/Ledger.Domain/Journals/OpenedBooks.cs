using Ledger.Domain.Accounts;
using Ledger.Domain.Dimensions;

namespace Ledger.Domain.Journals;

/// <summary>
/// Books in which entries that were made from balances can be posted. What an account holds must be moved whatever the
/// account is now: archived, a heading that takes no postings, or one that asks new entries for a dimension. Such an
/// account, and an archived value of a dimension, is opened for the entries and made what it was again in the same
/// request.
/// </summary>
/// <param name="Chart">Opens accounts, then makes them what they were.</param>
/// <param name="Dimensions">The same for values of dimensions.</param>
public sealed record OpenedBooks(Books Books, ValueList<AccountEvent> Chart, ValueList<DimensionEvent> Dimensions)
{
    public static OpenedBooks For(IReadOnlyCollection<PostJournalEntry> entries, Books books)
    {
        var accounts = entries.SelectMany(entry => entry.Lines)
            .GroupBy(line => line.Account)
            .Select(lines => books.Chart.Find(lines.Key) is { } account && !Takes(account, lines) ? account : null)
            .OfType<Account>()
            .ToList();
        var values = entries.SelectMany(entry => entry.Lines)
            .SelectMany(line => line.Dimensions ?? ValueMap<string>.Empty)
            .Distinct()
            .Select(each => (each.Key, each.Value, Current: books.Dimensions.Find(each.Key, each.Value)))
            .Where(each => each.Current is { IsArchived: true })
            .Select(each => new DimensionValueChanged(each.Key, each.Value, each.Current!.Details))
            .ToList();
        var openAccounts = accounts.ConvertAll(account => (AccountEvent)new AccountChanged(
            account.Code, account.Details with { Archived = null, Postable = null, Requires = null }));
        var openValues = values.ConvertAll(value =>
            (DimensionEvent)(value with { Details = value.Details with { Archived = null } }));
        var opened = books with
        {
            Chart = openAccounts.Aggregate(books.Chart, Accounts.Chart.Evolve),
            Dimensions = openValues.Aggregate(books.Dimensions, DimensionCatalog.Evolve),
        };
        return new(
            opened,
            [.. openAccounts, .. accounts.Select(account => new AccountChanged(account.Code, account.Details))],
            [.. openValues, .. values]);
    }

    private static bool Takes(Account account, IEnumerable<JournalLine> lines) =>
        account is { IsArchived: false, IsPostable: true }
        && (account.Details.Requires ?? []).All(dimension =>
            lines.All(line => line.Dimensions?.ContainsKey(dimension) is true));
}

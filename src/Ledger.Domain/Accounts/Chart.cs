using System.Collections.Immutable;

namespace Ledger.Domain.Accounts;

/// <summary>An account of the chart.</summary>
/// <param name="Version">The chart's version at the account's last change: the account's ETag.</param>
public sealed record Account(AccountCode Code, AccountDetails Details, long Version)
{
    public bool IsPostable => Details.Postable ?? true;

    public bool IsArchived => Details.Archived ?? false;
}

/// <summary>All accounts of a company. Evolving costs the logarithm of their number.</summary>
public sealed class Chart
{
    public static Chart Initial { get; } = new(ImmutableDictionary<AccountCode, Account>.Empty, 0);

    private readonly ImmutableDictionary<AccountCode, Account> accounts;
    private Dictionary<AccountCode, Account>? index;
    private int finds;

    private Chart(ImmutableDictionary<AccountCode, Account> accounts, long version) =>
        (this.accounts, Version) = (accounts, version);

    public long Version { get; }

    public int Count => accounts.Count;

    public IEnumerable<Account> Accounts => accounts.Values;

    public Account? Find(AccountCode code) => Index is { } known
        ? known.GetValueOrDefault(code)
        : accounts.GetValueOrDefault(code);

    /// <summary>
    /// Postings look up far more often than accounts change, so a chart that was asked more often than it has accounts
    /// gets a plain hash table beside the tree. Counting need not be exact, and two tables made at once are the same.
    /// </summary>
    private Dictionary<AccountCode, Account>? Index =>
        index ?? (++finds > accounts.Count ? index = accounts.ToDictionary() : null);

    public static Chart Evolve(Chart state, AccountEvent @event) => @event switch
    {
        AccountOpened e => state.With(e.Code, e.Account),
        AccountChanged e => state.With(e.Code, e.Account),
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a chart's."),
    };

    private Chart With(AccountCode code, AccountDetails details) =>
        new(accounts.SetItem(code, new Account(code, details, Version + 1)), Version + 1);
}

using Ledger.Domain;
using Ledger.Domain.Accounts;

namespace Ledger.Api.Import;

/// <summary>
/// The accounts that <c>--chart</c> describes: CSV with the columns code, type and, if wanted, name, parent and
/// currency, in any order. It wins over what names tell.
/// </summary>
internal sealed class ChartFile
{
    private static readonly Dictionary<string, AccountType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["asset"] = AccountType.Asset, ["assets"] = AccountType.Asset, ["a"] = AccountType.Asset,
        ["cash"] = AccountType.Asset, ["c"] = AccountType.Asset,
        ["liability"] = AccountType.Liability, ["liabilities"] = AccountType.Liability, ["l"] = AccountType.Liability,
        ["equity"] = AccountType.Equity, ["e"] = AccountType.Equity, ["conversion"] = AccountType.Equity,
        ["v"] = AccountType.Equity,
        ["income"] = AccountType.Income, ["revenue"] = AccountType.Income, ["r"] = AccountType.Income,
        ["expense"] = AccountType.Expense, ["expenses"] = AccountType.Expense, ["x"] = AccountType.Expense,
        ["offbalance"] = AccountType.OffBalance, ["off-balance"] = AccountType.OffBalance,
    };

    private readonly Dictionary<AccountCode, AccountDetails> accounts = [];

    public static ChartFile Empty { get; } = new();

    /// <summary>In the order of the file.</summary>
    public IEnumerable<KeyValuePair<AccountCode, AccountDetails>> Accounts => accounts;

    /// <exception cref="InvalidDataException">It is no such CSV; the message names the line.</exception>
    public static ChartFile Read(TextReader text)
    {
        var rows = new DelimitedReader(text);
        if (!rows.Read() || rows.Problem is not null)
        {
            throw new InvalidDataException($"The chart has no heading. {rows.Problem}".TrimEnd());
        }

        var names = Enumerable.Range(0, rows.Count).Select(i => rows[i].Trim()).ToList();
        int Find(string name) => names.FindIndex(each => each.Equals(name, StringComparison.OrdinalIgnoreCase));
        var (code, type) = (Find("code"), Find("type"));
        var (name, parent, currency) = (Find("name"), Find("parent"), Find("currency"));
        if (code < 0 || type < 0)
        {
            throw new InvalidDataException("The chart's heading must name the columns code and type (and name, parent, "
                + "currency if wanted).");
        }

        var chart = new ChartFile();
        while (rows.Read())
        {
            InvalidDataException Bad(string reason) => new($"Line {rows.Line} of the chart: {reason}");
            if (rows.Problem is { } problem || rows.Count != names.Count)
            {
                throw Bad(rows.Problem ?? $"It has {rows.Count} fields where the heading has {names.Count}.");
            }

            if (AccountNames.ToCode(rows[code].Trim(), out var reason) is not { } account)
            {
                throw Bad(reason!);
            }

            if (AccountNames.WhyNotOpened(account) is { } fault)
            {
                throw Bad(fault);
            }

            chart.accounts[account] = new AccountDetails(
                Optional(name) ?? AccountNames.NameOf(account),
                TypeOf(rows[type]) ?? throw Bad($"'{Texts.Shown(rows[type])}' is no type: send asset, liability, "
                    + "equity, income, expense or off-balance."),
                Parent: Optional(parent) is not { } above ? AccountNames.ParentOf(account)
                    : AccountNames.ToCode(above, out reason) ?? throw Bad(reason!),
                Currency: Optional(currency) is { } unit ? new UnitCode(unit) : null);
        }

        return chart;

        string? Optional(int column) => column < 0 || rows[column].Trim().Length == 0 ? null : rows[column].Trim();
    }

    /// <summary>The type of that name, or letter of hledger's; null when there is none.</summary>
    public static AccountType? TypeOf(string text) => Types.TryGetValue(text.Trim(), out var type) ? type : null;

    public AccountDetails? Find(AccountCode code) => accounts.GetValueOrDefault(code);
}

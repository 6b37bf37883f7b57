using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Projections.Queries;
using Npgsql;

namespace Ledger.Projections.Accounts;

/// <summary>Reads the chart as known then.</summary>
public sealed class AccountQueries
{
    private readonly Rows<(long Position, AccountThen Account)> versions;

    private AccountQueries(Rows<(long, AccountThen)> versions) => this.versions = versions;

    /// <summary>The chart alone.</summary>
    public static async Task<ChartThen> ChartAsync(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var accounts = Ask(snapshot);
        await snapshot.SendAsync();
        return accounts.Chart();
    }

    internal static AccountQueries Ask(Snapshot snapshot)
    {
        const string sql = """
            select position, code, name, names::text, type, parent, currency, postable, archived, requires, by_sign
            from ledger_read.account_history_{v}
            where company = $1 and position <= $2
            """;
        return new(snapshot.Ask(sql, Read, snapshot.Company.Code, snapshot.Knowledge.Position));
    }

    internal ChartThen Chart()
    {
        // Every change of an account is one event of the chart, so the chart's version counts the changes up to it.
        versions.Sort((a, b) => a.Position.CompareTo(b.Position));
        var latest = new Dictionary<string, AccountThen>(StringComparer.Ordinal);
        for (var i = 0; i < versions.Count; i++)
        {
            latest[versions[i].Account.Code] = versions[i].Account with { Version = i + 1 };
        }

        return new(latest.Values);
    }

    private static (long, AccountThen) Read(NpgsqlDataReader row) => (row.GetInt64(0), new(
        row.GetString(1),
        row.GetString(2),
        row.IsDBNull(3)
            ? ValueMap<string>.Empty
            : ValueMap<string>.From(JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(3))!),
        Enum.Parse<AccountType>(row.GetString(4), ignoreCase: true),
        row.GetText(5),
        row.GetText(6),
        row.GetBoolean(7),
        row.GetBoolean(8),
        row.IsDBNull(9) ? [] : ValueList.ToValueList(row.GetFieldValue<string[]>(9)),
        row.GetBoolean(10),
        0));
}

using Npgsql;

namespace Ledger.Projections.Books;

internal static class CellArrays
{
    /// <summary>The cells of a row, from its columns accounts, debits, credits, base_debits and base_credits.</summary>
    /// <param name="at">The column of the accounts.</param>
    public static IEnumerable<(string Account, CellSums Sums)> Read(NpgsqlDataReader row, int at)
    {
        var accounts = row.GetFieldValue<string[]>(at);
        var debits = row.GetFieldValue<decimal[]>(at + 1);
        var credits = row.GetFieldValue<decimal[]>(at + 2);
        var baseDebits = row.IsDBNull(at + 3) ? debits : row.GetFieldValue<decimal[]>(at + 3);
        var baseCredits = row.IsDBNull(at + 4) ? credits : row.GetFieldValue<decimal[]>(at + 4);
        for (var i = 0; i < accounts.Length; i++)
        {
            yield return (accounts[i], new(debits[i], credits[i], baseDebits[i], baseCredits[i]));
        }
    }
}

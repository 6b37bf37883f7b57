using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Journals;
using NodaTime;
using Npgsql;

namespace Ledger.Api.Journals;

/// <summary>
/// What accounts hold, by the smallest unit that the books tell apart, read from the tables of the books.
/// </summary>
internal sealed class ClosingBalances(NpgsqlDataSource database, string company, Chart chart)
{
    private const string Sums =
        """
        select l.account, l.unit, l.dimensions::text, e.counterparty,
            sum(l.debit - l.credit), sum(l.base_debit - l.base_credit)
        from views.journal_line l
        join views.journal_entry e on e.company = l.company and e.position = l.position
        where l.company = $1 and {0}
        group by 1, 2, 3, 4
        having sum(l.debit - l.credit) <> 0 or sum(l.base_debit - l.base_credit) <> 0
        """;

    /// <summary>At the end of a day.</summary>
    public Task<List<ClosingBalance>> AtAsync(LocalDate day, CancellationToken cancellation) =>
        ReadAsync("l.booked_on <= $2", new() { Value = day.ToDateOnly() }, cancellation);

    /// <summary>
    /// What entries whose ids begin like this, and their reversals, brought; and how many entries there are.
    /// </summary>
    public async Task<(List<ClosingBalance> Balances, int Entries)> OfAsync(
        string idPrefix, CancellationToken cancellation)
    {
        var balances = await ReadAsync("starts_with(e.id, $2)", new() { Value = idPrefix }, cancellation);
        var entries = await CountAsync(
            "starts_with(id, $2) and reverses is null", new() { Value = idPrefix }, cancellation);
        return (balances, entries);
    }

    /// <summary>Entries that are booked on a day or later.</summary>
    public Task<int> CountFromAsync(LocalDate day, CancellationToken cancellation) =>
        CountAsync("booked_on >= $2", new() { Value = day.ToDateOnly() }, cancellation);

    private async Task<int> CountAsync(string condition, NpgsqlParameter parameter, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"select count(*)::int from views.journal_entry where company = $1 and {condition}");
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(parameter);
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<List<ClosingBalance>> ReadAsync(
        string condition, NpgsqlParameter parameter, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            Sums.Replace("{0}", condition, StringComparison.Ordinal));
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(parameter);
        var balances = new List<ClosingBalance>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var account = new AccountCode(rows.GetString(0));
            balances.Add(new(
                account,
                chart.Find(account)!.Details.Type,
                new UnitCode(rows.GetString(1)),
                rows.GetDecimal(4),
                rows.GetDecimal(5),
                await rows.IsDBNullAsync(2, cancellation) ? null : DimensionsOf(rows.GetString(2)),
                await rows.IsDBNullAsync(3, cancellation) ? null : rows.GetString(3)));
        }

        return balances;
    }

    private static ValueMap<string> DimensionsOf(string json) =>
        ValueMap<string>.From(JsonSerializer.Deserialize<Dictionary<string, string>>(json)!);
}

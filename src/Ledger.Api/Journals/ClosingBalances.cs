using System.Data;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using Ledger.EventStore.Sealing;
using Ledger.Projections.People;
using NodaTime;
using Npgsql;

namespace Ledger.Api.Journals;

/// <summary>
/// What accounts hold, by the smallest unit that the books tell apart, read from the tables of the books.
/// </summary>
internal sealed class ClosingBalances(NpgsqlDataSource database, Vault vault, string company)
{
    private const string Sums =
        """
        select l.account, a.type, l.unit, l.dimensions::text, e.counterparty,
            a.type in ('income', 'expense') and l.booked_on < $3 as is_of_earlier_years,
            sum(l.debit - l.credit), sum(l.base_debit - l.base_credit), e.counterparty_person
        from views.journal_line l
        join views.journal_entry e on e.company = l.company and e.position = l.position
        join (
            select distinct on (code) code, type from views.account_history
            where company = $1 order by code, position desc) a on a.code = l.account
        where l.company = $1 and {0}
        group by 1, 2, 3, 4, 5, 6, e.counterparty_person
        having sum(l.debit - l.credit) <> 0 or sum(l.base_debit - l.base_credit) <> 0
        """;

    /// <summary>Entries of a series have ids as <see cref="EntryIds.Numbered"/> makes them.</summary>
    private const string IsOfSeries =
        "starts_with(e.id, $2 || '-') and substr(e.id, length($2) + 2) ~ '^[0-9]{1,9}(~reversal)?$'";

    /// <summary>At the end of a day.</summary>
    /// <param name="year">Income and expense that were booked before it are of earlier years.</param>
    public async Task<List<ClosingBalance>> AtAsync(LocalDate day, FiscalYear year, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await ReadAsync(connection, "l.booked_on <= $2", day.ToDateOnly(), year.First, cancellation);
    }

    /// <summary>What the entries of a series, and their reversals, brought; and the highest of their numbers.</summary>
    public async Task<RecordedSeries> OfAsync(string series, CancellationToken cancellation)
    {
        // Both answers are of one moment, or an entry could be counted that the balances do not hold yet.
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var balances = await ReadAsync(connection, IsOfSeries, series, Company.EarliestDate, cancellation);
        await using var last = new NpgsqlCommand(
            $"""
            select coalesce(max(substr(e.id, length($2) + 2)::int), 0) from views.journal_entry e
            where e.company = $1 and e.reverses is null and {IsOfSeries}
            """,
            connection);
        last.CommandTimeout = 0;
        last.Parameters.Add(new() { Value = company });
        last.Parameters.Add(new() { Value = series });
        return new(balances, (int)(await last.ExecuteScalarAsync(cancellation))!);
    }

    /// <summary>How many entries are booked from one day on and before another.</summary>
    public async Task<int> CountAsync(LocalDate from, LocalDate before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select count(*)::int from views.journal_entry
            where company = $1 and booked_on >= $2 and booked_on < $3
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = from.ToDateOnly() });
        command.Parameters.Add(new() { Value = before.ToDateOnly() });
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<List<ClosingBalance>> ReadAsync(
        NpgsqlConnection connection, string condition, object parameter, LocalDate yearFirst,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            Sums.Replace("{0}", condition, StringComparison.Ordinal), connection);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = parameter });
        command.Parameters.Add(new() { Value = yearFirst.ToDateOnly() });
        var balances = new List<(ClosingBalance Balance, string? Person)>();
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation))
            {
                balances.Add((new(
                    new AccountCode(rows.GetString(0)),
                    Enum.Parse<AccountType>(rows.GetString(1), ignoreCase: true),
                    new UnitCode(rows.GetString(2)),
                    rows.GetDecimal(6),
                    rows.GetDecimal(7),
                    await rows.IsDBNullAsync(3, cancellation) ? null : DimensionsOf(rows.GetString(3)),
                    await rows.IsDBNullAsync(4, cancellation) ? null : rows.GetString(4),
                rows.GetBoolean(5)), await rows.IsDBNullAsync(8, cancellation) ? null : rows.GetString(8)));
            }
        }

        var persons = await PersonsAsync(connection, [.. balances.Select(each => each.Person).OfType<string>()]);
        return balances.ConvertAll(each => each.Person is null
            ? each.Balance
            : each.Balance with { CounterpartyPerson = persons[each.Person] });
    }

    /// <summary>Persons by their latest names, as far as these can still be read.</summary>
    private async Task<Dictionary<string, PersonalText>> PersonsAsync(NpgsqlConnection connection, string[] persons)
    {
        if (persons.Length == 0)
        {
            return [];
        }

        await using var command = new NpgsqlCommand(
            $"""
            select distinct on (e.counterparty_person) e.id, {CounterpartyPerson.Columns}
            from views.journal_entry e
            where e.company = $1 and e.counterparty_person = any ($2)
            order by e.counterparty_person, e.position desc
            """,
            connection);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = persons.Distinct().ToArray() });
        var stored = new List<SealedText>();
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                stored.Add(CounterpartyPerson.Read(rows, 1, company, rows.GetString(0))!.Stored());
            }
        }

        return (await vault.OpenAsync(company, stored)).ToDictionary(person => person.Person);
    }

    private static ValueMap<string> DimensionsOf(string json) =>
        ValueMap<string>.From(JsonSerializer.Deserialize<Dictionary<string, string>>(json)!);
}

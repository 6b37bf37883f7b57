using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Ledger.Projections.Balances;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Employees;

/// <summary>Which employees are asked for.</summary>
/// <param name="After">The id behind which they begin; empty for the first.</param>
/// <param name="PayGroup">Only who is in it on that day; null for all.</param>
/// <param name="Dimension">Only who has this value of a dimension on that day; null for all.</param>
/// <param name="IsEmployed">Only who has a contract on that day.</param>
/// <param name="Ids">Only these; null for all.</param>
public sealed record EmployeeFilter(
    string After, string? PayGroup, DimensionValue? Dimension, bool IsEmployed, string[]? Ids);

/// <summary>An employee as known then, with the contract that holds on a day.</summary>
/// <param name="Name">Null where it was erased, or is not for whoever asks.</param>
/// <param name="Erased">The name is gone for good.</param>
/// <param name="Contract">Null without a contract on that day; so is all that it says.</param>
/// <param name="Pack">The payroll law by which the pay group pays.</param>
/// <param name="To">The last day, of the contract or of the employment.</param>
public sealed record EmployeeRow(
    string Employee,
    string? Name,
    bool Erased,
    string? Contract,
    string? Position,
    string? PayGroup,
    string? Pack,
    ContractType? Type,
    decimal? WeeklyHours,
    ValueMap<string>? Dimensions,
    LocalDate? From,
    LocalDate? To)
{
    private readonly SealedText? stored;

    internal EmployeeRow Keeping(SealedText name) => new(this, name);

    private EmployeeRow(EmployeeRow row, SealedText name) : this(row) => stored = name;

    /// <summary>The name as it is stored, and where; a method, since answers hold all properties.</summary>
    public SealedText Stored() => stored ?? throw new InvalidOperationException("Nothing is stored of an answer.");
}

/// <summary>Lists employees as known then.</summary>
public static class EmployeeQueries
{
    private const string Sql = """
        select e.employee, e.name_sealed::text, e.event_id, e.version, c.contract, c.job, c.pay_group, c.type,
            c.weekly_hours, c.dimensions::text, c.from_day, least(c.to_day, t.last_day)
        from (
            select distinct on (h.employee) h.employee, h.name_sealed, h.event_id, h.version
            from ledger_read.employee_history_{v} h
            where h.company = $1 and h.position <= $2 and h.employee > $4
                and ($5::text[] is null or h.employee = any ($5))
            order by h.employee, h.position desc) e
        left join lateral (
            select h.last_day from ledger_read.termination_history_{v} h
            where h.company = $1 and h.employee = e.employee and h.position <= $2
            order by h.position desc limit 1) t on true
        left join lateral (
            select k.* from (
                select distinct on (h.contract) h.* from ledger_read.contract_history_{v} h
                where h.company = $1 and h.employee = e.employee and h.position <= $2
                order by h.contract, h.position desc) k
            where k.from_day <= $3 and coalesce(k.to_day >= $3, true) and coalesce(t.last_day >= $3, true)
            limit 1) c on true
        where ($6::text is null or c.pay_group = $6) and ($7::text is null or c.dimensions ->> $7 = $8)
            and (not $9 or c.contract is not null)
        order by e.employee
        limit $10
        """;

    /// <summary>Up to <paramref name="limit"/> of them in the order of their ids.</summary>
    /// <param name="asOf">The day on which contracts hold.</param>
    public static async Task<IReadOnlyList<EmployeeRow>> ListAsync(
        Snapshot snapshot, EmployeeFilter filter, LocalDate asOf, int limit)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(filter);
        var company = snapshot.Company.Code;
        var rows = snapshot.Ask(
            Sql, row => Read(row, company), company, snapshot.Knowledge.Position, asOf.ToDateOnly(), filter.After,
            new NpgsqlParameter
            {
                Value = (object?)filter.Ids ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
            },
            Text(filter.PayGroup), Text(filter.Dimension?.Dimension), Text(filter.Dimension?.Value),
            filter.IsEmployed, limit);
        var groups = AskPayGroups(snapshot);
        await snapshot.SendAsync();
        var packs = groups.Aggregate(PayGroupCatalog.Initial, PayGroupCatalog.Evolve);
        return rows.ConvertAll(row => row.PayGroup is { } group
            ? row with { Pack = packs.Find(group)?.Details.Pack }
            : row);
    }

    /// <summary>All that these employees were ever called, as known then.</summary>
    public static async Task<IReadOnlyList<(string Employee, SealedText Stored)>> NamesAsync(
        Snapshot snapshot, string[] employees)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var company = snapshot.Company.Code;
        var names = snapshot.Ask(
            """
            select h.employee, h.name_sealed::text, h.event_id, h.version from ledger_read.employee_history_{v} h
            where h.company = $1 and h.position <= $2 and h.employee = any ($3)
            """,
            row => (row.GetString(0), NameIn(row, company)), company, snapshot.Knowledge.Position, employees);
        await snapshot.SendAsync();
        return names;
    }

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static Rows<PayGroupEvent> AskPayGroups(Snapshot snapshot) => snapshot.Ask(
        """
        select type, data from public.mt_events
        where tenant_id = $1 and stream_id = 'pay-groups' and seq_id <= $2
        order by version
        """,
        row => (PayGroupEvent)EventCatalog.Ledger.Read(row.GetString(0), row.GetFieldValue<byte[]>(1)),
        snapshot.Company.Code,
        snapshot.Knowledge.Sequence);

    /// <summary>Of the first four columns: employee, name, id and version of the event.</summary>
    private static SealedText NameIn(NpgsqlDataReader row, string company)
    {
        var version = row.GetInt64(3);
        return new(
            new(
                row.GetGuid(2), company, Employee.StreamPrefix + row.GetString(0), version,
                version == 1 ? Registered : Changed, NamePath),
            JsonSerializer.Deserialize<PersonalText>(row.GetString(1), EventJson.Options)!);
    }

    private static EmployeeRow Read(NpgsqlDataReader row, string company)
    {
        var name = NameIn(row, company);
        return new EmployeeRow(
            row.GetString(0), null, name.Text.IsErased, row.GetText(4), row.GetText(5), row.GetText(6), null,
            row.GetText(7) is { } type ? Enum.Parse<ContractType>(type, ignoreCase: true) : null,
            row.IsDBNull(8) ? null : row.GetDecimal(8),
            row.GetText(9) is { } dimensions
                ? JsonSerializer.Deserialize<ValueMap<string>>(dimensions, EventJson.Options)
                : null,
            row.GetDayOrNull(10), row.IsDBNull(4) ? null : row.GetDayOrNull(11)).Keeping(name);
    }

    private static string Registered { get; } = EventCatalog.Ledger.NameOf(typeof(EmployeeRegistered));

    private static string Changed { get; } = EventCatalog.Ledger.NameOf(typeof(EmployeeChanged));

    private static string NamePath { get; } = string.Join(
        '.', new[] { nameof(EmployeeRegistered.Details), nameof(EmployeeDetails.Name) }
            .Select(JsonNamingPolicy.CamelCase.ConvertName));
}

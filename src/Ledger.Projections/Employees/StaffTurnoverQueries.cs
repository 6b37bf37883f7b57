using Ledger.Projections.Dimensions;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.Employees;

/// <summary>How the staff changed from a first to a last day.</summary>
/// <param name="Value">Of the dimension; null without one.</param>
/// <param name="AtStart">Employed when the first day began.</param>
/// <param name="Joiners">Whose employment began in between.</param>
/// <param name="TransfersIn">Who came from another value of the dimension.</param>
/// <param name="Leavers">Whose last day was in between.</param>
/// <param name="TransfersOut">Who went to another value.</param>
/// <param name="AtEnd">Employed after the last day: at the start, and joiners and transfers in, less leavers and
/// transfers out.</param>
/// <param name="Rate">Leavers by the mean of start and end, rounded half away from zero; null without anybody.</param>
/// <param name="Reasons">Leavers by the word that was recorded; <c>contractEnded</c> where none was.</param>
public sealed record StaffTurnoverRow(
    string? Value,
    string? ValueName,
    long AtStart,
    long Joiners,
    long TransfersIn,
    long Leavers,
    long TransfersOut,
    long AtEnd,
    decimal? Rate,
    Domain.ValueMap<long> Reasons);

/// <summary>Days from one to another on which somebody is employed under one value of a dimension.</summary>
/// <param name="To">The last day; null without an end.</param>
internal sealed record EmploymentSpell(string Employee, string? Value, LocalDate From, LocalDate? To, string? Reason);

/// <summary>Counts who came and who left, as known then.</summary>
public static class StaffTurnoverQueries
{
    public const string ContractEnded = "contractEnded";

    private const string Sql = """
        select c.employee, c.dimensions ->> $3, c.from_day, least(c.to_day, t.last_day),
            case when t.last_day <= c.to_day or c.to_day is null then t.reason end
        from (
            select distinct on (h.employee, h.contract) h.*
            from ledger_read.contract_history_{v} h
            where h.company = $1 and h.position <= $2
            order by h.employee, h.contract, h.position desc) c
        left join lateral (
            select h.last_day, h.reason from ledger_read.termination_history_{v} h
            where h.company = $1 and h.employee = c.employee and h.position <= $2
            order by h.position desc limit 1) t on true
        where t.last_day is null or c.from_day <= t.last_day
        order by c.employee, c.from_day
        """;

    /// <returns>In the order of values, without one last.</returns>
    public static async Task<IReadOnlyList<StaffTurnoverRow>> TurnoverAsync(
        Snapshot snapshot, LocalDate from, LocalDate to, string? dimension)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var contracts = snapshot.Ask(
            Sql, Read, snapshot.Company.Code, snapshot.Knowledge.Position,
            new NpgsqlParameter
            {
                Value = (object?)dimension ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text,
            });
        var names = DimensionQueries.Ask(snapshot, dimension);
        await snapshot.SendAsync();
        return
        [
            .. Count(Joined(contracts), from, to).Select(row => row with { ValueName = names.NameOf(row.Value) }),
        ];
    }

    /// <summary>Contracts that follow each other without a day between, or overlap, are one spell of a value.</summary>
    internal static IReadOnlyList<EmploymentSpell> Joined(IEnumerable<EmploymentSpell> contracts)
    {
        var spells = new List<EmploymentSpell>();
        foreach (var each in contracts)
        {
            if (spells.Count > 0 && spells[^1] is var last && last.Employee == each.Employee
                && last.Value == each.Value && IsJoined(last, each))
            {
                spells[^1] = last.To is null || (each.To is not null && each.To <= last.To)
                    ? last : last with { To = each.To, Reason = each.Reason };
            }
            else
            {
                spells.Add(each);
            }
        }

        return spells;
    }

    /// <param name="spells">In the order of employees and first days.</param>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day.</param>
    internal static IEnumerable<StaffTurnoverRow> Count(
        IReadOnlyList<EmploymentSpell> spells, LocalDate from, LocalDate to)
    {
        var counts = new Dictionary<ValueTuple<string?>, Counted>();
        for (var i = 0; i < spells.Count; i++)
        {
            var spell = spells[i];
            var value = ValueTuple.Create(spell.Value);
            var count = counts.TryGetValue(value, out var known) ? known : counts[value] = new();
            count.AtStart += spell.From < from && (spell.To is null || spell.To >= from) ? 1 : 0;
            count.AtEnd += spell.From <= to && (spell.To is null || spell.To > to) ? 1 : 0;
            if (spell.From >= from && spell.From <= to)
            {
                var isTransfer = i > 0 && IsNext(spells[i - 1], spell);
                count.TransfersIn += isTransfer ? 1 : 0;
                count.Joiners += isTransfer ? 0 : 1;
            }

            if (spell.To >= from && spell.To <= to)
            {
                count.Leave(
                    i + 1 < spells.Count && IsNext(spell, spells[i + 1]) ? null : spell.Reason ?? ContractEnded);
            }
        }

        return counts.OrderBy(each => each.Key.Item1 is null).ThenBy(each => each.Key.Item1, StringComparer.Ordinal)
            .Select(each => each.Value.Row(each.Key.Item1))
            .Where(row => row.AtStart + row.AtEnd + row.Joiners + row.TransfersIn > 0);
    }

    private static bool IsNext(EmploymentSpell one, EmploymentSpell other) =>
        one.Employee == other.Employee && IsJoined(one, other);

    private static bool IsJoined(EmploymentSpell one, EmploymentSpell other) =>
        one.To is null || other.From <= one.To.Value.PlusDays(1);

    private static EmploymentSpell Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetText(1), row.GetDay(2), row.GetDayOrNull(3), row.GetText(4));

    private sealed class Counted
    {
        private readonly SortedDictionary<string, long> reasons = new(StringComparer.Ordinal);
        private long leavers;
        private long transfersOut;

        public long AtStart { get; set; }

        public long AtEnd { get; set; }

        public long Joiners { get; set; }

        public long TransfersIn { get; set; }

        /// <param name="reason">Null for a transfer.</param>
        public void Leave(string? reason)
        {
            if (reason is null)
            {
                transfersOut++;
                return;
            }

            leavers++;
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
        }

        public StaffTurnoverRow Row(string? value) => new(
            value, null, AtStart, Joiners, TransfersIn, leavers, transfersOut, AtEnd,
            AtStart + AtEnd == 0 ? null
                : Math.Round(2m * leavers / (AtStart + AtEnd), 4, MidpointRounding.AwayFromZero),
            Domain.ValueMap<long>.From(reasons));
    }
}

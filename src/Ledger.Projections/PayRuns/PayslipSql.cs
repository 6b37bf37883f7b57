using Ledger.Projections.Queries;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.PayRuns;

/// <summary>
/// What questions about payslips have in common. In all of them $1 is the company and $2 the position up to which
/// something is known. A payslip counts from the posting of its run until the reversal: what was posted cannot be
/// calculated again, so that the last one known is the one that was booked.
/// </summary>
internal static class PayslipSql
{
    /// <summary>The runs as known then, and how far each was.</summary>
    public const string Runs = """
        run as (
            select o.run, o.pay_group, o.kind, o.through_day, o.pay_date, s.event as status, s.sequence, s.recorded,
                s.booked_on
            from ledger_read.pay_run_history_{v} o
            cross join lateral (
                select h.event, h.sequence, h.recorded, h.booked_on from ledger_read.pay_run_history_{v} h
                where h.company = $1 and h.run = o.run and h.position <= $2
                order by h.position desc limit 1) s
            where o.company = $1 and o.position <= $2 and o.event = 'opened')
        """;

    /// <summary>The payslips of a run <c>r</c>, each as its last attempt left it; those without one are null but for
    /// their key.</summary>
    public static readonly string Payslips = PayslipsOf("");

    /// <summary>The same of some employees only.</summary>
    /// <param name="condition">Begins with <c>and</c>; the payslip is <c>h</c>.</param>
    public static string PayslipsOf(string condition) => $"""
        cross join lateral (
            select distinct on (h.employee) h.* from ledger_read.payslip_history_{"{v}"} h
            where h.company = $1 and h.run = r.run and h.position <= $2 {condition}
            order by h.employee, h.position desc) p
        """;

    public static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    /// <summary>Values that a payslip must carry, as JSON; null for any.</summary>
    public static NpgsqlParameter Only(DimensionQuery dimension) => new()
    {
        Value = dimension.Only.Count == 0
            ? DBNull.Value
            : System.Text.Json.JsonSerializer.Serialize(
                dimension.Only.ToDictionary(each => each.Dimension, each => each.Value)),
        NpgsqlDbType = NpgsqlDbType.Jsonb,
    };
}

using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Audit;

/// <summary>By what accesses are summed.</summary>
public enum AccessBy
{
    Actor,
    Person,
    Route,
}

/// <summary>Accesses that are alike: refused, or reading personal data.</summary>
/// <param name="Actor">Who asked, where sums are by actors; null where it is not known.</param>
/// <param name="Person">Whose data it was, by an opaque id, where sums are by persons; null where none is
/// named.</param>
/// <param name="Code">The code of the problem, or <c>personal-data-read</c>.</param>
/// <param name="Actors">How many actors asked.</param>
/// <param name="Persons">How many persons are named.</param>
/// <param name="Routes">How many routes it was.</param>
public sealed record AccessSum(
    string? Actor,
    string? Person,
    string? Route,
    string Code,
    long Requests,
    long Actors,
    long Persons,
    long Routes,
    Instant First,
    Instant Last);

/// <summary>A page of sums; the place of its last one is null on the last page.</summary>
public sealed record AccessSumsThen(IReadOnlyList<AccessSum> Rows, (string By, string Code)? Last);

/// <summary>Sums up the log of accesses for auditors.</summary>
public static class AccessSumQueries
{
    /// <param name="code">Only with this code.</param>
    public static async Task<AccessSumsThen> SumsAsync(
        Snapshot snapshot,
        AccessBy by,
        Instant? since,
        Instant? until,
        string? code,
        (string By, string Code)? after,
        int limit)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var column = by switch { AccessBy.Actor => "a.actor", AccessBy.Person => "a.person", _ => "a.route" };
        var found = snapshot.Ask(
            $"""
            select nullif(s.by, ''), s.code, s.requests, s.actors, s.persons, s.routes, s.first, s.last from (
                select coalesce({column}, '') collate "C" as by, a.code collate "C" as code,
                    sum(a.count)::bigint as requests, count(distinct a.actor) as actors,
                    count(distinct a.person) as persons, count(distinct a.route) as routes,
                    min(a.second) as first, max(a.second) as last
                from ledger.access_log a
                where a.company = $1 and ($2::timestamptz is null or a.second >= $2)
                    and ($3::timestamptz is null or a.second <= $3) and ($4::text is null or a.code = $4)
                group by 1, 2) s
            where (s.by, s.code) > ($5::text collate "C", $6::text collate "C")
            order by s.by, s.code limit $7
            """,
            row => new AccessSum(
                by == AccessBy.Actor ? row.GetText(0) : null,
                by == AccessBy.Person ? row.GetText(0) : null,
                by == AccessBy.Route ? row.GetText(0) : null,
                row.GetString(1),
                row.GetInt64(2),
                row.GetInt64(3),
                row.GetInt64(4),
                row.GetInt64(5),
                row.GetInstant(6),
                row.GetInstant(7)),
            snapshot.Company.Code,
            At(since),
            At(until),
            new NpgsqlParameter { Value = (object?)code ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            after?.By ?? "",
            after?.Code ?? "",
            limit + 1);
        await snapshot.SendAsync();
        var page = found.Take(limit).ToArray();
        return new(
            page,
            found.Count > limit
                ? (page[^1].Actor ?? page[^1].Person ?? page[^1].Route ?? "", page[^1].Code) : null);
    }

    private static NpgsqlParameter At(Instant? instant) => new()
    {
        Value = instant is { } at ? at.ToDateTimeUtc() : DBNull.Value,
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };
}

using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Audit;

/// <summary>Requests that were alike within a second: refused, or reading personal data.</summary>
/// <param name="Second">When, cut to the second; to the minute where who asked is not known.</param>
/// <param name="Actor">Who asked; `unknown:` and a prefix for a key that holds no longer; null where it is not
/// known.</param>
/// <param name="Route">The pattern of the path.</param>
/// <param name="Code">
/// The code of the problem; `personal-data-read`; or `others` for what was too much to be told apart, of whichever
/// company.
/// </param>
/// <param name="Person">The opaque id of whose data was read, or asked for in vain.</param>
/// <param name="Address">The remote address, where that is noted.</param>
/// <param name="Count">How many requests.</param>
public sealed record AccessRow(
    Instant Second,
    string? Actor,
    string Method,
    string Route,
    string Code,
    string? Person,
    string? Address,
    long Count);

/// <summary>Which rows are asked for, and where their page begins.</summary>
/// <param name="From">The first second; null for no bound.</param>
/// <param name="To">The last second; null for no bound.</param>
/// <param name="After">The place of the last row of the page before.</param>
public sealed record AccessFilter(
    Instant? From, Instant? To, string? Actor, string? Code, string? Person, AccessPlace? After);

/// <summary>The place of a row: rows of the same second are told apart by their id.</summary>
public sealed record AccessPlace(long Second, long Id);

/// <summary>A page of rows; <c>Last</c> is the place of its last one, and null on the last page.</summary>
public sealed record AccessesThen(IReadOnlyList<AccessRow> Rows, AccessPlace? Last);

/// <summary>Reads the log of accesses for auditors.</summary>
public static class AccessLogQueries
{
    /// <summary>Rows in the order of their seconds.</summary>
    public static async Task<AccessesThen> AccessesAsync(Snapshot snapshot, AccessFilter filter, int limit)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(filter);

        // What was too much to be told apart belongs to no company; it is shown to each, since it may concern it.
        const string rows = """
            (select a.second, a.id, a.actor, a.method, a.route, a.code, a.person, a.address, a.count
            from ledger.access_log a
            where {0} and ($2::timestamptz is null or a.second >= $2) and ($3::timestamptz is null or a.second <= $3)
                and ($4::text is null or a.actor = $4) and ($5::text is null or a.code = $5)
                and ($6::text is null or a.person = $6)
                and a.second >= to_timestamp($7) and (a.second, a.id) > (to_timestamp($7), $8)
            order by a.second, a.id limit $9)
            """;
        var sql = rows.Replace("{0}", "a.company = $1", StringComparison.Ordinal)
            + " union all "
            + rows.Replace("{0}", "a.company is null and a.code = 'others'", StringComparison.Ordinal)
            + " order by second, id limit $9";
        var found = snapshot.Ask(
            sql,
            row => (
                Row: new AccessRow(
                    row.GetInstant(0), row.GetText(2), row.GetString(3), row.GetString(4), row.GetString(5),
                    row.GetText(6), row.GetText(7), row.GetInt64(8)),
                Id: row.GetInt64(1)),
            snapshot.Company.Code,
            At(filter.From),
            At(filter.To),
            Text(filter.Actor),
            Text(filter.Code),
            Text(filter.Person),
            filter.After?.Second ?? 0,
            filter.After?.Id ?? 0,
            limit + 1);
        await snapshot.SendAsync();
        var page = found.Take(limit).ToArray();
        var last = found.Count > limit
            ? new AccessPlace(page[^1].Row.Second.ToUnixTimeSeconds(), page[^1].Id) : null;
        return new([.. page.Select(each => each.Row)], last);
    }

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter At(Instant? instant) => new()
    {
        Value = instant is { } at ? at.ToDateTimeUtc() : DBNull.Value,
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };
}
